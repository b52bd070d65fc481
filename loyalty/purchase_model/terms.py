"""The terms of a lifetime value: months ahead, discount and margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from loyalty.columns import Floats
from loyalty.errors import OwnerError
from loyalty.purchase_model.histories import WEEK, weeks_of
from loyalty.words import N_

YEAR = 365.25 / WEEK  # weeks
MOST_MONTHS = 60


class BadMonths(OwnerError):
    """A prediction for no months, or for more than five years."""

    template: ClassVar[str] = N_(
        "The months to look ahead must lie between 1 and {most}; {months} was entered."
    )


class BadDiscount(OwnerError):
    """A yearly discount that is no share."""

    template: ClassVar[str] = N_(
        "The yearly discount must be at least 0 and below 1 (0.1 means 10 %); {discount} was entered."
    )


class BadShare(OwnerError):
    """A margin that is no share."""

    template: ClassVar[str] = N_(
        "The margin must be above 0 and at most 1 (0.4 means 40 %); {margin} was entered."
    )


@dataclass(frozen=True)
class Terms:
    """`months` ahead (1 to 60), yearly `discount` in [0, 1), `margin` in (0, 1]; 1 leaves revenue as it is.

    Money that comes a year from now counts 1 / (1 + discount). Raises `BadMonths`, `BadDiscount`, `BadShare`.
    """

    months: int = 12
    discount: float = 0.1
    margin: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.months <= MOST_MONTHS:
            raise BadMonths(most=MOST_MONTHS, months=self.months)
        if not 0 <= self.discount < 1:
            raise BadDiscount(discount=self.discount)
        if not 0 < self.margin <= 1:
            raise BadShare(margin=self.margin)

    @property
    def weeks(self) -> float:
        """The span ahead, a whole number of days: 12 months are 365."""
        return weeks_of(self.months)

    def month_ends(self) -> Floats:
        """Weeks from now to the end of each month; shape (months,)."""
        return np.array([weeks_of(month) for month in range(1, self.months + 1)])

    def present_value(self, weeks: npt.ArrayLike) -> Floats:
        """The present value of one unit of money in `weeks`."""
        return np.asarray((1 + self.discount) ** (-np.asarray(weeks) / YEAR), dtype=np.float64)
