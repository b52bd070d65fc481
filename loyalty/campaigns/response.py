"""What a kind of offer is believed to bring: from the literature or a guess first, then from this shop's own campaigns.

Beliefs are normal: a mean and a standard deviation of the extra gain of one person written to. Campaigns are weighed by
how sure they are, as in a fixed-effect meta-analysis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from loyalty.campaigns.lift import normal_quantile

DRAWS = 20_000
NO_OFFER = ""


@dataclass(frozen=True)
class Response:
    """What one person written to brings: `mean` and `sd` in the same unit, and where the belief comes from."""

    mean: float
    sd: float
    source: str


def updated(prior: Response, measured: Iterable[Response]) -> Response:
    """Prior and measurements together: precisions 1/sd² add up, means are weighed by them (normal-normal conjugacy).

    >>> found = updated(Response(1.0, 2.0, "prior"), [Response(3.0, 2.0, "May"), Response(2.0, 1.0, "June")])
    >>> round(found.mean, 4), round(found.sd, 4)  # (1/4 + 3/4 + 2) / (1/4 + 1/4 + 1) = 2
    (2.0, 0.8165)
    """
    known = [prior, *(each for each in measured if each.sd > 0)]
    precision = sum(1 / each.sd**2 for each in known)
    mean = sum(each.mean / each.sd**2 for each in known) / precision
    return Response(mean, math.sqrt(1 / precision), ", ".join(dict.fromkeys(each.source for each in known)))


def from_range(lift: float, low: float, high: float, level: float, source: str) -> Response:
    """A measured lift as a belief: its sd is the half-width of the range over the level's z."""

    return Response(lift, (high - low) / 2 / normal_quantile(level), source)


def chances(beliefs: Mapping[str, Response], *, seed: int) -> dict[str, float]:
    """How often each offer would be chosen: its share of Thompson draws (Thompson 1933), summing to 1.

    From each belief a gain is drawn, the highest is chosen; "" stands for no offer, which brings exactly nothing.
    """
    names = [NO_OFFER, *beliefs]
    best = _best(beliefs, DRAWS, seed)
    return {name: float((best == place).mean()) for place, name in enumerate(names)}


def next_offer(beliefs: Mapping[str, Response], *, seed: int) -> str:
    """The offer to try next: one Thompson draw; "" for none."""
    return [NO_OFFER, *beliefs][int(_best(beliefs, 1, seed)[0])]


def _best(beliefs: Mapping[str, Response], n: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    drawn = [random.normal(each.mean, each.sd, n) for each in beliefs.values()]
    return np.asarray(np.stack([np.zeros(n), *drawn]).argmax(axis=0))
