"""The expected worth of contacting people, under a stated assumption: "if 1 in 10 buys once more because of it".

The response rate is unknown until a campaign has measured it. So the share of answers R is taken as Beta
distributed around the assumption m = 1/k with shape A = 3: about four times in five it then lies between 0.38 m and
1.7 m. Person i, still a customer with chance p_i, answers with chance R p_i by an order of v_i. The sum W has
E W = m S1, S1 = sum v p, and Var W = sum v^2 (p m - p^2 (m^2 + s^2)) + s^2 S1^2, s^2 = Var R. Of many people its range
is that of the gamma distribution with this mean and variance; of few, who may all fail to answer, it is simulated.
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
FEW = 500  # people; up to so many are simulated
SIMULATIONS = 2_000
NOTHING = Range(0.0, 0.0, 0.0)


class BadAssumption(OwnerError):
    """A "one in so many" out of bounds."""

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
        """The expected share of answers."""
        return 1 / self.k

    @property
    def variance(self) -> float:
        """The variance of the share: that of Beta(A, A (k - 1))."""
        return self.mean * (1 - self.mean) / (A * self.k + 1)


def expected_worth(values: Floats, chances: Floats, answers: OneIn, rng: np.random.Generator) -> Range:
    """The expected worth of contacting n people, with an 80 % range.

    Args:
        values: money that an answer brings, 0 or more; shape (n,).
        chances: P(still a customer), in [0, 1]; shape (n,).
        answers: the assumed share of answers.
        rng: used up to `FEW` people; of more, the range is approximated.
    """
    reach = float((values * chances).sum())
    if reach <= 0:
        return NOTHING
    if len(values) <= FEW:
        share = rng.beta(A, A * (answers.k - 1), (SIMULATIONS, 1))
        sums = (rng.random((SIMULATIONS, len(values))) < share * chances) @ values
        low, high = np.quantile(sums, INTERVAL_80)
    else:
        low, high = _gamma_interval(values, chances, answers, reach)
    return Range(answers.mean * reach, float(low), float(high))


def _gamma_interval(values: Floats, chances: Floats, answers: OneIn, reach: float) -> Floats:
    """Ends of the range: those of a gamma distribution with the same mean and variance."""
    m, s2 = answers.mean, answers.variance
    variance = float((values**2 * (chances * m - chances**2 * (m**2 + s2))).sum()) + s2 * reach**2
    mean = m * reach
    ends: Floats = gammaincinv(mean**2 / variance, np.array(INTERVAL_80)) * variance / mean
    return ends
