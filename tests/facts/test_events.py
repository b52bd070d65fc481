"""Events, referrals, consents and spend: the documented columns, up to the day asked for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from loyalty.facts import events
from loyalty.shop.shop import Shop
from tests.intake.builders import STAMP, bring, save

DAY = dt.date(2026, 3, 5)
FILES = {
    "orders": "Order,Date,Email,Total,Currency\n1,2026-03-01,ann@example.com,5,EUR\n",
    "events": "Time,Customer,Event,Product,Seconds\n2026-03-05 23:59,K-1,view,Tea,1.5\n2026-03-06,K-1,like,,\n",
    "referrals": "Date,Recommended by,New customer\n2026-03-05,K-1,K-2\n2026-03-06,K-1,K-3\n,K-2,K-4\n2026-03-09,K-1,K-2\n",
    "spend": "Month,Channel,Spend\n2026-03,Ads,120.50\n2026-02,Ads,80\n2026-03,,5\n",
    "customers": "Customer number,Agrees to e-mail,Agrees to WeChat,Consent given on,City,Found you through\nK-2,yes,no,2026-03-01,Bath,Ads\nK-1,,yes,,York,\n",
}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop with a little of everything."""
    opened = Shop.open(tmp_path / "shop")
    for name, text in FILES.items():
        bring(opened, save(tmp_path, f"{name}.csv", text))
    return opened


def test_events_up_to_the_day(shop: Shop) -> None:
    con = shop.database.reader()
    table = events.events(con, DAY).execute()
    assert list(table.columns) == ["customer_id", "kind", "product", "at", "seconds"]
    assert table[["customer_id", "kind", "product", "seconds"]].to_numpy().tolist() == [
        ["K-1", "view", "Tea", 1.5]
    ]
    assert events.events(con, DAY + dt.timedelta(days=1)).count().execute() == 2


def test_referrals_up_to_the_day_and_undated_ones(shop: Shop) -> None:
    table = events.referrals(shop.database.reader(), DAY)
    assert list(table.columns) == ["referrer_id", "referred_id", "at"]
    assert [tuple(row) for row in table[["referrer_id", "referred_id"]].to_numpy()] == [
        ("K-1", "K-2"),
        ("K-2", "K-4"),
    ]
    assert table["at"].isna().tolist() == [False, True]
    assert table["at"].iloc[0].date() == DAY  # of two dates the first


def test_merged_customers_do_not_refer_each_other(shop: Shop) -> None:
    with shop.database.writing() as cursor:
        cursor.execute("INSERT INTO identities VALUES ('K-2', 'K-1')")
    table = events.referrals(shop.database.reader(), DAY)
    assert table[["referrer_id", "referred_id"]].to_numpy().tolist() == [["K-1", "K-4"]]


def test_spend_by_month_and_channel(shop: Shop) -> None:
    table = events.spend(shop.database.reader())
    assert [
        (str(m.date()), c, a) for m, c, a in table[["month", "channel", "amount"]].itertuples(index=False)
    ] == [
        ("2026-02-01", "Ads", 80.0),
        ("2026-03-01", "", 5.0),
        ("2026-03-01", "Ads", 120.5),
    ]


def test_spend_in_a_foreign_currency_is_converted_by_the_month_s_rate(shop: Shop) -> None:
    with shop.database.writing() as cursor:
        cursor.execute("UPDATE spend_versions SET currency = 'USD' WHERE month = '2026-02-01'")
        cursor.execute("INSERT INTO month_rates VALUES ('USD', '2026-02-01', 0.9), ('USD', '2026-03-01', 2)")
    table = events.spend(shop.database.reader())
    assert table["amount"].tolist() == [pytest.approx(80 * 0.9), 5.0, 120.5]
    with shop.database.writing() as cursor:
        cursor.execute("UPDATE month_rates SET rate = NULL WHERE month = '2026-02-01'")
    assert events.spend(shop.database.reader())["amount"].tolist() == [5.0, 120.5]  # its rate is missing


def test_consents_and_origins(shop: Shop) -> None:
    con = shop.database.reader()
    consents = events.consents(con)
    assert list(consents.columns) == ["customer_id", "medium", "granted", "stated_at", "source"]
    assert [tuple(row) for row in consents[["customer_id", "medium", "granted"]].to_numpy()] == [
        ("K-1", "wechat", True),
        ("K-2", "email", True),
        ("K-2", "wechat", False),
    ]
    assert consents["stated_at"].tolist() == [STAMP, dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 1)]
    origins = events.origins(con)
    assert list(origins.columns) == ["customer_id", "first_seen", "acquired_via", "city", "tags"]
    assert origins["customer_id"].tolist() == ["K-1", "K-2"]
    assert origins["city"].tolist() == ["York", "Bath"]
    assert origins["acquired_via"].iloc[1] == "Ads"


def test_an_empty_shop_has_empty_frames_of_the_same_columns(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "empty") as empty:
        con = empty.database.reader()
        frames = (
            events.referrals(con, DAY),
            events.spend(con),
            events.consents(con),
            events.origins(con),
            events.events(con, DAY).execute(),
        )
        assert [len(frame) for frame in frames] == [0] * 5
        assert [next(iter(frame.columns)) for frame in frames] == [
            "referrer_id",
            "month",
            "customer_id",
            "customer_id",
            "customer_id",
        ]
