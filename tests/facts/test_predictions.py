"""Features of a customer: by hand, and blind to everything after the day they are asked of."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyalty.facts import predictions as module
from loyalty.facts.predictions import FEATURES, features, features_at, order_days
from loyalty.shop.shop import Shop
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

CUTOFF = dt.date(2025, 6, 30)
Row = tuple[str, str, str, str, str, str, str]
PAST: list[Row] = [  # order, customer, day, product, quantity, price, refunded
    ("1", "Ann", "2024-07-10 19:30", "Tea", "2", "5.00", ""),
    ("2", "Ann", "2025-05-31 10:00", "Tea", "1", "5.00", ""),
    ("2", "Ann", "2025-05-31 10:00", "Mug", "1", "20.00", ""),
    ("3", "Ann", "2025-06-30 23:59", "Box", "1", "8.00", ""),
    ("4", "Bob", "2025-06-01 12:00", "Tea", "3", "5.00", ""),
]
FUTURE: list[Row] = [
    ("5", "Bob", "2025-07-01 00:00", "Mug", "1", "20.00", ""),
    ("6", "Ann", "2025-09-01 12:00", "Pen", "9", "2.00", ""),
    ("7", "Zoe", "2025-07-02 12:00", "Tea", "1", "5.00", ""),
]


def rows(orders: list[Row]) -> list[dict[str, str]]:
    table = []
    for order, who, day, product, quantity, price, back in orders:
        cells = {"Invoice No": order, "Customer": who, "Date": day, "Refunded": back}
        table.append({**generic_row(1, "", product, quantity, price), **cells})
    return table


def features_of_files(
    folder: Path, *files: list[Row], cutoff: dt.date = CUTOFF, horizon: int = 90
) -> pd.DataFrame:
    """Features of a shop into which the files came one after the other."""
    with Shop.open(folder / "shop") as shop:
        for place, orders in enumerate(files):
            bring(shop, save(folder, f"{place}.csv", text_of(GENERIC, rows(orders))))
        table = features(shop.database.reader(), cutoff, horizon)
    named = table.sort_values("days", ascending=False, ignore_index=True)
    return named.drop(columns="customer_id")


def test_by_hand(tmp_path: Path) -> None:
    table = features_of_files(tmp_path, PAST)
    assert list(table.columns) == FEATURES
    ann, bob = table.to_dict("records")
    gaps = np.array([325, 30])  # 10 Jul to 31 May, 31 May to 30 Jun
    assert (ann["recency_days"], ann["age_days"], ann["days"], ann["orders"]) == (0, 355, 3, 3)
    assert [ann[f"days_{n}"] for n in (30, 90, 180, 365)] == [1, 2, 2, 3]
    assert (ann["gap_mean"], ann["gap_sd"], ann["gap_last"]) == (gaps.mean(), gaps.std(), 30)
    assert (ann["spend"], ann["spend_90"], ann["spend_365"]) == (43.0, 33.0, 43.0)
    assert (ann["last_value"], ann["best_value"]) == (8.0, 25.0)
    assert (ann["products"], ann["lines"], ann["units"]) == (3, 4, 5)
    assert ann["season_days"] == 1  # 10 July is among the 90 days that come, a year before
    assert (ann["evening_share"], ann["weekend_share"]) == (
        pytest.approx(2 / 3),
        pytest.approx(1 / 3),
    )  # 31 May: Saturday
    assert (bob["recency_days"], bob["days"], bob["spend"], bob["units"]) == (29, 1, 15.0, 3)
    assert all(
        np.isnan(bob[name]) for name in ("gap_mean", "gap_sd", "gap_last", "satisfaction", "event_recency")
    )


def test_later_orders_change_nothing(tmp_path: Path) -> None:
    """More, other or shifted orders after the day; and a refund that a later export shows of an earlier order."""
    before = features_of_files(tmp_path / "a", PAST)
    shifted = [
        (order, who, f"2026-0{n + 1}-15 08:00", *rest) for n, (order, who, _, *rest) in enumerate(FUTURE)
    ]
    refunded = [(*row[:6], "5.00" if row[0] == "1" else "15.00" if row[0] == "4" else "") for row in PAST]
    for name, later in {"more": FUTURE, "shifted": shifted, "refunds": refunded}.items():
        after = features_of_files(tmp_path / name, PAST, later)  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(after, before)


def test_several_cutoffs_equal_each_alone(tmp_path: Path) -> None:
    days = [dt.date(2024, 7, 9), dt.date(2024, 7, 10), CUTOFF, dt.date(2025, 7, 2)]
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, save(tmp_path, "a.csv", text_of(GENERIC, rows([*PAST, *FUTURE]))))
        con = shop.database.reader()
        together = features_at(con, days)
        for day in days:
            pd.testing.assert_frame_equal(together[day], features(con, day))
    assert [len(together[day]) for day in days] == [0, 1, 2, 3]


def test_order_days_have_refunds_apart_from_placed_value(tmp_path: Path) -> None:
    refunded = [(*row[:6], "15.00" if row[0] == "4" else "") for row in PAST]
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, save(tmp_path, "a.csv", text_of(GENERIC, rows(refunded))))
        table = order_days(shop.database.reader(), CUTOFF)
    bob = table[table["value"] == 15.0].iloc[0]
    assert (bob["net"], bob["kept"]) == (0.0, False)
    assert table["kept"].sum() == 3


def test_events_count_from_their_day_on(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, save(tmp_path, "a.csv", text_of(GENERIC, rows(PAST))))
        con = shop.database.reader()
        ids = features(con, CUTOFF)["customer_id"].tolist()
        with shop.database.writing() as cursor:
            for day, score in (("2025-06-30 10:00", 5), ("2025-07-01 10:00", 1)):
                cursor.execute(
                    "INSERT INTO feedback_versions (import_id, customer_id, answered_at, kind, score, scale, line_key, nth) "
                    "VALUES (1, ?, ?, 'csat', ?, 5, ?, 1)",
                    [ids[0], day, score, score],
                )
                cursor.execute(
                    "INSERT INTO event_versions (import_id, customer_id, happened_at, kind, line_key, nth) "
                    "VALUES (1, ?, ?, 'view', ?, 1)",
                    [ids[0], day, score],
                )
                cursor.execute(
                    "INSERT INTO referral_versions (import_id, referrer_id, referred_id, referred_at, line_key, nth) "
                    "VALUES (1, ?, ?, ?, ?, 1)",
                    [ids[0], f"friend-{score}", day, score],
                )
        first = features(shop.database.reader(), CUTOFF).iloc[0]
        assert (
            first["satisfaction"],
            first["answers"],
            first["events"],
            first["event_recency"],
            first["brought"],
        ) == (1, 1, 1, 0, 1)
        later = features(shop.database.reader(), CUTOFF + dt.timedelta(days=1)).iloc[0]
        assert (later["satisfaction"], later["answers"], later["events"], later["brought"]) == (0.5, 2, 2, 2)


def test_no_personal_data_are_read() -> None:
    """Neither addresses, birthdays, places nor how somebody was won are read at all."""
    source = Path(module.__file__).read_text("utf-8")
    tables = {part.split('"')[0] for part in source.split('con.table("')[1:]}
    assert tables == {"orders", "order_lines", "feedback", "events", "referrals"}


def test_an_empty_shop(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        con = shop.database.reader()
        assert features(con, CUTOFF).empty
        assert order_days(con, CUTOFF).empty
