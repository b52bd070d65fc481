"""Extra segmentation features beside RFM: tenure, purchase gap, category shares, satisfaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from loyalty.columns import Floats
from loyalty.errors import OwnerError
from loyalty.words import N_, Message

TRAITS = ("tenure", "gap", "categories", "satisfaction")
MOST_CATEGORIES = 8


class UnknownTrait(OwnerError):
    """A feature to group by that does not exist."""

    template: ClassVar[str] = N_("Customers cannot be grouped by {trait}; choose among {known}.")


@dataclass(frozen=True)
class Extras:
    """Extra features to group by: `names` out of TRAITS, and the frames that two of them need.

    `shares`: customer_id, category, share; `satisfaction`: customer_id, satisfaction in [0, 1] (see
    `loyalty.facts.segments`). Raises `UnknownTrait`.
    """

    names: tuple[str, ...] = ()
    shares: pd.DataFrame | None = None
    satisfaction: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        for name in self.names:
            if name not in TRAITS:
                raise UnknownTrait(trait=name, known=", ".join(TRAITS))


NO_EXTRAS = Extras()


def add_traits(
    members: pd.DataFrame, customers: pd.DataFrame, as_of: dt.date, extras: Extras
) -> pd.DataFrame:
    """Add a column for each trait to `members`.

    order_value: revenue per purchase. tenure_days (from the first purchase to `as_of`) and gap_days (mean days
    between purchase days, NaN for a single day): where `customers` has first_at and days. satisfaction (NaN:
    never asked) and `share of …` for the categories most bought: where `extras` asks for them.

    Args:
        members: of `loyalty.models.segments.rfm.profiles`.
        customers: CUSTOMERS, in the same order of rows.
        as_of: the day that tenure is counted to.
        extras: the features to add.
    """
    traits = members.assign(order_value=members["monetary"] / members["frequency"].clip(lower=1))
    if {"first_at", "days"} <= set(customers.columns):
        first, last = (customers[name].dt.normalize() for name in ("first_at", "last_at"))
        between = (last - first).dt.days.to_numpy(dtype=np.float64)
        days = customers["days"].to_numpy(dtype=np.float64)
        gap = np.where(days > 1, between / np.maximum(days - 1, 1), np.nan)
        tenure = (pd.Timestamp(as_of) - first).dt.days.clip(lower=0).to_numpy(dtype=np.float64)
        traits = traits.assign(tenure_days=tenure, gap_days=gap)
    if "satisfaction" in extras.names and extras.satisfaction is not None:
        score = extras.satisfaction.set_index("customer_id")["satisfaction"]
        traits = traits.assign(satisfaction=members["customer_id"].map(score).to_numpy(dtype=np.float64))
    if "categories" in extras.names and extras.shares is not None:
        traits = pd.concat([traits, _category_shares(members, extras.shares)], axis=1)
    return traits


def _category_shares(members: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """A column for each of the largest categories, 0 for customers who bought none of it."""
    largest = shares.groupby("category")["share"].sum().nlargest(MOST_CATEGORIES).index
    wide = shares.pivot_table(index="customer_id", columns="category", values="share", fill_value=0.0)
    wide = wide.reindex(index=members["customer_id"], columns=largest, fill_value=0.0)
    return wide.set_axis([f"share of {name}" for name in largest], axis=1).set_axis(members.index)


def extra_features(members: pd.DataFrame, names: tuple[str, ...]) -> list[Floats]:
    """Standardised columns of the traits; each trait weighs as much as one of the three RFM columns.

    Days are on a log scale; missing values become the mean; the category columns share one weight.
    """
    columns: list[Floats] = []
    for name, column in (("tenure", "tenure_days"), ("gap", "gap_days"), ("satisfaction", "satisfaction")):
        if name in names and column in members.columns:
            values = members[column].to_numpy(dtype=np.float64)
            columns.append(standardise(values if name == "satisfaction" else np.log1p(values)))
    shares = [column for column in members.columns if column.startswith("share of ")]
    if "categories" in names and shares:
        weight = 1 / np.sqrt(len(shares))
        columns += [standardise(members[column].to_numpy(dtype=np.float64)) * weight for column in shares]
    return columns


def standardise(values: Floats) -> Floats:
    """Scale the finite values to mean 0 and standard deviation 1; missing or constant values become 0."""
    finite = values[np.isfinite(values)]
    if not len(finite) or finite.std() < 1e-9:
        return np.zeros(len(values))
    return np.asarray(np.where(np.isfinite(values), (values - finite.mean()) / finite.std(), 0.0))


def trait_sentences(
    part: pd.DataFrame, everybody: pd.DataFrame, names: tuple[str, ...]
) -> tuple[Message, ...]:
    """Sentences on each trait in `names`: how the members in `part` compare with all of them."""
    sentences: list[Message] = []
    if "tenure" in names and "tenure_days" in part.columns:
        sentences.append(
            Message(
                N_("First bought {days} days ago (median)."), {"days": round(part["tenure_days"].median())}
            )
        )
    if "gap" in names and "gap_days" in part.columns and part["gap_days"].notna().any():
        days = round(part["gap_days"].median())
        sentences.append(Message(N_("Usually {days} days from one purchase to the next."), {"days": days}))
    shares = [column for column in part.columns if column.startswith("share of ")]
    if "categories" in names and shares:
        sentences.append(_favourite_category(part[shares].mean(), everybody[shares].mean()))
    if "satisfaction" in names and "satisfaction" in part.columns:
        scores = part["satisfaction"].dropna()
        params = {"score": round(100 * scores.mean()) if len(scores) else 0, "asked": len(scores)}
        sentences.append(Message(N_("Satisfaction {score} of 100, from {asked} who were asked."), params))
    return tuple(sentences)


def _favourite_category(group: pd.Series, shop: pd.Series) -> Message:
    """The category whose share is furthest above the shop's."""
    name = str((group - shop).idxmax())
    params = {
        "category": name.removeprefix("share of "),
        "share": round(100 * float(group[name])),
        "overall": round(100 * float(shop[name])),
    }
    return Message(N_("{category} is {share}% of what they buy; overall it is {overall}%."), params)
