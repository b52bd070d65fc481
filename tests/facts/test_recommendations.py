"""Inputs of recommendations, against rows counted by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from loyalty.facts import recommendations
from loyalty.shop.shop import Shop
from loyalty.store.recommendations import save_recommendations
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

DAY = dt.date(2025, 3, 31)
ROWS = [  # order, customer, day, product, quantity, status
    ("1", "Ann", "2025-01-05", "Tea", "2", "paid"),
    ("1", "Ann", "2025-01-05", "Tea", "1", "paid"),
    ("1", "Ann", "2025-01-05", "Mug", "1", "paid"),
    ("2", "", "2025-02-01", "Tea", "1", "paid"),
    ("3", "Bob", "2025-03-31", "Pen", "1", "paid"),
    ("4", "Bob", "2025-04-01", "Tea", "1", "paid"),
    ("5", "Ann", "2025-03-01", "Box", "1", "cancelled"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("offers")
    rows = []
    for order, customer, day, product, quantity, status in ROWS:
        row = generic_row(1, "", product, quantity, "4.00")
        rows.append({**row, "Invoice No": order, "Customer": customer, "Date": day, "Status": status})
    with Shop.open(folder / "shop") as opened:
        bring(opened, save(folder, "a.csv", text_of(GENERIC, rows)))
        yield opened


def test_interactions_hold_each_product_of_an_order_once_up_to_the_day(shop: Shop) -> None:
    frame = recommendations.interactions(shop.database.reader(), DAY)
    assert list(zip(frame["product"], frame["quantity"], frame["customer_id"].notna(), strict=True)) == [
        ("Mug", 1, True),
        ("Tea", 3, True),
        ("Tea", 1, False),
        ("Pen", 1, True),
    ]
    assert frame["basket"].tolist() == [0, 0, 1, 2]
    assert frame["at"].dt.date.astype(str).tolist() == [
        "2025-01-05",
        "2025-01-05",
        "2025-02-01",
        "2025-03-31",
    ]
    assert frame["customer_id"].iloc[0] == frame["customer_id"].iloc[1] != frame["customer_id"].iloc[3]
    assert set(frame["channel"]) == {frame["channel"].iloc[0]}
    later = recommendations.interactions(shop.database.reader(), DAY + dt.timedelta(days=1))
    assert len(later) == len(frame) + 1


def test_an_empty_shop(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "empty") as empty:
        con = empty.database.reader()
        assert recommendations.interactions(con, DAY).empty
        assert recommendations.recommended(con, DAY).empty
        assert recommendations.clicks(con, DAY).empty
        assert recommendations.product_ids(con) == {}
        assert recommendations.opted_out(con) == frozenset()


def test_recommendations_have_todays_ids(tmp_path: Path) -> None:
    """A customer that is known today as part of another is found under that one."""
    lists = pd.DataFrame(
        {
            "customer_id": ["old", "other"],
            "product": ["Tea", "Mug"],
            "mode": "again",
            "place": [1, 1],
            "method": "again",
            "reason": "once",
        }
    )
    with Shop.open(tmp_path / "shop") as opened:
        save_recommendations(opened.database, lists, dt.datetime(2025, 3, 31, 23, 59))
        with opened.database.writing() as cursor:
            cursor.execute("INSERT INTO identities (alias, customer_id) VALUES ('old', 'joined')")
        con = opened.database.reader()
        frame = recommendations.recommended(con, DAY)
        assert frame["customer_id"].tolist() == ["joined", "other"]
        assert frame["product"].tolist() == ["Tea", "Mug"]
        assert recommendations.recommended(con, DAY - dt.timedelta(days=1)).empty


def test_opted_out_refused_every_medium(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as opened:
        bring(opened, save(tmp_path, "a.csv", text_of(GENERIC, [generic_row(1, "", "Tea", "1", "4.00")])))
        with opened.database.writing() as cursor:
            cursor.execute(
                """INSERT INTO consent_versions (import_id, customer_id, medium, granted, stated_at)
                VALUES (1, 'never', 'email', FALSE, NULL), (1, 'never', 'sms', FALSE, NULL),
                    (1, 'partly', 'email', FALSE, NULL), (1, 'partly', 'sms', TRUE, NULL)"""
            )
        assert recommendations.opted_out(opened.database.reader()) == {"never"}
