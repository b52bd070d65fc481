"""Sentences on the power and the result of a campaign, for the owner."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from loyalty.campaigns.lift import Lift
from loyalty.campaigns.plan import CampaignOffer, offer_from_key
from loyalty.campaigns.power import Choice
from loyalty.campaigns.results import CONVERSION, GAIN, CampaignResult
from loyalty.words import Words

MOST_PARTS = 5  # largest denominator, as in "3 of 4"


def points_text(share: float, words: Words) -> str:
    """A difference of shares in points: "5", "0.7"."""
    value = 100 * share
    return words.number(value, 0 if abs(value) >= 9.95 or value == round(value) else 1)


def power_sentence(people: int, effect: float, best: Choice, needed: int, words: Words) -> str:
    """Before sending: whether the expected effect is detectable, and if not how many people it takes."""
    if best.seen:
        return words.say(
            "Holding {held} of {n} people back at random is enough to see an effect of {points} points.",
            held=words.number(best.held_back),
            n=words.number(people),
            points=points_text(effect, words),
        )
    return words.say(
        "With {n} people an effect of {points} points cannot be seen: it would take {needed}. What this list shows will most "
        "likely be too small to tell from luck.",
        n=words.number(people),
        points=points_text(effect, words),
        needed=words.number(needed),
    )


def detectable_effect_sentence(best: Choice, words: Words) -> str:
    """The smallest effect that this list can detect."""
    if best.detectable is None:
        return words.say("So short a list cannot show any effect.")
    return words.say(
        "With {held} held back, an effect of {points} points or more is seen in 4 of 5 cases.",
        held=words.number(best.held_back),
        points=points_text(best.detectable, words),
    )


def result_sentence(name: str, result: CampaignResult, words: Words) -> str:
    """The result in a sentence."""
    if result.look.number == 0:
        return words.say(
            "It is too early to tell what “{name}” brings; the first look is on {day}.",
            name=name,
            day=words.date(result.look.next_on or result.look.ends),
        )
    if not result.control_group:
        return words.say(
            "Nobody was held back from “{name}”, so what it added cannot be told; {used} of {sent} coupons were used.",
            name=name,
            used=words.number(result.coupons_used),
            sent=words.number(result.sent),
        )
    gain = result.lifts[GAIN]
    if gain.low is None or gain.high is None or result.too_few_buyers or not gain.significant:
        return _too_small(name, result, words)
    template = (
        words.say("“{name}” brought {amount} ± {half} more than it cost", **_amounts(name, gain, words))
        if gain.lift > 0
        else words.say("“{name}” cost {amount} ± {half} more than it brought", **_amounts(name, gain, words))
    )
    if result.bought_anyway is None:
        return words.say("{sentence}.", sentence=template)
    return words.say(
        "{first}; {second}.", first=template, second=bought_anyway_sentence(result.bought_anyway, words)
    )


def _amounts(name: str, gain: Lift, words: Words) -> dict[str, str]:
    half = ((gain.total_high or 0.0) - (gain.total_low or 0.0)) / 2
    return {
        "name": name,
        "amount": words.money(abs(gain.total), cents=False),
        "half": words.money(half, cents=False),
    }


def bought_anyway_sentence(share: float, words: Words) -> str:
    """Share of the used coupons that went to people who would have bought anyway."""
    nearest = Fraction(share).limit_denominator(MOST_PARTS)
    if nearest == 0:
        return words.say("hardly any coupon went to people who would have bought anyway")
    if nearest == 1:
        return words.say("nearly all coupons used went to people who would have bought anyway")
    return words.say(
        "{part} of {whole} coupons used went to people who would have bought anyway",
        part=words.number(nearest.numerator),
        whole=words.number(nearest.denominator),
    )


def _too_small(name: str, result: CampaignResult, words: Words) -> str:
    """The result where neither gain nor loss is significant."""
    gain = result.lifts[GAIN]
    if result.too_few_buyers or gain.total_low is None or gain.total_high is None:
        return words.say("Too few people have bought to tell what “{name}” brought.", name=name)
    return words.say(
        "Too small to tell from luck: “{name}” brought between {low} and {high} after its cost.",
        name=name,
        low=words.money(gain.total_low, cents=False),
        high=words.money(gain.total_high, cents=False),
    )


def people_needed_sentence(result: CampaignResult, words: Words) -> str:
    """People, lists and months needed for a significant result, where there is none."""
    gain = result.lifts[GAIN]
    if not result.control_group or (gain.significant and not result.too_few_buyers):
        return ""
    lists = math.ceil(result.needed / max(result.sent + result.control_group, 1))
    first = words.say(
        "To see the {points} points that you expected takes {needed} people, half of them held back.",
        points=points_text(result.plan.effect, words),
        needed=words.number(result.needed),
    )
    if lists <= 1:
        return first
    second = words.plural(
        "That is {n} list like this one, about {months} months at one every {days} days.",
        "That is {n} lists like this one, about {months} months at one every {days} days.",
        lists,
        months=words.number(max(1, round(lists * result.plan.days / 30.4))),
        days=words.number(result.plan.days),
    )
    return words.sentences([first, second])


def conversion_sentence(result: CampaignResult, words: Words) -> str:
    """Conversion of recipients and control group."""
    lift = result.lifts[CONVERSION]
    if not result.control_group or lift.low is None or lift.high is None:
        return ""
    return words.say(
        "{treated} of 100 written to bought, {control} of 100 held back: a difference of {lift} points ({low} to {high}).",
        treated=words.number(100 * lift.treated, 1),
        control=words.number(100 * lift.control, 1),
        lift=points_text(lift.lift, words),
        low=points_text(lift.low, words),
        high=points_text(lift.high, words),
    )


def progress_sentence(result: CampaignResult, words: Words) -> str:
    """The last day counted and the date of the next look."""
    if result.look.over:
        return words.say("All {days} days are in.", days=words.number(result.plan.days))
    if result.look.number == 0 or result.look.next_on is None:
        return ""
    return words.say(
        "Look {n} of 4: sales until {until} are counted; the next look is on {next}. Ranges are wider on the way, so that "
        "looking early does not mistake luck for proof.",
        n=words.number(result.look.number),
        until=words.date(result.look.until),
        next=words.date(result.look.next_on),
    )


def basis_sentence(result: CampaignResult, words: Words) -> str:
    """What "brought" means here, and who was not counted."""
    parts = [
        words.say("Brought is margin after coupons and messages.")
        if result.terms.margin_known
        else words.say(
            "Brought is net revenue after coupons, less messages; give your margin in the settings for the gain."
        )
    ]
    if result.in_both_groups:
        parts.append(
            words.plural(
                "{n} person turned out to be in both groups and counts in neither.",
                "{n} people turned out to be in both groups and count in neither.",
                result.in_both_groups,
            )
        )
    if result.erased:
        parts.append(
            words.plural(
                "{n} person has been erased since.", "{n} people have been erased since.", result.erased
            )
        )
    return words.sentences(parts)


def offer_comparison_sentence(result: CampaignResult, words: Words) -> str:
    """Offer A compared with offer B; empty with one offer."""
    if not result.versus:
        return ""
    gain = result.versus[GAIN]
    if not gain.significant or gain.low is None:
        return words.say("Which of the two offers is better cannot be told yet.")
    return words.say(
        "Offer {better} brought {amount} more for each person than offer {worse}.",
        better="A" if gain.lift > 0 else "B",
        worse="B" if gain.lift > 0 else "A",
        amount=words.money(abs(gain.lift), cents=True),
    )


def offer_key_text(key: str, currency: str, words: Words) -> str:
    """An offer by its key; "" is no offer."""
    return offer_text(offer_from_key(key), currency, words) if key else words.say("no offer")


def offer_text(offer: CampaignOffer, currency: str, words: Words) -> str:
    """The offer of a campaign, see `discount_text`."""
    return discount_text(offer.kind, offer.value, offer.minimum_spend, currency, words)


def discount_text(kind: str, value: Decimal, minimum_spend: Decimal, currency: str, words: Words) -> str:
    """A discount such as "10% off orders from $50.00" or "$5.00 off"; `kind`: "percent" or "fixed"."""
    if kind == "percent":
        amount = words.percent(value / 100, max(0, -int(value.normalize().as_tuple().exponent)))
    else:
        amount = words.money(value, cents=True, currency=currency)
    if not minimum_spend:
        return words.say("{amount} off", amount=amount)
    least = words.money(minimum_spend, cents=True, currency=currency)
    return words.say("{amount} off orders from {least}", amount=amount, least=least)
