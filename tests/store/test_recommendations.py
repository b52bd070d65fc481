"""What was recommended is only ever added to, once a day; what is never offered is a list of its own."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from loyalty.shop.shop import Shop
from loyalty.store.database import one
from loyalty.store.recommendations import (
    not_offered,
    recommended_state,
    save_not_offered,
    save_recommendations,
)

NOON = dt.datetime(2026, 5, 1, 12)


def lists(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "product"])
    return frame.assign(
        mode="again", place=range(1, len(frame) + 1), method="again", reason="once", score=0.5
    )


def test_lists_are_numbered_and_saved(shop: Shop) -> None:
    states = [recommended_state(shop.database)]
    assert save_recommendations(shop.database, lists(("ann", "tea"), ("bob", "tea")), NOON) == 1
    assert save_recommendations(shop.database, lists(("ann", "tea")), NOON + dt.timedelta(days=1)) == 2
    states.append(recommended_state(shop.database))
    assert states[0] == "0." != states[1]
    assert states[1].startswith("3.")
    row = one(shop.database.cursor(), "SELECT * FROM recommendations WHERE customer_id = 'bob'")
    assert row == (1, NOON, "bob", "tea", "again", 2, "again", "once")


def test_the_same_list_twice_a_day_is_saved_once(shop: Shop) -> None:
    save_recommendations(shop.database, lists(("ann", "tea")), NOON)
    assert save_recommendations(shop.database, lists(("ann", "tea")), NOON.replace(hour=23)) == 0
    assert (
        save_recommendations(shop.database, lists(("ann", "tea"), ("ann", "jam")), NOON.replace(hour=23)) == 2
    )
    assert recommended_state(shop.database).startswith("2.")


def test_an_empty_list(shop: Shop) -> None:
    assert save_recommendations(shop.database, lists(), NOON) == 0


def test_not_offered(shop: Shop) -> None:
    assert not_offered(shop.database) == frozenset()
    save_not_offered(shop.database, ["tea", "jam", "tea"], NOON)
    assert not_offered(shop.database) == {"tea", "jam"}
    save_not_offered(shop.database, ["jam", "mug"], NOON + dt.timedelta(days=1))
    assert not_offered(shop.database) == {"jam", "mug"}
    assert one(shop.database.cursor(), "SELECT since FROM not_offered WHERE product = 'jam'") == (NOON,)
    save_not_offered(shop.database, [], NOON)
    assert not_offered(shop.database) == frozenset()


def test_the_sales_version_stays(shop: Shop) -> None:
    before = shop.database.data_version().sales
    save_recommendations(shop.database, lists(("ann", "tea")), NOON)
    save_not_offered(shop.database, ["tea"], NOON)
    assert shop.database.data_version().sales == before
