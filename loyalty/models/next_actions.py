"""What to do next for the whole shop: groups of people worth writing to, and a pair worth offering, by expected worth.

Every group rests on the shop's own figures, and each has its own assumption on how many will answer (see
`loyalty.models.expected_response`). What has no people in it, or would bring nothing, is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from loyalty.measure.slipping import silent_days_by_customer, slipping, usual_silence
from loyalty.models.cross_sell.basket_index import holding
from loyalty.models.cross_sell.rules import Rule
from loyalty.models.expected_response import OneIn, worth_if
from loyalty.purchase_model.prediction import Range

SEED = 0
AHEAD = 90  # days: what lies further back or ahead is another story
WEEK = 7
LONG_GONE = 365
UNHAPPY_DAYS = 60
MOST_RULES = 50
#: One in so many answers, by kind of action: assumptions until the shop's own campaigns have measured them.
ANSWERS: Mapping[str, int] = {"overdue": 10, "once": 20, "pair": 10, "tier": 10, "unhappy": 5, "birthday": 10}
NO_SOURCES: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class Ground:
    """What actions are found from, as of `as_of`.

    `customers`: CUSTOMERS, without those who said no to messages. `gaps`: days between purchases of the shop.
    `value`, `chance`: what an order brings and the chance of still being a customer, indexed by customer_id.
    `answers`: FEEDBACK of scored last answers with `level` (0 lowest, 1 highest). `birthdays`: customer_id, month, day.
    `to_tier`: money that the next tier still takes, indexed by customer_id; empty while no programme is in force.
    `rules`, `baskets`, `prices`: what goes together, BASKETS of orders, money a piece brings by product.
    """

    as_of: dt.date
    customers: pd.DataFrame
    gaps: np.ndarray
    value: pd.Series
    chance: pd.Series
    answers: pd.DataFrame
    birthdays: pd.DataFrame
    to_tier: pd.Series
    rules: Sequence[Rule]
    baskets: pd.DataFrame
    prices: Mapping[str, float]


@dataclass(frozen=True)
class Action:
    """One thing to do. `customer_ids`: the people it is about, who brings most first; `worth`: what it brings if one in `one_in` answers, each by
    one order, as `sources` (campaigns) measured, none for an assumption; `days`: the number of days that defines the group; `rule`, `orders`: of
    a pair, and how many orders of the last 90 days lacked its second half."""

    key: str
    customer_ids: tuple[str, ...]
    worth: Range
    one_in: int
    days: int = 0
    rule: Rule | None = None
    orders: int = 0
    sources: tuple[str, ...] = ()


def next_actions(
    ground: Ground, answers: Mapping[str, int] = ANSWERS, sources: Mapping[str, tuple[str, ...]] = NO_SOURCES
) -> list[Action]:
    """All actions that apply, the highest expected worth first; equal ones in the order of ANSWERS. `sources`: the campaigns that
    an answer was measured by. Raises `BadAssumption`."""
    rng = np.random.default_rng(SEED)
    found = [
        action
        for key, (ids, days) in groups(ground).items()
        if (action := _of_people(ground, key, ids, days, OneIn(answers[key]), rng)) is not None
    ]
    pair = best_pair(ground, OneIn(answers["pair"]), rng)
    order = {key: place for place, key in enumerate(ANSWERS)}
    named = [
        replace(action, sources=sources.get(action.key, ())) for action in (*found, *([pair] if pair else []))
    ]
    return sorted(named, key=lambda a: (-a.worth.expected, order[a.key]))


def groups(ground: Ground) -> dict[str, tuple[list[str], int]]:
    """People by kind of action, with the number of days that defines the group."""
    patience = usual_silence(ground.gaps) or 0
    return {
        "overdue": (_ids(slipping(ground.customers, ground.gaps, ground.as_of)), patience),
        "once": (_once(ground, patience), patience),
        "tier": (_near_tier(ground), 0),
        "unhappy": (_unhappy(ground), UNHAPPY_DAYS),
        "birthday": (_birthdays(ground), WEEK),
    }


def _ids(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame["customer_id"]]


def _once(ground: Ground, patience: int) -> list[str]:
    """Bought once, within the last year, and silent for longer than the shop's customers usually are."""
    if not patience:
        return []
    silent = silent_days_by_customer(ground.customers, ground.as_of).to_numpy()
    return _ids(
        ground.customers[(ground.customers["orders"] == 1) & (silent > patience) & (silent <= LONG_GONE)]
    )


def _near_tier(ground: Ground) -> list[str]:
    """One usual order of their own away from the next tier."""
    people = ground.customers
    lacking = ground.to_tier.reindex(people["customer_id"]).to_numpy(dtype=np.float64)
    usual = (people["revenue"] / people["orders"]).to_numpy(dtype=np.float64)
    return _ids(people[(lacking > 0) & (lacking <= usual)])


def _unhappy(ground: Ground) -> list[str]:
    """A last answer in the lower half of its scale, within 60 days, and no purchase since."""
    met = ground.answers.merge(ground.customers[["customer_id", "last_at"]], on="customer_id")
    fresh = met["at"] >= pd.Timestamp(ground.as_of) - pd.Timedelta(days=UNHAPPY_DAYS)
    return sorted(
        _ids(met[fresh & (met["level"] < 0.5) & (met["last_at"].dt.normalize() <= met["at"].dt.normalize())])
    )


def _birthdays(ground: Ground) -> list[str]:
    """Birthdays of the coming seven days, the first of them tomorrow; the 29th of February is kept on the 28th."""
    coming = [ground.as_of + dt.timedelta(days=n) for n in range(1, WEEK + 1)]
    days = {(day.month, day.day) for day in coming}
    days |= (
        {(2, 29)} if any((day.month, day.day) == (2, 28) and not _leap(day.year) for day in coming) else set()
    )
    told = zip(
        ground.birthdays["customer_id"], ground.birthdays["month"], ground.birthdays["day"], strict=True
    )
    return sorted(
        {str(name) for name, month, day in told if (month, day) in days} & set(_ids(ground.customers))
    )


def _leap(year: int) -> bool:
    return (dt.date(year, 3, 1) - dt.timedelta(days=1)).day == 29


def _of_people(
    ground: Ground, key: str, ids: Collection[str], days: int, answers: OneIn, rng: np.random.Generator
) -> Action | None:
    """The action with its worth; None where nothing is to be had."""
    values = ground.value.reindex(list(ids)).fillna(0.0).clip(lower=0.0).to_numpy(dtype=np.float64)
    chances = ground.chance.reindex(list(ids)).fillna(1.0).to_numpy(dtype=np.float64)
    worth = worth_if(values, chances, answers, rng)
    first = [name for _, name in sorted(zip(-values * chances, ids, strict=True))]
    return Action(key, tuple(first), worth, answers.k, days) if worth.expected > 0 else None


def best_pair(ground: Ground, answers: OneIn, rng: np.random.Generator) -> Action | None:
    """Of the first rules the one whose second half, offered with each order that lacks it, brings the most in 90 days, as
    many such orders coming as in the last 90. Its people: known buyers of the first half in those days."""
    since = pd.Timestamp(ground.as_of) - pd.Timedelta(days=AHEAD - 1)
    lately = ground.baskets[ground.baskets["at"] >= since]
    held = holding(lately)
    lacked = [
        (held.count(rule.antecedent) - held.count((*rule.antecedent, rule.consequent)), rule)
        for rule in list(ground.rules)[:MOST_RULES]
        if ground.prices.get(rule.consequent, 0.0) > 0
    ]
    lacking, rule = max(
        lacked, key=lambda pair: pair[0] * ground.prices[pair[1].consequent], default=(0, None)
    )
    if rule is None or not lacking:
        return None
    values = np.full(lacking, ground.prices[rule.consequent])
    worth = worth_if(values, np.ones(lacking), answers, rng)
    return Action("pair", _buyers_of(lately, rule), worth, answers.k, AHEAD, rule, lacking)


def _buyers_of(baskets: pd.DataFrame, rule: Rule) -> tuple[str, ...]:
    """Known customers with a basket that holds the first half and not the second."""
    names = [*rule.antecedent, rule.consequent]
    lines = baskets[baskets["product"].isin(names) & baskets["customer_id"].notna()]
    first = lines[lines["product"].isin(rule.antecedent)].groupby("basket")["product"].nunique()
    full = set(first.index[first == len(rule.antecedent)]) - set(
        lines.loc[lines["product"] == rule.consequent, "basket"]
    )
    return tuple(sorted({str(name) for name in lines.loc[lines["basket"].isin(full), "customer_id"]}))
