"""Choosing whom to contact, from probabilities and the costs of a message, and how well such choices did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from loyalty.columns import Flags, Floats
from loyalty.errors import OwnerError
from loyalty.words import N_

USUAL_EFFECT = 0.1  # of those who would have left, the share that a message keeps


class BadCosts(OwnerError):
    """Costs or effects that are not above 0."""

    template: ClassVar[str] = N_(
        "A message must cost something above 0, and a customer who is kept must be worth something above 0."
    )


@dataclass(frozen=True)
class Costs:
    """`message`: the cost of one message; `saved`: the value of a customer who is kept; both in money.

    `effect`: of those who would have stayed away, the share that a message brings back, in (0, 1]. Raises BadCosts.
    """

    message: float
    saved: float
    effect: float = USUAL_EFFECT

    def __post_init__(self) -> None:
        if not (self.message > 0 and self.saved > 0 and 0 < self.effect <= 1):
            raise BadCosts

    @property
    def threshold(self) -> float:
        """The least P(stays away) at which a message pays: effect × P × saved ≥ message (Elkan 2001, two costs)."""
        return min(1.0, self.message / (self.effect * self.saved))


@dataclass(frozen=True)
class Confusion:
    """Customers predicted to leave (`named`) or not (`unnamed`), by whether they stayed away or came."""

    named_stayed_away: int
    named_came: int
    unnamed_stayed_away: int
    unnamed_came: int

    @property
    def named(self) -> int:
        """How many were named."""
        return self.named_stayed_away + self.named_came

    @property
    def precision(self) -> float:
        """Of those named, the share who stayed away; NaN where nobody was."""
        return self.named_stayed_away / self.named if self.named else float("nan")

    @property
    def recall(self) -> float:
        """Of those who stayed away, the share who were named; NaN where nobody did."""
        away = self.named_stayed_away + self.unnamed_stayed_away
        return self.named_stayed_away / away if away else float("nan")

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        missed = self.named_came + self.unnamed_stayed_away
        return 2 * self.named_stayed_away / max(2 * self.named_stayed_away + missed, 1)

    def gain(self, costs: Costs) -> float:
        """What contacting those named would have brought, less the cost of the messages; money."""
        return costs.effect * costs.saved * self.named_stayed_away - costs.message * self.named


def confusion(bought: Flags, p_buy: Floats, costs: Costs) -> Confusion:
    """The confusion matrix where every customer whose P(stays away) reaches the threshold is named."""
    named = 1 - p_buy >= costs.threshold
    return Confusion(
        int((named & ~bought).sum()),
        int((named & bought).sum()),
        int((~named & ~bought).sum()),
        int((~named & bought).sum()),
    )
