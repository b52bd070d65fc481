"""Baskets by order, day and category, prices, what customers buy and how content they are: a shop worked by hand."""

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


def held(frame: pd.DataFrame) -> list[list[str]]:
    return sorted(sorted(names) for names in frame.groupby("basket")["product"].agg(list))


def test_an_order_is_a_basket(con: ibis.BaseBackend) -> None:
    found = facts.baskets(con, AS_OF)
    assert held(found) == [["Card", "Tea"], ["Mug"], ["Mug", "Tea"], ["Pot", "Tea"], ["Tea"]]
    first = found[found["product"] == "Pot"].iloc[0]
    assert (first["customer_id"], first["at"], first["channel"]) == (
        "Ann",
        pd.Timestamp("2025-03-01 17:30"),
        "shop",
    )


def test_a_day_of_a_known_customer_is_one_basket(con: ibis.BaseBackend) -> None:
    found = facts.baskets(con, AS_OF, "day")
    assert held(found) == [["Card", "Tea"], ["Mug"], ["Mug", "Pot", "Tea"], ["Tea"]]
    assert found.loc[found["product"] == "Tea", "at"].min() == pd.Timestamp("2025-03-01 09:00")


def test_categories_take_the_place_of_products(con: ibis.BaseBackend) -> None:
    found = facts.baskets(con, AS_OF, level="category")
    assert held(found) == [["Cups"], ["Cups", "Leaves"], ["Cups", "Leaves"], ["Leaves"], ["Leaves"]]
    assert held(facts.baskets(con, AS_OF, "day", "category"))[1] == ["Cups", "Leaves"]


def test_prices_are_medians_of_a_piece(con: ibis.BaseBackend) -> None:
    found = facts.prices(con, AS_OF).set_index("product")["price"]
    # tea: 5, 5, 10 apiece (two for 20), 8
    assert found.to_dict() == {"Tea": (5 + 8) / 2, "Mug": 12.0, "Pot": 30.0, "Card": 2.0}
    assert facts.prices(con, AS_OF + dt.timedelta(days=365)).empty


def test_shares_of_what_is_bought(con: ibis.BaseBackend) -> None:
    found = segments.category_shares(con, AS_OF)
    assert found.to_dict("list") == {
        "customer_id": ["Ann", "Ann", "Bob"],
        "category": ["Cups", "Leaves", "Leaves"],
        "share": [2 / 4, 2 / 4, 1.0],
    }


def test_satisfaction_is_a_mean_of_what_was_said_by_then(con: ibis.BaseBackend) -> None:
    found = segments.satisfaction(con, AS_OF)
    # 5 of 1 … 5 is 1, 2 is 1/4, 1 is 0
    assert found.to_dict("list") == {"customer_id": ["Ann", "Bob"], "satisfaction": [(1 + 0.25) / 2, 0.0]}


def test_an_empty_shop_has_none_of_it(tmp_path: Path) -> None:
    with Shop.open(tmp_path) as shop:
        empty = shop.database.reader()
        for frame in (
            facts.baskets(empty, AS_OF, "day", "category"), facts.prices(empty, AS_OF),
            segments.category_shares(empty, AS_OF), segments.satisfaction(empty, AS_OF),
        ):  # fmt: skip
            assert frame.empty
