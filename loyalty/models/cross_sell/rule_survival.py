"""Whether rules last: those of the shop's earlier sales, looked up in its later ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from loyalty.models.cross_sell.basket_index import index_baskets
from loyalty.models.cross_sell.rules import Rule, RuleSet, keep_on_sale, one_direction
from loyalty.models.cross_sell.sequences import index_first_purchases
from loyalty.words import N_, Message

TOP = 50  # rules looked at, the best first
LATER_DAYS = 90  # how much of the end is kept for checking
SOLD_WITHIN = dt.timedelta(days=90)  # a product that was not sold for longer counts as no longer on sale
ENOUGH = 5  # later baskets that a rule must be due in to be checked; checked rules that a share needs

Search = Callable[[pd.DataFrame], RuleSet]


@dataclass(frozen=True)
class RuleCheck:
    """One rule of the earlier sales in the later ones.

    `due`: later baskets with both sides had the rule's support held; `expected`: those by chance; `count`:
    those there were.
    """

    rule: Rule
    due: float
    expected: float
    count: int

    @property
    def lift(self) -> float:
        """The later lift; 0 where one side was not sold any more."""
        return self.count / self.expected if self.expected > 0 else 0.0

    @property
    def testable(self) -> bool:
        """Whether the later sales are many enough to tell."""
        return self.due >= ENOUGH


@dataclass(frozen=True)
class RuleSurvival:
    """The best rules of the sales before `cutoff`, each set of products once, and how they fared from then on."""

    cutoff: dt.date
    rules: tuple[RuleCheck, ...]

    @property
    def checked(self) -> tuple[RuleCheck, ...]:
        """The rules that the later sales could have confirmed."""
        return tuple(rule for rule in self.rules if rule.testable)

    def above_chance(self) -> int:
        """How many of the checked rules have a later lift above 1."""
        return sum(rule.lift > 1 for rule in self.checked)

    def half_lift_kept(self) -> int:
        """How many of the checked rules kept half of their lift or more."""
        return sum(rule.lift >= 0.5 * rule.rule.lift for rule in self.checked)


def recently_sold(baskets: pd.DataFrame, until: pd.Timestamp) -> set[str]:
    """The products of a dated BASKETS frame that were sold within SOLD_WITHIN up to `until` (inclusive)."""
    recent = baskets[(baskets["at"] > until - SOLD_WITHIN) & (baskets["at"] <= until)]
    return {str(name) for name in recent["product"].dropna().unique()}


def check_rules(baskets: pd.DataFrame, cutoff: dt.date, search: Search, top: int = TOP) -> RuleSurvival:
    """What became of the `top` rules that `search` finds in the baskets before `cutoff` (exclusive), in those from it on.

    `baskets`: BASKETS with `at`. Products that were not on sale any more just before the cutoff are left out,
    as they would have been on the screen.
    """
    start = pd.Timestamp(cutoff)
    later = index_baskets(baskets[baskets["at"] >= start])

    def outcome(rule: Rule) -> tuple[float, int]:
        by_chance = later.count(rule.antecedent) * later.count((rule.consequent,)) / max(later.baskets, 1)
        return by_chance, later.count((*rule.antecedent, rule.consequent))

    return RuleSurvival(cutoff, _lasting(_best(baskets, start, search, top), outcome, later.baskets))


def check_sequences(
    baskets: pd.DataFrame, cutoff: dt.date, search: Search, days: int, top: int = TOP
) -> RuleSurvival:
    """The same for rules of `loyalty.models.cross_sell.sequences`: the later days are those from `cutoff` on that are complete."""
    later = index_first_purchases(baskets, days).since(cutoff)
    best = _best(baskets, pd.Timestamp(cutoff), search, top)
    return RuleSurvival(cutoff, _lasting(best, later.outcome, len(later.day)))


def _best(baskets: pd.DataFrame, start: pd.Timestamp, search: Search, top: int) -> list[Rule]:
    """The best rules of the time before `start` whose products were on sale then."""
    early = baskets[baskets["at"] < start]
    return one_direction(keep_on_sale(search(early), recently_sold(early, start)))[:top]


def _lasting(
    rules: list[Rule], outcome: Callable[[Rule], tuple[float, int]], baskets: int
) -> tuple[RuleCheck, ...]:
    """Each rule with what the later baskets say."""
    return tuple(RuleCheck(rule, rule.support * baskets, *outcome(rule)) for rule in rules)


def survival_sentence(found: RuleSurvival) -> Message:
    """The survival in a sentence for the owner."""
    checked, held = len(found.checked), found.above_chance()
    if not checked:
        return Message(UNTOLD)
    if checked < ENOUGH:
        return Message(FEW, {"held": held, "checked": checked})
    return Message(HELD, {"share": round(100 * held / checked), "held": held, "checked": checked})


HELD = N_(
    "Rules like these kept holding {share}% of the time in your own last three months: of the best {checked} "
    "from before, {held} were still bought together more often than by chance."
)
FEW = N_(
    "Of the {checked} rules from before that your own last three months can check, {held} still held: bought "
    "together more often than by chance."
)
UNTOLD = N_(
    "Whether rules like these last cannot be told yet: your last three months hold too few orders to check one."
)
