"""Next actions of an open shop: what is worth doing, its expected gain, and the sentences that say so.

As in `loyalty.services.figures`: pages cache these by data version; the command line calls them as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import ibis
import pandas as pd

from loyalty.customers.status import ONCE, OVERDUE
from loyalty.facts import baskets as basket_facts
from loyalty.facts.customer_story import Lookups, lookups
from loyalty.measure.customer_satisfaction import last_answers
from loyalty.models.cross_sell.rules import Rule
from loyalty.models.cross_sell.search import Search, find_rules
from loyalty.models.cross_sell.sentences import rule_sentence
from loyalty.models.next_actions import AHEAD, ANSWERS, NEAR_TIER, UNHAPPY, Action, ActionInputs, next_actions
from loyalty.purchase_model.customer_state import CustomerState
from loyalty.purchase_model.prediction import Range
from loyalty.rewards.points.next_tier import to_next_tier
from loyalty.rewards.programme.programme import Programme
from loyalty.services.audiences import PreparedAudience
from loyalty.services.campaign_learning import current_response_rates
from loyalty.services.campaigns import current_control_groups, reachable_now
from loyalty.services.figures import Facts, programme, segmentation
from loyalty.services.lifetime_value import customer_states, terms_of
from loyalty.shop.shop import Shop
from loyalty.words import N_, Message, Words

SHOWN = 3
EMPTY = pd.Series(dtype="float64")


def action_inputs(
    con: ibis.BaseBackend,
    facts: Facts,
    look_ups: Lookups,
    standing: CustomerState,
    rules: Sequence[Rule],
    in_force: Programme | None,
    margin: float = 0.0,
    control_group: Collection[str] = (),
    reachable: Collection[str] = (),
) -> ActionInputs:
    """Collect the inputs of `next_actions`.

    Args:
        con: Where baskets and prices are read from.
        facts: Facts of the shop.
        lookups: Birthdays and opt-outs.
        customer_state: Predictions of the purchase model.
        rules: Association rules of pairs.
        in_force: The reward programme, None while there is none.
        margin: The owner's; 0 where not given: gains are then in sales.
        control_group: Customers who are in a control group now.
        reachable: Customers who may be contacted now.
    """
    share = margin or 1.0
    customers = facts.customers
    prices = basket_facts.prices(con, facts.as_of)
    return ActionInputs(
        as_of=facts.as_of,
        customers=customers,
        usual_gap_days=facts.statuses.usual_gap_days,
        left_alone=look_ups.opted_out | set(control_group),
        reachable=frozenset(reachable),
        value=share * order_values(customers, standing),
        answers=last_answers(facts.feedback),
        birthdays=look_ups.birthdays,
        to_tier=to_next_tier(customers, in_force).set_index("customer_id")["to_tier"] if in_force else EMPTY,
        rules=rules,
        baskets=basket_facts.baskets(con, facts.as_of)
        if rules
        else pd.DataFrame(columns=["basket", "product", "customer_id", "at"]),
        prices=dict(zip(prices["product"], share * prices["price"], strict=True)),
    )


def shop_actions(
    shop: Shop,
    con: ibis.BaseBackend,
    facts: Facts,
    today: dt.date,
    one_in: int | None = None,
) -> list[Action]:
    """All actions worth doing in a shop. `one_in`: one in so many answers, instead of the assumed or measured rate of each
    action. Raises `BadAssumption`."""
    segments = segmentation(facts)
    rewards, saved = programme(shop, facts.customers, [segment.key for segment in segments.segments])
    inputs = action_inputs(
        con,
        facts,
        lookups(con, facts.as_of),
        customer_states(facts.models, terms_of(shop.settings)),
        list(find_rules(basket_facts.baskets(con, facts.as_of), Search(max_len=2))),
        rewards if saved else None,
        shop.settings.margin,
        current_control_groups(shop.database, con, facts.as_of),
        reachable_now(shop.database, con, today),
    )
    answers = current_response_rates(shop.database, ANSWERS)
    if one_in is not None:
        return next_actions(inputs, dict.fromkeys(answers, one_in))
    assumed = {key: answer.one_in for key, answer in answers.items()}
    return next_actions(inputs, assumed, {key: answer.sources for key, answer in answers.items()})


def pair_audience(actions: Sequence[Action]) -> list[PreparedAudience]:
    """The customers of the product pair among the actions, as an audience."""
    return [
        PreparedAudience(
            action.key,
            Message(
                N_("Bought {with_what} without {product}"),
                {"product": action.rule.consequent, "with_what": " + ".join(action.rule.antecedent)},
            ),
            Message(N_("We thought of you.")),
            frozenset(action.customer_ids),
        )
        for action in actions
        if action.rule is not None
    ]


def order_values(customers: pd.DataFrame, standing: CustomerState) -> pd.Series:
    """Expected order value by customer_id: as predicted, else the average so far."""
    average_values = (customers["revenue"] / customers["orders"]).set_axis(customers["customer_id"])
    if standing.customers.empty:
        return average_values
    predicted = standing.customers.set_index("customer_id")["expected_value"].reindex(average_values.index)
    return predicted.fillna(average_values)


@dataclass(frozen=True)
class ActionSentences:
    """An action in sentences; `worth` and `beside` are shown together: "about $520 ($150–$960)", "if 1 in 10 buys once more"."""

    what: str
    why: str
    worth: str
    beside: str


def action_sentences(action: Action, words: Words) -> ActionSentences:
    """The sentences of an action: what, why, how much, under which assumption."""
    return ActionSentences(
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
    if action.key == OVERDUE:
        return words.plural("{n} customer is overdue.", "{n} customers are overdue.", n)
    if action.key == ONCE:
        return words.plural(
            "{n} customer bought once and did not buy again.",
            "{n} customers bought once and did not buy again.",
            n,
        )
    if action.key == NEAR_TIER:
        return words.plural(
            "{n} customer is one order away from a higher tier.",
            "{n} customers are one order away from a higher tier.",
            n,
        )
    if action.key == UNHAPPY:
        return words.plural("{n} customer was unhappy.", "{n} customers were unhappy.", n)
    return words.plural(
        "{n} customer has a birthday within {days} days.",
        "{n} customers have a birthday within {days} days.",
        n,
        days=words.number(action.days),
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
        return words.sentences([rule_sentence(action.rule, words), without])
    if action.key == OVERDUE:
        return words.say(
            "They have waited longer than usual to order again, and a repeat order is becoming less likely."
        )
    if action.key == ONCE:
        return words.say("That was more than {days} days ago; 80% of repeat orders come sooner.", days=days)
    if action.key == NEAR_TIER:
        return words.say("A word to them costs nothing.")
    if action.key == UNHAPPY:
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
    """What the amounts are and what they are based on. `measured`: whether campaigns measured any of them."""
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
    sentences, rule = action_sentences(action, words), action.rule
    return {
        "key": action.key,
        "what": sentences.what,
        "why": sentences.why,
        "audience": action.key,
        "customers": len(action.customer_ids),
        "reachable": action.reachable,
        "expected": action.worth.expected,
        "low": action.worth.low,
        "high": action.worth.high,
        "one_in": action.one_in,
        "measured_by": list(action.sources),
        "assumption": sentences.beside,
        "pair": {"antecedent": list(rule.antecedent), "consequent": rule.consequent, "orders": action.orders}
        if rule
        else None,
        "customer_ids": list(action.customer_ids),
    }
