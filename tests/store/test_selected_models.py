"""The last contest of predicting methods is kept, one a horizon, and speaks for a horizon."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from loyalty.shop.shop import Shop
from loyalty.store.selected_models import SelectedModel, save_selected_model, selected_model

NOON = dt.datetime(2026, 7, 1, 12)
JUNE = dt.date(2026, 6, 30)
HELD = SelectedModel(90, JUNE, "forest", 0.31, 2.5)


def test_it_speaks_from_its_day_on_for_a_horizon(shop: Shop) -> None:
    before = shop.database.data_version().sales
    save_selected_model(shop.database, HELD, NOON)
    assert shop.database.data_version().sales == before
    assert selected_model(shop.database, 90, JUNE) == HELD
    assert selected_model(shop.database, 90, dt.date(2026, 9, 28)) == HELD
    assert selected_model(shop.database, 90, dt.date(2026, 9, 29)) is None
    assert (
        selected_model(shop.database, 90, JUNE - dt.timedelta(days=1)) is None
    )  # it knows more than was known then
    assert selected_model(shop.database, 30, JUNE) is None


def test_a_newer_one_takes_its_place(shop: Shop) -> None:
    later = replace(HELD, as_of=JUNE + dt.timedelta(days=31), model="average")
    month = replace(HELD, horizon_days=30, model="recency")
    for verdict in (HELD, month, later):
        save_selected_model(shop.database, verdict, NOON)
    assert selected_model(shop.database, 90, JUNE + dt.timedelta(days=40)) == later
    assert selected_model(shop.database, 30, JUNE) == month
    assert selected_model(shop.database, 90, JUNE) is None
