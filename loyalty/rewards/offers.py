"""Offers that pay for themselves: how deep a discount for which chance to buy, and from which order value on.

The depth depends on the chance to buy anyway, in bands of five points, and on nothing else about a customer: two
customers with the same chance get the same offer, on every product.
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
BAND = 0.05  # width of the bands of chances to buy anyway
FULL_OFFER = 0.10  # money off of a tenth of the threshold has the effect of a full step


def chance_bands(p: Floats) -> Floats:
    """Each chance replaced by the middle of its band."""
    return np.asarray(np.clip(np.floor(p / BAND + 1e-9), 0, 1 / BAND - 1) * BAND + BAND / 2)


def coupon_gain(p: Floats, depth: float, margin: float, response: float) -> Floats:
    """Expected profit of a coupon, as a share of a usual order: (margin - depth) p' - margin p."""
    return np.asarray((margin - depth) * chance_with_coupon(p, depth, response) - margin * p)


def personal_depths(p_buy: pd.Series, usual: pd.Series, terms: Terms) -> pd.DataFrame:
    """The smallest offer expected to pay for itself, per customer.

    `p_buy`: the chance of buying anyway within the coupon's time; `usual`: the usual order; one index. Columns: depth
    (share off; 0: no offer, as they buy anyway or would not respond), p (the band's middle), p_with (with the offer), gain,
    low, high (profit in money, expected and its 80 % range by the uncertainty of the response).
    """
    coupon = terms.responses.coupon
    p = chance_bands(p_buy.to_numpy(dtype=np.float64))
    depth = np.zeros(len(p))
    for d in reversed(DEPTHS):
        depth = np.where(coupon_gain(p, d, terms.margin, coupon.mean) > 0, d, depth)
    order = usual.to_numpy(dtype=np.float64)
    columns = {"depth": depth, "p": p, "p_with": _chances_with_offers(p, depth, coupon.mean)}
    reach = Z80 * coupon.sd
    for name, response in (
        ("gain", coupon.mean),
        ("low", max(coupon.mean - reach, 0.0)),
        ("high", coupon.mean + reach),
    ):
        columns[name] = (
            (terms.margin - depth) * _chances_with_offers(p, depth, response) - terms.margin * p
        ) * order
    return pd.DataFrame(columns, index=p_buy.index)


def _chances_with_offers(p: Floats, depth: Floats, response: float) -> Floats:
    """As `chance_with_coupon`, each customer with a depth of their own."""
    odds = p / np.maximum(1 - p, 1e-12) * np.exp(response * depth / FULL_COUPON)
    return np.asarray(odds / (1 + odds))


def depth_table(margin: float, response: Response) -> pd.DataFrame:
    """The rule of personal offers, one row a band: from, to (chance of buying anyway), depth (0: none)."""
    middles = np.arange(BAND / 2, 1.0, BAND)
    depth = np.zeros(len(middles))
    for d in reversed(DEPTHS):
        depth = np.where(coupon_gain(middles, d, margin, response.mean) > 0, d, depth)
    return pd.DataFrame({"from": middles - BAND / 2, "to": middles + BAND / 2, "depth": depth})


@dataclass(frozen=True)
class SpendOffer:
    """An amount off any order from `threshold` on, for a year; money as in `loyalty.rewards.gain.expected_gain.Gain`.

    `qualify`: orders of the last 365 days that reach it anyway. `near`: those that are within 25 % of it.
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

    Orders that reach it anyway are pure cost. An order of v that lacks g is raised to the threshold with chance
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
    profits = [float((chance * worth).sum()) for chance in chances]
    cost = above * value
    expected = profits[1] - cost
    variance = float((chances[1] * (1 - chances[1]) * worth**2).sum()) + (terms.drift_sd * expected) ** 2
    down, up = min(profits) - profits[1], max(profits) - profits[1]
    low, high = (
        expected - math.hypot(down, Z80 * variance**0.5),
        expected + math.hypot(up, Z80 * variance**0.5),
    )
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
