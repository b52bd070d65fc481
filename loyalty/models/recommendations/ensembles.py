"""Ensembles of rankers: the hybrid of user-based, item-based and content-based, and rankers adjusted for season."""

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
    """Weighted sum of several rankers, each scaled to a highest score of 1 per row (Burke 2002, "weighted")."""

    parts: tuple[tuple[float, Ranker], ...]

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products)."""
        weighted = [_rescale(ranker.scores(rows), weight) for weight, ranker in self.parts]
        return np.asarray(np.sum(weighted, axis=0), dtype=np.float32)


def _rescale(scores: Scores, weight: float) -> Scores:
    """Scale each row to a highest score of `weight`."""
    highest = scores.max(axis=1, keepdims=True, initial=0.0)
    return np.asarray(scores * (weight / np.maximum(highest, 1e-12)), dtype=np.float32)


@dataclass(frozen=True)
class Seasonal:
    """A ranker's scores times how much more each product sells now than usual; `factor`: (products,)."""

    ranker: Ranker
    factor: Scores

    def scores(self, rows: Ints) -> Scores:
        """Shape (rows, products); scores below 0 count as 0."""
        scores = self.ranker.scores(rows)
        np.maximum(scores, 0.0, out=scores)
        scores *= self.factor
        return scores


def fit_hybrid(data: Interactions) -> Hybrid:
    """User-based and item-based with weight 1 each, content-based with .3 where product names are descriptive."""
    parts: list[tuple[float, Ranker]] = [(1.0, fit_user_knn(data)), (1.0, fit_item_knn(data))]
    return Hybrid(
        (*parts, (CONTENT_WEIGHT, fit_content(data))) if has_descriptive_names(data) else tuple(parts)
    )


def adjust_for_season(ranker: Ranker, data: Interactions) -> Seasonal:
    """Adjust a fitted ranker for what sells now."""
    return Seasonal(ranker, season_factor(data))


def fit_hybrid_in_season(data: Interactions) -> Seasonal:
    """The hybrid, adjusted for season."""
    return adjust_for_season(fit_hybrid(data), data)


def fit_ease_in_season(data: Interactions) -> Seasonal:
    """EASE, adjusted for season."""
    return adjust_for_season(fit_ease(data), data)
