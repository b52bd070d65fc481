"""How far from the next tier, by hand."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from loyalty.rewards.points.next_tier import to_next_tier
from loyalty.rewards.programme.programme import Programme, Tier

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
