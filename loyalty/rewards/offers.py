"""Offers that pay for themselves: how deep a coupon for whom, and from which order value on.

A rule of its own for nobody: the depth hangs on the chance to buy anyway, in bands of five points, and on nothing else of
a person; two people with the same chance get the same, on every product alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Floats
from loyalty.rewards.gain.expected_gain import LEAST_TAU, Terms
from loyalty.rewards.gain.responses import FULL_COUPON, Z80, Response, chance_with_coupon

DEPTHS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30)
BAND = 0.05  # chances to buy anyway are told apart in steps of five points
FULL_OFFER = 0.10  # money off of a tenth of the order asked for draws as a full step does


def chance_bands(p: Floats) -> Floats:
    """Chances in bands: the middle of the five points that each lies in."""
    return np.asarray(np.clip(np.floor(p / BAND + 1e-9), 0, 1 / BAND - 1) * BAND + BAND / 2)


def coupon_gain(p: Floats, depth: float, margin: float, response: float) -> Floats:
    """Expected profit of a coupon, as a share of a usual order: (margin - depth) p' - margin p."""
    return np.asarray((margin - depth) * chance_with_coupon(p, depth, response) - margin * p)


def personal_depths(p_buy: pd.Series, usual: pd.Series, terms: Terms) -> pd.DataFrame:
    """The smallest offer expected to pay for itself, per customer.

    `p_buy`: the chance of buying anyway within the coupon's time; `usual`: the usual order; one index. Columns: depth
    (share off; 0: no offer, they buy anyway or would not be moved), p (the band's middle), p_with (with the offer), gain,
    low, high (profit in money, expected and its 80 % range by what is not known of the response).
    """
    told = terms.responses.coupon
    p = chance_bands(p_buy.to_numpy(dtype=np.float64))
    depth = np.zeros(len(p))
    for d in reversed(DEPTHS):
        depth = np.where(coupon_gain(p, d, terms.margin, told.mean) > 0, d, depth)
    order = usual.to_numpy(dtype=np.float64)
    columns = {"depth": depth, "p": p, "p_with": _each(p, depth, told.mean)}
    reach = Z80 * told.sd
    for name, response in (
        ("gain", told.mean),
        ("low", max(told.mean - reach, 0.0)),
        ("high", told.mean + reach),
    ):
        columns[name] = ((terms.margin - depth) * _each(p, depth, response) - terms.margin * p) * order
    return pd.DataFrame(columns, index=p_buy.index)


def _each(p: Floats, depth: Floats, response: float) -> Floats:
    odds = p / np.maximum(1 - p, 1e-12) * np.exp(response * depth / FULL_COUPON)
    return np.asarray(odds / (1 + odds))


def depth_table(margin: float, response: Response) -> pd.DataFrame:
    """The rule itself, one row a band: from, to (chance of buying anyway), depth (0: none)."""
    middles = np.arange(BAND / 2, 1.0, BAND)
    depth = np.zeros(len(middles))
    for d in reversed(DEPTHS):
        depth = np.where(coupon_gain(middles, d, margin, response.mean) > 0, d, depth)
    return pd.DataFrame({"from": middles - BAND / 2, "to": middles + BAND / 2, "depth": depth})


@dataclass(frozen=True)
class SpendOffer:
    """So much money off any order from `threshold` on, for a year; money as in `loyalty.rewards.gain.expected_gain.Gain`.

    `qualify`: orders of the last 365 days that reach it anyway. `near`: those that lack a quarter of it at most.
    """

    threshold: float
    value: float
    qualify: int
    near: int
    cost: float
    expected: float
    low: float
    high: float


def spend_offer(orders: Floats, threshold: float, value: float, terms: Terms) -> SpendOffer:
    """What money off from an order value on would have cost and brought on `orders` (their values, of 365 days).

    Orders that reach it anyway get it for nothing. An order of v that lacks g is raised to the threshold with chance
    min(1, value / (FULL_OFFER x threshold)) x exp(-(g / v) / tau), as in `loyalty.rewards.gain.expected_gain`.
    """
    step = terms.responses.step
    above = int(np.count_nonzero(orders >= threshold))
    below = orders[(orders < threshold) & (orders > 0)]
    gap = threshold - below
    prize = min(1.0, value / (FULL_OFFER * threshold))
    worth = terms.margin * gap - value
    taus = [max(step.mean + z * step.sd, LEAST_TAU) for z in (-Z80, 0.0, Z80)]
    chances = [prize * np.exp(-gap / below / tau) for tau in taus]
    brought = [float((chance * worth).sum()) for chance in chances]
    cost = above * value
    expected = brought[1] - cost
    luck = float((chances[1] * (1 - chances[1]) * worth**2).sum()) + (terms.drift_sd * expected) ** 2
    down, up = min(brought) - brought[1], max(brought) - brought[1]
    low, high = expected - math.hypot(down, Z80 * luck**0.5), expected + math.hypot(up, Z80 * luck**0.5)
    near = int(np.count_nonzero(gap <= threshold / 4))
    return SpendOffer(threshold, value, above, near, cost, expected, low, high)


def spend_offer_curve(
    orders: Floats, thresholds: Sequence[float], value: float, terms: Terms
) -> pd.DataFrame:
    """One row a threshold above `value`, rising: the fields of its `SpendOffer`."""
    return pd.DataFrame(
        [vars(spend_offer(orders, t, value, terms)) for t in sorted(set(thresholds)) if t > value]
    )


def spend_offers(
    orders: Floats, thresholds: Sequence[float], values: Sequence[float], terms: Terms
) -> list[SpendOffer]:
    """Every pair of a threshold and a value below it."""
    return [spend_offer(orders, t, v, terms) for t in thresholds for v in values if 0 < v < t]
