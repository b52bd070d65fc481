"""From an open shop to what is worth doing next, each with its expected worth, and in words.

As in `loyalty.services.figures`: pages cache these by data version; the command line calls them as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.facts import baskets as basket_facts
from loyalty.facts.customer_story import Around
from loyalty.measure.customer_satisfaction import last_answers
from loyalty.models.cross_sell.rules import Rule
from loyalty.models.cross_sell.sentences import reading
from loyalty.models.next_actions import AHEAD, Action, Ground
from loyalty.purchase_model.customer_state import Standing
from loyalty.purchase_model.prediction import Range
from loyalty.rewards.points.next_tier import to_next_tier
from loyalty.rewards.programme.programme import Programme
from loyalty.services.figures import Facts
from loyalty.words import Words

SHOWN = 3
EMPTY = pd.Series(dtype="float64")


def ground(
    con: ibis.BaseBackend,
    known: Facts,
    around: Around,
    standing: Standing,
    rules: Sequence[Rule],
    programme: Programme | None,
    margin: float = 0.0,
    held: Collection[str] = (),
) -> Ground:
    """What actions are found from. `programme`: the one in force, None while there is none; `margin`: the owner's, 0 where
    not given: worth is then in sales. `held`: who is held back from a campaign now: nothing is done about them."""
    share = margin or 1.0
    left_alone = around.silent | set(held)
    people = known.customers[~known.customers["customer_id"].isin(left_alone)].reset_index(drop=True)
    prices = basket_facts.prices(con, known.as_of)
    return Ground(
        as_of=known.as_of,
        customers=people,
        gaps=known.gaps,
        value=share * order_values(people, standing),
        chance=standing.customers.set_index("customer_id")["p_alive"] if len(standing.customers) else EMPTY,
        answers=last_answers(known.feedback),
        birthdays=around.birthdays,
        to_tier=to_next_tier(people, programme).set_index("customer_id")["to_tier"] if programme else EMPTY,
        rules=rules,
        baskets=basket_facts.baskets(con, known.as_of)
        if rules
        else pd.DataFrame(columns=["basket", "product", "customer_id", "at"]),
        prices=dict(zip(prices["product"], share * prices["price"], strict=True)),
    )


def order_values(customers: pd.DataFrame, standing: Standing) -> pd.Series:
    """What an order of each brings, indexed by customer_id: as predicted, else their average so far."""
    own = (customers["revenue"] / customers["orders"]).set_axis(customers["customer_id"])
    if standing.customers.empty:
        return own
    predicted = standing.customers.set_index("customer_id")["expected_value"].reindex(own.index)
    return predicted.fillna(own)


@dataclass(frozen=True)
class Said:
    """An action in words; `worth` and `beside` stand by each other: "about $520 ($150–$960)", "if 1 in 10 buys once more"."""

    what: str
    why: str
    worth: str
    beside: str


def said(action: Action, words: Words) -> Said:
    """What, why, how much, and under which assumption."""
    return Said(
        _what(action, words), _why(action, words), amount(action.worth, words), _beside(action, words)
    )


def amount(worth: Range, words: Words) -> str:
    """ "about $520 ($150–$960)", without cents unless small."""
    small = worth.high < 10
    return words.say(
        "about {expected} ({low}–{high})",
        expected=words.money(worth.expected, cents=small),
        low=words.money(worth.low, cents=small),
        high=words.money(worth.high, cents=small),
    )


def _what(action: Action, words: Words) -> str:
    n = len(action.customer_ids)
    if action.rule is not None:
        left = words.listing(list(action.rule.antecedent))
        return words.say("Offer {product} with {with_what}.", product=action.rule.consequent, with_what=left)
    if action.key == "overdue":
        return words.plural("{n} regular is overdue.", "{n} regulars are overdue.", n)
    if action.key == "once":
        return words.plural(
            "{n} customer came once and has not come back.",
            "{n} customers came once and have not come back.",
            n,
        )
    if action.key == "tier":
        return words.plural(
            "{n} customer is one order away from a higher tier.",
            "{n} customers are one order away from a higher tier.",
            n,
        )
    if action.key == "unhappy":
        return words.plural("{n} customer was unhappy.", "{n} customers were unhappy.", n)
    return words.plural(
        "{n} customer has a birthday this week.", "{n} customers have their birthday this week.", n
    )


def _why(action: Action, words: Words) -> str:
    days = words.number(action.days)
    if action.rule is not None:
        without = words.plural(
            "In the last {days} days {n} order had the one without the other.",
            "In the last {days} days {n} orders had the one without the other.",
            action.orders,
            days=days,
        )
        return words.sentences([reading(action.rule, words), without])
    if action.key == "overdue":
        return words.say(
            "They have been away for more than {days} days; four of five returns come sooner.", days=days
        )
    if action.key == "once":
        return words.say("That was more than {days} days ago, and less than a year.", days=days)
    if action.key == "tier":
        return words.say("A word to them costs nothing.")
    if action.key == "unhappy":
        return words.say(
            "Their last score, within {days} days, was a low one, and they have not bought since. Answer them in person.",
            days=days,
        )
    return words.say("A wish from you is a reason to come by.")


def _beside(action: Action, words: Words) -> str:
    k = words.number(action.one_in)
    if action.rule is not None:
        return words.say("in {days} days, if 1 in {k} such orders takes it", days=words.number(AHEAD), k=k)
    if action.sources:
        campaigns = words.listing([f"“{name}”" for name in action.sources])
        return words.say(
            "if 1 in {k} buys once more because of it, judging by {campaigns}", k=k, campaigns=campaigns
        )
    return words.say("if 1 in {k} buys once more because of it", k=k)


def footnote(words: Words, *, margin: bool, measured: bool = False) -> str:
    """What the amounts are, and what they rest on. `measured`: whether campaigns say something of any of them."""
    if measured:
        what = (
            words.say(
                "Amounts are profit at your margin, by the share beside each: what your campaigns measured, mixed with an assumption."
            )
            if margin
            else words.say(
                "Amounts are sales, by the share beside each: what your campaigns measured, mixed with an assumption."
            )
        )
    else:
        what = (
            words.say(
                "Amounts are profit at your margin, under the assumption beside each: nobody knows yet how many will answer."
            )
            if margin
            else words.say(
                "Amounts are sales, under the assumption beside each: nobody knows yet how many will answer."
            )
        )
    width = words.say(
        "The range holds four times in five: it allows for luck, and for a third to nearly twice as many answers."
    )
    return words.sentences([what, width])


def document(action: Action, words: Words) -> dict[str, object]:
    """The action for `--json`."""
    told, rule = said(action, words), action.rule
    return {
        "key": action.key,
        "what": told.what,
        "why": told.why,
        "people": len(action.customer_ids),
        "expected": action.worth.expected,
        "low": action.worth.low,
        "high": action.worth.high,
        "one_in": action.one_in,
        "measured_by": list(action.sources),
        "assumption": told.beside,
        "pair": {"antecedent": list(rule.antecedent), "consequent": rule.consequent, "orders": action.orders}
        if rule
        else None,
        "customers": list(action.customer_ids),
    }
