"""Baskets by order, day and category, prices, category shares and satisfaction, against figures by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import ibis
import pandas as pd
import pytest

from loyalty.facts import baskets as facts
from loyalty.facts import segments
from loyalty.shop.shop import Shop
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

AS_OF = dt.date(2025, 3, 31)


def line(
    number: int, who: str, product: str, category: str, price: str, at: str, qty: str = "1"
) -> dict[str, str]:
    return {**generic_row(number, who, product, qty, price), "Category": category, "Date": f"2025-03-{at}"}


LINES = [
    line(1, "Ann", "Tea", "Leaves", "5.00", "01 09:00"),
    line(1, "Ann", "Mug", "Cups", "12.00", "01 09:00"),
    line(2, "Ann", "Pot", "Cups", "30.00", "01 17:30"),  # the same day, another order
    line(2, "Ann", "Tea", "", "5.00", "01 17:30"),  # tea has its category elsewhere
    line(3, "", "Tea", "Leaves", "10.00", "01 18:00", "2"),
    line(4, "", "Mug", "Cups", "12.00", "01 18:00"),  # two unknown buyers of one day stay two
    line(5, "Bob", "Tea", "Leaves", "8.00", "02 10:00"),
    line(5, "Bob", "Card", "", "2.00", "02 10:00"),  # a card has no category anywhere
]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ibis.BaseBackend]:
    folder = tmp_path_factory.mktemp("kinds")
    with Shop.open(folder / "shop") as shop:
        bring(shop, save(folder, "a.csv", text_of([*GENERIC, "Category"], LINES)))
        answers = (
            "date,customer,score\n2025-03-02,Ann,5\n2025-03-09,Ann,2\n2025-03-09,Bob,1\n2025-04-09,Bob,5\n"
        )
        bring(shop, save(folder, "csat.csv", answers))
        yield shop.database.reader()


def products_by_basket(frame: pd.DataFrame) -> list[list[str]]:
    return sorted(sorted(names) for names in frame.groupby("basket")["product"].agg(list))


def test_an_order_is_a_basket(con: ibis.BaseBackend) -> None:
    table = facts.baskets(con, AS_OF)
    assert products_by_basket(table) == [["Card", "Tea"], ["Mug"], ["Mug", "Tea"], ["Pot", "Tea"], ["Tea"]]
    first = table[table["product"] == "Pot"].iloc[0]
    assert (first["customer_id"], first["at"], first["channel"]) == (
        "Ann",
        pd.Timestamp("2025-03-01 17:30"),
        "shop",
    )


def test_a_day_of_an_identified_customer_is_one_basket(con: ibis.BaseBackend) -> None:
    table = facts.baskets(con, AS_OF, "day")
    assert products_by_basket(table) == [["Card", "Tea"], ["Mug"], ["Mug", "Pot", "Tea"], ["Tea"]]
    assert table.loc[table["product"] == "Tea", "at"].min() == pd.Timestamp("2025-03-01 09:00")


def test_baskets_of_categories(con: ibis.BaseBackend) -> None:
    table = facts.baskets(con, AS_OF, level="category")
    assert products_by_basket(table) == [
        ["Cups"],
        ["Cups", "Leaves"],
        ["Cups", "Leaves"],
        ["Leaves"],
        ["Leaves"],
    ]
    assert products_by_basket(facts.baskets(con, AS_OF, "day", "category"))[1] == ["Cups", "Leaves"]


def test_prices_are_medians_a_unit(con: ibis.BaseBackend) -> None:
    table = facts.prices(con, AS_OF).set_index("product")["price"]
    # tea: 5, 5, 10 apiece (two for 20), 8
    assert table.to_dict() == {"Tea": (5 + 8) / 2, "Mug": 12.0, "Pot": 30.0, "Card": 2.0}
    assert facts.prices(con, AS_OF + dt.timedelta(days=365)).empty


def test_category_shares(con: ibis.BaseBackend) -> None:
    table = segments.category_shares(con, AS_OF)
    assert table.to_dict("list") == {
        "customer_id": ["Ann", "Ann", "Bob"],
        "category": ["Cups", "Leaves", "Leaves"],
        "share": [2 / 4, 2 / 4, 1.0],
    }


def test_satisfaction_is_the_mean_of_answers_up_to_the_day(con: ibis.BaseBackend) -> None:
    table = segments.satisfaction(con, AS_OF)
    # 5 of 1 … 5 is 1, 2 is 1/4, 1 is 0
    assert table.to_dict("list") == {"customer_id": ["Ann", "Bob"], "satisfaction": [(1 + 0.25) / 2, 0.0]}


def test_an_empty_shop(tmp_path: Path) -> None:
    with Shop.open(tmp_path) as shop:
        empty = shop.database.reader()
        for frame in (
            facts.baskets(empty, AS_OF, "day", "category"),
            facts.prices(empty, AS_OF),
            segments.category_shares(empty, AS_OF),
            segments.satisfaction(empty, AS_OF),
        ):
            assert frame.empty
