"""Lifetime value of a shop: minimum data, which orders count, sentences."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyalty.facts.customers import purchase_days
from loyalty.purchase_model import fit as fit_module
from loyalty.purchase_model.fit import Fit
from loyalty.purchase_model.histories import histories
from loyalty.purchase_model.model import BG_NBD, MBG_NBD, Model
from loyalty.purchase_model.terms import BadMonths
from loyalty.purchase_model.unique_histories import Rows
from loyalty.services.lifetime_value import customer_states, predict_lifetime_value, sentences, terms_of
from loyalty.services.purchase_model import SnapshotModels, snapshot_models
from loyalty.shop.settings import Settings
from loyalty.shop.shop import Shop
from loyalty.words import words_for
from tests.intake.builders import STAMP, save

HEAD = "Order,Customer,Date,Total,Refunded\n"
AS_OF = dt.date(2025, 12, 31)


def shop_of(tmp_path: Path, rows: list[str]) -> Shop:
    shop = Shop.open(tmp_path / "shop")
    with shop.open_import(save(tmp_path, "sales.csv", HEAD + "".join(f"{row}\n" for row in rows))) as file:
        file.run(STAMP)
    return shop


def test_a_day_counts_once_and_a_free_order_is_a_sign_of_life(tmp_path: Path) -> None:
    with shop_of(tmp_path, ["1,ann,2025-01-01,10.00,0", "2,ann,2025-01-01,5.00,0", "3,ann,2025-02-01,0.00,0",
                            "4,ann,2025-03-01,8.00,8.00", "5,,2025-04-01,9.00,0"]) as shop:  # fmt: skip
        prediction = purchase_days(shop.database.reader(), AS_OF)
    assert [(row.customer_id, f"{row.day:%Y-%m-%d}", row.value) for row in prediction.itertuples()] == [
        ("ann", "2025-01-01", 10.0 + 5.0), ("ann", "2025-02-01", 0.0),
    ]  # fmt: skip


def test_too_little_to_predict_from_is_a_sentence(tmp_path: Path) -> None:
    with shop_of(tmp_path, ["1,ann,2025-01-01,10.00,0", "2,ben,2025-12-31,5.00,0"]) as shop:
        prediction = predict_lifetime_value(
            snapshot_models(shop.database.reader(), AS_OF), terms_of(Settings())
        )
    assert prediction.predicted.total is None
    assert sentences(prediction, words_for("en")) == [
        "Not enough to predict from yet: 20 customers who came back on a later day are needed, 20 more than there are so far."
    ]


def regulars(customers: int) -> list[str]:
    """Customer n buys each 20 + n % 30 days through two years, for 10 + n % 7."""
    rows, number = [], 0
    for n in range(customers):
        day = dt.date(2024, 1, 1) + dt.timedelta(days=n % 60)
        while day <= AS_OF:
            number += 1
            rows.append(f"{number},c{n:03d},{day},{10 + n % 7}.00,0")
            day += dt.timedelta(days=20 + n % 30)
    return rows


def test_the_whole_is_the_sum_of_the_customers_and_margin_scales_it(tmp_path: Path) -> None:
    with shop_of(tmp_path, regulars(60)) as shop:
        con = shop.database.reader()
        whole, half = (
            predict_lifetime_value(snapshot_models(con, AS_OF), terms_of(Settings(margin=margin)))
            for margin in (0.0, 0.5)
        )
    total = whole.predicted.total
    assert total is not None
    assert half.predicted.total is not None
    np.testing.assert_allclose(whole.customers["clv"].sum(), total.expected, rtol=1e-9)
    np.testing.assert_allclose(half.predicted.total.expected, total.expected / 2, rtol=1e-9)
    assert total.low < total.expected < total.high
    assert whole.customers["p_alive"].between(0, 1).all()
    lines = sentences(whole, words_for("en"))
    assert lines[0].startswith("In the next 12 months your present customers will bring $")
    assert "it became $" in lines[1]


def test_wrong_months_are_a_sentence() -> None:
    with pytest.raises(BadMonths, match="must lie between 1 and 60; 0 was entered"):
        terms_of(Settings(), months=0)


def test_each_model_is_fitted_once_for_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Customer states, lifetime value and other callers share the fit; back-tests have days of their own."""
    fitted: list[tuple[str, float]] = []
    really = fit_module.fit_rows

    def counted(rows: Rows, model: Model = BG_NBD, *, prior: bool | None = None) -> Fit:
        fitted.append((model.name, float(rows.T.max())))
        return really(rows, model, prior=prior)

    monkeypatch.setattr(fit_module, "fit_rows", counted)
    with shop_of(tmp_path, regulars(60)) as shop:
        models = snapshot_models(shop.database.reader(), AS_OF)
    assert fitted == []
    states, predicted = (
        customer_states(models, terms_of(Settings())),
        predict_lifetime_value(models, terms_of(Settings(margin=0.5))),
    )
    assert models.fit() is predicted.predicted.fit
    assert models.fit(MBG_NBD) is models.fit(MBG_NBD)
    latest = float(models.history.T.max())
    assert [model for model, age in fitted if age == latest] == ["bg_nbd", "mbg_nbd"]
    whole = predict_lifetime_value(
        snapshot_of(models), terms_of(Settings())
    ).customers  # fitted anew: equal figures
    pd.testing.assert_series_equal(states.customers["clv"], whole["clv"])


def snapshot_of(models: SnapshotModels) -> SnapshotModels:
    """The same customers, nothing fitted."""
    return SnapshotModels(models.as_of, models.days, histories(models.days, models.as_of))
