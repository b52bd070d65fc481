"""The negative binomial distribution of purchases, against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom

from loyalty.purchase_model.negative_binomial import negative_binomial


def test_it_is_scipys() -> None:
    n, (r, alpha, t) = np.arange(50.0), (0.243, 4.414, 39.0)
    assert negative_binomial(r, alpha, n, np.array(t)) == pytest.approx(nbinom.pmf(n, r, alpha / (alpha + t)))
    assert negative_binomial(r, alpha, n[:2], np.array(0.0)).tolist() == [1, 0]
