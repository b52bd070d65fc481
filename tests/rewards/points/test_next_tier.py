"""How far from the next tier, by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd

from loyalty.rewards.points.next_tier import to_next_tier
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import Tiering

PROGRAMME = Programme(
    "P",
    Decimal(1),
    Decimal("0.03"),
    (Tier("a", "A", Decimal(0)), Tier("b", "B", Decimal(100)), Tier("c", "C", Decimal("250.5"))),
)


def test_what_the_spend_of_a_year_lacks() -> None:
    customers = pd.DataFrame({"customer_id": list("wxyz"), "revenue_365": [-5.0, 99.99, 100.0, 250.5]})
    distances = to_next_tier(customers, PROGRAMME)
    assert distances["next_tier"].tolist() == ["B", "B", "C", None]
    assert distances["to_tier"].tolist()[:3] == [100.0, 0.01, 150.5]
    assert np.isnan(distances["to_tier"].iloc[3])


def test_tiers_by_orders_or_points_lack_usual_orders() -> None:
    """Orders of 40 on average: 2 orders short of 5 is 80; by points (1 a unit) 120 of 200 is 80 short as well."""
    customers = pd.DataFrame(
        {
            "customer_id": ["a", "b"],
            "orders": [6, 5],
            "revenue": [240.0, 200.0],
            "orders_365": [3, 5],
            "revenue_365": [120.0, 200.0],
        }
    )
    for by, threshold in (("orders", Decimal(5)), ("points", Decimal(200))):
        tiers = (PROGRAMME.tiers[0], replace(PROGRAMME.tiers[1], threshold=threshold))
        distances = to_next_tier(customers, replace(PROGRAMME, tiers=tiers, tiering=Tiering(by)))  # type: ignore[arg-type]
        assert distances["next_tier"].tolist() == ["B", None]
        assert distances["to_tier"].iloc[0] == 80.0
        assert np.isnan(distances["to_tier"].iloc[1])
