"""Customers who never leave: purchases at a rate that differs from one to the next as a Gamma distribution does."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, xlogy

from loyalty.columns import Floats


def negative_binomial(r: float, alpha: float, n: Floats, t: Floats) -> Floats:
    """P(n purchases in t weeks) at a rate lambda ~ Gamma(r, alpha); n and t broadcast."""
    logs = gammaln(r + n) - gammaln(r) - gammaln(n + 1) - r * np.log1p(t / alpha)
    return np.asarray(np.exp(logs + xlogy(n, t / (alpha + t))), dtype=np.float64)
