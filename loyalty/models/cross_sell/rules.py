"""Association rules from the shop's baskets, without those that may be due to chance.

A rule says "baskets that hold the antecedent also hold the consequent". For a, b and c baskets out of n
that hold the antecedent, the consequent and both (Agrawal, Imielinski & Swami 1993): support = c / n,
confidence = c / a, lift = c n / (a b), 1 where they meet as often as by chance.

Ranking by raw lift would put chance pairs on top. So a rule is shown only if its lift is above 1, Fisher's
one-sided test passes a false-discovery rate of 5 % over every rule that had the support, at least five different
customers are behind it, and it is not redundant (see `loyalty.models.cross_sell.redundancy`); the order is by
shrunk lift, (c + 5) / (ab/n + 5).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from loyalty.errors import OwnerError
from loyalty.measure.significance import q_values
from loyalty.models.cross_sell.basket_index import index_baskets
from loyalty.models.cross_sell.candidates import COLUMNS, COUNTS, classic_rules, family_size, rules_by_arrays
from loyalty.models.cross_sell.itemsets import MAX_ITEMSETS, Itemsets, mine_itemsets, support_count
from loyalty.models.cross_sell.redundancy import is_productive
from loyalty.models.cross_sell.significance import fisher_upper_tail, lift_low, shrunk_lift
from loyalty.words import N_, Message

MAX_Q = 0.05
MIN_COUNT = 5  # baskets behind a rule, unless all rules are asked for
MIN_CUSTOMERS = 5  # distinct customers behind a rule, where baskets name them
RULE_COLUMNS = [*COLUMNS[:5], "count", "lift_low", "q_value", "shrunk_lift", "customers"]


class BadSupport(OwnerError):
    """The least support is not a share above 0."""

    template: ClassVar[str] = N_(
        "The least share of orders must be above 0 and at most 1; {value} was entered."
    )


class BadConfidence(OwnerError):
    """The least confidence is not a share."""

    template: ClassVar[str] = N_("The least certainty must lie between 0 and 1; {value} was entered.")


class BadLength(OwnerError):
    """A maximum rule length below 2."""

    template: ClassVar[str] = N_("A rule needs at least 2 products; {value} was entered as the most.")


@dataclass(frozen=True)
class Rule:
    """One row of `RuleSet.rules`: if a basket holds all of `antecedent`, offer `consequent`.

    `support`, `confidence` in [0, 1]; `count`: baskets that hold both sides; `lift_low`: lower 95 % bound
    of `lift`; `q_value`: false-discovery rate; `shrunk_lift`: the lift to expect later; `customers`:
    distinct customers behind the rule, None where not known.
    """

    antecedent: tuple[str, ...]
    consequent: str
    support: float
    confidence: float
    lift: float
    count: int
    lift_low: float
    q_value: float
    shrunk_lift: float
    customers: int | None


@dataclass(frozen=True)
class RuleSet:
    """Rules with the number of `baskets` they rest on, best first.

    `rules`: a frame with the fields of `Rule` as columns. `min_support_used`: the support really used,
    above the one asked for when there were too many sets (`note` says so) or when it meant fewer than the
    least number of baskets.
    """

    baskets: int
    min_support_used: float
    note: Message | None
    rules: pd.DataFrame

    def __iter__(self) -> Iterator[Rule]:
        """The rules as records, best first."""
        columns = [self.rules[name].tolist() for name in RULE_COLUMNS[:-1]]
        customers = [None if number is pd.NA else int(number) for number in self.rules["customers"]]
        for values in zip(*columns, customers, strict=True):
            yield Rule(*values)


def mine_rules(
    baskets: pd.DataFrame,
    min_support: float = 0.01,
    min_confidence: float = 0.1,
    max_len: int | None = None,
    min_count: int | None = None,
    all_rules: bool = False,
    max_itemsets: int = MAX_ITEMSETS,
    miner: Callable[..., Itemsets] = mine_itemsets,
) -> RuleSet:
    """Mine rules with one consequent, best first.

    Args:
        baskets: BASKETS: basket, product and, optionally, customer_id. With customer_id, a rule also needs 5
            distinct customers (each basket without one counts as a customer).
        min_support: share of all baskets in (0, 1].
        min_confidence: in [0, 1].
        max_len: most products in a rule, both sides together; None for any.
        min_count: least baskets behind a rule (None: 5, or 1 with `all_rules`).
        all_rules: the classic list, without the filters for chance and redundancy, in the same order.
        max_itemsets: limit of frequent sets.
        miner: finds the frequent sets.

    Raises:
        BadSupport, BadConfidence, BadLength
    """
    _check(min_support, min_confidence, max_len)
    total = baskets.dropna(subset=["product"])["basket"].nunique()
    min_baskets = max(support_count(min_support, total), min_count or (1 if all_rules else MIN_COUNT))
    itemsets = miner(baskets, min_baskets, max_len, max_itemsets)
    candidates = (
        classic_rules(itemsets, min_confidence)
        if all_rules
        else rules_by_arrays(itemsets, min_confidence, improving_only=True)
    )
    rules = with_significance(candidates, total, family_size(itemsets))
    if not all_rules:
        rules = rules[(rules["lift"] > 1) & (rules["q_value"] <= MAX_Q)]
        rules = _with_customers(rules[is_productive(rules, itemsets)], baskets)
    return RuleSet(total, itemsets.min_count / max(total, 1), _note(itemsets), rank_rules(rules))


def _check(min_support: float, min_confidence: float, max_len: int | None) -> None:
    """Raise for thresholds out of range."""
    if not 0 < min_support <= 1:
        raise BadSupport(value=min_support)
    if not 0 <= min_confidence <= 1:
        raise BadConfidence(value=min_confidence)
    if max_len is not None and max_len < 2:
        raise BadLength(value=max_len)


def with_significance(candidates: pd.DataFrame, baskets: int, tests: int) -> pd.DataFrame:
    """Add lift_low, q_value (of `tests` tests), shrunk_lift and an empty column customers to candidate rules."""
    count, a, b = (candidates[name].to_numpy(dtype=np.float64) for name in COUNTS)
    return candidates.assign(
        lift_low=lift_low(count, a, b, baskets),
        q_value=q_values(fisher_upper_tail(count, a, b, baskets), tests),
        shrunk_lift=shrunk_lift(count, a * b / max(baskets, 1)),
        customers=pd.array([None] * len(candidates), dtype="Int64"),
    )


def rank_rules(rules: pd.DataFrame) -> pd.DataFrame:
    """Sort by shrunk lift, ties by count, then by name: the order never depends on the search."""
    keys = rules.assign(minus_lift=-rules["shrunk_lift"].round(9), minus_count=-rules["count"])
    order = keys.sort_values(["minus_lift", "minus_count", "antecedent", "consequent"], kind="stable").index
    return rules.loc[order, RULE_COLUMNS].reset_index(drop=True)


def _note(itemsets: Itemsets) -> Message | None:
    """The note for the owner: nothing found, or the support was raised."""
    if not (itemsets.length >= 2).any():
        return Message(
            N_(
                "No two products were bought together in {count} or more orders yet, so there is nothing to "
                "suggest. The number of orders looked at is {baskets}."
            ),
            {"count": itemsets.min_count, "baskets": itemsets.baskets},
        )
    if itemsets.min_count > itemsets.asked_count:
        return Message(
            N_(
                "There are too many combinations to list them all: only those in {count} or more of the "
                "{baskets} orders were kept, where {asked} was asked for."
            ),
            {"count": itemsets.min_count, "baskets": itemsets.baskets, "asked": itemsets.asked_count},
        )
    return None


def _with_customers(rules: pd.DataFrame, baskets: pd.DataFrame) -> pd.DataFrame:
    """Count the distinct customers behind each rule and keep those with enough; without customer ids, keep all."""
    if "customer_id" not in baskets.columns or rules.empty:
        return rules
    index = index_baskets(baskets)
    sides = zip(rules["antecedent"], rules["consequent"], strict=True)
    numbers = [index.customers((*antecedent, consequent)) for antecedent, consequent in sides]
    counted = rules.assign(customers=pd.array(numbers, dtype="Int64"))
    return counted[counted["customers"] >= MIN_CUSTOMERS]


def keep_on_sale(rule_set: RuleSet, products: Collection[str]) -> RuleSet:
    """Keep the rules whose products are all among `products`, those on sale."""
    on_sale = set(products)
    sides = zip(rule_set.rules["antecedent"], rule_set.rules["consequent"], strict=True)
    keep = [consequent in on_sale and on_sale.issuperset(antecedent) for antecedent, consequent in sides]
    return replace(rule_set, rules=rule_set.rules[np.array(keep, dtype=bool)].reset_index(drop=True))


def exclude_products(rule_set: RuleSet, products: Collection[str]) -> RuleSet:
    """Keep the rules that hold none of `products`."""
    excluded = set(products)
    sides = zip(rule_set.rules["antecedent"], rule_set.rules["consequent"], strict=True)
    keep = [
        consequent not in excluded and excluded.isdisjoint(antecedent) for antecedent, consequent in sides
    ]
    return replace(rule_set, rules=rule_set.rules[np.array(keep, dtype=bool)].reset_index(drop=True))


def one_direction(rules: Iterable[Rule]) -> list[Rule]:
    """Keep one rule per set of products: the one with the highest confidence, in the position of the first."""
    best: dict[frozenset[str], Rule] = {}
    for rule in rules:
        together = frozenset((*rule.antecedent, rule.consequent))
        if together not in best or rule.confidence > best[together].confidence:
            best[together] = rule
    return list(best.values())
