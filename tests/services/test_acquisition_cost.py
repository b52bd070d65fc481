"""What new customers cost, from files to figures: two channels of spend, worked by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from loyalty.facts import events
from loyalty.measure.acquisition_cost import cac_by_channel
from loyalty.services.acquisition_cost import acquisition_costs
from loyalty.services.figures import facts
from loyalty.shop.shop import Shop
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

AS_OF = dt.date(2025, 3, 31)
#: Who first bought when, in the order of the files; each order is 10.00.
SPEND = "Month,Channel,Spend\n2025-01,Ads,30\n2025-02,ads,20\n2025-02,Flyers,6\n"
PEOPLE = "Customer number,Found you through\nann,ADS\ncid,ADS\n"
ORDERS = {
    "ann": ["2025-01-05", "2025-02-05", "2025-03-05"],
    "bob": ["2025-01-20"],
    "cid": ["2025-02-10", "2025-02-20", "2025-03-01"],
    "dan": ["2025-03-10"],
}


def orders_file(folder: Path) -> Path:
    rows = [
        {
            **generic_row(1, "", "Tea", "1", "10.00"),
            "Invoice No": f"{customer}-{n}",
            "Customer": customer,
            "Date": day,
        }
        for customer, days in ORDERS.items()
        for n, day in enumerate(days)
    ]
    return save(folder, "orders.csv", text_of(GENERIC, rows))


def test_costs_by_hand(tmp_path: Path) -> None:
    """January: 30 on ads, which brought ann, and bob came by himself. February: 20 on ads (cid), 6 on flyers (nobody)."""
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, orders_file(tmp_path))
        bring(shop, save(tmp_path, "spend.csv", SPEND))
        bring(shop, save(tmp_path, "people.csv", PEOPLE))
        con = shop.database.reader()
        shop_facts = facts(con, AS_OF)
        predicted = pd.DataFrame({"customer_id": ["ann", "bob", "cid", "dan"], "clv": [5.0, 1.0, 7.0, 100.0]})
        result = acquisition_costs(con, shop_facts, predicted)
        whole, ads, flyers = result.channels
        assert [channel_cost.channel for channel_cost in result.channels] == [None, "Ads", "Flyers"]
        # All: 56 for ann, bob, cid. They brought 20 + 20 in their first month, 10 + 10 in the second, 10 in ann's third.
        assert (whole.payback.spend, whole.payback.newcomers) == (56.0, 3)
        assert whole.payback.cac == pytest.approx(56 / 3)
        assert whole.payback.curve["margin"].tolist() == pytest.approx([40 / 3, 40 / 3 + 20 / 3, 20 + 10 / 2])
        assert whole.payback.months == 1
        assert whole.total_value == pytest.approx((30 + 5 + 10 + 1 + 30 + 7) / 3)
        assert whole.clv_to_cac == pytest.approx(whole.total_value / (56 / 3))
        # Ads: 50 for ann and cid: 10 + 20, then 10 + 10, then ann's 10: 15, 25, 35 each.
        assert (ads.payback.newcomers, ads.payback.cac, ads.payback.months) == (2, 25.0, 1)
        assert ads.total_value == pytest.approx((35 + 37) / 2)
        assert (flyers.payback.spend, flyers.payback.newcomers, flyers.payback.cac, flyers.total_value) == (
            6.0,
            0,
            None,
            None,
        )
        assert result.months["spend"].sum() == 56
        half = acquisition_costs(con, shop_facts, predicted, margin=0.5)
        assert half.channels[0].payback.curve["margin"].tolist() == pytest.approx(
            [v / 2 for v in whole.payback.curve["margin"]]
        )
        assert half.channels[0].payback.months is None
        table = cac_by_channel(
            shop_facts.customers, events.spend(con), events.origins(con)
        )  # that of `kpis --by channel`
        assert table["channel"].tolist() == ["Ads", "Flyers"]
        assert table["cac"].tolist()[0] == ads.payback.cac
        assert result.months.groupby("channel")["spend"].sum().tolist() == table["spend"].tolist()
        assert result.acquisition.cac == whole.payback.cac
        without = acquisition_costs(con, shop_facts).channels[0]
        assert (without.value_so_far, without.total_value, without.clv_to_cac) == (
            pytest.approx(70 / 3),
            None,
            None,
        )


def test_a_shop_without_spend(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, orders_file(tmp_path))
        con = shop.database.reader()
        result = acquisition_costs(con, facts(con, AS_OF))
        assert result.channels == []
        assert result.months.empty
        assert result.cohorts.empty
        assert result.referred.empty
        assert (result.acquisition.cac, result.acquisition.referral_rate) == (None, None)
