"""Who slips away, by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from loyalty.measure.slipping import silent_days_by_customer, slipping, usual_silence

AS_OF = dt.date(2026, 6, 30)
GAPS = np.array([10.0, 20.0, 30.0, 40.0, 50.0])  # the 80th percentile lies at 42
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["late", "just", "few", "gone"],
        "last_at": pd.to_datetime(
            ["2026-05-18 09:00", "2026-05-19 23:00", "2026-01-01 12:00", "2025-01-01 12:00"]
        ),
        "orders": [3, 9, 2, 20],
        "orders_365": [3, 5, 2, 0],
    }
)


def test_usual_silence_is_rounded_up() -> None:
    assert usual_silence(GAPS) == 42
    assert usual_silence(np.array([10.0, 11.0])) == 11  # 10.8
    assert usual_silence(np.array([])) is None


def test_silence_counts_whole_days() -> None:
    assert silent_days_by_customer(CUSTOMERS, AS_OF).to_dict() == {
        "late": 43,
        "just": 42,
        "few": 180,
        "gone": 545,
    }


def test_regulars_silent_for_longer_are_slipping() -> None:
    assert slipping(CUSTOMERS, GAPS, AS_OF)["customer_id"].tolist() == ["late"]
    assert slipping(CUSTOMERS, np.array([]), AS_OF).empty


def test_a_model_that_still_sees_them_takes_them_off_the_list() -> None:
    alive = pd.Series({"late": 0.49, "just": 0.1, "few": 0.1, "gone": 0.0})
    found = slipping(CUSTOMERS, GAPS, AS_OF, alive)
    assert found[["customer_id", "p_alive"]].to_numpy().tolist() == [["late", 0.49]]
    assert slipping(CUSTOMERS, GAPS, AS_OF, alive + 0.01).empty
