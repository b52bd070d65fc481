"""Many settings of a programme compared: which is expected to bring most within a budget, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from loyalty.rewards.gain.expected_gain import Basis, Gain, Terms, basis, gain, near_threshold_sums
from loyalty.rewards.gain.responses import Response, Responses
from loyalty.rewards.programme.programme import Programme
from loyalty.words.message import N_

RATES = tuple(Decimal(f) for f in ("0.25", "0.5", "0.75", "1", "1.5", "2"))
THRESHOLDS = tuple(Decimal(f) for f in ("0.5", "0.75", "1", "1.25", "1.5", "2", "3"))
ROUNDED = Decimal("0.000001")


@dataclass(frozen=True)
class Setting:
    """A programme whose points and thresholds are so many times the present ones, and what it would bring."""

    rate: Decimal
    threshold: Decimal
    programme: Programme
    gain: Gain


def scaled_programme(programme: Programme, rate: Decimal, threshold: Decimal) -> Programme:
    """`rate` times the points for money spent, and all thresholds `threshold` times as high.

    Thresholds in points are not moved with the rate.
    """
    tiers = tuple(
        replace(t, threshold=(t.threshold * threshold).quantize(ROUNDED).normalize() + 0)
        for t in programme.tiers
    )
    return replace(
        programme,
        points_per_unit=(programme.points_per_unit * rate).quantize(ROUNDED).normalize() + 0,
        tiers=tiers,
    )


def grid(
    customers: pd.DataFrame,
    programme: Programme,
    terms: Terms,
    rates: Sequence[Decimal] = RATES,
    thresholds: Sequence[Decimal] = THRESHOLDS,
) -> list[Setting]:
    """Every pair of a rate and a move of the thresholds; with one tier only, rates alone."""
    return list(
        _settings(
            customers, programme, terms, rates, thresholds if len(programme.tiers) > 1 else (Decimal(1),)
        )
    )


def _settings(
    customers: pd.DataFrame,
    programme: Programme,
    terms: Terms,
    rates: Sequence[Decimal],
    thresholds: Sequence[Decimal],
) -> Iterator[Setting]:
    by_points = programme.tiering.by == "points"
    known = basis(customers, programme)
    for threshold in thresholds:
        sums = near_threshold_sums(
            known, scaled_programme(programme, Decimal(1), threshold), terms.responses.step
        )
        for rate in rates:
            rules = scaled_programme(programme, rate, threshold)
            if by_points:  # then the rate moves what tiers are made of as well
                known, sums = (
                    (other := basis(customers, rules)),
                    near_threshold_sums(other, rules, terms.responses.step),
                )
            yield Setting(rate, threshold, rules, gain(known, rules, terms, sums))


def best(settings: Sequence[Setting], budget: float | None = None) -> Setting | None:
    """The setting with the highest expected gain among those that cost at most `budget` a year; None where none does."""
    within = [s for s in settings if budget is None or s.gain.cost <= budget]
    return max(within, key=lambda s: s.gain.expected, default=None)


def budget_curve(settings: Sequence[Setting]) -> pd.DataFrame:
    """What the best setting brings for each budget: cost, expected, low, high, rate, threshold, rising in cost.

    Only settings that bring more than every cheaper one.
    """
    rows, most = [], float("-inf")
    for setting in sorted(settings, key=lambda s: (s.gain.cost, -s.gain.expected)):
        if setting.gain.expected > most:
            most = setting.gain.expected
            told = setting.gain
            rows.append(
                (told.cost, told.expected, told.low, told.high, float(setting.rate), float(setting.threshold))
            )
    return pd.DataFrame(
        rows, columns=["cost", "expected", "low", "high", "rate", "threshold"], dtype="float64"
    )


def sensitivity(known: Basis, programme: Programme, terms: Terms) -> list[tuple[str, Gain]]:
    """The gain if one assumption were otherwise: what it is (N_), and the gain then. The first row is as assumed."""
    told = terms.responses
    cases: list[tuple[str, Programme, Terms]] = [
        (N_("as assumed"), programme, terms),
        (N_("customers respond half as much"), programme, replace(terms, responses=_times(told, 0.5))),
        (N_("customers respond twice as much"), programme, replace(terms, responses=_times(told, 2.0))),
        (N_("margin 10 points lower"), programme, replace(terms, margin=max(terms.margin - 0.1, 0.0))),
        (N_("margin 10 points higher"), programme, replace(terms, margin=min(terms.margin + 0.1, 1.0))),
        (N_("a fifth fewer points used"), _used(programme, Decimal("0.8")), terms),
        (N_("all points used"), replace(programme, expected_redemption=Decimal(1)), terms),
    ]
    return [(name, gain(known, rules, with_terms)) for name, rules, with_terms in cases]


def _used(programme: Programme, times: Decimal) -> Programme:
    return replace(programme, expected_redemption=(programme.expected_redemption * times).quantize(ROUNDED))


def _times(told: Responses, factor: float) -> Responses:
    def scaled(response: Response) -> Response:
        return replace(response, mean=response.mean * factor, sd=response.sd * factor)

    return Responses(scaled(told.step), scaled(told.back), scaled(told.coupon))
