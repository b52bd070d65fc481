"""The record: rows of customers and of unknown buyers, baskets in order, nothing that hangs on the order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.recommendations.interactions import (
    baskets_since,
    binary_matrix,
    chunks,
    counts,
    encode_interactions,
    last_basket,
    matrix,
    reachable_products,
    select_lines,
)
from tests.models.recommendations.builders import frame, shop

BASKETS = ("bob 0 tea", "ann 1 tea milk", "- 2 milk", "ann 4 milk", "- 5 tea jam", "ann 9 tea tea")


def test_rows_are_customers_first_and_then_each_basket_of_nobody() -> None:
    data = shop(*BASKETS)
    assert list(data.customers) == ["ann", "bob"]
    assert list(data.products) == ["jam", "milk", "tea"]
    assert data.shape == (4, 3)
    assert binary_matrix(data).toarray().tolist() == [[0, 1, 1], [0, 0, 1], [0, 1, 0], [1, 0, 1]]


def test_baskets_stand_in_order_of_time_and_a_product_counts_once_a_basket() -> None:
    data = shop(*BASKETS)
    assert last_basket(data).tolist() == [2, 0, 0, 0]
    of_ann = data.buyer == 0
    assert list(zip(data.basket[of_ann], data.products[data.item[of_ann]], baskets_since(data)[of_ann], strict=True)) == [
        (0, "milk", 2), (0, "tea", 2), (1, "milk", 1), (2, "tea", 0),
    ]  # fmt: skip
    assert counts(data).tolist() == [1, 3, 4]
    assert matrix(data, 0.5 ** baskets_since(data)).toarray()[0].tolist() == [
        0,
        0.75,
        1.25,
    ]  # milk 1/4 + 1/2, tea 1/4 + 1


def test_without_dates_the_baskets_number_says_the_order() -> None:
    rows = pd.DataFrame({"customer_id": "ann", "basket": [10, 9, 2], "product": ["last", "middle", "first"]})
    data = encode_interactions(rows)
    assert not data.dated
    assert [str(data.products[item]) for item in data.item[np.argsort(data.basket)]] == [
        "first",
        "middle",
        "last",
    ]


def test_two_orders_of_one_moment_are_two_baskets() -> None:
    assert last_basket(shop("ann 1 tea", "ann 1 milk")).tolist() == [1]


def test_the_end_of_the_data_is_that_of_the_last_day_unless_told() -> None:
    rows = frame("ann 0 tea", "ann 3 tea")
    assert encode_interactions(rows).now == encode_interactions(rows.iloc[:1]).now + 3
    assert (
        encode_interactions(rows, pd.Timestamp(2026, 1, 12)).now
        == encode_interactions(rows.iloc[:1]).now + 10
    )


def test_a_products_category_is_the_commonest_one() -> None:
    rows = frame("ann 0 tea", "bob 1 tea", "cid 2 tea", "cid 3 jam").assign(
        category=["Drinks", None, "Drinks", ""]
    )
    assert encode_interactions(rows).categories.tolist() == ["", "Drinks"]


def test_reach_is_what_is_sold_where_the_buyer_buys() -> None:
    rows = frame("ann 0 tea", "bob 1 cake", "cid 2 tea", "cid 3 cake", "bob 4 jam", "ann 5 jam")
    rows["channel"] = ["web", "stall", "web", "stall", "stall", "web"]
    data = encode_interactions(rows)
    reach = reachable_products(data, np.arange(3))
    assert reach is not None
    assert {name: row.tolist() for name, row in zip(data.customers, reach, strict=True)} == {
        "ann": [False, True, True], "bob": [True, True, False], "cid": [True, True, True],
    }  # fmt: skip
    assert reachable_products(encode_interactions(rows.drop(columns="channel")), np.arange(3)) is None


def test_a_part_keeps_the_places_of_customers_and_products() -> None:
    data = shop(*BASKETS)
    less = select_lines(data, data.basket == 0, now=data.now - 1)
    assert less.shape == data.shape
    assert less.now == data.now - 1
    assert binary_matrix(less).toarray()[0].tolist() == [0, 1, 1]


def test_nothing_at_all() -> None:
    data = encode_interactions(frame())
    assert data.shape == (0, 0)
    assert binary_matrix(data).shape == (0, 0)
    assert not data.dated


def test_chunks_hold_every_row_once() -> None:
    pieces = chunks(np.arange(10), 4, cells=12)
    assert [len(piece) for piece in pieces] == [3, 3, 3, 1]
    assert np.concatenate(pieces).tolist() == list(range(10))
    assert [len(piece) for piece in chunks(np.arange(2), 100, cells=1)] == [1, 1]


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.permutations(range(len(frame(*BASKETS)))))
def test_the_order_of_rows_never_matters(order: list[int]) -> None:
    rows = frame(*BASKETS)
    one, other = encode_interactions(rows), encode_interactions(rows.iloc[order])
    assert binary_matrix(one).toarray().tolist() == binary_matrix(other).toarray().tolist()
    assert (
        matrix(one, baskets_since(one)).toarray().tolist()
        == matrix(other, baskets_since(other)).toarray().tolist()
    )
