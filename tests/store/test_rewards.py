"""Coupons have today's customer id, whichever id they were issued to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd

from loyalty.shop.shop import Shop
from loyalty.store import identities
from loyalty.store.rewards import COUPON_COLUMNS, coupon_list, save_coupons
from tests.intake.builders import STAMP
from tests.store.test_identities import ANN, BOB, OWN, at, ids, own


def test_a_coupon_of_an_earlier_id_has_the_merged_customer_s_id(shop: Shop, tmp_path: Path) -> None:
    at(shop, tmp_path, "own.csv", OWN, [own(1, email=ANN), own(2, email=BOB)])
    people = ids(shop)
    day = dt.date(2026, 1, 31)
    rows = [
        (f"CODE{n}", who, "loyal", "fixed", Decimal(5), "USD", Decimal(0), STAMP.date(), day, "")
        for n, who in enumerate(people)
    ]
    number = save_coupons(shop.database, pd.DataFrame(rows, columns=list(COUPON_COLUMNS)), STAMP)
    identities.join(shop.database, *people, STAMP)
    coupons = coupon_list(shop.database, number)
    assert sorted(coupons["code"]) == ["CODE0", "CODE1"]
    assert set(coupons["customer_id"]) == {min(people)}
    assert list(coupons.columns) == list(COUPON_COLUMNS)
