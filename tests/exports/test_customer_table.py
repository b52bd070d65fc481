"""Everyone in one table: the same rows under the reader's headings, predictions only where there are some."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from loyalty.exports.customer_table import HEADINGS, PREDICTED, customer_table, digits
from loyalty.exports.table import to_csv
from loyalty.purchase_model.customer_state import COLUMNS
from loyalty.services.figures import all_customers, facts, segmentation
from loyalty.shop.shop import Shop
from loyalty.words import words_for
from tests.intake.builders import STAMP, save

AS_OF = dt.date(2026, 3, 31)
EN = words_for("en")
FOUND = pd.DataFrame(
    {
        "name": ["Ann", None],
        "status": ["active", "lapsed"],
        "revenue": [12.345, 5.0],
        "last_at": pd.to_datetime(["2026-03-01 17:30", "2026-02-01 09:00"]),
        "p_alive": [0.51, 0.49],
        "next_early": pd.to_datetime(["2026-04-01"] * 2),
        "next_late": pd.to_datetime(["2026-05-01"] * 2),
        "clv": [30.0, 1.0],
        "segment": ["best", "rest"],
        "content": [4.5, None],
        "tier": ["a", "a"],
        "points": [12, 5],
        "orders": [3, 1],
        "email": [None, None],
        "phone": [None, None],
        "channel": ["shopify", "stall"],
        "customer_id": ["k1", "k2"],
    }
)


def table(*, predicted: bool = True) -> pd.DataFrame:
    return customer_table(FOUND, {"best": "Best", "rest": "Rest"}, {"a": "Member"}, EN, predicted=predicted)


def test_the_columns_and_their_values() -> None:
    shown = table()
    assert list(shown.columns) == list(HEADINGS.values())
    ann, other = shown.to_dict("records")
    assert (ann["Segment"], ann["Tier"], ann["First channel"], ann["Content (1–5)"]) == (
        "Best",
        "Member",
        "Shopify",
        4.5,
    )
    assert ann["Last seen"] == pd.Timestamp("2026-03-01")
    assert ann["Next order until"] == pd.Timestamp("2026-05-01")
    assert pd.isna(other["Next order from"])  # more likely gone than not
    assert other["First channel"] == "stall"


def test_without_a_prediction_its_columns_are_absent() -> None:
    assert list(table(predicted=False).columns) == [
        name for key, name in HEADINGS.items() if key not in PREDICTED
    ]


def test_the_file_has_the_same_columns() -> None:
    lines = to_csv(table(), digits=digits(EN), bom=False).decode().splitlines()
    assert lines[0] == ",".join(HEADINGS.values())
    assert lines[1].startswith(
        "Ann,Active,12.35,2026-03-01,0.51,2026-04-01,2026-05-01,30.00,Best,4.5,Member,12,3,"
    )


def test_from_a_shop(tmp_path: Path) -> None:
    """Two scores of Ann, 5 of 5 and 1 of 5: in the middle of 1 to 5."""
    sales = (
        "Order,Customer,Date,Total\n1,ann,2026-01-01,10.00\n2,ann,2026-02-01,20.00\n3,ben,2026-03-31,40.00\n"
    )
    with Shop.open(tmp_path / "shop") as shop:
        for name, text in (
            ("sales", sales),
            ("survey", "Date,Customer,Score\n2026-02-02,ann,5\n2026-02-03,ann,1\n"),
        ):
            with shop.open_import(save(tmp_path, f"{name}.csv", text)) as file:
                file.run(STAMP)
        con = shop.database.reader()
        shop_facts = facts(con, AS_OF)
        contacts = pd.DataFrame({"customer_id": ["ann"], "name": ["Ann"], "email": None, "phone": None})
        points = pd.DataFrame({"customer_id": ["ann"], "tier": ["base"], "points": [30]})
        customers = all_customers(
            shop_facts, contacts, segmentation(shop_facts), points, pd.DataFrame(columns=COLUMNS)
        )
    assert customers["customer_id"].tolist() == ["ben", "ann"]
    assert customers.set_index("customer_id")["content"]["ann"] == (5 + 1) / 2
    assert customers["p_alive"].isna().all()
    assert len(customer_table(customers, {}, {}, EN, predicted=False)) == 2
