"""What writing to people may bring, under an assumption that is said: "if 1 in 10 buys once more because of it".

Nobody knows how many will answer before a campaign has measured it. So the share of answers R is taken as Beta
distributed around the assumption m = 1/k with shape A = 3: about four times in five it then lies between 0.38 m and
1.7 m. Person i, still a customer with chance p_i, answers with chance R p_i by an order of v_i. The sum W has
E W = m S1, S1 = sum v p, and Var W = sum v^2 (p m - p^2 (m^2 + s^2)) + s^2 S1^2, s^2 = Var R. Of many people its range
is that of the gamma distribution with this mean and variance; of few, whose answers may all fail to come, it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import gammaincinv

from loyalty.columns import Floats
from loyalty.errors import OwnerError
from loyalty.purchase_model.prediction import Range
from loyalty.words import N_

A = 3.0
INTERVAL_80 = (0.1, 0.9)  # ends of an 80 % interval
FEW = 500  # people for whom futures are drawn
FUTURES = 2_000
NOTHING = Range(0.0, 0.0, 0.0)


class BadAssumption(OwnerError):
    """A "one in so many" that is none."""

    template: ClassVar[str] = N_("“One in so many” must lie between 2 and 1,000; {value} was entered.")


@dataclass(frozen=True)
class OneIn:
    """The assumption that one in `k` answers (2 to 1,000). Raises `BadAssumption`."""

    k: int

    def __post_init__(self) -> None:
        if not 2 <= self.k <= 1000:
            raise BadAssumption(value=self.k)

    @property
    def mean(self) -> float:
        """The share of answers expected."""
        return 1 / self.k

    @property
    def variance(self) -> float:
        """Of the share: that of Beta(A, A (k - 1))."""
        return self.mean * (1 - self.mean) / (A * self.k + 1)


def expected_worth(values: Floats, chances: Floats, answers: OneIn, rng: np.random.Generator) -> Range:
    """Expected worth and an 80 % range of writing to n people. `values`, shape (n,): money an answer brings, 0 or more;
    `chances`, shape (n,), in [0, 1]: that each can answer at all. Nothing is drawn for more than `FEW` people."""
    reach = float((values * chances).sum())
    if reach <= 0:
        return NOTHING
    if len(values) <= FEW:
        share = rng.beta(A, A * (answers.k - 1), (FUTURES, 1))
        sums = (rng.random((FUTURES, len(values))) < share * chances) @ values
        low, high = np.quantile(sums, INTERVAL_80)
    else:
        low, high = _gamma(values, chances, answers, reach)
    return Range(answers.mean * reach, float(low), float(high))


def _gamma(values: Floats, chances: Floats, answers: OneIn, reach: float) -> Floats:
    """Ends of the range by the first two moments."""
    m, s2 = answers.mean, answers.variance
    variance = float((values**2 * (chances * m - chances**2 * (m**2 + s2))).sum()) + s2 * reach**2
    mean = m * reach
    ends: Floats = gammaincinv(mean**2 / variance, np.array(INTERVAL_80)) * variance / mean
    return ends
