"""Futures drawn at random: what customers may be worth, with what is not known about them and about the models."""

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

MOST_SIMULATED = 4_000  # customers in each; of a larger shop, a sample
CELLS = 400_000  # customers x futures held at a time
ROW_DRAWS = (200, 1_000)  # futures of each distinct history, at least and at most
ROW_CELLS = 20_000_000  # and how many all of them may have
FURTHEST = 3.0  # standard deviations that a drawn parameter may be away
INTERVAL_80 = (0.1, 0.9)  # ends of an 80 % interval


@dataclass(frozen=True)
class Draws:
    """Parameters that the data allow, s of them: `theta`, shape (4, s); `spend` = (p, q, v), shape (3, s);
    `factor`, shape (s,): how a whole year may turn out against what habits say (drift and season)."""

    theta: Floats
    spend: Floats
    factor: Floats


def parameter_draws(
    fitted: Fit, spending: SpendFit, drift_sd: float, size: int, rng: np.random.Generator
) -> Draws:
    """ln theta and ln (p, q - 1, v) normal around the estimates, ln factor around 0 with sd `drift_sd`."""
    theta = fitted.theta[:, None] * np.exp(_normal(fitted.covariance, size, rng))
    away = np.exp(_normal(spending.covariance, size, rng))
    p, above_1, v = np.array([spending.p, spending.q - 1, spending.v])[:, None] * away
    return Draws(theta, np.array([p, above_1 + 1, v]), np.exp(drift_sd * rng.standard_normal(size)))


def _normal(covariance: Floats, size: int, rng: np.random.Generator) -> Floats:
    """Normal draws around 0, shape (k, size); nothing further than `FURTHEST` along any principal axis."""
    values, vectors = np.linalg.eigh(covariance)
    raw = np.clip(rng.standard_normal((len(values), size)), -FURTHEST, FURTHEST)
    return np.asarray(vectors @ (np.sqrt(np.maximum(values, 0.0))[:, None] * raw), dtype=np.float64)


@dataclass(frozen=True)
class People:
    """Histories to draw futures for, shape (m,): x, t_x, T, and the `count` and `total` value that spending is known by."""

    x: Floats
    t_x: Floats
    T: Floats
    count: Floats
    total: Floats

    def part(self, chosen: slice | Ints) -> People:
        """Some of them."""
        return People(
            self.x[chosen], self.t_x[chosen], self.T[chosen], self.count[chosen], self.total[chosen]
        )


def worth(model: Model, people: People, draws: Draws, terms: Terms, rng: np.random.Generator) -> Floats:
    """Discounted value of purchases to come, one future a cell, shape (m, s); without margin and drift factor.

    A customer is alive with P(alive | x, t_x, T) under the drawn theta; then purchases come as the model
    says, and nu ~ Gamma(p count + q, v + total) makes a day's spend Gamma(p, nu).
    """
    size = (len(people.x), draws.theta.shape[1])
    x, t_x, T = people.x[:, None], people.t_x[:, None], people.T[:, None]
    who, future = np.nonzero(rng.random(size) < model.p_alive(draws.theta, x, t_x, T))
    made, when = model.draw(draws.theta[:, future], people.x[who], people.T[who], terms.weeks, rng)
    some = made > 0
    who, future, made, when = who[some], future[some], made[some], when[some]
    p, q, v = draws.spend[:, future]
    spread = (v + people.total[who]) / rng.standard_gamma(p * people.count[who] + q)
    found = np.zeros(size)
    found[who, future] = spread * rng.standard_gamma(p * made) * terms.present_value(when)
    return found


def shop_total(
    model: Model, people: People, draws: Draws, terms: Terms, rng: np.random.Generator, expected: Floats
) -> Floats:
    """What all customers together may be worth, one figure a future, shape (s,); with margin and drift factor.

    Of more than `MOST_SIMULATED` customers a sample is simulated and scaled by `expected`, shape (n,). A
    sample has more luck in it than the shop: the variance that customers have each by themselves is taken
    back to what it is for all of them, so memory and time do not grow with the shop.
    """
    n = len(people.x)
    chosen = np.arange(n)
    if n > MOST_SIMULATED:
        chosen = np.sort(rng.choice(n, MOST_SIMULATED, replace=False))
    total, luck = np.zeros(len(draws.factor)), 0.0
    for _, block in _blocks(people.part(chosen), len(draws.factor)):
        cells = worth(model, block, draws, terms, rng)
        total += cells.sum(axis=0)
        luck += float(cells.var(axis=1).sum())
    sampled = float(expected[chosen].sum())
    if n > MOST_SIMULATED and sampled > 0:
        total = _calmed(total, luck, len(chosen) / n) * (float(expected.sum()) / sampled)
    return total * draws.factor * terms.margin


def _calmed(total: Floats, luck: float, share: float) -> Floats:
    """`total` with the part `luck` of its variance reduced to `share` of it."""
    common = max(float(total.var()) - luck, 0.0)
    if common + luck == 0:
        return total
    mean = total.mean()
    return np.asarray(mean + (total - mean) * np.sqrt((common + share * luck) / (common + luck)))


def unit_interval(
    model: Model, rows: Rows, spending: SpendFit, draws: Draws, terms: Terms, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Ends of an 80 % interval for each row, shape (m,) twice, where (v + total value so far) is 1.

    What a customer is worth is proportional to it, so that customers of one history differ by it alone.
    """
    futures = int(np.clip(ROW_CELLS // max(1, len(rows.x)), *ROW_DRAWS))
    futures = min(futures, len(draws.factor))
    fixed = np.repeat([[spending.p], [spending.q], [1.0]], futures, axis=1)
    some = Draws(draws.theta[:, :futures], fixed, draws.factor[:futures])
    people = People(rows.x, rows.t_x, rows.T, rows.x + 1, np.zeros(len(rows.x)))
    ends = np.zeros((2, len(rows.x)))
    for block, part in _blocks(people, futures):
        cells = worth(model, part, some, terms, rng) * some.factor * terms.margin
        ends[:, block] = np.quantile(cells, INTERVAL_80, axis=1)
    return ends[0], ends[1]


def _blocks(people: People, futures: int) -> Iterator[tuple[slice, People]]:
    """The people in blocks of at most `CELLS` cells."""
    step = max(1, CELLS // futures)
    for start in range(0, len(people.x), step):
        block = slice(start, start + step)
        yield block, people.part(block)
