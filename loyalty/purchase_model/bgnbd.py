"""BG/NBD (Fader, Hardie & Lee 2005): after each repeat purchase a customer leaves with probability p.

Purchases come at rate lambda ~ Gamma(r, alpha) while alive; p ~ Beta(a, b). MBG/NBD (Batislam, Denizel &
Filiztekin 2007) tosses the coin after the first purchase too: a customer with x repeat purchases has
survived x + `coins` tosses, with 0 `coins` in the BG/NBD and 1 in its modification.

`theta` = (r, alpha, a, b), in weeks. Where a function takes several histories, arguments broadcast.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaln, digamma, expit, gammaln

from loyalty.columns import Floats, Ints
from loyalty.purchase_model.negative_binomial import negative_binomial
from loyalty.purchase_model.quadrature import beta_rule
from loyalty.purchase_model.unique_histories import Rows

LEAST_P = 1e-12  # a coin that never falls cannot be drawn


def log_likelihood(coins: int, theta: Floats, rows: Rows) -> tuple[float, Floats]:
    """Sum of weight x ln L(r, alpha, a, b | x, t_x, T), equation (6), and its gradient in theta, shape (4,)."""
    parts = (_counts(coins, theta, rows), _ages(theta, rows), _leaving(coins, theta, rows))
    gradient = np.sum([slope for _, slope in parts], axis=0)
    return sum(value for value, _ in parts), np.asarray(gradient, dtype=np.float64)


def _counts(coins: int, theta: Floats, rows: Rows) -> tuple[float, Floats]:
    """Gamma(r + x) / Gamma(r) x B(a, b + x + coins) / B(a, b): depends on x alone."""
    r, _, a, b = theta
    x, n = rows.by_x.values, rows.by_x.weight
    survived = b + x + coins
    value = gammaln(r + x) - gammaln(r) + betaln(a, survived) - betaln(a, b)
    left = digamma(a + b) - digamma(a + survived)
    slope = [n @ (digamma(r + x) - digamma(r)), 0.0, n @ left, n @ (left + digamma(survived) - digamma(b))]
    return float(n @ value), np.array(slope)


def _ages(theta: Floats, rows: Rows) -> tuple[float, Floats]:
    """alpha^r / (alpha + T)^(r + x)."""
    r, alpha, _, _ = theta
    n, bought, end = rows.by_T.weight, rows.bought_by_T, alpha + rows.by_T.values
    weeks = n @ np.log(end)
    value = rows.customers * r * np.log(alpha) - r * weeks - bought @ np.log(end)
    slope = [
        rows.customers * np.log(alpha) - weeks,
        rows.customers * r / alpha - float(((r * n + bought) / end).sum()),
    ]
    return float(value), np.array([*slope, 0.0, 0.0])


def _leaving(coins: int, theta: Floats, rows: Rows) -> tuple[float, Floats]:
    """1 + the odds of having left after the last purchase (0 where no coin was tossed)."""
    r, alpha, a, b = theta
    tossed = slice(int(np.searchsorted(rows.x, 1 - coins)), None)  # rows are in the order of x
    x, weight = rows.x[tossed], rows.weight[tossed]
    end, last = alpha + rows.by_T.values, alpha + rows.by_t_x.values
    at_T, at_t_x = rows.by_T.at[tossed], rows.by_t_x.at[tossed]
    silence = np.log(end)[at_T] - np.log(last)[at_t_x]
    odds = np.log(a) - np.log(b + x + (coins - 1)) + (r + x) * silence
    gone = weight * expit(odds)
    slope = [
        gone @ silence,
        (gone * (r + x)) @ ((1 / end)[at_T] - (1 / last)[at_t_x]),
        gone.sum() / a,
        -float((gone / (b + x + (coins - 1))).sum()),
    ]
    return float(weight @ np.logaddexp(0.0, odds)), np.array(slope)


def p_alive(coins: int, theta: Floats, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """P(still a customer at T | x, t_x, T); Fader, Hardie & Lee (2008), "Computing P(alive) using the BG/NBD"."""
    r, alpha, a, b = theta
    tosses = x + coins
    odds = np.log(a) - np.log(b + np.maximum(tosses, 1) - 1)
    odds = odds + (r + x) * (np.log(alpha + T) - np.log(alpha + t_x))
    return np.where(tosses > 0, expit(-odds), 1.0)


def expected(coins: int, theta: Floats, x: Floats, T: Floats, t: Floats) -> Floats:
    """E[purchase days in (T, T + t] | x, T, alive at T], shape (n, h) for x, T of (n,) and t of (h,).

    Given alive, lambda ~ Gamma(r + x, alpha + T) and p ~ Beta(a, b + x + coins) are independent, and the
    mean over lambda is (1 - (1 + p t / (alpha + T))^-(r + x)) / p; the mean over p is taken by quadrature.
    It equals equation (10) of the paper where its 2F1 can be computed, and also holds at a = 1.
    """
    r, alpha, a, b = theta
    counts, at = np.unique(x, return_inverse=True)
    p, weight = beta_rule(float(a), b + counts + coins)
    purchases = np.empty((len(x), len(t)))
    for column, weeks in enumerate(t):
        grown = np.log1p(p[at] * (weeks / (alpha + T))[:, None])
        purchases[:, column] = (weight[at] / p[at] * -np.expm1(-(r + x)[:, None] * grown)).sum(axis=1)
    return purchases


def p_none(theta: Floats, x: Floats, T: Floats, t: Floats) -> Floats:
    """P(no purchase in (T, T + t] | x, T, alive at T): no coin is tossed before the next purchase."""
    r, alpha, _, _ = theta
    return np.asarray(np.exp(-(r + x) * np.log1p(t / (alpha + T))), dtype=np.float64)


def expected_new(coins: int, theta: Floats, t: Floats) -> Floats:
    """E[X(t)], repeat purchase days of a new customer in t weeks, equation (9); shape (h,)."""
    _, _, a, b = theta
    stays = b / (a + b) if coins else 1.0
    return np.asarray(stays * expected(coins, theta, np.zeros(1), np.zeros(1), t)[0], dtype=np.float64)


def p_count(coins: int, theta: Floats, n: Floats, t: Floats) -> Floats:
    """P(X(t) = n), n repeat purchase days of a new customer in t weeks, equation (8)."""
    r, alpha, a, b = theta
    stayed = np.exp(betaln(a, b + n + coins) - betaln(a, b)) * negative_binomial(r, alpha, n, t)
    tosses = n + coins
    left = np.exp(betaln(a + 1, b + np.maximum(tosses, 1) - 1) - betaln(a, b))
    reached = np.where(n > 0, betainc(np.maximum(n, 1), r, t / (alpha + t)), 1.0)
    return np.asarray(stayed + np.where(tosses > 0, left * reached, 0.0), dtype=np.float64)


def draw(
    coins: int, theta: Floats, x: Floats, T: Floats, weeks: float, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Purchase days in (T, T + weeks] of customers alive at T, and their mean time after T in weeks.

    Arrays of shape (m,); theta of shape (4,) or (4, m). Of N purchases at a steady rate the customer makes
    the first G of them, where the G-th coin is the first to fall; the mean of the first G of N uniform times is
    (G + 1) / (2 N + 2) of the span.
    """
    r, alpha, a, b = np.broadcast_to(theta[:, None] if theta.ndim == 1 else theta, (4, len(x)))
    purchases = rng.poisson(rng.standard_gamma(r + x) / (alpha + T) * weeks)
    when = np.full(len(x), weeks / 2)
    some = np.flatnonzero(purchases)
    falls = rng.geometric(np.maximum(rng.beta(a[some], b[some] + x[some] + coins), LEAST_P))
    until_left = np.minimum(purchases[some], falls)
    when[some] = weeks * (until_left + 1) / (2.0 * purchases[some] + 2)
    purchases[some] = until_left
    return purchases, when
