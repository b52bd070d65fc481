"""Fits: planted parameters come back, repetition is weight, and shops that teach nothing get a reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.purchase_model.fit import LEAST_WITHOUT_PRIOR, fit, fit_rows
from loyalty.purchase_model.histories import Histories
from loyalty.purchase_model.model import (
    BG_NBD,
    MBG_NBD,
    MODELS,
    PARETO_NBD,
    Model,
)
from loyalty.purchase_model.unique_histories import distinct_rows
from tests.purchase_model.builders import CDNOW, PARETO, coin_tossers, customers, leavers


def planted(model: Model, n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if model is PARETO_NBD:
        return leavers(PARETO, n, seed)
    return coin_tossers(CDNOW, n, seed, coins=int(model is MBG_NBD))


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_planted_parameters_come_back(model: Model) -> None:
    truth = PARETO if model is PARETO_NBD else CDNOW
    result = fit_rows(distinct_rows(*planted(model, 6_000, seed=4)), model)
    assert (result.method, result.converged, result.reason) == ("likelihood", True, None)
    away = np.log(result.theta / truth)
    # the squared distance in units of its own covariance is chi-squared with 4 degrees: 18.5 in 1 of 1,000
    assert away @ np.linalg.solve(result.covariance, away) < 18.5
    assert result.log_likelihood >= model.log_likelihood(truth, distinct_rows(*planted(model, 6_000, 4)))[0]
    assert list(result.params) == list(model.parameters)


def test_repetition_is_weight_and_order_is_nothing() -> None:
    x, t_x, T = coin_tossers(CDNOW, 900, seed=6)
    spelt_out = distinct_rows(np.tile(x, 3), np.tile(t_x, 3), np.tile(T, 3))
    once = fit_rows(distinct_rows(x, t_x, T, weight=3.0), prior=False)
    mixed = np.random.default_rng(0).permutation(900)
    assert fit_rows(spelt_out, prior=False).theta.tolist() == once.theta.tolist()
    assert fit_rows(distinct_rows(x[mixed], t_x[mixed], T[mixed], 3.0), prior=False).theta.tolist() == (
        once.theta.tolist()
    )


def test_time_in_days_gives_the_same_shop() -> None:
    x, t_x, T = coin_tossers(CDNOW, 2_500, seed=6)
    weeks, days = (fit_rows(distinct_rows(x, t_x * k, T * k), prior=False) for k in (1, 7))
    assert days.theta == pytest.approx(weeks.theta * [1, 7, 1, 1], rel=1e-4)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_a_prior_helps_small_shops_and_is_gone_in_large_ones(model: Model) -> None:
    history = planted(model, 2_000, seed=7)
    large = customers(*history)
    small = customers(*(column[:120] for column in history))
    assert small.repeaters < LEAST_WITHOUT_PRIOR <= large.repeaters
    assert fit(large, model).method == "likelihood"
    result = fit(small, model)
    assert (result.method, result.converged) == ("prior", True)
    assert result.reason is not None
    assert result.reason.params == {"enough": LEAST_WITHOUT_PRIOR, "have": small.repeaters}
    assert fit(large, model, prior=True).theta == pytest.approx(fit(large, model).theta, rel=0.25)


NOTHING_LEARNT = {
    "nobody": ([], [], [], "typical"),
    "one customer": ([0], [0], [10], "prior"),
    "one regular": ([9], [40], [42], "prior"),
    "everybody new today": ([0] * 50, [0] * 50, [0] * 50, "prior"),
    "nobody comes back": ([0] * 300, [0] * 300, range(300), "prior"),
    "all alike": ([3] * 700, [30] * 700, [39] * 700, "prior"),
    "all still there": ([3] * 700, [39] * 700, [39] * 700, "prior"),
    "every day for years": ([1_500] * 5, [300] * 5, [300] * 5, "prior"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("prior", [None, False, True])
@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
@pytest.mark.parametrize("case", NOTHING_LEARNT)
def test_a_shop_that_teaches_nothing_gets_a_fit_and_a_reason(
    case: str, model: Model, prior: bool | None
) -> None:
    x, t_x, T, method = NOTHING_LEARNT[case]
    result = fit_rows(distinct_rows(x, t_x, list(T)), model, prior=prior)
    assert (result.method, result.converged) == (method, method == "prior")
    assert result.reason is not None
    assert np.isfinite(result.theta).all()
    assert np.isfinite(result.log_likelihood)
    assert (np.linalg.eigvalsh(result.covariance) > 0).all()


@pytest.mark.filterwarnings("error")
@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60), st.integers(0, 400)), min_size=1, max_size=30),
    st.sampled_from([BG_NBD, MBG_NBD]),
)
def test_any_shop_gets_a_fit(shop: list[tuple[int, int, int]], model: Model) -> None:
    x, more, silent = (np.array(column, dtype=np.float64) for column in zip(*shop, strict=True))
    t_x = np.where(x > 0, x + more, 0) / 7  # a purchase a day at most
    result = fit_rows(distinct_rows(x, t_x, t_x + silent / 7), model)
    assert result.converged
    assert np.isfinite([*result.theta, result.log_likelihood]).all()


def test_a_search_without_a_maximum_has_a_reason() -> None:
    result = fit_rows(distinct_rows([3], [30], [39], weight=1e9))
    assert (result.method, result.converged) == ("prior", False)
    assert result.reason is not None
    assert result.reason.english() == "The estimate did not settle, so take these figures as rough."
    # everybody buys three times in 39 weeks, and that is what it says all the same
    expected = BG_NBD.expected_new(result.theta, np.array([39.0]))[0]
    assert expected == pytest.approx(3, rel=0.1)


@pytest.mark.parametrize(
    "history", [([-1], [0], [9]), ([1], [10], [9]), ([1], [1], [np.inf]), ([1], [-1], [9])]
)
def test_impossible_histories_are_refused(history: tuple[list[float], ...]) -> None:
    with pytest.raises(ValueError, match="0 <= t_x <= T"):
        fit_rows(distinct_rows(*history))


def test_a_model_is_fitted_once_for_the_same_customers() -> None:
    """Asked for with the weak prior in so many words, or because there are few customers: it is the same fit."""
    ids = np.array(["a", "b", "c"], dtype=object)
    x, t_x, T = np.array([0.0, 2.0, 5.0]), np.array([0.0, 9.0, 30.0]), np.array([20.0, 30.0, 40.0])
    history = Histories(ids, x, t_x, T, np.ones(3), np.ones(3))
    assert fit(history) is fit(history) is fit(history, prior=True)
    assert fit(history, MBG_NBD) is not fit(history)
    assert fit(history, prior=False) is not fit(history)
    alone = fit_rows(distinct_rows(x, t_x, T))
    assert fit(history).theta.tolist() == alone.theta.tolist()
