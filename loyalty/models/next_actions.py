"""What to do next for the whole shop: groups of people worth contacting, and a pair worth offering, by expected worth.

Every group has the same key in lists and campaigns (`loyalty.customers`), and its own assumption on how many will answer
(see `loyalty.models.expected_response`). Groups without people or expected worth are left out.
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

SEED = 0  # of each action by itself, so that no action moves another's range
AHEAD = 90  # days, back and ahead, that a pair is counted in
MOST_RULES = 50
NEAR_TIER, UNHAPPY, BIRTHDAY, PAIR = "near_tier", "unhappy", "birthday", "pair"
#: One in so many answers, by kind of action: assumptions until the shop's own campaigns have measured them.
ANSWERS: Mapping[str, int] = {OVERDUE: 10, ONCE: 20, PAIR: 10, NEAR_TIER: 10, UNHAPPY: 5, BIRTHDAY: 10}
NO_SOURCES: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class ActionInputs:
    """The inputs of next actions, as of `as_of`.

    `customers`: CUSTOMERS with the columns of their statuses; `usual_gap_days`: the shop's. `left_alone`: who opted out
    of every message or is in a control group now: they belong to their groups, and no worth is expected of them. `reachable`:
    who may be contacted now. `value`: what an order brings, indexed by customer_id.
    `answers`: FEEDBACK of scored last answers with `level` (0 lowest, 1 highest). `birthdays`: customer_id, month, day.
    `to_tier`: money still missing to the next tier, indexed by customer_id; empty while no programme is in force.
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
    """An action for the whole shop. `key`: its kind, and the key of the same people among the audiences of campaigns.

    `customer_ids`: all its people, the highest expected worth first; `reachable`: how many of them may be contacted now;
    `worth`: its expected worth if one in `one_in` answers, each by one order, as `sources` (campaigns) measured, none for an
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
    """All actions that apply, the highest expected worth first; equal ones in the order of ANSWERS.

    Args:
        inputs: the shop's figures.
        answers: one in so many answers, by kind of action.
        sources: the campaigns that measured an answer, by kind of action.

    Raises:
        BadAssumption.
    """
    actions = [
        action
        for key, (ids, days) in action_groups(inputs).items()
        if (action := _group_action(inputs, key, ids, days, OneIn(answers[key]))) is not None
    ]
    pair = best_pair(inputs, OneIn(answers[PAIR]))
    order = {key: place for place, key in enumerate(ANSWERS)}
    with_sources = [
        replace(action, sources=sources.get(action.key, ()))
        for action in (*actions, *([pair] if pair else []))
    ]
    return sorted(with_sources, key=lambda action: (-action.worth.expected, order[action.key]))


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


def _group_action(
    inputs: ActionInputs, key: str, ids: Collection[str], days: int, answers: OneIn
) -> Action | None:
    """The action of a group; None where its expected worth is 0."""
    people = sorted(ids)
    chance = inputs.customers.set_index("customer_id")["p_alive"]
    values = inputs.value.reindex(people).fillna(0.0).clip(lower=0.0).to_numpy(dtype=np.float64)
    p_alive = chance.reindex(people).fillna(1.0).to_numpy(dtype=np.float64)
    chances = np.where(pd.Index(people).isin(inputs.left_alone), 0.0, p_alive)
    worth = expected_worth(values, chances, answers, np.random.default_rng(SEED))
    by_worth = tuple(name for _, name in sorted(zip(-values * chances, people, strict=True)))
    reachable = len(inputs.reachable.intersection(people))
    return Action(key, by_worth, reachable, worth, answers.k, days) if worth.expected > 0 else None


def best_pair(inputs: ActionInputs, answers: OneIn) -> Action | None:
    """The pair of products with the highest expected worth; None without any.

    Of the first MOST_RULES rules, the one whose consequent, offered with each order that lacks it, brings the most in 90
    days, with as many such orders as in the last 90. Its people: identified buyers of the antecedent in those days.
    """
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
    worth = expected_worth(values, np.ones(without), answers, np.random.default_rng(SEED))
    buyers = _buyers_of(recent, rule)
    reachable = len(inputs.reachable.intersection(buyers))
    return Action(PAIR, buyers, reachable, worth, answers.k, AHEAD, rule, without)


def _buyers_of(baskets: pd.DataFrame, rule: Rule) -> tuple[str, ...]:
    """Identified customers with a basket that has the antecedent and not the consequent."""
    names = [*rule.antecedent, rule.consequent]
    lines = baskets[baskets["product"].isin(names) & baskets["customer_id"].notna()]
    antecedents = lines[lines["product"].isin(rule.antecedent)].groupby("basket")["product"].nunique()
    lacking = set(antecedents.index[antecedents == len(rule.antecedent)]) - set(
        lines.loc[lines["product"] == rule.consequent, "basket"]
    )
    return tuple(sorted({str(name) for name in lines.loc[lines["basket"].isin(lacking), "customer_id"]}))
