"""Segments: the shop's customers in a few named groups, by fixed bands or as they fall by themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # published without types

from loyalty.errors import OwnerError
from loyalty.models import clusters
from loyalty.models.naming import name_groups
from loyalty.models.rfm import BANDS, MIN_FOR_SCORES, bands, profiles
from loyalty.words import N_, Message

METHODS = ("kmeans", "rfm", "density")
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
    in refits, or None.
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


@dataclass(frozen=True)
class Segmentation:
    """Segments, highest share of revenue first, and who is in them.

    `method`: the one used; `k`: number of segments; `silhouette`, `stability`: see
    `loyalty.models.clusters.Clusters` (None for fixed bands). `members`: customer_id, segment (key),
    recency_days, frequency, monetary, r, f, m.
    """

    method: str
    k: int
    silhouette: float | None
    stability: float | None
    note: Message | None
    segments: tuple[Segment, ...]
    members: pd.DataFrame


def segment(
    customers: pd.DataFrame, as_of: dt.date, method: str | None = None, k: int | None = None, seed: int = 0
) -> Segmentation:
    """Put every row of a CUSTOMERS frame into one segment.

    `method`: kmeans, rfm (fixed bands; `k` is not used) or density (the curious; nor there); None: kmeans
    from 300 customers on or when `k` is given, else rfm. `k`: 2 … 10, None: chosen by the elbow within 3 …
    6. Raises `UnknownMethod`, `BadGroupCount`. No customers: no segments, and a note.
    """
    _check(method, k)
    members = profiles(customers, as_of)
    chosen = method or ("kmeans" if k is not None or len(members) >= MIN_FOR_KMEANS else "rfm")
    note = _note(len(members), method, chosen)
    if chosen == "rfm" or not len(members):
        named: Named = {key: (Message(name), Message(text), None) for key, (name, text) in BANDS.items()}
        return _result(chosen, None, None, note, members.assign(segment=bands(members)), named)
    x = clusters.features(members)
    found = _cluster(x, chosen, k, seed)
    keys, named = _named(x, found)
    if len(named) == 1:
        note = Message(N_("Only one group can be told apart so far."))
    return _result(chosen, found.silhouette, found.stability, note, members.assign(segment=keys), named)


def _check(method: str | None, k: int | None) -> None:
    if method is not None and method not in METHODS:
        raise UnknownMethod(method=method, known=", ".join(METHODS))
    if k is not None and not K_ALLOWED[0] <= k <= K_ALLOWED[1]:
        raise BadGroupCount(k=k, least=K_ALLOWED[0], most=K_ALLOWED[1])


def _cluster(x: clusters.Floats, method: str, k: int | None, seed: int) -> clusters.Clusters:
    """The groups of one method, on one thread: data this small loses more by threads that wait for each other."""
    with threadpool_limits(1, user_api="openmp"):
        if method == "density":
            return clusters.density(x, seed)
        return clusters.kmeans(x, clusters.elbow(x, seed) if k is None else k, seed)


def _named(x: clusters.Floats, found: clusters.Clusters) -> tuple[list[str], Named]:
    """The key of each customer's group, and what the groups are called."""
    labels = np.unique(found.labels).tolist()
    means = {label: x[found.labels == label].mean(axis=0) for label in labels}
    names = name_groups({label: (float(m[0]), float(m[1]), float(m[2])) for label, m in means.items()})
    named: Named = {
        key: (name, text, found.firmness[label] if found.firmness else None)
        for label, (key, name, text) in names.items()
    }
    return [names[label][0] for label in found.labels.tolist()], named


def _result(
    method: str,
    silhouette: float | None,
    stability: float | None,
    note: Message | None,
    members: pd.DataFrame,
    named: Named,
) -> Segmentation:
    """Figures of each group that has members."""
    total = float(members["monetary"].sum())
    groups = [_segment(str(key), part, total, named) for key, part in members.groupby("segment", sort=True)]
    groups.sort(key=lambda group: (-(group.share_of_revenue or 0.0), -group.customers, group.key))
    columns = ["customer_id", "segment", "recency_days", "frequency", "monetary", "r", "f", "m"]
    return Segmentation(method, len(groups), silhouette, stability, note, tuple(groups), members[columns])


def _segment(key: str, part: pd.DataFrame, total: float, named: Named) -> Segment:
    name, description, firmness = named[key]
    return Segment(
        key=key,
        name=name,
        description=description,
        customers=len(part),
        share_of_revenue=float(part["monetary"].sum()) / total if total > 0 else None,
        recency_days=float(part["recency_days"].median()),
        frequency=float(part["frequency"].mean()),
        monetary=float(part["monetary"].mean()),
        firmness=firmness,
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


def how_firm(stability: float) -> Message:
    """The stability of a segmentation in words."""
    if stability >= FIRM:
        return Message(N_("Firm: other samples of your customers give nearly the same groups."))
    if stability >= FAIR:
        return Message(N_("Fairly firm: most customers stay in their group in other samples, some change."))
    return Message(
        N_("Loose: other samples of your customers give other groups, so read them as a rough sketch.")
    )
