"""Rankers made of rankers: the hybrid of user-based, item-based and content-based, and any of them in season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loyalty.columns import Ints
from loyalty.models.recommendations.content_based import fit_content, has_descriptive_names
from loyalty.models.recommendations.interactions import Interactions, Scores
from loyalty.models.recommendations.item_based import fit_ease, fit_item_knn
from loyalty.models.recommendations.popularity import season_factor
from loyalty.models.recommendations.ranking import Ranker
from loyalty.models.recommendations.user_based import fit_user_knn

CONTENT_WEIGHT = 0.3


@dataclass(frozen=True)
class Hybrid:
    """Weighted sum of several rankers, each brought to a highest score of 1 a row (Burke 2002, "weighted")."""

    parts: tuple[tuple[float, Ranker], ...]

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        weighted = [_rescale(ranker.scores(rows), weight) for weight, ranker in self.parts]
        return np.asarray(np.sum(weighted, axis=0), dtype=np.float32)


def _rescale(scores: Scores, weight: float) -> Scores:
    """Scores with a highest of `weight` in each row."""
    highest = scores.max(axis=1, keepdims=True, initial=0.0)
    return np.asarray(scores * (weight / np.maximum(highest, 1e-12)), dtype=np.float32)


@dataclass(frozen=True)
class Seasonal:
    """A ranker's scores times how much more each product sells now than usual; `factor`: (products,)."""

    ranker: Ranker
    factor: Scores

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products); what scores below 0 counts as 0."""
        scores = self.ranker.scores(rows)
        np.maximum(scores, 0.0, out=scores)
        scores *= self.factor
        return scores


def fit_hybrid(data: Interactions) -> Hybrid:
    """User-based and item-based in equal parts, content a third of one where names say something."""
    parts: list[tuple[float, Ranker]] = [(1.0, fit_user_knn(data)), (1.0, fit_item_knn(data))]
    return Hybrid(
        (*parts, (CONTENT_WEIGHT, fit_content(data))) if has_descriptive_names(data) else tuple(parts)
    )


def adjust_for_season(ranker: Ranker, data: Interactions) -> Seasonal:
    """A ranker that is fitted already, for what sells now."""
    return Seasonal(ranker, season_factor(data))


def fit_hybrid_in_season(data: Interactions) -> Seasonal:
    """The hybrid, for what sells now."""
    return adjust_for_season(fit_hybrid(data), data)


def fit_ease_in_season(data: Interactions) -> Seasonal:
    """EASE, for what sells now."""
    return adjust_for_season(fit_ease(data), data)
