"""What is kept back: the last days, the last baskets, or the second file of a published task."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.models.recommendations.holdout import (
    MIN_CUSTOMERS,
    Holdout,
    choose_holdout,
    holdout_from_frames,
    split_by_last_basket,
    split_by_time,
)
from loyalty.models.recommendations.interactions import binary_matrix, encode_interactions
from tests.models.recommendations.builders import noisy, shop

BASKETS = ("ann 0 tea", "ann 50 milk", "ann 60 jam", "bob 10 tea", "bob 20 tea", "cid 55 salt", "- 52 tea")


def true_products(test: Holdout) -> dict[str, list[str]]:
    """What each customer is to be found with."""
    data = test.history
    return {
        str(data.customers[row]): sorted(data.products[truth.indices])
        for row, truth in zip(test.rows, test.truth, strict=True)
    }


def test_by_time_asks_for_the_next_basket_of_known_customers() -> None:
    data = shop(*BASKETS)
    test = split_by_time(data, data.now - 20)
    assert true_products(test) == {
        "ann": ["milk"]
    }  # not jam, her next but one; not Cid, whom nobody knew; nobody unknown
    assert binary_matrix(test.history).sum() == 2  # ann's tea, bob's teas are one pair
    assert test.history.now == data.now - 20


def test_by_last_basket_asks_for_everyones_last() -> None:
    test = split_by_last_basket(shop(*BASKETS))
    assert true_products(test) == {"ann": ["jam"], "bob": ["tea"]}
    assert test.days is None
    assert (test.history.basket < 2).all()


def test_a_shop_with_enough_returning_customers_is_tested_on_its_last_days() -> None:
    test = choose_holdout(encode_interactions(noisy(MIN_CUSTOMERS + 20, 8, 20)))
    assert test.days == 60
    assert len(test.rows) >= MIN_CUSTOMERS


def test_a_small_or_young_or_undated_shop_is_tested_on_last_baskets() -> None:
    assert choose_holdout(encode_interactions(noisy(30, 8, 20))).days is None
    assert (
        choose_holdout(encode_interactions(noisy(MIN_CUSTOMERS + 20, 8, 10))).days is None
    )  # 70 days: too few to learn from before 60
    assert (
        choose_holdout(encode_interactions(noisy(MIN_CUSTOMERS + 20, 8, 20).drop(columns="at"))).days is None
    )


def test_no_more_than_asked_for() -> None:
    assert (
        len(choose_holdout(encode_interactions(noisy(MIN_CUSTOMERS + 20, 8, 20)), max_customers=50).rows)
        == 50
    )


def test_a_shop_of_first_timers_has_nothing_to_ask_about() -> None:
    assert len(choose_holdout(shop("ann 0 tea", "bob 1 milk")).rows) == 0
    assert len(choose_holdout(shop()).rows) == 0


def test_a_published_task_keeps_both_files_apart() -> None:
    """Basket numbers of the second file begin again at 1; Dan is in the second alone; figs are sold only later."""
    history = pd.DataFrame(
        [("ann", 1, "tea"), ("ann", 2, "milk"), ("bob", 1, "tea"), ("bob", 10, "jam"), ("bob", 9, "salt")],
        columns=["customer_id", "basket", "product"],
    )
    future = pd.DataFrame(
        [("ann", 1, "tea"), ("ann", 1, "figs"), ("bob", 1, "jam"), ("dan", 1, "tea")],
        columns=["customer_id", "basket", "product"],
    )
    test = holdout_from_frames(history, future)
    assert true_products(test) == {"ann": ["figs", "tea"], "bob": ["jam"]}
    data = test.history
    assert data.basket[data.buyer == 1].tolist() == [0, 1, 2]
    assert list(data.products[data.item[data.buyer == 1]]) == ["tea", "salt", "jam"]
    assert binary_matrix(data).sum() == 5
    assert np.isnan(data.now)


def test_a_published_task_with_dates_ends_where_its_history_ends() -> None:
    rows = pd.DataFrame(
        {
            "customer_id": "ann",
            "basket": [1, 2],
            "product": ["tea", "milk"],
            "at": pd.to_datetime(["2026-01-01", "2026-01-05"]),
        }
    )
    test = holdout_from_frames(rows.iloc[:1], rows.iloc[1:])
    assert true_products(test) == {"ann": ["milk"]}
    assert test.history.now == test.history.day.max() + 1
