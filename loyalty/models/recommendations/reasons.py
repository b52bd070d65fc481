"""Why a product is on a customer's list, first as figures and then as a sentence."""

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
BEGINNERS = 20  # customers who began with a product, before it is said how many came back
CLEARLY = 1.1
POPULAR_SHARE = 0.2  # of the products sold of late: these count as popular
COLUMNS = [
    "customer_id", "mode", "place", "product", "score", "method", "status",
    "reason", "because", "times", "gap_days", "ago_days", "of_100",
]  # fmt: skip

#: Sentences by reason. Holes: because, times, gap, ago, share.
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
    """Add the rhythm of each customer's purchases of the product; `table`: with row and item."""
    width = len(data.products)
    wanted = table["row"].to_numpy() * width + table["item"].to_numpy()
    pair = data.buyer * width + data.item
    known = np.isin(pair, wanted)
    lines = pd.DataFrame(
        {"pair": pair[known], "day": np.floor(data.day[known]), "basket": data.basket[known]}
    )
    lines = lines.sort_values(["pair", "basket"])
    lines["gap"] = lines.groupby("pair")["day"].diff()
    lines.loc[lines["gap"] == 0, "gap"] = np.nan
    by_pair = lines.groupby("pair")
    stats = pd.DataFrame(
        {"baskets": by_pair.size(), "gap_days": by_pair["gap"].median(), "last": by_pair["day"].max()}
    )
    stats["days"] = 1 + by_pair["gap"].count()
    found = stats.reindex(wanted).reset_index(drop=True)
    times = np.where(found["last"].isna(), found["baskets"], found["days"])
    today = np.ceil(data.now) - 1.0  # the end of a day is the midnight after it
    ago = today - found["last"].to_numpy()
    reason = np.select(
        [np.isnan(ago), times >= RHYTHM_TIMES, times == 1], ["had", "rhythm", "once"], default="bought"
    )
    return _columns(table, reason, times=times, gap_days=found["gap_days"].to_numpy(), ago_days=ago)


def explain_new(given: Recommender, table: pd.DataFrame) -> pd.DataFrame:
    """Add the best reason there is for each product that is new to the customer; `table`: with row and item."""
    row, item = table["row"].to_numpy(), table["item"].to_numpy()
    method, status = table["method"].to_numpy(dtype=object), table["status"].to_numpy(dtype=object)
    back = np.where(given.began > 0, 100.0 * given.returned / np.maximum(given.began, 1), np.nan)
    brings = (given.began >= BEGINNERS) & (return_factor(given.began, given.returned) >= CLEARLY)
    with_what = _together(given, row, item)
    like = _like(given, row, item, method)
    popular = _popular(given.data)[item]
    since = first_sale_day(given.data)[item] > last_purchase_day(given.data)[row]
    reason = np.select(
        [
            np.isin(status, (NEW, ONCE)) & brings[item],
            with_what >= 0,
            like >= 0,
            since & np.isin(status, (OVERDUE, LAPSED)),
            new_products(given.data)[item],
            popular,
            method != RECENT,
        ],
        ["brings_back", "together", "like", "new_since", "new", "popular", "alike"],
        default="selling",
    )
    because = np.select([reason == "together", reason == "like"], [with_what, like], default=-1)
    shown = np.where(because >= 0, given.data.products[because], None)
    return _columns(
        table, reason, because=shown, of_100=np.where(reason == "brings_back", back[item], np.nan)
    )


def _together(given: Recommender, row: Ints, item: Ints) -> Ints:
    """The product each customer has that goes best with the item; -1 for none."""
    towards = given.pairs.lift.T.tocsr()
    return closest_owned(lambda some: towards[some], binary_matrix(given.data), row, item)


def _like(given: Recommender, row: Ints, item: Ints, method: Texts) -> Ints:
    """The product each customer has whose name is most like the item's, where names decided; -1 elsewhere."""
    found = np.full(len(item), -1, dtype=np.int64)
    by_name = np.isin(method, ("content_based", "new"))
    if given.content is not None and by_name.any():
        features = given.content.features

        def towards(some: Ints) -> sparse.csr_matrix:
            return features[some] @ features.T

        found[by_name] = closest_owned(towards, binary_matrix(given.data), row[by_name], item[by_name])
    return found


def _popular(data: Interactions) -> Floats:
    """Whether a product is among the fifth that sold best of late; False throughout without dates."""
    late = recent_counts(data)
    if not data.dated or not (late > 0).any():
        return np.zeros(len(late), dtype=bool)
    return np.asarray(late >= max(float(np.quantile(late[late > 0], 1 - POPULAR_SHARE)), 2.0))


def _columns(table: pd.DataFrame, reason: Texts, **values: Any) -> pd.DataFrame:
    """`table` with its reason and what that needs, in the order of COLUMNS."""
    blank: dict[str, Any] = {
        "because": None,
        "times": np.nan,
        "gap_days": np.nan,
        "ago_days": np.nan,
        "of_100": np.nan,
    }
    return table.assign(reason=reason, **{**blank, **values})[COLUMNS]


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
    """A usual gap."""
    return Message(N_("{days} days"), {"days": round(days)}) if days >= 1.5 else Message(N_("day"))


def _ago(days: int) -> Message:
    """How long since."""
    if days <= 0:
        return Message(N_("today"))
    return Message(N_("yesterday")) if days == 1 else Message(N_("{days} days ago"), {"days": days})
