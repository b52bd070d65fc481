"""How customers are expected to respond to rewards: assumptions with their sources, updated by measured campaigns.

Each is the mean and the standard deviation of one number. No shop knows its own before it has measured; the standard
deviations are wide on purpose. `updated` combines them with measured campaigns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from loyalty.columns import Floats
from loyalty.words.message import N_


@dataclass(frozen=True)
class Response:
    """An uncertain number: its mean, its standard deviation (0: certain), and its sources: an assumption (N_), then the
    campaigns that measured it, a line each."""

    mean: float
    sd: float
    source: str

    @property
    def sources(self) -> list[str]:
        """The sources one by one."""
        return [each for each in self.source.split("\n") if each]


#: By what share a customer near a tier is ready to buy more to reach it, on average of people, where the tier gives
#: FULL_PRIZE more back. Kivetz, Urminsky & Zheng (2006), "The goal-gradient hypothesis resurrected", Journal of Marketing
#: Research 43, 39-58, study 1: on a café's card of ten stamps purchases came 16 % sooner over the whole card, 20 % sooner
#: at its end; effort depends on the share of the way that is left. That a tier draws as a card does is our reading, hence a
#: standard deviation of half the mean.
STEP = Response(0.16, 0.08, N_("Kivetz, Urminsky and Zheng 2006: a café's stamp card, purchases 16% sooner"))

#: By how many percent buyers who are not heavy ones buy more for each percent they get back. Liu (2007), "The long-term
#: impact of loyalty programs", Journal of Marketing 71(4), 19-35: light and moderate buyers slowly bought more, heavy
#: ones did not change; Taylor & Neslin (2005), Journal of Retailing 81, 293-305: purchases above the baseline while
#: points were collected and after the reward. Neither gives one number that fits all shops: the mean is a cautious
#: guess, and its range holds "nothing at all".
BACK = Response(
    0.50, 0.50, N_("a cautious guess; Liu 2007 and Taylor and Neslin 2005 say which way, not how much")
)

Z80 = 1.2815515655446004  # the normal quantile of an 80 % range
FULL_COUPON = 0.10  # `COUPON` is for a coupon of 10 %
#: By how much a coupon of 10 % raises the log-odds that somebody buys within its time: 0.25 lifts 10 of 100 to 12.5.
#: A guess of the size that retailers' tests show for small discounts; measured campaigns of the shop's own replace it.
COUPON = Response(0.25, 0.15, N_("a guess, until a campaign of your own has measured it"))

FULL_PRIZE = 0.05  # 5 % more back is a step worth making, a guess of ours; less draws in proportion
HEAVY = 0.90  # buyers above this quantile of spend do not buy more because of points (Liu 2007)


def chance_with_coupon(p: Floats, depth: float, response: float) -> Floats:
    """The chance to buy with a coupon of `depth`: the log-odds rise by `response` for each tenth off."""
    odds = p / np.maximum(1 - p, 1e-12) * math.exp(response * depth / FULL_COUPON)
    return np.asarray(odds / (1 + odds))


@dataclass(frozen=True)
class Responses:
    """The responses that the tuner assumes."""

    step: Response = field(default_factory=lambda: STEP)
    back: Response = field(default_factory=lambda: BACK)
    coupon: Response = field(default_factory=lambda: COUPON)


def updated(prior: Response, measured: Iterable[Response]) -> Response:
    """Prior and measurements together, each weighted by its precision 1/sd² (normal-normal conjugacy, as in a fixed-effect
    meta-analysis). A certain measurement (sd 0) takes precedence over all others, a certain prior over none.

    >>> posterior = updated(Response(1.0, 2.0, "prior"), [Response(3.0, 2.0, "May"), Response(2.0, 1.0, "June")])
    >>> round(posterior.mean, 4), round(posterior.sd, 4)  # (1/4 + 3/4 + 2) / (1/4 + 1/4 + 1) = 2
    (2.0, 0.8165)
    """
    measurements = list(measured)
    certain = [each for each in measurements if each.sd == 0]
    if certain:
        return certain[-1]
    uncertain = [each for each in (prior, *measurements) if each.sd > 0]
    if not uncertain:
        return prior
    precision = sum(1 / each.sd**2 for each in uncertain)
    mean = sum(each.mean / each.sd**2 for each in uncertain) / precision
    return Response(
        mean, math.sqrt(1 / precision), "\n".join(dict.fromkeys(each.source for each in uncertain))
    )
