"""Means over a Beta distribution and integrals over time, by Gauss's rules: no series that can overflow."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.linalg import eigh_tridiagonal

from loyalty.columns import Floats

NODES = 40


@lru_cache(maxsize=4)
def legendre(nodes: int = NODES) -> tuple[Floats, Floats]:
    """Nodes in [0, 1] and weights that add up to 1, shape (nodes,): the rule of Gauss and Legendre."""
    at, weight = np.polynomial.legendre.leggauss(nodes)
    return (1 + at) / 2, weight / 2


def beta_rule(a: float, b: Floats, nodes: int = NODES) -> tuple[Floats, Floats]:
    """Nodes p and weights, shape (u, nodes), with sum(weight * f(p)) = E[f(p)] for p ~ Beta(a, b).

    `b` has shape (u,). The rule of Gauss and Jacobi by way of Golub & Welsch (1969): nodes are eigenvalues
    of the tridiagonal matrix of the recurrence, weights the squares of the eigenvectors' first entries.
    """
    middle, side = _recurrence(a, b[:, None], nodes)
    at, weight = np.empty_like(middle), np.empty_like(middle)
    for i, (diagonal, off) in enumerate(zip(middle, np.sqrt(side), strict=True)):
        at[i], vectors = eigh_tridiagonal(diagonal, off)
        weight[i] = vectors[0] ** 2
    return np.clip((1 + at) / 2, 1e-300, 1.0), weight


def _recurrence(a: float, b: Floats, nodes: int) -> tuple[Floats, Floats]:
    """Diagonal (u, nodes) and squared off-diagonal (u, nodes - 1) of the monic Jacobi polynomials.

    Their weight on [-1, 1] is (1 - y)^(b - 1) (1 + y)^(a - 1). The first entries are written apart: there
    the general form may be 0/0.
    """
    total = a + b - 2
    n, k = np.arange(1, nodes), np.arange(2, nodes)
    middle = ((a - 1) ** 2 - (b - 1) ** 2) / ((2 * n + total) * (2 * n + total + 2))
    first = (a - b) / (a + b)
    side = (
        4
        * k
        * (k + b - 1)
        * (k + a - 1)
        * (k + total)
        / ((2 * k + total) ** 2 * (2 * k + total + 1) * (2 * k + total - 1))
    )
    second = 4 * a * b / ((a + b) ** 2 * (a + b + 1))
    return np.hstack([first, middle]), np.hstack([second, side])
