"""Satisfaction in parts, and response rates, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyalty.measure.satisfaction import csat, wilson
from loyalty.measure.satisfaction_breakdown import (
    Response,
    answered_by_customer,
    answers_by_segment,
    response,
    response_by_group,
    response_by_month,
    satisfaction_by_group,
    satisfied_by_customer,
)


def answered(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """ANSWERS: (group, satisfied, answers) each, about one thing an answer."""
    scores = [
        (group, 5.0 if place < satisfied else 2.0) for group, satisfied, n in rows for place in range(n)
    ]
    answers = pd.DataFrame(scores, columns=["group", "score"]).rename_axis("answer").reset_index()
    return answers.assign(kind="csat", scale=5, customer_id=[f"c{i}" for i in range(len(answers))])


def test_groups_beside_the_rest() -> None:
    by_group = satisfaction_by_group(answered(("tea", 18, 20), ("mug", 30, 60)))
    assert [(g.name, g.csat.answers, g.csat.satisfied) for g in by_group] == [
        ("mug", 60, 30),
        ("tea", 20, 18),
    ]
    assert (by_group[0].csat.low, by_group[0].csat.high) == wilson(30, 60)
    assert [g.rest for g in by_group] == [18 / 20, 30 / 60]
    assert [g.verdict for g in by_group] == ["less", "more"]


def test_chance_differences_are_not_named() -> None:
    """13 of 20 against 30 of 60: a difference of that size comes by chance one time in four."""
    by_group = satisfaction_by_group(answered(("tea", 13, 20), ("mug", 30, 60)))
    assert [g.verdict for g in by_group] == ["", ""]
    assert all(g.q_value is not None and g.q_value > 0.2 for g in by_group)


def test_small_groups_are_pooled_and_an_answer_about_two_products_counts_for_both() -> None:
    answers = answered(("tea", 9, 12), ("mug", 3, 4), ("pen", 1, 2))
    both = answers.head(2).assign(group="pen")  # the first two answers are about a pen too
    by_group = satisfaction_by_group(pd.concat([answers, both]))
    assert [(g.name, g.csat.answers) for g in by_group] == [("tea", 12), (None, 6)]
    assert by_group[0].rest == (3 + 1) / 6
    assert by_group[1].rest == 9 / 12


def test_one_group_alone_has_no_rest() -> None:
    (only,) = satisfaction_by_group(answered(("tea", 9, 12)))
    assert (only.rest, only.q_value, only.verdict) == (None, None, "")
    assert satisfaction_by_group(answered()) == []


def test_segments_are_those_of_identified_customers() -> None:
    answers = answered(("x", 2, 4)).drop(columns=["answer", "group"])
    answers.loc[3, "customer_id"] = None
    by_group = answers_by_segment(answers, {"c0": "loyal", "c1": "new", "c2": "loyal"})
    assert by_group["group"].tolist() == ["loyal", "new", "loyal"]
    assert answers_by_segment(answers, {}).empty


def test_every_customer_has_a_share() -> None:
    answers = answered(("x", 1, 3), ("y", 1, 1)).assign(customer_id=["a", "a", "b", "b"])
    assert satisfied_by_customer(answers).to_dict() == {"a": 0.5, "b": 0.5}
    assert csat(answers).share == 0.5
    assert satisfied_by_customer(answers.assign(customer_id=None)).empty


def test_response() -> None:
    buyers = pd.DataFrame({"customer_id": list("abcd"), "answered": [True, False, False, False]})
    assert response(buyers) == Response(4, 1, 0.25, *wilson(1, 4))
    assert response(buyers).rate == answered_by_customer(buyers).mean()
    assert response(buyers.iloc[:0]) == Response(0, 0, None, None, None)


def test_response_by_month() -> None:
    months = pd.to_datetime(["2026-01-01", "2026-02-01"])
    by_group = response_by_month(pd.DataFrame({"month": months, "customers": [10, 5], "answered": [3, 0]}))
    assert by_group["rate"].tolist() == [0.3, 0.0]
    assert by_group["high"].tolist() == [wilson(3, 10)[1], wilson(0, 5)[1]]
    assert np.isfinite(by_group[["rate", "low", "high"]]).all().all()


def test_response_by_group() -> None:
    """Twelve bought tea and ten of them mugs too; two of three answered. Nine bought pens: too few to tell."""
    buyers = pd.DataFrame(
        {"customer_id": [f"c{n:02d}" for n in range(12)], "answered": [n % 3 > 0 for n in range(12)]}
    )
    groups = pd.DataFrame(
        [
            (f"c{n:02d}", name)
            for name, people in (("pen", 9), ("mug", 10), ("tea", 12))
            for n in range(people)
        ]
        + [("stranger", "tea")],
        columns=["customer_id", "group"],
    )
    by_group = response_by_group(groups, buyers)
    assert by_group[["group", "customers", "answered"]].to_numpy().tolist() == [
        ["tea", 12, 8],
        ["mug", 10, 6],
    ]
    assert by_group["rate"].tolist() == [8 / 12, 6 / 10]
    assert (by_group["low"][1], by_group["high"][1]) == wilson(6, 10)
    assert response_by_group(groups, buyers.iloc[:0]).empty


def test_a_group_has_its_nps_beside_its_csat() -> None:
    scores = [10, 10, 10, 9, 9, 8, 7, 6, 2, 9]  # 6 promoters, 2 detractors of 10
    asked = pd.DataFrame(
        {
            "answer": range(100, 110),
            "group": "tea",
            "score": scores,
            "kind": "nps",
            "scale": 10,
            "customer_id": "n",
        }
    )
    by_group = satisfaction_by_group(
        pd.concat([answered(("tea", 9, 12), ("mug", 3, 12)), asked.astype({"score": "float64"})])
    )
    assert [(g.name, g.csat.answers, g.nps.answers) for g in by_group] == [("tea", 12, 10), ("mug", 12, 0)]
    assert by_group[0].nps.score == pytest.approx(100 * (6 - 2) / 10)
    assert by_group[0].rest == 3 / 12


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_is_nothing(seed: int) -> None:
    answers = answered(("tea", 18, 20), ("mug", 30, 60), ("pen", 2, 3))
    assert satisfaction_by_group(answers.sample(frac=1, random_state=seed)) == satisfaction_by_group(answers)
