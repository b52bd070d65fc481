"""Products alike, by hand: cosines, and EASE against the inverse of a matrix of two and of a linear solver."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.recommendations.interactions import binary_matrix, encode_interactions
from loyalty.models.recommendations.item_based import fit_ease, fit_item_knn
from tests.models.recommendations.builders import at, noisy, people, shop


def test_item_knn_adds_up_cosines() -> None:
    """Tea has 3 buyers, milk 2, jam 2; tea and jam share 2, milk and jam 1."""
    data = shop("ann 0 tea milk", "bob 0 tea jam", "cid 0 tea milk jam")
    scores = fit_item_knn(data).scores(people(data))
    assert at(data, scores, 0, "jam") == pytest.approx(2 / np.sqrt(3 * 2) + 1 / np.sqrt(2 * 2))
    assert at(data, scores, 0, "tea") == pytest.approx(2 / np.sqrt(2 * 3))  # from milk alone


def test_item_knn_keeps_the_nearest_products_only() -> None:
    """Jam's nearest is tea; that milk goes with jam as well no longer counts for jam."""
    data = shop("ann 0 tea milk", "bob 0 tea jam", "cid 0 tea milk jam")
    scores = fit_item_knn(data, neighbours=1).scores(people(data))
    assert at(data, scores, 0, "jam") == pytest.approx(2 / np.sqrt(3 * 2))


def test_ease_of_two_products() -> None:
    """XᵀX = [[3, 2], [2, 2]], λ = 1: P = 1/(4·3 - 2·2) [[3, -2], [-2, 4]]; B₁₂ = -P₁₂ / P₂₂ = 2/4, B₂₁ = 2/3."""
    data = shop("ann 0 a b", "bob 0 a b", "cid 0 a")
    scores = fit_ease(data, ridge=1.0).scores(people(data))
    assert at(data, scores, 2, "b") == pytest.approx(2 / 4)
    assert at(data, scores, 0, "a") == pytest.approx(2 / 3)


def test_ease_is_ridge_regression_of_each_product_on_the_others() -> None:
    """Steck 2019: column j of B minimises |x_j - X b|² + λ|b|² with b_j = 0."""
    data = encode_interactions(noisy(60, 8, 3))
    x = binary_matrix(data).toarray().astype(np.float64)
    fitted = fit_ease(data, ridge=20.0)
    for j in range(x.shape[1]):
        others = np.delete(np.arange(x.shape[1]), j)
        gram = x[:, others].T @ x[:, others] + 20.0 * np.eye(len(others))
        expected = np.linalg.solve(gram, x[:, others].T @ x[:, j])
        assert fitted.weights[others, j] == pytest.approx(expected, abs=1e-5)
    assert not fitted.weights.diagonal().any()


def test_only_the_most_frequent_products_take_part() -> None:
    data = shop("ann 0 a b", "bob 0 a b", "cid 0 a c")
    fitted = fit_ease(data, ridge=1.0, max_items=2)
    assert data.products[fitted.columns].tolist() == ["a", "b"]
    assert (fitted.scores(people(data))[:, 2] == 0).all()


def test_nothing_at_all() -> None:
    data = shop()
    assert fit_ease(data).scores(people(data)).shape == (0, 0)
