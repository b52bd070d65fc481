"""Months to come of known customers and of new ones: what they rest on, and what they add up to."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from loyalty.purchase_model.expectations import expected_purchases
from loyalty.purchase_model.fit import fit_rows, rows_of
from loyalty.purchase_model.histories import PurchaseDays, histories, purchase_days
from loyalty.purchase_model.monthly import customer_sample, days_until, months_ahead, newcomers

STARTS = [dt.date(2025, 7, 1), dt.date(2025, 8, 1), dt.date(2025, 9, 1), dt.date(2025, 10, 1)]


def example_shop(people: int = 120, seed: int = 4, last: str = "2025-12-31") -> PurchaseDays:
    """Customers who come in the first half year and buy now and then until `last`."""
    chance = np.random.default_rng(seed)
    rows = []
    for n in range(people):
        day = pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(chance.integers(181)))
        while day <= pd.Timestamp(last):
            rows.append((f"c{n:03d}", day, float(chance.gamma(4, 5))))
            day += pd.Timedelta(days=1 + int(chance.exponential(45)))
            if chance.random() < 0.2:
                break
    return purchase_days(pd.DataFrame(rows, columns=["customer_id", "day", "value"]))


def test_later_purchases_are_not_used() -> None:
    days = example_shop()
    one, other = months_ahead(days, STARTS), months_ahead(days_until(days, dt.date(2025, 6, 30)), STARTS)
    assert one.purchases.tolist() == other.purchases.tolist()
    assert one.value.tolist() == other.value.tolist()


def test_present_customers_follow_the_model() -> None:
    """Nobody came in the last four months, so all of it is of those known: 92 days, cut at 31 and 62."""
    days = days_until(example_shop(), dt.date(2025, 2, 28))
    history = histories(days, dt.date(2025, 6, 30))
    assert newcomers(history) == 0
    rows = rows_of(history)
    upto = expected_purchases(fit_rows(rows), rows, np.array([31, 62, 92]) / 7)[rows.customer_row].sum(axis=0)
    forecast = months_ahead(days, STARTS)
    assert np.cumsum(forecast.purchases).tolist() == pytest.approx(upto.tolist())


def test_new_customers_are_as_many_as_recently() -> None:
    """Eight in the last four months: two a month; twelve in six weeks, the whole past: 12 of 1.38 months."""
    week = 7.0
    first = [dt.date(2024, 1, 1)] + [dt.date(2025, 3, 20) + dt.timedelta(days=10 * n) for n in range(8)]
    rows = [(str(n), day, 1.0) for n, day in enumerate(first)]
    history = histories(
        purchase_days(pd.DataFrame(rows, columns=["customer_id", "day", "value"])), dt.date(2025, 6, 30)
    )
    assert newcomers(history) == 8 / 4
    young = [(str(n), dt.date(2025, 5, 19) + dt.timedelta(days=3 * n), 1.0) for n in range(12)]
    history = histories(
        purchase_days(pd.DataFrame(young, columns=["customer_id", "day", "value"])), dt.date(2025, 6, 30)
    )
    span = (42 / week) / (365.25 / 12 / week)
    assert newcomers(history) == pytest.approx(11 / span)  # the very first stands at its end


def test_a_new_customer_brings_the_first_purchase_and_what_follows() -> None:
    """One known customer and many who came lately: months grow, as those who came buy again."""
    forecast = months_ahead(example_shop(), STARTS)
    fewer = months_ahead(days_until(example_shop(), dt.date(2025, 2, 28)), STARTS)
    assert (forecast.purchases > fewer.purchases).all()
    came = newcomers(histories(example_shop(), dt.date(2025, 6, 30)))
    assert (forecast.purchases >= came).all()


def test_money_scales_and_counts_do_not() -> None:
    days = example_shop()
    tenfold = PurchaseDays(days.names, days.customer, days.day, days.value * 10)
    one, ten = months_ahead(days, STARTS), months_ahead(tenfold, STARTS)
    assert ten.value.tolist() == pytest.approx((10 * one.value).tolist(), rel=1e-6)
    assert ten.purchases.tolist() == one.purchases.tolist()


def test_a_part_of_the_customers_keeps_their_purchases_whole() -> None:
    days = example_shop()
    part = customer_sample(days, 50)
    assert len(part.names) == 40  # every third
    for place in (0, 7, 39):
        theirs = days.customer == np.flatnonzero(days.names == part.names[place])[0]
        assert part.day[part.customer == place].tolist() == days.day[theirs].tolist()
    assert customer_sample(days, 120) is days


def test_without_customers_nothing_is_expected() -> None:
    forecast = months_ahead(example_shop(), [dt.date(2020, 1, 1), dt.date(2020, 2, 1)])
    assert (forecast.purchases.tolist(), forecast.value.tolist()) == ([0.0], [0.0])
