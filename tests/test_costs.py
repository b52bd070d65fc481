"""What new customers cost, from files to figures: two channels of spend, worked by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from loyalty.costs import costs, headline
from loyalty.figures import facts
from loyalty.measure.payback import Payback
from loyalty.shop import Shop
from loyalty.words import words_for
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

AS_OF = dt.date(2025, 3, 31)
EN, ZH = words_for("en"), words_for("zh_CN")
#: Who first bought when, in the order of the files; each order is 10.00.
ORDERS = {
    "ann": ["2025-01-05", "2025-02-05", "2025-03-05"],
    "bob": ["2025-01-20"],
    "cid": ["2025-02-10", "2025-02-20", "2025-03-01"],
    "dan": ["2025-03-10"],
}


def orders_file(folder: Path) -> Path:
    rows = [
        {**generic_row(1, "", "Tea", "1", "10.00"), "Invoice No": f"{who}-{n}", "Customer": who, "Date": day}
        for who, days in ORDERS.items()
        for n, day in enumerate(days)
    ]
    return save(folder, "orders.csv", text_of(GENERIC, rows))


def test_costs_by_hand(tmp_path: Path) -> None:
    """January: 30 on ads, which brought ann, and bob came by himself. February: 20 on ads (cid), 6 on flyers (nobody)."""
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, orders_file(tmp_path))
        with shop.database.writing() as cursor:
            for month, channel, amount in (("2025-01-01", "Ads", 30), ("2025-02-01", "ads", 20), ("2025-02-01", "Flyers", 6)):
                cursor.execute(
                    "INSERT INTO spend_versions (import_id, month, channel, amount) VALUES (1, ?, ?, ?)",
                    [month, channel, amount],
                )
            for who in ("ann", "cid"):
                cursor.execute("INSERT INTO customer_versions (import_id, customer_id, acquired_via) VALUES (1, ?, 'ADS')", [who])
        con = shop.database.reader()
        known = facts(con, AS_OF)
        predicted = pd.DataFrame({"customer_id": ["ann", "bob", "cid", "dan"], "clv": [5.0, 1.0, 7.0, 100.0]})
        found = costs(con, known, predicted)
        whole, ads, flyers = found.channels
        assert [one.channel for one in found.channels] == [None, "Ads", "Flyers"]
        # All: 56 for ann, bob, cid. They brought 20 + 20 in their first month, 10 + 10 in the second, 10 in ann's third.
        assert (whole.payback.spend, whole.payback.newcomers) == (56.0, 3)
        assert whole.payback.cac == pytest.approx(56 / 3)
        assert whole.payback.curve["margin"].tolist() == pytest.approx([40 / 3, 40 / 3 + 20 / 3, 20 + 10 / 2])
        assert whole.payback.months == 1
        assert whole.worth == pytest.approx((30 + 5 + 10 + 1 + 30 + 7) / 3)
        assert whole.ratio == pytest.approx(whole.worth / (56 / 3))
        # Ads: 50 for ann and cid: 10 + 20, then 10 + 10, then ann's 10: 15, 25, 35 each.
        assert (ads.payback.newcomers, ads.payback.cac, ads.payback.months) == (2, 25.0, 1)
        assert ads.worth == pytest.approx((35 + 37) / 2)
        assert (flyers.payback.spend, flyers.payback.newcomers, flyers.payback.cac, flyers.worth) == (6.0, 0, None, None)
        assert found.months["spend"].sum() == 56
        half = costs(con, known, predicted, margin=0.5)
        assert half.channels[0].payback.curve["margin"].tolist() == pytest.approx(
            [v / 2 for v in whole.payback.curve["margin"]]
        )
        assert half.channels[0].payback.months is None
        assert headline(found, EN) == (
            "A new customer costs $18.67 and is worth 1.5 times as much. The money is back 1 month after the first purchase."
        )
        assert headline(costs(con, known), EN).startswith("A new customer costs $18.67. ")


def test_a_shop_without_spend(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, orders_file(tmp_path))
        con = shop.database.reader()
        found = costs(con, facts(con, AS_OF))
        assert found.channels == []
        assert found.months.empty
        assert found.cohorts.empty
        assert found.referred.empty
        for words in (EN, ZH):
            assert headline(found, words)


def test_the_words_of_a_payback() -> None:
    from loyalty.costs import back

    def told(months: int | None, watched: int = 4) -> str:
        curve = pd.DataFrame({"k": range(watched + 1), "customers": 1, "margin": 0.0})
        return back(Payback(1.0, 1, 1.0, curve, months), EN)

    assert told(0) == "The money is back within the month of the first purchase."
    assert told(3) == "The money is back 3 months after the first purchase."
    assert told(None) == "After 4 months the money is not back yet."
    assert told(None, 1) == "After 1 month the money is not back yet."
