"""Shops to try rewards on."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest


@pytest.fixture
def shop() -> pd.DataFrame:
    """Five customers in the CUSTOMERS shape; one order is 100, 50, 60, 25 and 40 on average."""
    first = [
        dt.datetime(2025, 1, 1),
        dt.datetime(2025, 2, 1, 9, 30),
        dt.datetime(2025, 3, 1),
        dt.datetime(2025, 6, 1),
    ]
    last = [
        dt.datetime(2025, 5, 25),
        dt.datetime(2025, 6, 30, 18),
        dt.datetime(2025, 5, 20),
        dt.datetime(2025, 6, 1),
    ]
    return pd.DataFrame(
        {
            "customer_id": ["a", "b", "c", "d", "e"],
            "channel": "shop",
            "first_at": [*first, dt.datetime(2023, 5, 1)],
            "last_at": [*last, dt.datetime(2024, 1, 1)],
            "second_at": pd.NaT,
            "orders": [7, 8, 3, 1, 3],
            "days": [7, 6, 3, 1, 3],
            "revenue": [700.0, 400.0, 180.0, 25.0, 120.0],
            "orders_365": [5, 8, 3, 1, 0],
            "revenue_365": [500.0, 400.0, 180.0, 25.0, 0.0],
        }
    )


@pytest.fixture
def as_of() -> dt.date:
    """The day the shop is looked at."""
    return dt.date(2025, 6, 30)
