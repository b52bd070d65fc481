"""Shops that never were, with a known future: rates that drift, years with seasons, customers who come and go.

Customers arrive over the shop's life; each buys at a rate lambda ~ Gamma(r, alpha) and leaves after any
repeat purchase with probability p ~ Beta(a, b), as in the BG/NBD. The clock they follow runs faster and
slower: its speed is exp(drift + season). Spending is Gamma-Gamma.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

START = dt.date(2020, 1, 1)
YEAR = 365


@dataclass(frozen=True)
class Shop:
    """Purchases of all years, the last one still to come: `as_of` is the last day that is known."""

    days: pd.DataFrame
    as_of: dt.date
    customers: int


@dataclass(frozen=True)
class Weather:
    """`drift`: sd of a year's change of the log rate (a random walk); `season`: largest height of the
    year's wave in the log rate (each shop has 0 to this); a December as high again."""

    drift: float
    season: float


CALM = Weather(0.0, 0.0)


def speed(days: int, weather: Weather, rng: np.random.Generator) -> np.ndarray:
    """How fast the shop's clock runs on each day, 1 on average over the first year."""
    walk = np.cumsum(rng.normal(0, weather.drift / np.sqrt(YEAR), days))
    angle = 2 * np.pi * np.arange(days) / YEAR
    height = weather.season * rng.random()
    wave = height * np.sin(angle + rng.uniform(0, 2 * np.pi))
    december = height * (np.arange(days) % YEAR >= YEAR - 31)
    found = np.exp(walk + wave + december)
    return found / found[:YEAR].mean()


def around(middle: float, rng: np.random.Generator, sd: float = 0.5) -> float:
    return float(middle * np.exp(rng.normal(0, sd)))


def made_up(
    rng: np.random.Generator, weather: Weather, customers: int, years: float, ahead: int = YEAR
) -> Shop:
    """A shop with that many customers by `as_of`, `years` after it opened; `ahead` days more are played out."""
    known, days = round(years * YEAR), round(years * YEAR) + ahead
    pace = speed(days, weather, rng)
    clock = np.append(0.0, np.cumsum(pace)) / 7  # weeks that have passed on the shop's clock by each midnight
    born = np.sort(rng.choice(known, customers, p=pace[:known] / pace[:known].sum()))
    customer, bought = purchases(clock, born, rng)
    who, day = np.concatenate([np.arange(customers), customer]), np.concatenate([born, bought])
    p, q = around(5, rng, 0.4), 1 + around(2.5, rng, 0.3)
    nu = rng.gamma(q, 1 / (30 * (q - 1) / p), customers)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in who],
            "day": np.datetime64(START) + day,
            "value": rng.gamma(p, 1 / nu[who]),
        }
    )
    return Shop(frame, START + dt.timedelta(days=known - 1), customers)


def purchases(clock: np.ndarray, born: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Customer and day of every repeat purchase: the first G of N at a steady pace of the shop's clock."""
    r, alpha, a, b = (around(middle, rng) for middle in (0.5, 6.0, 0.5, 2.5))
    rate, leaves = rng.gamma(r, 1 / alpha, len(born)), rng.beta(a, b, len(born))
    span = clock[-1] - clock[born + 1]
    many = rng.poisson(rate * span)
    customer = np.repeat(np.arange(len(born)), many)
    moment = clock[born + 1][customer] + rng.random(len(customer)) * span[customer]
    order = np.lexsort((moment, customer))
    customer, moment = customer[order], moment[order]
    place = np.arange(len(customer)) - np.repeat(np.cumsum(many) - many, many)
    stays = place < rng.geometric(np.maximum(leaves, 1e-12))[customer]
    return customer[stays], np.searchsorted(clock, moment[stays], side="right") - 1
