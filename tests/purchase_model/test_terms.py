"""Terms: months as weeks, money of later as money of today, and entries that make no sense."""

from __future__ import annotations

import pytest

from loyalty.purchase_model.terms import BadDiscount, BadMonths, BadShare, Terms


def test_months_end_where_a_year_has_twelve() -> None:
    terms = Terms(months=12)
    ends = terms.month_ends() * 7
    assert ends[[0, 5, 11]].round(9).tolist() == [30, 183, 365]
    assert terms.weeks * 7 == 365


def test_money_in_a_year_is_worth_less() -> None:
    assert Terms(discount=0.1).present_value(365.25 / 7) == pytest.approx(1 / 1.1)
    assert Terms(discount=0.21).present_value(365.25 / 14) == pytest.approx(
        1 / 1.1
    )  # half a year: the root of 1.21
    assert Terms(discount=0.0).present_value(99.0) == 1


@pytest.mark.parametrize(
    ("error", "wrong"),
    [
        (BadMonths, {"months": 0}),
        (BadMonths, {"months": 61}),
        (BadDiscount, {"discount": 1.0}),
        (BadDiscount, {"discount": -0.1}),
        (BadShare, {"margin": 0.0}),
        (BadShare, {"margin": 1.2}),
        (BadShare, {"margin": float("nan")}),
    ],
)
def test_mistakes_have_names(error: type[Exception], wrong: dict[str, float]) -> None:
    with pytest.raises(error, match="was entered"):
        Terms(**wrong)  # type: ignore[arg-type]
