"""CSAT, NPS and Wilson's interval against published values and by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.measure.satisfaction import (
    Csat,
    Nps,
    Reviews,
    csat,
    csat_by_month,
    nps,
    nps_by_month,
    nps_interval,
    reviews,
    wilson,
)


def answers(kind: str, scores: Sequence[float], scale: int, month: str = "2025-05") -> pd.DataFrame:
    """A FEEDBACK frame of one kind and month."""
    return pd.DataFrame(
        {
            "at": pd.to_datetime([f"{month}-15"] * len(scores)),
            "kind": [kind] * len(scores),
            "score": pd.Series(scores, dtype="float64"),
            "scale": pd.Series([scale] * len(scores), dtype="int64"),
        }
    )


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(successes: int, n: int, low: float, high: float) -> None:
    assert list(wilson(successes, n)) == pytest.approx([low, high], abs=5e-5)


def test_wilson_without_answers_is_the_whole_range() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(7, 7)[1] == 1.0


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_the_share_and_mirrors(successes: int, failures: int) -> None:
    n = successes + failures
    low, high = wilson(successes, n)
    assert 0 <= low <= (successes / n if n else 0.5) <= high <= 1
    assert list(wilson(failures, n)) == pytest.approx([1 - high, 1 - low])


def test_csat_counts_four_and_five_of_five() -> None:
    result = csat(answers("csat", [5, 4, 4, 3, 1], 5))
    assert result == Csat(5, 3, 3 / 5, *wilson(3, 5))


@pytest.mark.parametrize(
    ("scale", "scores", "satisfied"), [(10, [7, 8, 10], 2), (7, [5, 6, 7], 2), (3, [2, 3], 1)]
)
def test_csat_takes_the_top_two_fifths_of_any_scale(scale: int, scores: list[float], satisfied: int) -> None:
    assert csat(answers("csat", scores, scale)).satisfied == satisfied


def test_answers_off_their_scale_or_of_another_kind_do_not_count() -> None:
    feedback = pd.concat([answers("csat", [5, 6, math.nan, -1], 5), answers("nps", [10], 10)])
    assert csat(feedback).answers == 1


def test_no_answers_give_no_figure() -> None:
    assert csat(answers("csat", [], 5)) == Csat(0, 0, None, None, None)
    assert nps(answers("nps", [9], 5)) == Nps(0, 0, 0, 0, None, None, None)


def test_nps_by_hand() -> None:
    result = nps(answers("nps", [10] * 5 + [9] * 45 + [8] * 20 + [7] * 10 + [6] * 12 + [0] * 8, 10))
    assert (result.answers, result.promoters, result.passives, result.detractors) == (100, 50, 30, 20)
    assert result.score == 50 - 20
    p, d = 50.75 / 103, 20.75 / 103
    half = 1.959964 * math.sqrt((p + d - (p - d) ** 2) / 103)
    assert [result.low, result.high] == pytest.approx([100 * (p - d - half), 100 * (p - d + half)])


def test_five_promoters_are_not_certainty() -> None:
    low, high = nps_interval(5, 0, 0)
    assert low < 60
    assert high == 100
    assert nps_interval(0, 0, 0) == (-100.0, 100.0)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_nps_interval_holds_the_score(promoters: int, passives: int, detractors: int) -> None:
    low, high = nps_interval(promoters, passives, detractors)
    n = promoters + passives + detractors
    assert -100 <= low <= (100 * (promoters - detractors) / n if n else 0) <= high <= 100


def test_months_are_apart_and_in_order() -> None:
    feedback = pd.concat(
        [
            answers("csat", [5, 1], 5, "2025-06"),
            answers("csat", [4], 5, "2025-04"),
            answers("nps", [10, 3], 10, "2025-06"),
        ]
    )
    by_month = csat_by_month(feedback)
    assert by_month["month"].tolist() == [pd.Timestamp("2025-04-01"), pd.Timestamp("2025-06-01")]
    assert by_month["share"].tolist() == [1.0, 0.5]
    assert nps_by_month(feedback)[["answers", "promoters", "detractors", "score"]].to_numpy().tolist() == [
        [2, 1, 1, 0.0]
    ]
    assert csat_by_month(feedback.iloc[:0]).empty


def test_reviews_are_no_answers_of_a_survey() -> None:
    """Two reviews of 4 and 5 stars and one of 6 out of 10, which is 3 of 5: (4 + 5 + 3) / 3; neither CSAT nor NPS sees them."""
    feedback = pd.concat(
        [
            answers("csat", [5, 5], 5),
            answers("nps", [9], 10),
            answers("review", [4, 5, math.nan], 5),
            answers("review", [6], 10),
        ]
    )
    assert reviews(feedback) == Reviews(3, (4 + 5 + 6 / 2) / 3)
    assert (csat(feedback).answers, nps(feedback).answers) == (2, 1)
    assert reviews(answers("csat", [5], 5)) == Reviews(0, None)
