"""CLV : CAC and payback by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from loyalty.measure.payback import clv_to_cac, payback, payback_by_cohort

AS_OF = dt.date(2026, 3, 31)


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows under headings; months as times."""
    made = pd.DataFrame(rows, columns=columns.split())
    return made.assign(**{c: pd.to_datetime(made[c]) for c in ("month", "cohort") if c in made})


SPEND = frame("month channel amount", ("2026-01", "ads", 100.0), ("2026-02", "ads", 60.0))
NEWCOMERS = frame(
    "customer_id month",
    *[(f"j{i}", "2026-01") for i in range(4)],
    ("f0", "2026-02"),
    ("f1", "2026-02"),
    ("d0", "2025-12"),
    ("m0", "2026-03"),
)
#: 4 customers of January brought 40 in it, 24 in February, 36 in March; 2 of February 30 and 10.
REVENUE = frame(
    "cohort k revenue",
    ("2026-01", 0, 40.0),
    ("2026-01", 1, 24.0),
    ("2026-01", 2, 36.0),
    ("2026-02", 0, 30.0),
    ("2026-02", 1, 10.0),
    ("2025-12", 0, 999.0),
)


def test_clv_to_cac() -> None:
    assert clv_to_cac(90.0, 30.0) == 3.0
    assert clv_to_cac(None, 30.0) is None
    assert clv_to_cac(90.0, None) is None
    assert clv_to_cac(90.0, 0.0) is None


def test_payback_by_hand() -> None:
    """160 for 6 customers, 26.67 each; December and March had no spend. Month 0: 70 / 6 = 11.67; month 1: (24 + 10) / 6
    more, 17.33; month 2 is over for January's four alone: 36 / 4 = 9 more, 26.33. Not yet; with ten per cent more it is."""
    result = payback(SPEND, NEWCOMERS, REVENUE, AS_OF)
    assert (result.spend, result.newcomers, result.cac) == (160.0, 6, pytest.approx(160 / 6))
    assert result.curve["customers"].tolist() == [6, 6, 4]
    assert result.curve["margin"].tolist() == pytest.approx([70 / 6, 104 / 6, 104 / 6 + 9])
    assert result.months is None
    assert payback(SPEND, NEWCOMERS, REVENUE.assign(revenue=REVENUE["revenue"] * 1.1), AS_OF).months == 2


@pytest.mark.parametrize(
    ("as_of", "watched"),
    [(dt.date(2026, 2, 27), [4]), (dt.date(2026, 2, 28), [6, 4]), (dt.date(2026, 1, 30), [])],
)
def test_cac_counts_a_month_under_way_and_the_curve_does_not(as_of: dt.date, watched: list[int]) -> None:
    result = payback(SPEND, NEWCOMERS, REVENUE, as_of)
    assert result.cac == pytest.approx(160 / 6)
    assert result.curve["customers"].tolist() == watched


def test_a_margin_makes_it_later_and_cheap_customers_pay_at_once() -> None:
    cheap = SPEND.assign(amount=SPEND["amount"] / 10)
    assert payback(cheap, NEWCOMERS, REVENUE, AS_OF).months == 0
    assert payback(cheap, NEWCOMERS, REVENUE, AS_OF, margin=0.2).months == 1  # 2.33, then 3.47, against 2.67


def test_money_scales() -> None:
    tenfold = payback(
        SPEND.assign(amount=SPEND["amount"] * 10),
        NEWCOMERS,
        REVENUE.assign(revenue=REVENUE["revenue"] * 10),
        AS_OF,
    )
    once = payback(SPEND, NEWCOMERS, REVENUE, AS_OF)
    assert once.cac is not None
    assert tenfold.cac == pytest.approx(10 * once.cac)
    assert tenfold.curve["margin"].tolist() == pytest.approx((10 * once.curve["margin"]).tolist())
    assert tenfold.months == once.months


def test_the_order_of_rows_is_nothing() -> None:
    shuffled = [table.sample(frac=1, random_state=3) for table in (SPEND, NEWCOMERS, REVENUE)]
    one, other = payback(*shuffled, AS_OF), payback(SPEND, NEWCOMERS, REVENUE, AS_OF)  # type: ignore[call-arg]
    pd.testing.assert_frame_equal(one.curve, other.curve)


def test_payback_by_cohort() -> None:
    table = payback_by_cohort(SPEND, NEWCOMERS, REVENUE, AS_OF)
    assert table["newcomers"].tolist() == [4, 2]
    assert table["spend"].tolist() == [100.0, 60.0]
    assert table["cac"].tolist() == pytest.approx([25.0, 30.0])
    assert table["watched"].tolist() == [2, 1]
    assert table["months"].fillna(-1).tolist() == [2.0, -1.0]  # 10, 16, 25 of 25; 15, 20 of 30


def test_without_anything_there_is_nothing_and_no_fault() -> None:
    empty = payback(SPEND.iloc[:0], NEWCOMERS.iloc[:0], REVENUE.iloc[:0], AS_OF)
    assert (empty.cac, empty.newcomers, empty.months, len(empty.curve)) == (None, 0, None, 0)
    nobody = payback(SPEND, NEWCOMERS.iloc[:0], REVENUE, AS_OF)
    assert (nobody.spend, nobody.cac, nobody.months) == (160.0, None, None)
    assert payback_by_cohort(SPEND.iloc[:0], NEWCOMERS, REVENUE, AS_OF).empty
