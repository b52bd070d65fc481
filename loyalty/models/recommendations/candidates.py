"""The candidate methods for recommendations: name, short description, and how each is fitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from loyalty.models.recommendations.content_based import fit_content, has_descriptive_names
from loyalty.models.recommendations.ensembles import fit_ease_in_season, fit_hybrid, fit_hybrid_in_season
from loyalty.models.recommendations.interactions import Interactions
from loyalty.models.recommendations.item_based import fit_ease, fit_item_knn
from loyalty.models.recommendations.popularity import fit_own_history, fit_popular, fit_recent
from loyalty.models.recommendations.ranking import Ranker
from loyalty.models.recommendations.repeat_purchase import fit_repeat_purchase
from loyalty.models.recommendations.user_based import fit_tifu_knn, fit_user_knn
from loyalty.words import N_

RECENT, REPEAT_PURCHASE, OWN_HISTORY = "popular_recent", "again", "own_history"


@dataclass(frozen=True)
class Candidate:
    """One candidate method.

    `title`, `description`: for the owner; `task`: "reference", "again" or "discover"; `fits`: whether it can be
    used on the data; `base`: name of the method that it adjusts for season, "" for none.
    """

    name: str
    title: str
    description: str
    task: str
    fit: Callable[[Interactions], Ranker]
    fits: Callable[[Interactions], bool] = field(default=lambda data: True)
    base: str = ""


CANDIDATES: tuple[Candidate, ...] = (
    Candidate("popular", N_("Popular, all time"), N_("what sold most"), "reference", fit_popular),
    Candidate(RECENT, N_("Popular of late"), N_("what sold most in the last 30 days"), "reference", fit_recent),
    Candidate(OWN_HISTORY, N_("Own history"), N_("what they bought most"), "reference", fit_own_history),
    Candidate(REPEAT_PURCHASE, N_("Buy again"), N_("their own purchases, the latest most"), "again", fit_repeat_purchase),
    Candidate("tifu_knn", "TIFU-KNN", N_("who buys the same, at the same times"), "discover", fit_tifu_knn),
    Candidate("user_based", N_("User-based"), N_("what customers alike bought"), "discover", fit_user_knn),
    Candidate("item_based", N_("Item-based"), N_("what has the same buyers"), "discover", fit_item_knn),
    Candidate("content_based", N_("Content-based"), N_("names and categories alike"), "discover", fit_content, has_descriptive_names),
    Candidate("hybrid", N_("Hybrid"), N_("the three before this together"), "discover", fit_hybrid),
    Candidate("hybrid_season", N_("Hybrid, in season"), N_("the same, for what sells now"), "discover",
           fit_hybrid_in_season, lambda data: data.dated, "hybrid"),
    Candidate("ease", "EASE", N_("what goes with all that they have"), "discover", fit_ease),
    Candidate("ease_season", N_("EASE, in season"), N_("the same, for what sells now"), "discover",
           fit_ease_in_season, lambda data: data.dated, "ease"),
)  # fmt: skip
BY_NAME: Mapping[str, Candidate] = {method.name: method for method in CANDIDATES}
