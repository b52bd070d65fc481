"""One customer's facts, by hand: what belongs to them up to the day, whichever of their ids it came in under."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd
import pytest

from loyalty.facts.baskets import feedback
from loyalty.facts.customer_story import CustomerRecords, birthdays, customer_records, lookups
from loyalty.shop.shop import Shop
from loyalty.store.recommendations import save_recommendations
from loyalty.store.rewards import save_coupons
from tests.intake.builders import bring, save

DAY = dt.date(2026, 3, 5)
FILES = {
    "orders": "Order,Date,Customer number,Product,Quantity,Price,Status,Refunded,Currency,Discount code\n"
    "1,2026-01-01 10:00,K-1,Tea,1,10,paid,,EUR,\n1,2026-01-01 10:00,K-1,Mug,1,5,paid,,EUR,\n"
    "2,2026-02-01 10:00,K-1,Tea,1,10,paid,4,EUR,code-1\n3,2026-02-02 10:00,K-1,Tea,1,10,cancelled,,EUR,\n"
    "4,2026-03-06 10:00,K-1,Tea,1,10,paid,,EUR,\n5,2026-03-01 10:00,K-2,Jam,1,3,paid,,EUR,\n",
    "events": "Time,Customer,Event,Product,Seconds\n2026-03-05 23:59,K-1,view,Tea,65\n2026-03-06,K-1,like,,\n2026-01-01,K-2,view,,\n",
    "referrals": "Date,Recommended by,New customer\n2026-02-05,K-1,K-2\n2026-03-06,K-1,K-3\n",
    "customers": "Customer number,Birthday,City\nK-1,1990-03-10,York\nK-2,,Bath\n",
    "survey": "Date,Customer,Score,Comment\n2026-02-10,K-1,2,Too slow\n2026-02-11,K-2,5,\n",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """K-1's coupon and suggestions were made out to an id that is theirs only since."""
    folder = tmp_path_factory.mktemp("story")
    with Shop.open(folder / "shop") as opened:
        for name, text in FILES.items():
            bring(opened, save(folder, f"{name}.csv", text))
        coupon = {
            "code": "CODE-1",
            "customer_id": "K-old",
            "segment": "s",
            "kind": "percent",
            "value": 10,
            "currency": "EUR",
            "minimum_spend": 0,
            "valid_from": dt.date(2026, 1, 5),
            "expires_on": dt.date(2026, 3, 15),
            "reason": "r",
        }
        save_coupons(opened.database, pd.DataFrame([coupon]), dt.datetime(2026, 1, 5, 12))
        row = {
            "customer_id": "K-old",
            "product": "Jam",
            "mode": "discover",
            "place": 1,
            "method": "ease",
            "reason": "alike",
        }
        save_recommendations(opened.database, pd.DataFrame([row]), dt.datetime(2026, 1, 6, 12))
        with opened.database.writing() as cursor:
            cursor.execute("INSERT INTO identities VALUES ('K-old', 'K-1')")
            cursor.execute(
                "INSERT INTO campaigns VALUES (1, 'Spring', '{}', NULL, '2026-02-18'), (2, 'Later', '{}', NULL, '2026-02-18')"
            )
            cursor.execute(
                "INSERT INTO campaign_events VALUES (1, 'exported', '2026-02-18', NULL, '2026-02-18'), (1, 'sent', '2026-02-20', NULL, "
                "'2026-02-21'), (2, 'exported', '2026-02-18', NULL, '2026-02-18')"
            )
            cursor.execute(
                "INSERT INTO assignments VALUES (1, 'K-old', 'A', 's', NULL, 'X', 'Jam', NULL), (1, 'K-2', 'held', 's', NULL, NULL, "
                "NULL, NULL), (2, 'K-1', 'A', 's', NULL, 'Y', NULL, NULL)"
            )
        yield opened


@pytest.fixture(scope="module")
def records(shop: Shop) -> CustomerRecords:
    con = shop.database.reader()
    return customer_records(con, lookups(con, DAY), "K-1", feedback(con, DAY))


def test_orders_of_every_status_up_to_the_day(records: CustomerRecords) -> None:
    orders = records.orders
    assert orders["order_id"].tolist() == ["1", "2", "3"]
    assert orders["net"].tolist() == [15.0, 10.0 - 4.0, 0.0]
    assert orders["refunded"].tolist() == [0.0, 4.0, 0.0]
    assert orders["status"].tolist() == ["paid", "paid", "cancelled"]
    assert orders["purchase"].tolist() == [True, True, False]
    assert orders["coupon_code"].iloc[1] == "code-1"


def test_lines_are_those_of_the_orders(records: CustomerRecords) -> None:
    assert records.lines[["order_id", "product", "bought"]].to_numpy().tolist() == [
        ["1", "Tea", True],
        ["1", "Mug", True],
        ["2", "Tea", True],
        ["3", "Tea", True],
    ]


def test_events_coupons_messages_and_answers(records: CustomerRecords) -> None:
    assert records.events[["kind", "product", "seconds"]].to_numpy().tolist() == [["view", "Tea", 65.0]]
    assert records.coupons[["code", "kind", "value"]].to_numpy().tolist() == [["CODE-1", "percent", 10.0]]
    assert records.recommendations[["mode", "product"]].to_numpy().tolist() == [["discover", "Jam"]]
    assert records.messages[["campaign", "product", "held"]].to_numpy().tolist() == [
        ["Spring", "Jam", False]
    ]  # "Later" is not sent
    assert records.answers[["score", "text"]].to_numpy().tolist() == [[2.0, "Too slow"]]
    assert records.referrals[["referrer_id", "referred_id"]].to_numpy().tolist() == [["K-1", "K-2"]]


def test_an_unknown_customer_has_empty_frames(shop: Shop) -> None:
    con = shop.database.reader()
    unknown = customer_records(con, lookups(con, DAY), "nobody", feedback(con, DAY))
    assert all(
        frame.empty
        for frame in (
            unknown.orders,
            unknown.lines,
            unknown.events,
            unknown.coupons,
            unknown.recommendations,
            unknown.messages,
            unknown.answers,
            unknown.referrals,
        )
    )


def test_birthdays_without_their_year(shop: Shop) -> None:
    assert birthdays(shop.database.reader()).to_numpy().tolist() == [["K-1", 3, 10]]
