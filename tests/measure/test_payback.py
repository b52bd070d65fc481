"""CAC, CLV : CAC and payback by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from loyalty.measure.payback import (
    cac,
    cac_table,
    clv_to_cac,
    new_customers,
    payback,
    payback_by_cohort,
)

AS_OF = dt.date(2026, 3, 31)


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows under headings; months as times."""
    made = pd.DataFrame(rows, columns=columns.split())
    return made.assign(**{c: pd.to_datetime(made[c]) for c in ("month", "cohort") if c in made})


SPEND = frame(
    "month channel amount", ("2026-01", "ads", 100.0), ("2026-01", "fair", 50.0), ("2026-02", "ads", 60.0)
)
NEW = frame(
    "month channel new_customers",
    ("2025-12", "ads", 9),
    ("2026-01", "ads", 4),
    ("2026-01", "street", 6),
    ("2026-02", "ads", 2),
    ("2026-03", "ads", 5),
)
#: 4 customers of January brought 40 in it, 24 in February, 36 in March; 2 of February 30 and 10.
REVENUE = frame(
    "cohort channel k revenue",
    ("2026-01", "ads", 0, 40.0),
    ("2026-01", "ads", 1, 24.0),
    ("2026-01", "ads", 2, 36.0),
    ("2026-02", "ads", 0, 30.0),
    ("2026-02", "ads", 1, 10.0),
)


def test_new_customers_count_once_under_their_first_channel_or_what_they_were_won_by() -> None:
    customers = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c"],
            "channel": ["web", "web", "stall"],
            "first_at": pd.to_datetime(["2026-01-05", "2026-01-31", "2026-02-01"]),
        }
    )
    assert new_customers(customers).to_dict("list") == {
        "month": [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01")],
        "channel": ["web", "stall"],
        "new_customers": [2, 1],
    }
    said = new_customers(customers, pd.DataFrame({"customer_id": ["b"], "group": ["ads"]}))
    assert dict(zip(said["channel"], said["new_customers"], strict=True)) == {"ads": 1, "web": 1, "stall": 1}


def test_cac_is_all_spend_over_all_new_customers_of_its_months() -> None:
    """January and February: 100 + 50 + 60 over 4 + 6 + 2; December and March had no spend."""
    assert cac(SPEND, NEW, AS_OF) == pytest.approx(210 / 12)
    assert cac(SPEND.iloc[:0], NEW, AS_OF) is None
    assert cac(SPEND, NEW.iloc[:0], AS_OF) is None


def test_a_month_that_is_not_over_does_not_count() -> None:
    assert cac(SPEND, NEW, dt.date(2026, 2, 27)) == pytest.approx(150 / 10)
    assert cac(SPEND, NEW, dt.date(2026, 2, 28)) == pytest.approx(210 / 12)


def test_cac_by_month_and_channel_adds_up() -> None:
    both = cac_table(SPEND, NEW, AS_OF)
    assert [tuple(row) for row in both[["channel", "spend", "new_customers"]].itertuples(index=False)] == [
        ("ads", 100.0, 4),
        ("fair", 50.0, 0),
        ("street", 0.0, 6),
        ("ads", 60.0, 2),
    ]
    assert both["cac"].tolist() == pytest.approx([25.0, float("nan"), float("nan"), 30.0], nan_ok=True)
    by_channel = cac_table(SPEND, NEW, AS_OF, ["channel"]).set_index("channel")
    assert by_channel.loc["ads", "cac"] == pytest.approx(160 / 6)
    by_month = cac_table(SPEND, NEW, AS_OF, ["month"])
    assert by_month["cac"].tolist() == pytest.approx([150 / 10, 60 / 2])
    for table in (both, by_channel, by_month):
        assert table["spend"].sum() == 210
        assert table["new_customers"].sum() == 12


def test_money_scales() -> None:
    tenfold = SPEND.assign(amount=SPEND["amount"] * 10)
    assert cac(tenfold, NEW, AS_OF) == pytest.approx(10 * 210 / 12)
    pd.testing.assert_series_equal(
        cac_table(tenfold, NEW, AS_OF)["cac"], 10 * cac_table(SPEND, NEW, AS_OF)["cac"]
    )


def test_clv_to_cac() -> None:
    assert clv_to_cac(90.0, 30.0) == 3.0
    assert clv_to_cac(None, 30.0) is None
    assert clv_to_cac(90.0, None) is None
    assert clv_to_cac(90.0, 0.0) is None


def test_payback_by_hand() -> None:
    """Ads cost 160 for 6 customers, 26.67 each. Month 0: 70 / 6 = 11.67; month 1: (24 + 10) / 6 more, 17.33; month 2 is
    over for January's four alone: 36 / 4 = 9 more, 26.33. Not yet; with ten per cent more it is."""
    found = payback(SPEND, NEW, REVENUE, AS_OF, "ads")
    assert found.cac == pytest.approx(160 / 6)
    assert found.curve["customers"].tolist() == [6, 6, 4]
    assert found.curve["margin"].tolist() == pytest.approx([70 / 6, 104 / 6, 104 / 6 + 9])
    assert found.months is None
    assert payback(SPEND, NEW, REVENUE.assign(revenue=REVENUE["revenue"] * 1.1), AS_OF, "ads").months == 2


def test_a_margin_makes_it_later_and_cheap_customers_pay_at_once() -> None:
    cheap = SPEND.assign(amount=SPEND["amount"] / 10)
    assert payback(cheap, NEW, REVENUE, AS_OF, "ads").months == 0
    assert payback(cheap, NEW, REVENUE, AS_OF, "ads", margin=0.2).months == 1  # 2.67 against 2.33, then 3.47


def test_payback_of_all_channels_and_by_cohort() -> None:
    assert payback(SPEND, NEW, REVENUE, AS_OF).customers == 12
    table = payback_by_cohort(SPEND, NEW[NEW["channel"] == "ads"], REVENUE, AS_OF)
    assert table["new_customers"].tolist() == [4, 2]
    assert table["cac"].tolist() == pytest.approx([150 / 4, 30.0])
    assert table["watched"].tolist() == [2, 1]
    assert table["months"].isna().all()  # 40 / 4, 64 / 4, 100 / 4 = 25 < 37.50; 15, 20 < 30


def test_without_anything_there_is_nothing_and_no_fault() -> None:
    empty = payback(SPEND.iloc[:0], NEW.iloc[:0], REVENUE.iloc[:0], AS_OF)
    assert (empty.cac, empty.customers, empty.months, len(empty.curve)) == (None, 0, None, 0)
    assert cac_table(SPEND.iloc[:0], NEW, AS_OF).empty
    assert payback_by_cohort(SPEND.iloc[:0], NEW, REVENUE, AS_OF).empty
