"""Sentences on the expected gain: what rewards cost, what they may bring, and what it takes to break even."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from loyalty.rewards.gain.expected_gain import Gain
from loyalty.rewards.gain.programme_benefits import Benefit
from loyalty.rewards.gain.settings_grid import Setting
from loyalty.rewards.gain.tuner import Tuning
from loyalty.rewards.offers import SpendOffer
from loyalty.rewards.points.entry_names import SOURCE_NAMES, gift_day
from loyalty.rewards.points.order_points import highest_point_value
from loyalty.words.speaker import Words

MOST_TIMES = 20  # beyond it "how many times stronger" means nothing to an owner


def expected_gain_sentence(gain: Gain, words: Words) -> str:
    """Whether the rewards are expected to pay, with the range."""
    parts = _gain_parts(gain, words)
    if gain.expected >= 0:
        return words.say(
            "They are expected to bring {gain} a year more than they cost ({low} to {high}).", **parts
        )
    return words.say(
        "They are expected to cost {gain} a year more than they bring ({low} to {high}).", **parts
    )


def _gain_parts(outcome: Gain | SpendOffer, words: Words) -> dict[str, str]:
    """The gain, or the loss where there is none, as an amount above 0 with the range of that amount."""
    loses = outcome.expected < 0
    amounts = (
        (-outcome.expected, -outcome.high, -outcome.low)
        if loses
        else (outcome.expected, outcome.low, outcome.high)
    )
    return dict(
        zip(("gain", "low", "high"), (words.money(each, cents=False) for each in amounts), strict=True)
    )


def break_even_sentences(gain: Gain, orders: int, words: Words) -> str:
    """What it takes for the rewards to break even. `orders`: of the last 365 days."""
    if gain.cost <= 0:
        return words.say("These rules give nothing away, so there is nothing to believe.")
    if math.isinf(gain.needed):
        return words.say("At this margin no increase in sales can pay for these rewards.")
    more = words.plural(
        "You would have to believe that customers buy {share} more because of the rewards: {n} order a year on top.",
        "You would have to believe that customers buy {share} more because of the rewards: {n} orders a year on top.",
        max(1, round(gain.needed * orders)),
        share=words.percent(gain.needed, 1),
    )
    if gain.break_even > MOST_TIMES:
        return more
    if gain.break_even <= 1:
        times = words.say(
            "It still pays if they respond only {share} as much as assumed.",
            share=words.percent(gain.break_even),
        )
    else:
        times = words.say(
            "They would have to respond {times} times as much as assumed.",
            times=words.number(gain.break_even, 1),
        )
    return words.sentences([more, times])


def margin_sentences(tuning: Tuning, margin: float, words: Words) -> str:
    """What is left of sales after the rewards, and what the points of a year are worth."""
    points_value = tuning.points * float(highest_point_value(tuning.programme))
    return words.sentences(
        [
            words.say(
                "Of each {hundred} of sales {before} stays after the cost of goods, {after} after the rewards too.",
                hundred=words.money(100, cents=False),
                before=words.money(100 * margin, cents=True),
                after=words.money(100 * (margin - tuning.share_of_revenue), cents=True),
            ),
            words.say(
                "The points of a year would take off {all} if all were used; {some} if as many are as you expect (liability).",
                all=words.money(points_value, cents=False),
                some=words.money(tuning.cost_of_points, cents=False),
            ),
        ]
    )


def benefit_name(benefit: Benefit, words: Words) -> str:
    """A benefit's name: the owner's own name of a discount, else what it is for."""
    if benefit.kind == "discount":
        return benefit.name
    if benefit.kind == "bonus":
        return words.say("products and days with other points")
    if benefit.kind == "gift":
        return gift_day(benefit.name, words)
    return words.say(SOURCE_NAMES[benefit.name])


def benefits_sentence(benefits: Sequence[Benefit], words: Words) -> str:
    """What all benefits besides points for sales cost and bring together."""
    expected, cost = sum(each.expected for each in benefits), sum(each.cost for each in benefits)
    return words.say(
        "Of the cost, {cost} a year are for discounts, gifts, acts and recommendations, which are expected to bring {brought} in "
        "return. Every order that could carry one is taken to carry it.",
        cost=words.money(cost, cents=False),
        brought=words.money(expected + cost, cents=False),
    )


def benefits_table(benefits: Sequence[Benefit], words: Words) -> pd.DataFrame:
    """One row a benefit: how often it was given in a year, its cost and its expected gain."""
    kinds = {
        "discount": words.say("Discount"),
        "bonus": words.say("Points"),
        "gift": words.say("Gift"),
        "act": words.say("Points"),
        "referral": words.say("Recommendation"),
    }
    rows = [
        {
            words.say("Kind"): kinds[each.kind],
            words.say("What for"): benefit_name(each, words),
            words.say("Times a year"): each.times,
            words.say("Cost a year"): words.money(each.cost, cents=False),
            words.say("Expected gain a year"): words.money(each.expected, cents=False),
            words.say("Low"): words.money(each.low - each.cost, cents=False),
            words.say("High"): words.money(each.high - each.cost, cents=False),
        }
        for each in benefits
    ]
    return pd.DataFrame(rows)


def spend_offer_sentences(offer: SpendOffer, words: Words) -> str:
    """What money off from an order value on costs and is expected to bring."""
    orders = words.say(
        "Of a year's orders {above} reach {threshold} anyway and get {value} off: {cost}. {near} lack a quarter of it at most.",
        above=words.number(offer.qualify),
        threshold=words.money(offer.threshold, cents=False),
        value=words.money(offer.value),
        cost=words.money(offer.cost, cents=False),
        near=words.number(offer.near),
    )
    parts = _gain_parts(offer, words)
    gain = (
        words.say("It is expected to bring {gain} a year more than it costs ({low} to {high}).", **parts)
        if offer.expected >= 0
        else words.say("It is expected to cost {gain} a year more than it brings ({low} to {high}).", **parts)
    )
    return words.sentences([orders, gain])


def best_setting_sentence(best: Setting | None, budget: float | None, words: Words) -> str:
    """The best of the settings tried, in a sentence."""
    if best is None:
        return words.say(
            "No setting tried stays within {budget} a year.", budget=words.money(budget or 0, cents=False)
        )
    if best.gain.expected <= 0:
        return words.say(
            "None of the settings tried is expected to pay for itself. The least of a loss: {points} points for each unit "
            "spent, {thresholds}.",
            points=_number(float(best.programme.points_per_unit), words),
            thresholds=_thresholds(best, words),
        )
    return words.say(
        "Best of the settings tried: {points} points for each unit spent, {thresholds}. Expected: {gain} a year "
        "({low} to {high}).",
        points=_number(float(best.programme.points_per_unit), words),
        thresholds=_thresholds(best, words),
        gain=words.money(best.gain.expected, cents=False),
        low=words.money(best.gain.low, cents=False),
        high=words.money(best.gain.high, cents=False),
    )


def _thresholds(setting: Setting, words: Words) -> str:
    tiers = setting.programme.tiers[1:]
    if not tiers:
        return words.say("no tiers")
    money = setting.programme.tiering.by == "spend"
    parts = [
        words.say(
            "{tier} from {threshold}",
            tier=words.say(tier.name),
            threshold=words.money(float(tier.threshold), cents=False)
            if money
            else words.number(float(tier.threshold)),
        )
        for tier in tiers
    ]
    return words.listing(parts)


def _number(value: float, words: Words) -> str:
    return words.number(value, 0 if value == round(value) else 2)


def sensitivity_table(cases: Sequence[tuple[str, Gain]], words: Words) -> pd.DataFrame:
    """The gain under each changed assumption, one row each, with translated headings."""
    rows = [
        {
            words.say("If"): words.say(name),
            words.say("Cost a year"): words.money(gain.cost, cents=False),
            words.say("Expected gain a year"): words.money(gain.expected, cents=False),
            words.say("Low"): words.money(gain.low, cents=False),
            words.say("High"): words.money(gain.high, cents=False),
        }
        for name, gain in cases
    ]
    return pd.DataFrame(rows)


def depth_sentences(rule: pd.DataFrame, words: Words) -> list[str]:
    """The rule of personal offers, one sentence a run of bands with one depth. `rule`: `loyalty.rewards.offers.depth_table`."""
    runs = (rule["depth"] != rule["depth"].shift()).cumsum()
    sentences = []
    for _, run in rule.groupby(runs):
        depth, low, high = float(run["depth"].iloc[0]), float(run["from"].iloc[0]), float(run["to"].iloc[-1])
        chance = words.say(
            "Would buy anyway with a chance of {low} to {high}:",
            low=words.percent(low),
            high=words.percent(high),
        )
        offer = words.say("{depth} off", depth=words.percent(depth)) if depth else words.say("nothing")
        sentences.append(words.say("{first} {second}", first=chance, second=offer))
    return sentences
