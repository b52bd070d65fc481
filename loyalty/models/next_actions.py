"""What to do next for the whole shop: groups of people worth contacting, and a pair worth offering, by expected worth.

Every group is one that lists and campaigns know under the same key (`loyalty.customers`), and each has its own assumption
on how many will answer (see `loyalty.models.expected_response`). What has no people in it, or would bring nothing, is left
out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from loyalty.customers.birthdays import BIRTHDAY_DAYS, birthday_soon
from loyalty.customers.groups import UNHAPPY_DAYS, near_tier, unhappy
from loyalty.customers.status import ONCE, OVERDUE
from loyalty.models.cross_sell.basket_index import index_baskets
from loyalty.models.cross_sell.rules import Rule
from loyalty.models.expected_response import OneIn, expected_worth
from loyalty.purchase_model.prediction import Range

SEED = 0
AHEAD = 90  # days: what lies further back or ahead is another story
MOST_RULES = 50
NEAR_TIER, UNHAPPY, BIRTHDAY, PAIR = "near_tier", "unhappy", "birthday", "pair"
#: One in so many answers, by kind of action: assumptions until the shop's own campaigns have measured them.
ANSWERS: Mapping[str, int] = {OVERDUE: 10, ONCE: 20, PAIR: 10, NEAR_TIER: 10, UNHAPPY: 5, BIRTHDAY: 10}
NO_SOURCES: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class ActionInputs:
    """What actions are found from, as of `as_of`.

    `customers`: CUSTOMERS with the columns of their statuses; `usual_gap_days`: the shop's. `left_alone`: who said no to
    every message or is in a control group now: they belong to their groups, and nothing is expected of them. `reachable`:
    who may be contacted now. `value`: what an order brings, indexed by customer_id.
    `answers`: FEEDBACK of scored last answers with `level` (0 lowest, 1 highest). `birthdays`: customer_id, month, day.
    `to_tier`: money that the next tier still takes, indexed by customer_id; empty while no programme is in force.
    `rules`, `baskets`, `prices`: what goes together, BASKETS of orders, money a piece brings by product.
    """

    as_of: dt.date
    customers: pd.DataFrame
    usual_gap_days: int
    left_alone: frozenset[str]
    reachable: frozenset[str]
    value: pd.Series
    answers: pd.DataFrame
    birthdays: pd.DataFrame
    to_tier: pd.Series
    rules: Sequence[Rule]
    baskets: pd.DataFrame
    prices: Mapping[str, float]


@dataclass(frozen=True)
class Action:
    """One thing to do. `key`: what it is, and the key of the same people among the audiences of campaigns.

    `customer_ids`: all the people it is about, who brings most first; `reachable`: how many of them may be contacted now;
    `worth`: what it brings if one in `one_in` answers, each by one order, as `sources` (campaigns) measured, none for an
    assumption; `days`: the number of days that defines the group; `rule`, `orders`: of a pair, and how many orders of the
    last 90 days lacked its second half.
    """

    key: str
    customer_ids: tuple[str, ...]
    reachable: int
    worth: Range
    one_in: int
    days: int = 0
    rule: Rule | None = None
    orders: int = 0
    sources: tuple[str, ...] = ()


def next_actions(
    inputs: ActionInputs,
    answers: Mapping[str, int] = ANSWERS,
    sources: Mapping[str, tuple[str, ...]] = NO_SOURCES,
) -> list[Action]:
    """All actions that apply, the highest expected worth first; equal ones in the order of ANSWERS. `sources`: the campaigns
    that an answer was measured by. Raises `BadAssumption`."""
    rng = np.random.default_rng(SEED)
    actions = [
        action
        for key, (ids, days) in action_groups(inputs).items()
        if (action := _of_people(inputs, key, ids, days, OneIn(answers[key]), rng)) is not None
    ]
    pair = best_pair(inputs, OneIn(answers[PAIR]), rng)
    order = {key: place for place, key in enumerate(ANSWERS)}
    named = [
        replace(action, sources=sources.get(action.key, ()))
        for action in (*actions, *([pair] if pair else []))
    ]
    return sorted(named, key=lambda action: (-action.worth.expected, order[action.key]))


def action_groups(inputs: ActionInputs) -> dict[str, tuple[frozenset[str], int]]:
    """People by kind of action, with the number of days that defines the group."""
    people = inputs.customers
    return {
        OVERDUE: (frozenset(people.loc[people["status"] == OVERDUE, "customer_id"]), inputs.usual_gap_days),
        ONCE: (frozenset(people.loc[people["status"] == ONCE, "customer_id"]), inputs.usual_gap_days),
        NEAR_TIER: (near_tier(people, inputs.to_tier), 0),
        UNHAPPY: (unhappy(people, inputs.answers, inputs.as_of), UNHAPPY_DAYS),
        BIRTHDAY: (birthday_soon(inputs.birthdays, inputs.as_of) & set(people["customer_id"]), BIRTHDAY_DAYS),
    }


def _of_people(
    inputs: ActionInputs, key: str, ids: Collection[str], days: int, answers: OneIn, rng: np.random.Generator
) -> Action | None:
    """The action with its worth; None where nothing is to be had."""
    people = sorted(ids)
    chance = inputs.customers.set_index("customer_id")["p_alive"]
    values = inputs.value.reindex(people).fillna(0.0).clip(lower=0.0).to_numpy(dtype=np.float64)
    likely = chance.reindex(people).fillna(1.0).to_numpy(dtype=np.float64)
    chances = np.where(pd.Index(people).isin(inputs.left_alone), 0.0, likely)
    worth = expected_worth(values, chances, answers, rng)
    by_worth = tuple(name for _, name in sorted(zip(-values * chances, people, strict=True)))
    reachable = len(inputs.reachable.intersection(people))
    return Action(key, by_worth, reachable, worth, answers.k, days) if worth.expected > 0 else None


def best_pair(inputs: ActionInputs, answers: OneIn, rng: np.random.Generator) -> Action | None:
    """Of the first rules the one whose second half, offered with each order that lacks it, brings the most in 90 days, as
    many such orders coming as in the last 90. Its people: known buyers of the first half in those days."""
    since = pd.Timestamp(inputs.as_of) - pd.Timedelta(days=AHEAD - 1)
    recent = inputs.baskets[inputs.baskets["at"] >= since]
    index = index_baskets(recent)
    candidates = [
        (index.count(rule.antecedent) - index.count((*rule.antecedent, rule.consequent)), rule)
        for rule in list(inputs.rules)[:MOST_RULES]
        if inputs.prices.get(rule.consequent, 0.0) > 0
    ]
    without, rule = max(
        candidates, key=lambda pair: pair[0] * inputs.prices[pair[1].consequent], default=(0, None)
    )
    if rule is None or not without:
        return None
    values = np.full(without, inputs.prices[rule.consequent])
    worth = expected_worth(values, np.ones(without), answers, rng)
    buyers = _buyers_of(recent, rule)
    reachable = len(inputs.reachable.intersection(buyers))
    return Action(PAIR, buyers, reachable, worth, answers.k, AHEAD, rule, without)


def _buyers_of(baskets: pd.DataFrame, rule: Rule) -> tuple[str, ...]:
    """Known customers with a basket that holds the first half and not the second."""
    names = [*rule.antecedent, rule.consequent]
    lines = baskets[baskets["product"].isin(names) & baskets["customer_id"].notna()]
    first = lines[lines["product"].isin(rule.antecedent)].groupby("basket")["product"].nunique()
    full = set(first.index[first == len(rule.antecedent)]) - set(
        lines.loc[lines["product"] == rule.consequent, "basket"]
    )
    return tuple(sorted({str(name) for name in lines.loc[lines["basket"].isin(full), "customer_id"]}))
