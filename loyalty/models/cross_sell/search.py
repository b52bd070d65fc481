"""Rule search with the owner's settings: kind of baskets, products or categories, confidence; and rule survival."""

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
    """A window outside 1 … MAX_DAYS."""

    template: ClassVar[str] = N_(
        "The days between two purchases must lie between 1 and {most}; {value} was entered."
    )


@dataclass(frozen=True)
class Search:
    """Settings of a rule search.

    `kind`: products of one order, of one customer-day, or (window) bought within `days` days of each other.
    `count`: least baskets behind a rule, None: chosen by the shop's size; `min_confidence` in [0, 1]; `max_len`:
    most products in a rule; `all_rules`: also rules that may be chance, are redundant or hold products no longer
    on sale; `miner`: a key of `MINERS`, not used for "window".
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
        """The kind of baskets of `loyalty.facts.baskets`: sequences are made of customer-days."""
        return "order" if self.kind == "order" else "day"


def find_rules(baskets: pd.DataFrame, search: Search) -> RuleSet:
    """Find the rules of a search; rules with products no longer on sale are left out.

    `baskets`: BASKETS of the search's `basket_kind` and `level`. Without `at` (a plain file) it is not known what
    is on sale, and all rules stay. Raises `BadWindow` and the errors of
    `loyalty.models.cross_sell.rules.mine_rules`.
    """
    rules = _mine(baskets, search)
    if search.all_rules or "at" not in baskets.columns or baskets.empty:
        return rules
    return keep_on_sale(rules, recently_sold(baskets, baskets["at"].max()))


def _mine(baskets: pd.DataFrame, search: Search) -> RuleSet:
    """The rules, whether or not their products are on sale."""
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
    """The default least number of baskets behind a rule, by the shop's size."""
    if search.kind != "window":
        return default_min_count(baskets)
    rules = _mine(baskets, replace(search, count=None))
    return round(rules.min_support_used * max(rules.baskets, 1))


def check_survival(baskets: pd.DataFrame, as_of: dt.date, search: Search) -> RuleSurvival:
    """Run the search on all but the last three months and check its rules on these.

    For sequences, later days count only if a whole window follows them, so the window is added.
    """
    back = LATER_DAYS + (search.days if search.kind == "window" else 0)
    cutoff = as_of - dt.timedelta(days=back - 1)
    if search.kind == "window":
        return check_sequences(baskets, cutoff, lambda early: _mine(early, search), search.days)
    return check_rules(baskets, cutoff, lambda early: _mine(early, search))
