"""Pareto/NBD (Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005): customers leave at any moment.

Purchases come at rate lambda ~ Gamma(r, alpha) while alive, lifetimes end at rate mu ~ Gamma(s, beta).
`theta` = (r, alpha, s, beta), in weeks. The integral over the moment of leaving, which the papers write as
a difference of two 2F1, is computed by quadrature: nothing overflows or cancels, and it has a gradient.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, expit, exprel, gammaln

from loyalty.columns import Floats, Ints
from loyalty.purchase_model.negative_binomial import negative_binomial
from loyalty.purchase_model.quadrature import legendre
from loyalty.purchase_model.unique_histories import Rows

BLOCK = 4_096  # histories worked on at a time
NEGLIGIBLE = 36.0  # e^-36 is the precision of a float
LEAST_RATE = 1e-300


def log_likelihood(theta: Floats, rows: Rows) -> tuple[float, Floats]:
    """Sum of weight x ln L(r, alpha, s, beta | x, t_x, T) and its gradient in theta, shape (4,)."""
    r = theta[0]
    x, n = rows.by_x.values, rows.by_x.weight
    value = float(n @ (gammaln(r + x) - gammaln(r)))
    gradient = np.array([n @ (digamma(r + x) - digamma(r)), 0.0, 0.0, 0.0])
    for start in range(0, len(rows.x), BLOCK):
        block = slice(start, start + BLOCK)
        more, slope = _block(theta, rows.x[block], rows.t_x[block], rows.T[block])
        value += float(rows.weight[block] @ more)
        gradient += slope @ rows.weight[block]
    return value, gradient


def _block(theta: Floats, x: Floats, t_x: Floats, T: Floats) -> tuple[Floats, Floats]:
    """ln L without the gamma functions, shape (n,), and its gradient, shape (4, n)."""
    r, alpha, s, beta = theta
    leaving = _leaving(theta, x, t_x, T)
    gone = expit(leaving.log_odds)
    end_a, end_b = np.log(alpha + T), np.log(beta + T)
    value = r * np.log(alpha) + s * np.log(beta) - (r + x) * end_a - s * end_b
    alive_slope = np.array([-end_a, -(r + x) / (alpha + T), -end_b, -s / (beta + T)])
    gone_slope = leaving.slope()
    always = np.array([np.log(alpha), r / alpha, np.log(beta), s / beta])[:, None]
    return value + np.logaddexp(0.0, leaving.log_odds), always + (1 - gone) * alive_slope + gone * gone_slope


@dataclass(frozen=True)
class _Leaving:
    """The moment y of leaving in (t_x, T) for histories of shape (n,), at nodes of shape (n, nodes).

    `log_odds` of having left; `share`: how likely each node is, given that the customer left; `a`, `b`:
    alpha + y and beta + y there; `power_a`, `power_b`: r + x and s + 1.
    """

    log_odds: Floats
    share: Floats
    a: Floats
    b: Floats
    power_a: Floats
    power_b: Floats

    def slope(self) -> Floats:
        """Gradient in theta of the logarithm of s x the integral, shape (4, n)."""
        powers = self.power_a, self.power_b
        log_a, over_a, log_b, over_b = (
            (self.share * f).sum(axis=1) for f in (np.log(self.a), 1 / self.a, np.log(self.b), 1 / self.b)
        )
        return np.array([-log_a, -powers[0] * over_a, 1 / (powers[1] - 1) - log_b, -powers[1] * over_b])


def _leaving(theta: Floats | tuple[Floats, ...], x: Floats, t_x: Floats, T: Floats) -> _Leaving:
    """For histories of shape (n,): the integral over the moment of leaving.

    Odds = s I (alpha + T)^(r + x) (beta + T)^s, where I is the integral over y from t_x to T of (alpha +
    y)^-(r + x) (beta + y)^-(s + 1). In v = ln((m + y) / (m + t_x)), m the smaller of alpha and beta, the
    integrand is smooth to a distance of pi from the real line whatever the parameters, and falls at least
    as fast as it does at v = 0, so that it may be cut where nothing is left.
    """
    r, alpha, s, beta, x, t_x, T = (a[:, None] for a in np.broadcast_arrays(*theta, x, t_x, T))
    least = np.minimum(alpha, beta)
    at_m, at_a, at_b = least + t_x, alpha + t_x, beta + t_x
    falls = (r + x) * at_m / at_a + (s + 1) * at_m / at_b - 1
    span = np.minimum(np.log((least + T) / at_m), NEGLIGIBLE / np.maximum(falls, 1e-9))
    node, weight = legendre()
    grown = np.expm1(span * node) * at_m  # y - t_x
    log_height = -(r + x) * np.log1p(grown / at_a) - (s + 1) * np.log1p(grown / at_b)
    height = weight * np.exp(log_height) * (at_m + grown)
    area = height.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):  # T = t_x leaves no time to have left: odds 0
        log_odds = np.log(s / at_b) + np.log(span) + np.log(area)
    log_odds = log_odds + (r + x) * np.log((alpha + T) / at_a) + s * np.log((beta + T) / at_b)
    powers = (r + x)[:, 0], (s + 1)[:, 0]
    return _Leaving(log_odds[:, 0], height / area, at_a + grown, at_b + grown, *powers)


def _log_odds(theta: Floats | tuple[Floats, ...], x: Floats, t_x: Floats, T: Floats) -> Floats:
    """Log odds of having left, of any shape that the arguments broadcast to, a block at a time."""
    together = np.broadcast_arrays(*theta, x, t_x, T)
    flat = [np.ravel(values) for values in together]
    blocks = range(0, len(flat[0]), BLOCK)
    odds = np.empty(len(flat[0]))
    for start in blocks:
        r, alpha, s, beta, *history = (values[start : start + BLOCK] for values in flat)
        odds[start : start + BLOCK] = _leaving((r, alpha, s, beta), *history).log_odds
    return odds.reshape(together[0].shape)


def p_alive(theta: Floats, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """P(still a customer at T | x, t_x, T); arguments broadcast."""
    return np.asarray(expit(-_log_odds(theta, x, t_x, T)), dtype=np.float64)


def expected(theta: Floats, x: Floats, T: Floats, t: Floats) -> Floats:
    """E[purchase days in (T, T + t] | x, T, alive at T], shape (n, h) for x, T of (n,) and t of (h,).

    Equation (41) of Fader & Hardie (2005), "A note on deriving the Pareto/NBD model", without P(alive) and
    in a form that holds at s = 1 too.
    """
    r, alpha, s, beta = theta
    grown = np.log1p(t / (beta + T)[:, None])
    weeks = (beta + T)[:, None] * grown * exprel((1 - s) * grown)
    return np.asarray(((r + x) / (alpha + T))[:, None] * weeks, dtype=np.float64)


def p_none(theta: Floats, x: Floats, T: Floats, t: Floats) -> Floats:
    """P(no purchase in (T, T + t] | x, T, alive at T); arguments broadcast.

    Given alive, the parameters are again of the same model, with r + x, alpha + T, s and beta + T.
    """
    r, alpha, s, beta = theta
    zero = np.zeros(1)
    log_odds = _log_odds((r + x, alpha + T, s, beta + T), zero, zero, t)
    quiet = -(r + x) * np.log1p(t / (alpha + T)) - s * np.log1p(t / (beta + T))
    return np.asarray(np.exp(quiet + np.logaddexp(0.0, log_odds)), dtype=np.float64)


def expected_new(theta: Floats, t: Floats) -> Floats:
    """E[X(t)], repeat purchase days of a new customer in t weeks; shape (h,)."""
    return np.asarray(expected(theta, np.zeros(1), np.zeros(1), t)[0], dtype=np.float64)


def p_count(theta: Floats, n: Floats, t: Floats) -> Floats:
    """P(X(t) = n), n repeat purchase days of a new customer in t weeks; arguments broadcast.

    Alive all along, or gone at y in (0, t): the integral of Fader & Hardie (2006) by quadrature.
    """
    r, alpha, s, beta = theta
    n, t = (values[..., None] for values in np.broadcast_arrays(n, t))
    least = min(float(alpha), float(beta))
    span = np.log1p(t / least)
    node, weight = legendre()
    y = least * np.expm1(span * node)
    leaving = s / (beta + y) * np.exp(-s * np.log1p(y / beta)) * (least + y)
    gone = (span * weight * leaving * negative_binomial(r, alpha, n, y)).sum(axis=-1)
    alive = np.exp(-s * np.log1p(t / beta)) * negative_binomial(r, alpha, n, t)
    return np.asarray(gone + alive[..., 0], dtype=np.float64)


def draw(theta: Floats, x: Floats, T: Floats, weeks: float, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Purchase days in (T, T + weeks] of customers alive at T, and their mean time after T in weeks.

    Arrays of shape (m,); theta of shape (4,) or (4, m).
    """
    r, alpha, s, beta = theta
    ends = rng.standard_gamma(np.broadcast_to(s, x.shape)) / (beta + T)
    stays = np.minimum(rng.standard_exponential(x.shape) / np.maximum(ends, LEAST_RATE), weeks)
    return rng.poisson(rng.standard_gamma(r + x) / (alpha + T) * stays), stays / 2
