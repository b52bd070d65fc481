"""The return curve against `lifelines`: the same points and the same band on random censored data."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from loyalty.measure.retention import kaplan_meier


@pytest.mark.parametrize("seed", range(12))
def test_points_and_band_are_those_of_lifelines(seed: int) -> None:
    """Sizes from 3 to 2,000, days with and without ties, from nobody censored to almost everybody."""
    chance = np.random.default_rng(seed)
    n = int(chance.integers(3, 2_000))
    days = chance.integers(1, int(chance.integers(5, 700)), n)
    seen = chance.random(n) < chance.uniform(0.02, 1.0)
    curve = kaplan_meier(days, seen).set_index("time")
    other = KaplanMeierFitter().fit(days, seen)
    assert curve["survival"].to_numpy() == pytest.approx(
        other.survival_function_.loc[curve.index, "KM_estimate"].to_numpy(), rel=1e-12, abs=1e-12
    )
    table = other.event_table.loc[curve.index]
    assert curve["at_risk"].tolist() == table["at_risk"].tolist()
    assert curve["events"].tolist() == table["observed"].tolist()
    inside = curve.index[curve["survival"] > 0]  # at S = 0 the log-log band has no value
    band = other.confidence_interval_.loc[inside]
    assert curve.loc[inside, "low"].to_numpy() == pytest.approx(band.iloc[:, 0].to_numpy(), rel=1e-9)
    assert curve.loc[inside, "high"].to_numpy() == pytest.approx(band.iloc[:, 1].to_numpy(), rel=1e-9)
