"""Rule survival: whether rules of the shop's earlier sales hold in its later ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from loyalty.models.cross_sell.basket_index import index_baskets
from loyalty.models.cross_sell.rules import Rule, RuleSet, keep_on_sale, one_direction
from loyalty.models.cross_sell.sequences import index_first_purchases
from loyalty.words import N_, Message

TOP = 50  # the best rules that are checked
LATER_DAYS = 90  # days at the end that rules are checked on
SOLD_WITHIN = dt.timedelta(days=90)  # a product without a sale for longer is no longer on sale
MIN_CHECKED = 5  # expected later baskets for a rule to be checked; checked rules for a share

Search = Callable[[pd.DataFrame], RuleSet]


@dataclass(frozen=True)
class RuleCheck:
    """One rule of the earlier sales, checked on the later ones.

    `due`: later baskets with both sides at the rule's earlier support; `expected`: by chance; `count`: actual.
    """

    rule: Rule
    due: float
    expected: float
    count: int

    @property
    def lift(self) -> float:
        """The later lift; 0 where one side was no longer sold."""
        return self.count / self.expected if self.expected > 0 else 0.0

    @property
    def testable(self) -> bool:
        """Whether there are enough later baskets to check the rule."""
        return self.due >= MIN_CHECKED


@dataclass(frozen=True)
class RuleSurvival:
    """The best rules of the sales before `cutoff`, each set of products once, checked on the sales from then on."""

    cutoff: dt.date
    rules: tuple[RuleCheck, ...]

    @property
    def checked(self) -> tuple[RuleCheck, ...]:
        """The rules with enough later baskets."""
        return tuple(rule for rule in self.rules if rule.testable)

    def above_chance(self) -> int:
        """Number of checked rules with a later lift above 1."""
        return sum(rule.lift > 1 for rule in self.checked)

    def half_lift_kept(self) -> int:
        """Number of checked rules whose later lift is at least half of the earlier one."""
        return sum(rule.lift >= 0.5 * rule.rule.lift for rule in self.checked)


def recently_sold(baskets: pd.DataFrame, until: pd.Timestamp) -> set[str]:
    """The products of a dated BASKETS frame that were sold within SOLD_WITHIN up to `until` (inclusive)."""
    recent = baskets[(baskets["at"] > until - SOLD_WITHIN) & (baskets["at"] <= until)]
    return {str(name) for name in recent["product"].dropna().unique()}


def check_rules(baskets: pd.DataFrame, cutoff: dt.date, search: Search, top: int = TOP) -> RuleSurvival:
    """Check the `top` rules of the baskets before `cutoff` (exclusive) on the baskets from it on.

    `baskets`: BASKETS with `at`. Rules with products that were no longer on sale at the cutoff are left out, as
    on the screen.
    """
    start = pd.Timestamp(cutoff)
    later = index_baskets(baskets[baskets["at"] >= start])

    def outcome(rule: Rule) -> tuple[float, int]:
        by_chance = later.count(rule.antecedent) * later.count((rule.consequent,)) / max(later.baskets, 1)
        return by_chance, later.count((*rule.antecedent, rule.consequent))

    return RuleSurvival(cutoff, _check_each(_best_rules(baskets, start, search, top), outcome, later.baskets))


def check_sequences(
    baskets: pd.DataFrame, cutoff: dt.date, search: Search, days: int, top: int = TOP
) -> RuleSurvival:
    """The same for rules of `loyalty.models.cross_sell.sequences`, on the days from `cutoff` on."""
    later = index_first_purchases(baskets, days).since(cutoff)
    best = _best_rules(baskets, pd.Timestamp(cutoff), search, top)
    return RuleSurvival(cutoff, _check_each(best, later.outcome, len(later.day)))


def _best_rules(baskets: pd.DataFrame, start: pd.Timestamp, search: Search, top: int) -> list[Rule]:
    """The best rules of the time before `start` whose products were on sale then."""
    early = baskets[baskets["at"] < start]
    return one_direction(keep_on_sale(search(early), recently_sold(early, start)))[:top]


def _check_each(
    rules: list[Rule], outcome: Callable[[Rule], tuple[float, int]], baskets: int
) -> tuple[RuleCheck, ...]:
    """Check each rule; `outcome`: a rule's expected and actual count in the later baskets."""
    return tuple(RuleCheck(rule, rule.support * baskets, *outcome(rule)) for rule in rules)


def survival_sentence(survival: RuleSurvival) -> Message:
    """The sentence for the owner on how many rules still hold."""
    checked, above_chance = len(survival.checked), survival.above_chance()
    if not checked:
        return Message(NONE_CHECKED)
    if checked < MIN_CHECKED:
        return Message(FEW_CHECKED, {"held": above_chance, "checked": checked})
    return Message(
        ENOUGH_CHECKED,
        {"share": round(100 * above_chance / checked), "held": above_chance, "checked": checked},
    )


ENOUGH_CHECKED = N_(
    "Rules like these kept holding {share}% of the time in your own last three months: of the best {checked} "
    "from before, {held} were still bought together more often than by chance."
)
FEW_CHECKED = N_(
    "Of the {checked} rules from before that your own last three months can check, {held} still held: bought "
    "together more often than by chance."
)
NONE_CHECKED = N_(
    "Whether rules like these last cannot be told yet: your last three months hold too few orders to check one."
)
