"""Segmentation: the shop's customers in a few named groups, by fixed RFM bands or by clustering."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # published without types

from loyalty.columns import Floats, Ints
from loyalty.errors import OwnerError
from loyalty.models.segments import clustering
from loyalty.models.segments.features import NO_EXTRAS, Extras, add_traits, trait_sentences
from loyalty.models.segments.names import name_groups
from loyalty.models.segments.rfm import BANDS, MIN_FOR_SCORES, bands, profiles
from loyalty.words import N_, Message

METHODS = ("kmeans", "rfm", "density", "dbscan", "mixture")
WITH_K = ("kmeans", "mixture")
MIN_FOR_KMEANS = 300
K_ALLOWED = (2, 10)
FIRM, FAIR = 0.85, 0.6  # least stability of groups that count as firm, as fairly firm

FIXED_NOTE = N_(
    "Fixed bands of how lately, how often and for how much people buy are used here: groups found by "
    "themselves become firm from about {enough} customers, and the number so far is {customers}."
)
TOO_FEW_NOTE = N_(
    "Customers can be told apart from about {enough} on; the number so far is {customers}, so all are in "
    "one group."
)
LOOSE_NOTE = N_(
    "Groups found by themselves become firm from about {enough} customers; the number so far is {customers}, "
    "so expect them to change from month to month."
)

Named = dict[str, tuple[Message, Message, float | None]]  # key: name, description, firmness


class UnknownMethod(OwnerError):
    """A segmentation method that does not exist."""

    template: ClassVar[str] = N_("There is no way of grouping called {method}; choose one of {known}.")


class BadGroupCount(OwnerError):
    """A number of groups outside K_ALLOWED."""

    template: ClassVar[str] = N_("The number of groups must lie between {least} and {most}; {k} was entered.")


@dataclass(frozen=True)
class Segment:
    """One group of customers with its figures.

    `name`, `description`: to be translated; `share_of_revenue`: of the net revenue of all identified customers,
    None when that is not above 0; `recency_days`: median days since the last purchase; `frequency`: mean number
    of purchases; `monetary`: mean net revenue so far; `firmness`: see
    `loyalty.models.segments.clustering.Clusters`; `traits`: sentences on the extra features.
    """

    key: str
    name: Message
    description: Message
    customers: int
    share_of_revenue: float | None
    recency_days: float
    frequency: float
    monetary: float
    firmness: float | None
    traits: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Segmentation:
    """Segments, highest share of revenue first, and their members.

    `method`: the one used; `k`: number of segments; `silhouette`, `stability`: see
    `loyalty.models.segments.clustering.Clusters` (None for fixed bands). `members`: customer_id, segment (key),
    recency_days, frequency, monetary, r, f, m, and the traits of `loyalty.models.segments.features.add_traits`.
    """

    method: str
    k: int
    silhouette: float | None
    stability: float | None
    note: Message | None
    segments: tuple[Segment, ...]
    members: pd.DataFrame


def segment(
    customers: pd.DataFrame,
    as_of: dt.date,
    method: str | None = None,
    k: int | None = None,
    seed: int = 0,
    extras: Extras = NO_EXTRAS,
) -> Segmentation:
    """Assign every row of a CUSTOMERS frame to one segment. Without customers: no segments, and a note.

    Args:
        customers: CUSTOMERS.
        as_of: the day that recency is counted to.
        method: kmeans, rfm (fixed bands; `k` and `extras` are not used), density (HDBSCAN), dbscan (neither
            takes `k`) or mixture. None: kmeans from 300 customers on or when `k` or extras are given, else rfm.
        k: number of groups, 2 … 10; None: chosen by the elbow within 3 … 6.
        seed: of the clustering.
        extras: features beside RFM. With "gap", customers who bought on one day only are a segment of their own.

    Raises:
        UnknownMethod, BadGroupCount.
    """
    _check(method, k)
    members = add_traits(profiles(customers, as_of), customers, as_of, extras)
    needs_clusters = k is not None or bool(extras.names)
    used = method or ("kmeans" if needs_clusters or len(members) >= MIN_FOR_KMEANS else "rfm")
    note = _note(len(members), method, used)
    silhouette = stability = None
    traits: tuple[str, ...] = ()
    if used == "rfm" or not len(members):
        named: Named = {key: (Message(name), Message(text), None) for key, (name, text) in BANDS.items()}
        members = members.assign(segment=bands(members))
    else:
        x, labels, clusters = _grouped(members, used, k, seed, extras.names)
        keys, named = _named(x, labels, clusters.firmness)
        members, traits = members.assign(segment=keys), extras.names
        silhouette, stability = clusters.silhouette, clusters.stability
        if len(named) == 1:
            note = Message(N_("Only one group can be told apart so far."))
    segments = _segments(members, named, traits)
    first = ["customer_id", "segment", "recency_days", "frequency", "monetary", "r", "f", "m"]
    members = members[[*first, *(name for name in members.columns if name not in first)]]
    return Segmentation(used, len(segments), silhouette, stability, note, segments, members)


def _check(method: str | None, k: int | None) -> None:
    if method is not None and method not in METHODS:
        raise UnknownMethod(method=method, known=", ".join(METHODS))
    if k is not None and not K_ALLOWED[0] <= k <= K_ALLOWED[1]:
        raise BadGroupCount(k=k, least=K_ALLOWED[0], most=K_ALLOWED[1])


def _grouped(
    members: pd.DataFrame, method: str, k: int | None, seed: int, extras: tuple[str, ...]
) -> tuple[Floats, Ints, clustering.Clusters]:
    """The standardised RFM features (customers, 3), a label for each customer, and the clusters.

    With the extra "gap", customers without one are not clustered: label -2.
    """
    x = clustering.features(members)
    has_gap = np.ones(len(members), dtype=bool)
    if "gap" in extras and "gap_days" in members.columns:
        has_gap = members["gap_days"].notna().to_numpy()
    labels = np.full(len(members), -2, dtype=np.int64)
    k_left = None if k is None else max(k - int(not has_gap.all()), 1)
    clusters = _cluster(clustering.features(members[has_gap], extras), method, k_left, seed)
    labels[has_gap] = clusters.labels
    return x, labels, clusters


def _cluster(x: Floats, method: str, k: int | None, seed: int) -> clustering.Clusters:
    """Clusters by one method, on one thread: on data this small, threads cost more than they save."""
    with threadpool_limits(1, user_api="openmp"), threadpool_limits(1, user_api="blas"):
        if not len(x):
            return clustering.Clusters(np.zeros(0, dtype=np.int64), None, None, None)
        if method == "density":
            return clustering.density(x, seed)
        if method == "dbscan":
            return clustering.dbscan(x, seed)
        if method == "mixture":
            return clustering.mixture(x, k, seed)
        return clustering.kmeans(x, clustering.elbow(x, seed) if k is None else k, seed)


def _named(x: Floats, labels: Ints, firmness: tuple[float, ...] | None) -> tuple[list[str], Named]:
    """The key of each customer's group, and the groups by key."""
    means = {label: x[labels == label].mean(axis=0) for label in np.unique(labels).tolist()}
    names = name_groups({label: (float(m[0]), float(m[1]), float(m[2])) for label, m in means.items()})
    named: Named = {
        key: (name, text, firmness[label] if firmness and label >= 0 else None)
        for label, (key, name, text) in names.items()
    }
    return [names[label][0] for label in labels.tolist()], named


def _segments(members: pd.DataFrame, named: Named, traits: tuple[str, ...]) -> tuple[Segment, ...]:
    """The segments that have members, highest share of revenue first."""
    total = float(members["monetary"].sum())
    segments = []
    for key, part in members.groupby("segment", sort=True):
        name, description, firmness = named[str(key)]
        segments.append(
            Segment(
                key=str(key),
                name=name,
                description=description,
                customers=len(part),
                share_of_revenue=float(part["monetary"].sum()) / total if total > 0 else None,
                recency_days=float(part["recency_days"].median()),
                frequency=float(part["frequency"].mean()),
                monetary=float(part["monetary"].mean()),
                firmness=firmness,
                traits=trait_sentences(part, members, traits),
            )
        )
    segments.sort(key=lambda one: (-(one.share_of_revenue or 0.0), -one.customers, one.key))
    return tuple(segments)


def _note(customers: int, method: str | None, used: str) -> Message | None:
    """Why `used` was the method, or how far its groups can be trusted."""
    if not customers:
        return Message(N_("There are no identified customers yet, so there is nobody to group."))
    if customers >= MIN_FOR_KMEANS:
        return None
    params = {"customers": customers, "enough": MIN_FOR_KMEANS}
    if used == "rfm":
        if customers < MIN_FOR_SCORES:
            return Message(TOO_FEW_NOTE, {"customers": customers, "enough": MIN_FOR_SCORES})
        return None if method == "rfm" else Message(FIXED_NOTE, params)
    return Message(LOOSE_NOTE, params)


def stability_sentence(stability: float) -> Message:
    """The sentence on the stability of a segmentation."""
    if stability >= FIRM:
        return Message(N_("Firm: other samples of your customers give nearly the same groups."))
    if stability >= FAIR:
        return Message(N_("Fairly firm: most customers stay in their group in other samples, some change."))
    return Message(
        N_("Loose: other samples of your customers give other groups, so read them as a rough sketch.")
    )


def firmness_label(firmness: float) -> Message:
    """The label of one group's firmness: from .85 on firm, from .6 on fairly firm (Hennig 2007)."""
    if firmness >= FIRM:
        return Message(N_("firm"))
    return Message(N_("fairly firm")) if firmness >= FAIR else Message(N_("loose"))
