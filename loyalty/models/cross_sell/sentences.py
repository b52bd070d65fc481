"""Rules and bundles as sentences for the owner, and as tables for download."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from loyalty.models.cross_sell.bundles import Bundle, BundleTerms
from loyalty.models.cross_sell.rules import Rule, RuleSet
from loyalty.models.cross_sell.sequences import DAYS
from loyalty.words import Words


def rule_sentence(rule: Rule, words: Words, kind: str = "order", days: int = DAYS) -> str:
    """The rule as a sentence, with the shrunk lift as the comparison with chance.

    `kind`: the baskets it is of (order, day, window). "Of 100 baskets with dripper, 48 also hold paper filters:
    3.2 times as often as by chance."
    """
    params = {
        "antecedent": words.listing(list(rule.antecedent)),
        "share": words.number(100 * rule.confidence),
        "consequent": rule.consequent,
    }
    if kind == "window":
        sentence = words.say(
            "Of 100 customers who first buy {antecedent}, {share} buy {consequent}, new to them, within {days} days",
            days=words.number(days),
            **params,
        )
    elif kind == "day":
        sentence = words.say(
            "Of 100 days on which a customer buys {antecedent}, {share} also bring {consequent}", **params
        )
    else:
        sentence = words.say("Of 100 baskets with {antecedent}, {share} also hold {consequent}", **params)
    return words.say(
        "{sentence}: {compared}.", sentence=sentence, compared=_compared(rule.shrunk_lift, words)
    )


def _compared(lift: float, words: Words) -> str:
    """The lift as a comparison with chance; within 5 % of 1 counts as no difference."""
    if lift < 0.95:
        return words.say("less often than by chance")
    if lift < 1.05:
        return words.say("about as often as by chance")
    return words.say("{times} times as often as by chance", times=words.number(lift, 1))


def rules_table(rules: RuleSet, words: Words, kind: str = "order", days: int = DAYS) -> pd.DataFrame:
    """One row per rule under translated headings; shares and counts stay numbers."""
    headings = [
        words.say("First bought") if kind == "window" else words.say("If the order holds"),
        words.say("Then offer"),
        words.say("Share of orders with both"),
        words.say("Share of those orders that also hold the offer"),
        words.say("Times as often as by chance"),
        words.say("Times as often, to be expected later"),
        words.say("Times as often, at least (95 %)"),
        words.say("Orders with both"),
        words.say("Customers behind it"),
        words.say("Risk that it is chance"),
        words.say("In words"),
    ]
    rows = [
        (
            words.listing(list(rule.antecedent)),
            rule.consequent,
            rule.support,
            rule.confidence,
            rule.lift,
            rule.shrunk_lift,
            rule.lift_low,
            rule.count,
            rule.customers,
            rule.q_value,
            rule_sentence(rule, words, kind, days),
        )
        for rule in rules
    ]
    return pd.DataFrame(rows, columns=headings)


def bundle_sentences(bundle: Bundle, words: Words) -> str:
    """The sentences on a bundle's extra revenue a year and its price."""
    gain_sentence = words.say(
        "Held together by {orders} orders of the last 12 months; {extra} more would bring {revenue} a year.",
        orders=words.number(bundle.orders),
        extra=words.number(bundle.extra_orders),
        revenue=words.money(bundle.extra_revenue),
    )
    if bundle.margin is None:
        return gain_sentence
    if bundle.discount <= 0:
        return words.sentences(
            [gain_sentence, words.say("A discount would cost more than it brings: sell it at full price.")]
        )
    price_sentence = words.say(
        "At {price} instead of {apart} ({percent} less), {margin} of the price is left after the cost of goods.",
        price=words.money(bundle.price, cents=True),
        apart=words.money(bundle.apart, cents=True),
        percent=words.percent(bundle.discount, 1),
        margin=words.percent(bundle.margin),
    )
    return words.sentences([gain_sentence, price_sentence])


def assumption_sentences(terms: BundleTerms, words: Words) -> str:
    """The sentences on the assumptions behind the bundles."""
    assumption = words.say(
        "Assumed: for every 100 orders that hold all of a bundle's products today, {uplift} more will, because it is "
        "offered. Those who buy all of it anyway get the discount too, so the price gives away half of what the "
        "additional orders earn.",
        uplift=words.number(100 * terms.uplift),
    )
    if terms.margin > 0:
        return assumption
    margin_request = words.say("Give your margin, and each bundle gets a price that keeps it.")
    return words.sentences([assumption, margin_request])


def bundles_table(bundles: Sequence[Bundle], words: Words) -> pd.DataFrame:
    """One row per bundle under translated headings; amounts, shares and counts stay numbers."""
    headings = [
        words.say("Bundle"),
        words.say("Bought one by one"),
        words.say("Suggested price"),
        words.say("Discount"),
        words.say("Left of the price after cost"),
        words.say("Orders with all of it, 12 months"),
        words.say("Orders that lack one of it"),
        words.say("More orders a year, assumed"),
        words.say("More revenue a year"),
        words.say("More profit a year"),
    ]
    rows = [
        (
            words.listing(list(bundle.products)),
            round(bundle.apart, 2),
            None if bundle.margin is None else bundle.price,
            None if bundle.margin is None else bundle.discount,
            bundle.margin,
            bundle.orders,
            bundle.lacking,
            round(bundle.extra_orders, 1),
            round(bundle.extra_revenue, 2),
            None if bundle.extra_profit is None else round(bundle.extra_profit, 2),
        )
        for bundle in bundles
    ]
    return pd.DataFrame(rows, columns=headings)
