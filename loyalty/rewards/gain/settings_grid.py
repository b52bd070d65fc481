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
    """A programme with points and thresholds scaled by factors, and its expected gain."""

    rate: Decimal
    threshold: Decimal
    programme: Programme
    gain: Gain


def scaled_programme(programme: Programme, rate: Decimal, threshold: Decimal) -> Programme:
    """`rate` times the points for money spent, and all thresholds `threshold` times as high.

    Thresholds in points do not scale with the rate.
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
    """Every pair of a factor of the rate and of the thresholds; with one tier only, rates alone."""
    if len(programme.tiers) == 1:
        thresholds = (Decimal(1),)
    return list(_settings(customers, programme, terms, rates, thresholds))


def _settings(
    customers: pd.DataFrame,
    programme: Programme,
    terms: Terms,
    rates: Sequence[Decimal],
    thresholds: Sequence[Decimal],
) -> Iterator[Setting]:
    by_points = programme.tiering.by == "points"
    customer_basis = basis(customers, programme)
    for threshold in thresholds:
        sums = near_threshold_sums(
            customer_basis, scaled_programme(programme, Decimal(1), threshold), terms.responses.step
        )
        for rate in rates:
            rules = scaled_programme(programme, rate, threshold)
            if by_points:  # then the rate changes the tier measure as well
                customer_basis = basis(customers, rules)
                sums = near_threshold_sums(customer_basis, rules, terms.responses.step)
            yield Setting(rate, threshold, rules, gain(customer_basis, rules, terms, sums))


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
            best_gain = setting.gain
            rows.append(
                (
                    best_gain.cost,
                    best_gain.expected,
                    best_gain.low,
                    best_gain.high,
                    float(setting.rate),
                    float(setting.threshold),
                )
            )
    return pd.DataFrame(
        rows, columns=["cost", "expected", "low", "high", "rate", "threshold"], dtype="float64"
    )


def sensitivity(customers: Basis, programme: Programme, terms: Terms) -> list[tuple[str, Gain]]:
    """The gain if one assumption changes: its name (N_) and the gain. The first row is as assumed."""
    assumed = terms.responses
    used = (programme.expected_redemption * Decimal("0.8")).quantize(ROUNDED)
    cases: list[tuple[str, Programme, Terms]] = [
        (N_("as assumed"), programme, terms),
        (N_("customers respond half as much"), programme, replace(terms, responses=_scaled(assumed, 0.5))),
        (N_("customers respond twice as much"), programme, replace(terms, responses=_scaled(assumed, 2.0))),
        (N_("margin 10 points lower"), programme, replace(terms, margin=max(terms.margin - 0.1, 0.0))),
        (N_("margin 10 points higher"), programme, replace(terms, margin=min(terms.margin + 0.1, 1.0))),
        (N_("a fifth fewer points used"), replace(programme, expected_redemption=used), terms),
        (N_("all points used"), replace(programme, expected_redemption=Decimal(1)), terms),
    ]
    return [(name, gain(customers, rules, with_terms)) for name, rules, with_terms in cases]


def _scaled(responses: Responses, factor: float) -> Responses:
    def scaled(response: Response) -> Response:
        return replace(response, mean=response.mean * factor, sd=response.sd * factor)

    return Responses(scaled(responses.step), scaled(responses.back), scaled(responses.coupon))
