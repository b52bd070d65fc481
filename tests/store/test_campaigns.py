"""Campaigns are kept whole or not at all, and remember what became of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from loyalty.shop.shop import Shop
from loyalty.store import campaigns as store
from loyalty.store.rewards import COUPON_COLUMNS
from tests.intake.builders import STAMP

DAY = dt.date(2026, 1, 5)


def drawn() -> pd.DataFrame:
    rows = [
        ("a", "A", "0", "loyal", "C1", "Tea", "Thanks"),
        ("b", "held", "0", "loyal", None, None, "Thanks"),
    ]
    return pd.DataFrame(rows, columns=list(store.ASSIGNMENT_COLUMNS))


def coupons(code: str = "C1") -> pd.DataFrame:
    row = (code, "a", "loyal", "fixed", Decimal(5), "USD", Decimal(0), DAY, DAY, "")
    return pd.DataFrame([row], columns=list(COUPON_COLUMNS))


def test_a_campaign_and_its_days(shop: Shop) -> None:
    number = store.save_campaign(shop.database, "One", "{}", drawn(), coupons(), STAMP)
    (record,) = store.campaigns(shop.database)
    assert (record.campaign_id, record.name, record.starts_on) == (number, "One", STAMP.date())
    store.record_event(shop.database, number, store.EXPORTED, DAY, STAMP, "csv")
    store.record_event(shop.database, number, store.SENT, DAY, STAMP)
    store.record_event(
        shop.database, number, store.SENT, DAY + dt.timedelta(days=1), STAMP + dt.timedelta(hours=1)
    )
    (record,) = store.campaigns(shop.database)
    assert record.starts_on == DAY + dt.timedelta(days=1)  # the last word counts
    assert sorted(store.events(shop.database)["what"]) == ["exported", "sent", "sent"]


def test_a_code_that_is_already_issued_saves_nothing(shop: Shop) -> None:
    store.save_campaign(shop.database, "One", "{}", drawn(), coupons(), STAMP)
    before = shop.database.data_version()
    with pytest.raises(duckdb.ConstraintException):
        store.save_campaign(shop.database, "Two", "{}", drawn(), coupons(), STAMP)
    assert shop.database.data_version() == before
    assert len(store.campaigns(shop.database)) == 1


def test_an_erased_customer_s_assignment_stays(shop: Shop) -> None:
    store.save_campaign(shop.database, "One", "{}", drawn(), coupons(), STAMP)
    with shop.database.writing() as cursor:
        store.erase_customer(cursor, ["a"])
    rows = (
        shop.database.cursor()
        .execute("SELECT customer_id, arm, product, reason FROM assignments ORDER BY arm")
        .fetchall()
    )
    assert rows == [(None, "A", None, None), ("b", "held", None, "Thanks")]
