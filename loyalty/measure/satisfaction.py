"""Satisfaction: CSAT and NPS with their intervals, in total and by month; stars of reviews separately."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from loyalty.measure.significance import Z95


@dataclass(frozen=True)
class Csat:
    """Share of satisfied answers; `share`, `low`, `high` in [0, 1] (Wilson 95 %), None without an answer."""

    answers: int
    satisfied: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Nps:
    """Net promoter score in points, -100 … 100, with its 95 % interval; None without an answer."""

    answers: int
    promoters: int
    passives: int
    detractors: int
    score: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Reviews:
    """Stars of reviews: `average` out of 5, None without one. Reviews are not survey answers, so they are not part of CSAT."""

    stars: int = 0
    average: float | None = None


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927), in [0, 1]; (0, 1) when nobody was asked.

    >>> [round(bound, 4) for bound in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if n <= 0:
        return 0.0, 1.0
    bounds = binomtest(successes, n).proportion_ci(0.95, method="wilson")
    return float(bounds.low), float(bounds.high)


def nps_interval(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    """95 % interval of the NPS in points, clipped to -100 … 100; the whole range when nobody was asked.

    Normal approximation from the multinomial variance, (p + d - (p - d)²) / n, on counts to which three
    made-up answers are added (¾ promoter, 1½ passive, ¾ detractor): without them, five promoters out of
    five would give a width of zero. It always holds the score itself. Rocks (2016), "Interval estimation
    for the net promoter score", adjusted Wald.
    """
    n = promoters + passives + detractors
    if n == 0:
        return -100.0, 100.0
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = Z95 * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
    score = 100 * (promoters - detractors) / n
    low, high = 100 * (p - d - half), 100 * (p - d + half)
    return max(-100.0, min(low, score)), min(100.0, max(high, score))


def csat(feedback: pd.DataFrame) -> Csat:
    """Answers of 4–5 out of 5 ÷ answers, from a FEEDBACK frame; on another scale, the top two fifths count.

    An answer counts as satisfied at score >= 0.8 * scale. Answers off their scale (or without one) are left
    out.
    """
    answers = _answers(feedback, "csat")
    return _csat(len(answers), int(_satisfied(answers).sum()))


def nps(feedback: pd.DataFrame) -> Nps:
    """Share of 9–10 minus share of 0–6, from a FEEDBACK frame; only answers on the scale 0–10 count."""
    return _nps(_nps_answers(feedback)["score"])


def reviews(feedback: pd.DataFrame) -> Reviews:
    """The mean of the scores of reviews, each on its own scale brought to 5, from a FEEDBACK frame."""
    given = _answers(feedback, "review")
    stars = 5 * given["score"] / given["scale"]
    return Reviews(len(stars), float(stars.mean()) if len(stars) else None)


def csat_by_month(feedback: pd.DataFrame) -> pd.DataFrame:
    """One row a month with answers: month (first day), answers, satisfied, share, low, high."""
    answers = _answers(feedback, "csat")
    rows = [
        (month, *_fields(_csat(len(part), int(_satisfied(part).sum())))) for month, part in _months(answers)
    ]
    return pd.DataFrame(rows, columns=["month", "answers", "satisfied", "share", "low", "high"])


def nps_by_month(feedback: pd.DataFrame) -> pd.DataFrame:
    """One row a month with answers: month (first day), then the fields of `Nps`."""
    rows = [(month, *_fields(_nps(part["score"]))) for month, part in _months(_nps_answers(feedback))]
    columns = ["month", "answers", "promoters", "passives", "detractors", "score", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _answers(feedback: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The usable answers of one kind: a score between 0 and its scale."""
    usable = (feedback["scale"] > 0) & feedback["score"].between(0, feedback["scale"])
    return feedback[usable & (feedback["kind"] == kind)]


def _nps_answers(feedback: pd.DataFrame) -> pd.DataFrame:
    answers = _answers(feedback, "nps")
    return answers[answers["scale"] == 10]


def _satisfied(answers: pd.DataFrame) -> pd.Series:
    """True where score >= 0.8 * scale, compared as 5 * score >= 4 * scale so that whole scores stay exact."""
    return 5 * answers["score"] >= 4 * answers["scale"]


def _months(answers: pd.DataFrame) -> list[tuple[pd.Timestamp, pd.DataFrame]]:
    """The answers of each month, oldest first."""
    return [(month.start_time, part) for month, part in answers.groupby(answers["at"].dt.to_period("M"))]


def _csat(answers: int, satisfied: int) -> Csat:
    if not answers:
        return Csat(0, 0, None, None, None)
    return Csat(answers, satisfied, satisfied / answers, *wilson(satisfied, answers))


def _nps(scores: pd.Series) -> Nps:
    values = scores.to_numpy(dtype=np.float64)
    promoters, detractors = int(np.sum(values >= 9)), int(np.sum(values <= 6))
    passives = len(values) - promoters - detractors
    if not len(values):
        return Nps(0, 0, 0, 0, None, None, None)
    score = 100 * (promoters - detractors) / len(values)
    return Nps(
        len(values), promoters, passives, detractors, score, *nps_interval(promoters, passives, detractors)
    )


def _fields(record: Csat | Nps) -> tuple[object, ...]:
    """The record's values in order."""
    return tuple(vars(record).values())
