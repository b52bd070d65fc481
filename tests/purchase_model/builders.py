"""Made-up customers whose habits are known: what the models' own story says happens, drawn at random."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from loyalty.purchase_model.histories import Histories, PurchaseDays, purchase_days

AS_OF = dt.date(2025, 6, 30)
CDNOW = np.array([0.243, 4.414, 0.793, 2.426])  # Fader, Hardie & Lee (2005), table 2
PARETO = np.array([0.553, 10.578, 0.606, 11.669])  # their table for the Pareto/NBD


def coin_tossers(
    theta: np.ndarray, n: int, seed: int, *, coins: int = 0, weeks: tuple[float, float] = (27.0, 52.0)
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, t_x, T of customers of the BG/NBD (or with `coins` = 1 of its modification), purchase by purchase."""
    rng = np.random.default_rng(seed)
    r, alpha, a, b = theta
    rate, p, T = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n), rng.uniform(*weeks, n)
    alive = rng.random(n) >= p if coins else np.ones(n, dtype=bool)
    x, t_x, t = np.zeros(n), np.zeros(n), np.zeros(n)
    while alive.any():
        t = t + rng.exponential(1 / np.maximum(rate, 1e-300))
        alive &= t <= T
        x, t_x = x + alive, np.where(alive, t, t_x)
        alive &= rng.random(n) >= p
    return x, t_x, T


def leavers(theta: np.ndarray, n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, t_x, T of customers of the Pareto/NBD."""
    rng = np.random.default_rng(seed)
    r, alpha, s, beta = theta
    rate, T = rng.gamma(r, 1 / alpha, n), rng.uniform(27.0, 52.0, n)
    stays = np.minimum(rng.exponential(1 / rng.gamma(s, 1 / beta, n)), T)
    x, t_x, t = np.zeros(n), np.zeros(n), np.zeros(n)
    alive = np.ones(n, dtype=bool)
    while alive.any():
        t = t + rng.exponential(1 / np.maximum(rate, 1e-300))
        alive &= t <= stays
        x, t_x = x + alive, np.where(alive, t, t_x)
    return x, t_x, T


def customers(x: np.ndarray, t_x: np.ndarray, T: np.ndarray, seed: int = 0) -> Histories:
    """Histories with Gamma-Gamma spending of mean 30."""
    rng = np.random.default_rng(seed)
    nu = rng.gamma(3.5, 1 / 15.0, len(x))
    first, later = rng.gamma(5.0, 1 / nu), rng.gamma(5.0 * np.maximum(x, 1e-9), 1 / nu)
    ids = np.array([f"c{i:05d}" for i in range(len(x))], dtype=object)
    return Histories(ids, x, t_x, T, first, np.where(x > 0, later, 0.0))


def shop(n: int, seed: int = 0, weeks: int = 104) -> pd.DataFrame:
    """Purchase days of a shop that ends with AS_OF: customer_id, day, value."""
    rng = np.random.default_rng(seed)
    age = rng.integers(0, weeks * 7, n)
    rate, p = rng.gamma(0.8, 1 / 60.0, n), rng.beta(0.5, 2.5, n)
    who, day = [np.arange(n)], [-age]
    alive, t = np.ones(n, dtype=bool), -age.astype(float)
    while alive.any():
        t = t + rng.exponential(1 / np.maximum(rate, 1e-300))
        alive &= t <= 0
        who.append(np.flatnonzero(alive))
        day.append(np.floor(t[alive]).astype(int))
        alive &= rng.random(n) >= p
    customer = np.concatenate(who)
    value = rng.gamma(5.0, 1 / rng.gamma(3.5, 1 / 15.0, n)[customer])
    when = np.datetime64(AS_OF) + np.concatenate(day)
    return pd.DataFrame({"customer_id": [f"c{i:05d}" for i in customer], "day": when, "value": value})


def days_of(n: int, seed: int = 0, weeks: int = 104) -> PurchaseDays:
    """`shop`, read in."""
    return purchase_days(shop(n, seed, weeks))
