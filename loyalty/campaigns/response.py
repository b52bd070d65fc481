"""What a kind of offer is believed to bring: from the literature or a guess first, then from this shop's own campaigns.

Beliefs (`loyalty.rewards.responses.Response`) are normal: a mean and a standard deviation of the extra gain of one person
written to.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from loyalty.campaigns.lift import normal_quantile
from loyalty.rewards.responses import Response

DRAWS = 20_000
NO_OFFER = ""


def from_range(lift: float, low: float, high: float, level: float, source: str) -> Response:
    """A measured lift as a belief: its sd is the half-width of the range over the level's z."""
    return Response(lift, (high - low) / 2 / normal_quantile(level), source)


def chances(beliefs: Mapping[str, Response], *, seed: int) -> dict[str, float]:
    """How often each offer would be chosen: its share of Thompson draws (Thompson 1933), summing to 1.

    From each belief a gain is drawn, the highest is chosen; "" stands for no offer, which brings exactly nothing.
    """
    names = [NO_OFFER, *beliefs]
    random = np.random.default_rng(seed)
    drawn = [random.normal(each.mean, each.sd, DRAWS) for each in beliefs.values()]
    best = np.stack([np.zeros(DRAWS), *drawn]).argmax(axis=0)
    return {name: float((best == place).mean()) for place, name in enumerate(names)}
