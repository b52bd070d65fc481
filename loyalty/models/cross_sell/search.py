"""What goes with what, as the owner asks for it: which baskets, products or categories, how sure; and whether it lasts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar

import pandas as pd

from loyalty.errors import OwnerError
from loyalty.models.cross_sell.apriori import mine_by_apriori
from loyalty.models.cross_sell.itemsets import mine_itemsets
from loyalty.models.cross_sell.pairs import default_min_count
from loyalty.models.cross_sell.rule_survival import (
    LATER_DAYS,
    RuleSurvival,
    check_rules,
    check_sequences,
    recently_sold,
)
from loyalty.models.cross_sell.rules import RuleSet, keep_on_sale, mine_rules
from loyalty.models.cross_sell.sequences import DAYS, mine_sequences
from loyalty.words import N_

KINDS = ("order", "day", "window")
LEVELS = ("product", "category")
MINERS = {"eclat": mine_itemsets, "apriori": mine_by_apriori}
MAX_DAYS = 730


class BadWindow(OwnerError):
    """A number of days that makes no sense."""

    template: ClassVar[str] = N_(
        "The days between two purchases must lie between 1 and {most}; {value} was entered."
    )


@dataclass(frozen=True)
class Search:
    """What is looked for.

    `kind`: products of one order, of one customer-day, or (window) bought within `days` days of each other.
    `count`: least baskets behind a rule, None for what suits the shop's size; `min_confidence` in [0, 1];
    `max_len`: most products in a rule; `all_rules`: also what may be chance, what adds nothing to a shorter rule
    and what is not on sale any more; `miner`: a key of `MINERS`; rows of purchases (window) need none.
    """

    kind: str = "order"
    level: str = "product"
    count: int | None = None
    min_confidence: float = 0.1
    max_len: int | None = 3
    days: int = DAYS
    all_rules: bool = False
    miner: str = "eclat"

    @property
    def basket_kind(self) -> str:
        """The baskets to ask `loyalty.facts.baskets` for: customer-days are what sequences are made of."""
        return "order" if self.kind == "order" else "day"


def find_rules(baskets: pd.DataFrame, search: Search) -> RuleSet:
    """The rules of BASKETS of the search's `basket_kind` and `level`; products not sold lately are left out.

    Without `at` (a plain file) nothing is known of what is on sale. Raises `BadWindow` and the errors of
    `loyalty.models.cross_sell.rules.mine_rules`.
    """
    found = _mined(baskets, search)
    if search.all_rules or "at" not in baskets.columns or baskets.empty:
        return found
    return keep_on_sale(found, recently_sold(baskets, baskets["at"].max()))


def _mined(baskets: pd.DataFrame, search: Search) -> RuleSet:
    """The rules without a look at what is on sale."""
    if search.kind == "window":
        if not 1 <= search.days <= MAX_DAYS:
            raise BadWindow(value=search.days, most=MAX_DAYS)
        return mine_sequences(baskets, search.days, search.count, search.min_confidence, search.all_rules)
    count = default_min_count(baskets) if search.count is None else search.count
    total = max(baskets["basket"].nunique(), 1)
    return mine_rules(
        baskets,
        min_support=min(count / total, 1.0),
        min_confidence=search.min_confidence,
        max_len=search.max_len,
        all_rules=search.all_rules,
        miner=MINERS[search.miner],
    )


def default_count(baskets: pd.DataFrame, search: Search) -> int:
    """The least number of baskets behind a rule that suits the shop's size."""
    if search.kind != "window":
        return default_min_count(baskets)
    found = _mined(baskets, replace(search, count=None))
    return round(found.min_support_used * max(found.baskets, 1))


def check_survival(baskets: pd.DataFrame, as_of: dt.date, search: Search) -> RuleSurvival:
    """The same search over all but the last three months, looked up in these.

    For sequences the later days are those that are followed by a whole window, so the window is added.
    """
    back = LATER_DAYS + (search.days if search.kind == "window" else 0)
    cutoff = as_of - dt.timedelta(days=back - 1)
    if search.kind == "window":
        return check_sequences(baskets, cutoff, lambda early: _mined(early, search), search.days)
    return check_rules(baskets, cutoff, lambda early: _mined(early, search))
