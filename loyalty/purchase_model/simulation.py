"""Simulated lifetime values, with the uncertainty of the customers' behaviour and of the fitted parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from loyalty.columns import Floats, Ints
from loyalty.purchase_model.fit import Fit
from loyalty.purchase_model.model import Model
from loyalty.purchase_model.spend import SpendFit
from loyalty.purchase_model.terms import Terms
from loyalty.purchase_model.unique_histories import Rows

MOST_SIMULATED = 4_000  # customers; of a larger shop, a sample
CELLS = 400_000  # customers x simulations in memory at a time
ROW_DRAWS = (200, 1_000)  # simulations of each distinct history, at least and at most
ROW_CELLS = 20_000_000  # and of all distinct histories together
FURTHEST = 3.0  # standard deviations that a drawn parameter may be away
INTERVAL_80 = (0.1, 0.9)  # ends of an 80 % interval


@dataclass(frozen=True)
class Draws:
    """s parameter draws that agree with the data: `theta`, shape (4, s); `spend` = (p, q, v), shape (3, s);
    `factor`, shape (s,): on the total (drift and season)."""

    theta: Floats
    spend: Floats
    factor: Floats


def parameter_draws(
    fitted: Fit, spending: SpendFit, drift_sd: float, size: int, rng: np.random.Generator
) -> Draws:
    """Draw parameters: ln theta and ln (p, q - 1, v) normal around the estimates, ln factor around 0 with sd `drift_sd`."""
    theta = fitted.theta[:, None] * np.exp(_normal(fitted.covariance, size, rng))
    away = np.exp(_normal(spending.covariance, size, rng))
    p, above_1, v = np.array([spending.p, spending.q - 1, spending.v])[:, None] * away
    return Draws(theta, np.array([p, above_1 + 1, v]), np.exp(drift_sd * rng.standard_normal(size)))


def _normal(covariance: Floats, size: int, rng: np.random.Generator) -> Floats:
    """Draw from a normal distribution around 0, shape (k, size); nothing further than `FURTHEST` along any principal axis."""
    values, vectors = np.linalg.eigh(covariance)
    raw = np.clip(rng.standard_normal((len(values), size)), -FURTHEST, FURTHEST)
    return np.asarray(vectors @ (np.sqrt(np.maximum(values, 0.0))[:, None] * raw), dtype=np.float64)


@dataclass(frozen=True)
class People:
    """Histories to simulate, shape (m,) each: x, t_x, T, and the `count` and `total` value of the purchase days."""

    x: Floats
    t_x: Floats
    T: Floats
    count: Floats
    total: Floats

    def part(self, chosen: slice | Ints) -> People:
        """The `chosen` histories."""
        return People(
            self.x[chosen], self.t_x[chosen], self.T[chosen], self.count[chosen], self.total[chosen]
        )


def simulated_values(
    model: Model, people: People, draws: Draws, terms: Terms, rng: np.random.Generator
) -> Floats:
    """Simulate the discounted value of purchases to come, shape (m, s); without margin and drift factor.

    A customer is alive with P(alive | x, t_x, T) under the drawn theta; then purchases come as the model
    says, and nu ~ Gamma(p count + q, v + total) makes a day's spend Gamma(p, nu).
    """
    size = (len(people.x), draws.theta.shape[1])
    x, t_x, T = people.x[:, None], people.t_x[:, None], people.T[:, None]
    who, future = np.nonzero(rng.random(size) < model.p_alive(draws.theta, x, t_x, T))
    purchases, weeks = model.draw(draws.theta[:, future], people.x[who], people.T[who], terms.weeks, rng)
    buys = purchases > 0
    who, future, purchases, weeks = who[buys], future[buys], purchases[buys], weeks[buys]
    p, q, v = draws.spend[:, future]
    spread = (v + people.total[who]) / rng.standard_gamma(p * people.count[who] + q)
    values = np.zeros(size)
    values[who, future] = spread * rng.standard_gamma(p * purchases) * terms.present_value(weeks)
    return values


def shop_total(
    model: Model, people: People, draws: Draws, terms: Terms, rng: np.random.Generator, expected: Floats
) -> Floats:
    """Simulate the total of all customers, shape (s,); with margin and drift factor.

    Of more than `MOST_SIMULATED` customers a sample is simulated and scaled by `expected`, shape (n,). The
    variance of independent customers is larger in a sample than in the shop, and is reduced to the shop's; so memory
    and time do not grow with the shop.
    """
    n = len(people.x)
    chosen = np.arange(n)
    if n > MOST_SIMULATED:
        chosen = np.sort(rng.choice(n, MOST_SIMULATED, replace=False))
    total, independent = np.zeros(len(draws.factor)), 0.0
    for _, block in _blocks(people.part(chosen), len(draws.factor)):
        cells = simulated_values(model, block, draws, terms, rng)
        total += cells.sum(axis=0)
        independent += float(cells.var(axis=1).sum())
    sampled = float(expected[chosen].sum())
    if n > MOST_SIMULATED and sampled > 0:
        total = _reduce_variance(total, independent, len(chosen) / n) * (float(expected.sum()) / sampled)
    return total * draws.factor * terms.margin


def _reduce_variance(total: Floats, independent: float, share: float) -> Floats:
    """Reduce the part `independent` of the variance of `total` to `share` of it."""
    common = max(float(total.var()) - independent, 0.0)
    if common + independent == 0:
        return total
    mean = total.mean()
    return np.asarray(
        mean + (total - mean) * np.sqrt((common + share * independent) / (common + independent))
    )


def unit_interval(
    model: Model, rows: Rows, spending: SpendFit, draws: Draws, terms: Terms, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Ends of an 80 % interval of the lifetime value of each row, shape (m,) twice, where (v + total value so far) is 1.

    Lifetime value is proportional to that sum, so customers with equal histories differ by it alone.
    """
    futures = int(np.clip(ROW_CELLS // max(1, len(rows.x)), *ROW_DRAWS))
    futures = min(futures, len(draws.factor))
    fixed = np.repeat([[spending.p], [spending.q], [1.0]], futures, axis=1)
    row_draws = Draws(draws.theta[:, :futures], fixed, draws.factor[:futures])
    people = People(rows.x, rows.t_x, rows.T, rows.x + 1, np.zeros(len(rows.x)))
    ends = np.zeros((2, len(rows.x)))
    for block, part in _blocks(people, futures):
        cells = simulated_values(model, part, row_draws, terms, rng) * row_draws.factor * terms.margin
        ends[:, block] = np.quantile(cells, INTERVAL_80, axis=1)
    return ends[0], ends[1]


def _blocks(people: People, futures: int) -> Iterator[tuple[slice, People]]:
    """Split the histories into blocks of at most `CELLS` cells."""
    step = max(1, CELLS // futures)
    for start in range(0, len(people.x), step):
        block = slice(start, start + step)
        yield block, people.part(block)
