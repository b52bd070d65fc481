"""The negative binomial distribution: purchases at a rate that varies between customers by a Gamma distribution."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, xlogy

from loyalty.columns import Floats


def negative_binomial(r: float, alpha: float, n: Floats, t: Floats) -> Floats:
    """P(n purchases in t weeks) at a rate lambda ~ Gamma(r, alpha); n and t broadcast."""
    logs = gammaln(r + n) - gammaln(r) - gammaln(n + 1) - r * np.log1p(t / alpha)
    return np.asarray(np.exp(logs + xlogy(n, t / (alpha + t))), dtype=np.float64)
