"""Expected gain of each kind of offer: a prior from the literature or a guess, then this shop's own campaigns.

Beliefs (`loyalty.rewards.gain.responses.Response`) are normal: a mean and a standard deviation of the extra gain of one contacted
person.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from loyalty.campaigns.lift import Lift, normal_quantile
from loyalty.rewards.gain.responses import Response

DRAWS = 20_000
NO_OFFER = ""


def response_from_range(lift: float, low: float, high: float, level: float, source: str) -> Response:
    """A measured lift as a belief: its sd is the half-width of the range over the level's z."""
    return Response(lift, (high - low) / 2 / normal_quantile(level), source)


def odds_response(lift: Lift, source: str) -> Response:
    """Rise of the log-odds to buy through a message, with its sd after Woolf (1955), "On estimating the relation between
    blood group and disease", Annals of Human Genetics 19; half a person is added to each of the four counts, as counts may be
    0. `lift`: of shares.

    >>> from loyalty.campaigns.lift import share_lift
    >>> response = odds_response(share_lift([1] * 30 + [0] * 70, [1] * 20 + [0] * 80), "May")
    >>> round(response.mean, 3), round(response.sd, 3)  # ln((30.5 / 70.5) / (20.5 / 80.5))
    (0.53, 0.329)
    """
    bought = [round(lift.treated * lift.n_treated), round(lift.control * lift.n_control)]
    t, c = bought[0] + 0.5, bought[1] + 0.5
    not_t, not_c = lift.n_treated - bought[0] + 0.5, lift.n_control - bought[1] + 0.5
    return Response(
        math.log(t * not_c / (not_t * c)), math.sqrt(1 / t + 1 / not_t + 1 / c + 1 / not_c), source
    )


def offer_probabilities(beliefs: Mapping[str, Response], *, seed: int) -> dict[str, float]:
    """Probability that each offer is chosen by Thompson sampling (Thompson 1933); the values sum to 1.

    From each belief a gain is drawn, the highest is chosen; "" is no offer, whose gain is exactly 0.
    """
    names = [NO_OFFER, *beliefs]
    random = np.random.default_rng(seed)
    drawn = [random.normal(each.mean, each.sd, DRAWS) for each in beliefs.values()]
    best = np.stack([np.zeros(DRAWS), *drawn]).argmax(axis=0)
    return {name: float((best == place).mean()) for place, name in enumerate(names)}
