"""The last selected prediction method is saved, one a horizon, and holds for a horizon."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from loyalty.shop.shop import Shop
from loyalty.store.selected_models import SelectedModel, save_selected_model, selected_model

NOON = dt.datetime(2026, 7, 1, 12)
JUNE = dt.date(2026, 6, 30)
SELECTED = SelectedModel(90, JUNE, "forest", 0.31, 2.5)


def test_a_selection_holds_from_its_day_for_a_horizon(shop: Shop) -> None:
    before = shop.database.data_version().sales
    save_selected_model(shop.database, SELECTED, NOON)
    assert shop.database.data_version().sales == before
    assert selected_model(shop.database, 90, JUNE) == SELECTED
    assert selected_model(shop.database, 90, dt.date(2026, 9, 28)) == SELECTED
    assert selected_model(shop.database, 90, dt.date(2026, 9, 29)) is None
    assert (
        selected_model(shop.database, 90, JUNE - dt.timedelta(days=1)) is None
    )  # it knows more than was known then
    assert selected_model(shop.database, 30, JUNE) is None


def test_a_newer_selection_replaces_it(shop: Shop) -> None:
    later = replace(SELECTED, as_of=JUNE + dt.timedelta(days=31), model="average")
    month = replace(SELECTED, horizon_days=30, model="recency")
    for selected in (SELECTED, month, later):
        save_selected_model(shop.database, selected, NOON)
    assert selected_model(shop.database, 90, JUNE + dt.timedelta(days=40)) == later
    assert selected_model(shop.database, 30, JUNE) == month
    assert selected_model(shop.database, 90, JUNE) is None
