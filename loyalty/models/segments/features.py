"""What groups may be made of besides recency, frequency and money: tenure, gap, what is bought, satisfaction."""

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
    """A thing to group by that does not exist."""

    template: ClassVar[str] = N_("Customers cannot be grouped by {trait}; choose among {known}.")


@dataclass(frozen=True)
class Extras:
    """What to group by besides the three: `names` out of TRAITS, and the frames that two of them need.

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
    """`members` (of `loyalty.models.segments.rfm.profiles`, row by row those of CUSTOMERS) with a column for each trait.

    order_value: revenue a purchase; where CUSTOMERS tell it tenure_days, from the first purchase to `as_of`,
    and gap_days, the mean between purchase days (NaN for one day); satisfaction (NaN: never asked) and, of the
    categories most bought, `share of …`, where `extras` ask for them.
    """
    found = members.assign(order_value=members["monetary"] / members["frequency"].clip(lower=1))
    if {"first_at", "days"} <= set(customers.columns):
        first, last = (customers[name].dt.normalize() for name in ("first_at", "last_at"))
        between = (last - first).dt.days.to_numpy(dtype=np.float64)
        days = customers["days"].to_numpy(dtype=np.float64)
        gap = np.where(days > 1, between / np.maximum(days - 1, 1), np.nan)
        tenure = (pd.Timestamp(as_of) - first).dt.days.clip(lower=0).to_numpy(dtype=np.float64)
        found = found.assign(tenure_days=tenure, gap_days=gap)
    if "satisfaction" in extras.names and extras.satisfaction is not None:
        score = extras.satisfaction.set_index("customer_id")["satisfaction"]
        found = found.assign(satisfaction=members["customer_id"].map(score).to_numpy(dtype=np.float64))
    if "categories" in extras.names and extras.shares is not None:
        found = pd.concat([found, _shares(members, extras.shares)], axis=1)
    return found


def _shares(members: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """A column for each of the categories that make up most, 0 for those who bought none of it."""
    largest = shares.groupby("category")["share"].sum().nlargest(MOST_CATEGORIES).index
    wide = shares.pivot_table(index="customer_id", columns="category", values="share", fill_value=0.0)
    wide = wide.reindex(index=members["customer_id"], columns=largest, fill_value=0.0)
    return wide.set_axis([f"share of {name}" for name in largest], axis=1).set_axis(members.index)


def extra_features(members: pd.DataFrame, names: tuple[str, ...]) -> list[Floats]:
    """The traits as columns beside the three, standardised; each trait weighs as much as one of the three.

    Days on a log scale; unknown values stand in the middle; shares of several categories share one weight.
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
    """Mean 0 and standard deviation 1 over what is known; 0 where it is not, or where all are alike."""
    known = values[np.isfinite(values)]
    if not len(known) or known.std() < 1e-9:
        return np.zeros(len(values))
    return np.asarray(np.where(np.isfinite(values), (values - known.mean()) / known.std(), 0.0))


def trait_sentences(
    part: pd.DataFrame, everybody: pd.DataFrame, names: tuple[str, ...]
) -> tuple[Message, ...]:
    """What is typical of the members in `part` beside all of them, for each trait asked for."""
    said: list[Message] = []
    if "tenure" in names and "tenure_days" in part.columns:
        said.append(
            Message(
                N_("First bought {days} days ago (median)."), {"days": round(part["tenure_days"].median())}
            )
        )
    if "gap" in names and "gap_days" in part.columns and part["gap_days"].notna().any():
        days = round(part["gap_days"].median())
        said.append(Message(N_("Usually {days} days from one purchase to the next."), {"days": days}))
    shares = [column for column in part.columns if column.startswith("share of ")]
    if "categories" in names and shares:
        said.append(_favourite(part[shares].mean(), everybody[shares].mean()))
    if "satisfaction" in names and "satisfaction" in part.columns:
        known = part["satisfaction"].dropna()
        params = {"score": round(100 * known.mean()) if len(known) else 0, "asked": len(known)}
        said.append(Message(N_("Satisfaction {score} of 100, from {asked} who were asked."), params))
    return tuple(said)


def _favourite(own: pd.Series, overall: pd.Series) -> Message:
    """The category that a group buys most beyond the others."""
    name = str((own - overall).idxmax())
    params = {
        "category": name.removeprefix("share of "),
        "share": round(100 * float(own[name])),
        "overall": round(100 * float(overall[name])),
    }
    return Message(N_("{category} is {share}% of what they buy; overall it is {overall}%."), params)
