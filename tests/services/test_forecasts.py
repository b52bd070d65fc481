"""The candidate of the purchase model: no look ahead, its ratio by hand, and a shop where it wins."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyalty.measure.forecast_methods import Method
from loyalty.measure.forecasts import forecast, whole_months
from loyalty.purchase_model.histories import PurchaseDays, purchase_days
from loyalty.purchase_model.monthly import days_until, months_ahead
from loyalty.services.forecasts import FIGURES, KEY, customer_methods, forecasts
from loyalty.shop.shop import Shop
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

START = dt.date(2024, 1, 1)
AS_OF = dt.date(2025, 6, 30)


def frame(people: int = 300, seed: int = 2) -> pd.DataFrame:
    """A shop that won its customers in its first quarter, and since then loses them one by one."""
    chance = np.random.default_rng(seed)
    rows = []
    for n in range(people):
        day, leave = pd.Timestamp(START) + pd.Timedelta(days=int(chance.integers(90))), chance.beta(1, 4)
        gap = 1 + 60 * chance.gamma(2, 0.5)
        while day <= pd.Timestamp(AS_OF):
            rows.append((f"c{n:03d}", day, float(chance.gamma(4, 5))))
            if chance.random() < leave:
                break
            day += pd.Timedelta(days=1 + int(chance.exponential(gap)))
    return pd.DataFrame(rows, columns=["customer_id", "day", "value"])


@pytest.fixture(scope="module")
def days() -> PurchaseDays:
    return purchase_days(frame())


def history(of: pd.DataFrame) -> pd.DataFrame:
    """Money by month."""
    months = of.assign(month=of["day"].dt.to_period("M").dt.to_timestamp()).rename(
        columns={"value": "revenue"}
    )
    return whole_months(months[["month", "revenue"]], "revenue", AS_OF, START)


def forecast_of(days: PurchaseDays, past: np.ndarray, figure: str = "revenue") -> list[float]:
    (method,) = customer_methods(days, START, 6)[figure]
    return method.predict(past, 6).tolist()


def test_an_origin_uses_only_earlier_purchases(days: PurchaseDays) -> None:
    """Nine months of history: the end of September 2024; all later purchases may be gone or doubled."""
    past = history(frame())["value"].to_numpy()[:9]
    later = np.where(days.day > (dt.date(2024, 9, 30) - dt.date(1970, 1, 1)).days, 2.0, 1.0)
    doubled = PurchaseDays(days.names, days.customer, days.day, days.value * later)
    assert (
        forecast_of(days_until(days, dt.date(2024, 9, 30)), past)
        == forecast_of(days, past)
        == forecast_of(doubled, past)
    )


def test_the_forecast_is_the_prediction_scaled_by_the_ratio_of_the_year_before(days: PurchaseDays) -> None:
    """Half of all money comes from buyers without a name: the history is twice what known customers brought."""
    past = 2 * history(frame())["value"].to_numpy()
    starts = [dt.date(2025, 7, 1), *(dt.date(2025, m, 1) for m in range(8, 13)), dt.date(2026, 1, 1)]
    assert forecast_of(days, past) == pytest.approx((2 * months_ahead(days, starts).value).tolist())
    assert forecast_of(days, past / 2) == pytest.approx([v / 2 for v in forecast_of(days, past)])


def test_customers_who_leave_are_predicted(days: PurchaseDays) -> None:
    """A planted truth: nobody new comes and many leave, which no series of sums shows as well."""
    result = forecast(history(frame()), 3, customer_methods(days, START, 3)["revenue"])
    trial = next(trial for trial in result.candidates if trial.key == KEY)
    assert trial.mase < min(
        t.mase for t in result.candidates if t.key in ("last", "mean3", "mean4", "smoothing")
    )


def test_without_identified_customers_there_is_no_such_candidate() -> None:
    assert customer_methods(purchase_days(frame().iloc[:0]), START, 6) == {}


def test_nobody_bought_in_the_year_before_is_like_the_last_month(days: PurchaseDays) -> None:
    """A history that ends before the first customer."""
    (method,) = customer_methods(days, dt.date(2020, 1, 1), 6)["revenue"]
    assert method.predict(np.array([5.0] * 7), 3).tolist() == [5.0] * 3


def test_all_figures_of_a_shop(tmp_path: Path) -> None:
    """From a file: the contestant takes part in all three contests, and more may."""
    sold = frame(60)
    rows = [
        {
            **generic_row(1, "", "Tea", "1", f"{value:.2f}"),
            "Invoice No": str(n),
            "Customer": who,
            "Date": f"{day:%Y-%m-%d}",
        }
        for n, (who, day, value) in enumerate(sold.itertuples(index=False))
    ]
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, save(tmp_path, "orders.csv", text_of(GENERIC, rows)))
        extra = Method("mine", "nothing", lambda past, ahead: np.zeros(ahead), 1)
        by_figure = forecasts(shop.database.reader(), AS_OF, 2, (extra,))
    assert set(by_figure) == set(FIGURES)
    for result in by_figure.values():
        assert {KEY, "mine", "last"} <= {trial.key for trial in result.candidates}
        assert len({trial.tries for trial in result.candidates}) == 1
        assert len(result.months) == 2
