"""Reasons for recommended products: the figures behind each, and the sentence for the owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from loyalty.columns import Floats, Ints, Texts
from loyalty.customers.status import LAPSED, NEW, ONCE, OVERDUE
from loyalty.models.recommendations.bought_together import closest_owned
from loyalty.models.recommendations.candidates import RECENT
from loyalty.models.recommendations.interactions import Interactions, binary_matrix
from loyalty.models.recommendations.popularity import recent_counts
from loyalty.models.recommendations.product_history import (
    first_sale_day,
    last_purchase_day,
    new_products,
    return_factor,
)
from loyalty.models.recommendations.recommender import Recommender
from loyalty.words import N_, Message

RHYTHM_TIMES = 3  # days of purchase from which there is a usual gap
MIN_BEGINNERS = 20  # least customers who began with a product for "brings_back"
MIN_RETURN_FACTOR = 1.1
POPULAR_SHARE = 0.2  # share of the recently sold products that count as popular
FIGURES = ["because", "times", "gap_days", "ago_days", "of_100"]
COLUMNS = ["customer_id", "mode", "place", "product", "score", "method", "status", "reason", *FIGURES]

#: Sentences by reason. Parameters: because, times, gap, ago, share.
SENTENCES: Mapping[str, str] = {
    "rhythm": N_("Usually every {gap}, last {ago}"),
    "bought": N_("Bought {times} times, last {ago}"),
    "once": N_("Bought {ago}"),
    "had": N_("Bought before, in {times} of their orders"),
    "together": N_("People who buy {because} often take this"),
    "brings_back": N_("Of 100 who began with it, {share} came back within 90 days"),
    "alike": N_("Bought by customers who buy alike"),
    "like": N_("Much like {because}, which they have bought"),
    "popular": N_("Popular this month, and new to them"),
    "selling": N_("Sells well, and new to them"),
    "new": N_("New in the shop"),
    "new_since": N_("New since they were last here"),
}


def explain_repeat(data: Interactions, table: pd.DataFrame) -> pd.DataFrame:
    """Add the reason and figures from each customer's earlier purchases of the product; `table`: with row and item."""
    width = len(data.products)
    wanted_pairs = table["row"].to_numpy() * width + table["item"].to_numpy()
    pair = data.buyer * width + data.item
    is_wanted = np.isin(pair, wanted_pairs)
    lines = pd.DataFrame(
        {"pair": pair[is_wanted], "day": np.floor(data.day[is_wanted]), "basket": data.basket[is_wanted]}
    )
    lines = lines.sort_values(["pair", "basket"])
    lines["gap"] = lines.groupby("pair")["day"].diff()
    lines.loc[lines["gap"] == 0, "gap"] = np.nan
    by_pair = lines.groupby("pair")
    stats = pd.DataFrame(
        {"baskets": by_pair.size(), "gap_days": by_pair["gap"].median(), "last": by_pair["day"].max()}
    )
    stats["days"] = 1 + by_pair["gap"].count()
    stats_of_row = stats.reindex(wanted_pairs).reset_index(drop=True)
    times = np.where(stats_of_row["last"].isna(), stats_of_row["baskets"], stats_of_row["days"])
    today = np.ceil(data.now) - 1.0  # the end of a day is the midnight after it
    ago = today - stats_of_row["last"].to_numpy()
    reason = np.select(
        [np.isnan(ago), times >= RHYTHM_TIMES, times == 1], ["had", "rhythm", "once"], default="bought"
    )
    return _with_reason(
        table, reason, times=times, gap_days=stats_of_row["gap_days"].to_numpy(), ago_days=ago
    )


def explain_new(recommender: Recommender, table: pd.DataFrame) -> pd.DataFrame:
    """Add the first reason that applies to each product that is new to the customer; `table`: with row and item."""
    row, item = table["row"].to_numpy(), table["item"].to_numpy()
    method, status = table["method"].to_numpy(dtype=object), table["status"].to_numpy(dtype=object)
    return_share = np.where(
        recommender.began > 0, 100.0 * recommender.returned / np.maximum(recommender.began, 1), np.nan
    )
    brings_back = (recommender.began >= MIN_BEGINNERS) & (
        return_factor(recommender.began, recommender.returned) >= MIN_RETURN_FACTOR
    )
    companion = _goes_with(recommender, row, item)
    similar = _most_similar(recommender, row, item, method)
    popular = _is_popular(recommender.data)[item]
    came_later = first_sale_day(recommender.data)[item] > last_purchase_day(recommender.data)[row]
    reason = np.select(
        [
            np.isin(status, (NEW, ONCE)) & brings_back[item],
            companion >= 0,
            similar >= 0,
            came_later & np.isin(status, (OVERDUE, LAPSED)),
            new_products(recommender.data)[item],
            popular,
            method != RECENT,
        ],
        ["brings_back", "together", "like", "new_since", "new", "popular", "alike"],
        default="selling",
    )
    because = np.select([reason == "together", reason == "like"], [companion, similar], default=-1)
    because_name = np.where(because >= 0, recommender.data.products[because], None)
    return _with_reason(
        table,
        reason,
        because=because_name,
        of_100=np.where(reason == "brings_back", return_share[item], np.nan),
    )


def _goes_with(recommender: Recommender, row: Ints, item: Ints) -> Ints:
    """The customer's product with the highest lift towards each item; -1 for none."""
    lift_to = recommender.pairs.lift.T.tocsr()
    return closest_owned(lambda chunk: lift_to[chunk], binary_matrix(recommender.data), row, item)


def _most_similar(recommender: Recommender, row: Ints, item: Ints, method: Texts) -> Ints:
    """The customer's product most similar to the item by name, for methods that go by name; -1 elsewhere."""
    similar = np.full(len(item), -1, dtype=np.int64)
    named = np.isin(method, ("content_based", "new"))
    if recommender.content is not None and named.any():
        features = recommender.content.features

        def closeness_to(chunk: Ints) -> sparse.csr_matrix:
            return features[chunk] @ features.T

        similar[named] = closest_owned(closeness_to, binary_matrix(recommender.data), row[named], item[named])
    return similar


def _is_popular(data: Interactions) -> Floats:
    """Whether each product is in the top fifth of recent sales; all False without dates."""
    recent = recent_counts(data)
    if not data.dated or not (recent > 0).any():
        return np.zeros(len(recent), dtype=bool)
    return np.asarray(recent >= max(float(np.quantile(recent[recent > 0], 1 - POPULAR_SHARE)), 2.0))


def _with_reason(table: pd.DataFrame, reason: Texts, **values: Any) -> pd.DataFrame:
    """`table` with its reason and figures (missing ones empty), in the order of COLUMNS."""
    defaults: dict[str, Any] = {
        "because": None,
        "times": np.nan,
        "gap_days": np.nan,
        "ago_days": np.nan,
        "of_100": np.nan,
    }
    return table.assign(reason=reason, **{**defaults, **values})[COLUMNS]


def reason_sentence(row: Mapping[str, object]) -> Message:
    """The sentence of one row of SUGGESTIONS."""
    params: dict[str, object] = {"because": row["because"]}
    for name, column in (("times", "times"), ("share", "of_100")):
        if not _missing(row[column]):
            params[name] = round(float(str(row[column])))
    if not _missing(row["gap_days"]):
        params["gap"] = _days(float(str(row["gap_days"])))
    if not _missing(row["ago_days"]):
        params["ago"] = _ago(int(float(str(row["ago_days"]))))
    return Message(SENTENCES[str(row["reason"])], params)


def _missing(value: object) -> bool:
    return value is None or value != value


def _days(days: float) -> Message:
    """The usual gap as a message."""
    return Message(N_("{days} days"), {"days": round(days)}) if days >= 1.5 else Message(N_("day"))


def _ago(days: int) -> Message:
    """The days since the last purchase as a message."""
    if days <= 0:
        return Message(N_("today"))
    return Message(N_("yesterday")) if days == 1 else Message(N_("{days} days ago"), {"days": days})
