"""Segments: the shop's customers in a few named groups, by fixed bands or as they fall by themselves."""

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
FIRM, FAIR = 0.85, 0.6  # stability from which groups count as firm, as fairly firm

Named = dict[str, tuple[Message, Message, float | None]]  # key: name, description, firmness


class UnknownMethod(OwnerError):
    """A way of grouping that does not exist."""

    template: ClassVar[str] = N_("There is no way of grouping called {method}; choose one of {known}.")


class BadGroupCount(OwnerError):
    """A number of groups that makes no sense."""

    template: ClassVar[str] = N_("The number of groups must lie between {least} and {most}; {k} was entered.")


@dataclass(frozen=True)
class Segment:
    """One group: median days since the last purchase, mean number of purchases, mean net revenue so far.

    `name`, `description`: sentences to be said in the reader's language; `share_of_revenue`: of what all
    identified customers brought, None when that is not above 0; `firmness`: share of the group found again
    in refits, or None; `traits`: what is typical of it, of the extras that were asked for.
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
    """Segments, highest share of revenue first, and who is in them.

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
    """Put every row of a CUSTOMERS frame into one segment.

    `method`: kmeans, rfm (fixed bands; `k` and `extras` are not used), or for the curious density (HDBSCAN),
    dbscan (neither takes `k`) or mixture; None: kmeans from 300 customers on or when `k` or extras are given,
    else rfm. `k`: 2 … 10, None: chosen by the elbow within 3 … 6. `extras`: what to group by besides; with
    "gap" those who bought on one day only have none, so they are a segment of their own. Raises
    `UnknownMethod`, `BadGroupCount`. No customers: no segments, and a note.
    """
    _check(method, k)
    members = add_traits(profiles(customers, as_of), customers, as_of, extras)
    asked = k is not None or bool(extras.names)
    chosen = method or ("kmeans" if asked or len(members) >= MIN_FOR_KMEANS else "rfm")
    note = _note(len(members), method, chosen)
    if chosen == "rfm" or not len(members):
        named: Named = {key: (Message(name), Message(text), None) for key, (name, text) in BANDS.items()}
        return _result((chosen, None, None, note), members.assign(segment=bands(members)), named, ())
    x, labels, found = _grouped(members, chosen, k, seed, extras.names)
    keys, named = _named(x, labels, found.firmness)
    if len(named) == 1:
        note = Message(N_("Only one group can be told apart so far."))
    how = (chosen, found.silhouette, found.stability, note)
    return _result(how, members.assign(segment=keys), named, extras.names)


def _check(method: str | None, k: int | None) -> None:
    if method is not None and method not in METHODS:
        raise UnknownMethod(method=method, known=", ".join(METHODS))
    if k is not None and not K_ALLOWED[0] <= k <= K_ALLOWED[1]:
        raise BadGroupCount(k=k, least=K_ALLOWED[0], most=K_ALLOWED[1])


def _grouped(
    members: pd.DataFrame, method: str, k: int | None, seed: int, extras: tuple[str, ...]
) -> tuple[Floats, Ints, clustering.Clusters]:
    """The three standardised figures of everybody, a label each, and the groups of those who are not set apart."""
    x = clustering.features(members)
    again = np.ones(len(members), dtype=bool)
    if "gap" in extras and "gap_days" in members.columns:
        again = members["gap_days"].notna().to_numpy()
    labels = np.full(len(members), -2, dtype=np.int64)
    left = None if k is None else max(k - int(not again.all()), 1)
    found = _cluster(clustering.features(members[again], extras), method, left, seed)
    labels[again] = found.labels
    return x, labels, found


def _cluster(x: Floats, method: str, k: int | None, seed: int) -> clustering.Clusters:
    """The groups of one method, on one thread: data this small loses more by threads that wait for each other."""
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
    """The key of each customer's group, and what the groups are called."""
    means = {label: x[labels == label].mean(axis=0) for label in np.unique(labels).tolist()}
    names = name_groups({label: (float(m[0]), float(m[1]), float(m[2])) for label, m in means.items()})
    named: Named = {
        key: (name, text, firmness[label] if firmness and label >= 0 else None)
        for label, (key, name, text) in names.items()
    }
    return [names[label][0] for label in labels.tolist()], named


def _result(
    how: tuple[str, float | None, float | None, Message | None],
    members: pd.DataFrame,
    named: Named,
    extras: tuple[str, ...],
) -> Segmentation:
    """Figures of each group that has members; `how`: method, silhouette, stability, note."""
    total = float(members["monetary"].sum())
    groups = []
    for key, part in members.groupby("segment", sort=True):
        name, description, firmness = named[str(key)]
        figures = _figures(part, total)
        said = trait_sentences(part, members, extras)
        groups.append(Segment(str(key), name, description, *figures, firmness=firmness, traits=said))
    groups.sort(key=lambda group: (-(group.share_of_revenue or 0.0), -group.customers, group.key))
    first = ["customer_id", "segment", "recency_days", "frequency", "monetary", "r", "f", "m"]
    rest = [name for name in members.columns if name not in first]
    method, silhouette, stability, note = how
    return Segmentation(
        method, len(groups), silhouette, stability, note, tuple(groups), members[[*first, *rest]]
    )


def _figures(part: pd.DataFrame, total: float) -> tuple[int, float | None, float, float, float]:
    """customers, share_of_revenue, recency_days, frequency and monetary of one group."""
    return (
        len(part),
        float(part["monetary"].sum()) / total if total > 0 else None,
        float(part["recency_days"].median()),
        float(part["frequency"].mean()),
        float(part["monetary"].mean()),
    )


def _note(customers: int, method: str | None, chosen: str) -> Message | None:
    """Why this method, or how far to trust it."""
    if not customers:
        return Message(N_("There are no identified customers yet, so there is nobody to group."))
    if customers >= MIN_FOR_KMEANS:
        return None
    params = {"customers": customers, "enough": MIN_FOR_KMEANS}
    if chosen == "rfm":
        if customers < MIN_FOR_SCORES:
            return Message(TOO_FEW_NOTE, {"customers": customers, "enough": MIN_FOR_SCORES})
        return None if method == "rfm" else Message(FIXED_NOTE, params)
    return Message(LOOSE_NOTE, params)


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


def stability_sentence(stability: float) -> Message:
    """The stability of a segmentation in words."""
    if stability >= FIRM:
        return Message(N_("Firm: other samples of your customers give nearly the same groups."))
    if stability >= FAIR:
        return Message(N_("Fairly firm: most customers stay in their group in other samples, some change."))
    return Message(
        N_("Loose: other samples of your customers give other groups, so read them as a rough sketch.")
    )


def firmness_label(firmness: float) -> Message:
    """How firm one group is, in a word; from .85 on firm, from .6 on fairly firm (Hennig 2007)."""
    if firmness >= FIRM:
        return Message(N_("firm"))
    return Message(N_("fairly firm")) if firmness >= FAIR else Message(N_("loose"))
