"""Predictions by customer: the paper's customer, money discounted by hand, quartiles that are quartiles."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.purchase_model.expectations import (
    discounted_purchases,
    expected_purchases,
    next_purchase,
    p_alive,
    p_purchase,
)
from loyalty.purchase_model.fit import Fit, rows_of
from loyalty.purchase_model.model import BG_NBD, MODELS, PARETO_NBD, Model
from loyalty.purchase_model.terms import Terms
from loyalty.purchase_model.unique_histories import distinct_rows
from tests.purchase_model.builders import CDNOW, PARETO, coin_tossers, customers


def fitted(model: Model = BG_NBD) -> Fit:
    theta = PARETO if model is PARETO_NBD else CDNOW
    return Fit(model, theta, 0.0, np.eye(4) * 0.01, True, "likelihood", None)


ROWS = distinct_rows([2, 0, 2, 9, 0], [30.43, 0, 10, 38, 0], [38.86, 38.86, 38.86, 38.86, 2])


def test_the_papers_customer_among_others() -> None:
    purchases = expected_purchases(fitted(), ROWS, [39.0, 0.0])
    row = int(ROWS.customer_row[0])
    assert purchases[row].round(3).tolist() == [1.226, 0]
    assert purchases.shape == (5, 2)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_what_goes_with_what(model: Model) -> None:
    alive, buys = p_alive(fitted(model), ROWS), p_purchase(fitted(model), ROWS, 52.0)
    expected = expected_purchases(fitted(model), ROWS, [26.0, 52.0, 1e6])
    assert ((alive >= 0) & (alive <= 1) & (buys >= 0) & (buys <= alive)).all()
    assert (buys <= expected[:, 1]).all()
    assert (np.diff(expected, axis=1) > 0).all()
    assert p_purchase(fitted(model), ROWS, 0.0) == pytest.approx(np.zeros(5))


def test_discounting_month_by_month() -> None:
    terms = Terms(months=2, discount=0.21)
    # 2 months end on days 30 and 61; their middles are days 15 and 45.5; a year is 365.25 days
    by_end = expected_purchases(fitted(), ROWS, [30 / 7, 61 / 7])
    first, second = by_end[:, 0], by_end[:, 1] - by_end[:, 0]
    by_hand = first * 1.21 ** (-15 / 365.25) + second * 1.21 ** (-45.5 / 365.25)
    assert discounted_purchases(fitted(), ROWS, terms) == pytest.approx(by_hand)
    whole = discounted_purchases(fitted(), ROWS, Terms(months=2, discount=0.0))
    assert whole == pytest.approx(by_end[:, 1])


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_quartiles_of_the_next_purchase(model: Model) -> None:
    weeks = next_purchase(fitted(model), ROWS, 52.0)
    assert ((np.diff(weeks, axis=1) > 0) & (weeks[:, :1] > 0)).all()
    assert (weeks < 52).all()
    for column, share in enumerate((0.25, 0.5, 0.75)):
        # P(by then | alive) = share x P(within 52 weeks | alive)
        by_then, within = (
            1 - model.p_none(fitted(model).theta, ROWS.x, ROWS.T, np.asarray(t))
            for t in (weeks[:, column], 52.0)
        )
        assert by_then == pytest.approx(share * within, rel=1e-4)


def test_each_customer_has_its_row() -> None:
    history = customers(*coin_tossers(CDNOW, 60, seed=2))
    rows = rows_of(history)
    assert rows.T[rows.customer_row].tolist() == history.T.tolist()
    assert rows.x[rows.customer_row].tolist() == history.x.tolist()
