"""From an open shop to the figures that screens and commands show: facts asked once, measures and models on top.

Pages cache these by data version; the command line calls them as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import ibis
import numpy as np
import pandas as pd

from loyalty.columns import Floats
from loyalty.customers.status import CustomerStatuses, came_back_by_status, customer_statuses
from loyalty.errors import OwnerError
from loyalty.facts import baskets as basket_facts
from loyalty.facts import customers as customer_facts
from loyalty.facts import events as act_facts
from loyalty.facts import orders as order_facts
from loyalty.facts import segments as trait_facts
from loyalty.measure.acquisition_cost import Acquisition, acquisition
from loyalty.measure.clv import formula_clv
from loyalty.measure.customer_satisfaction import content_by_customer
from loyalty.measure.kpis import Kpis, kpis
from loyalty.models.segments.features import NO_EXTRAS, Extras
from loyalty.models.segments.movement import Movement, movement
from loyalty.models.segments.segmentation import K_ALLOWED, WITH_K, Segmentation, segment
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.programme_file import programme_from_json, programme_to_json
from loyalty.rewards.programme.starting_programme import starting_programme
from loyalty.services.purchase_model import SnapshotModels, snapshot_models
from loyalty.shop.settings import Settings
from loyalty.shop.shop import Shop
from loyalty.store import rewards as reward_store
from loyalty.words import N_


class NoSales(OwnerError):
    """A figure was asked of a shop without any order."""

    template = N_("There are no sales in this shop yet. Bring in a sales export first.")


class NoSuchCustomer(OwnerError):
    """A customer id that is not among the customers."""

    template = N_("There is no customer “{customer_id}” with a purchase.")


@dataclass(frozen=True)
class Facts:
    """The frames that most figures are made of, as of one day (see `loyalty.columns`).

    `customers`: CUSTOMERS with the columns of `statuses` (where each customer stands); `models`: what is predicted from.
    """

    as_of: dt.date
    customers: pd.DataFrame
    gaps: Floats
    activity: pd.DataFrame
    feedback: pd.DataFrame
    statuses: CustomerStatuses
    models: SnapshotModels


def last_day(con: ibis.BaseBackend) -> dt.date:
    """The last day with an order: the day that figures are as of, unless another is asked for. Raises NoSales."""
    span = order_facts.span(con)
    if span is None:
        raise NoSales
    return span[1]


def facts(con: ibis.BaseBackend, as_of: dt.date) -> Facts:
    """All frames at once."""
    customers = customer_facts.customers(con, as_of)
    models = snapshot_models(con, as_of)
    statuses = customer_statuses(models.days, as_of, customers["customer_id"], models.history)
    return Facts(
        as_of=as_of,
        customers=customers.merge(statuses.customers, on="customer_id"),
        gaps=customer_facts.gaps(con, as_of),
        activity=customer_facts.activity(con, as_of),
        feedback=basket_facts.feedback(con, as_of),
        statuses=statuses,
        models=models,
    )


def came_back(facts: Facts) -> list[dict[Any, Any]]:
    """How many customers of each status 90 days earlier bought again since: status, customers, came_back."""
    return came_back_by_status(facts.models.days, facts.as_of).to_dict("records")


def key_figures(
    con: ibis.BaseBackend,
    known: Facts,
    settings: Settings,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Kpis:
    """The figures of `docs/definitions.md` for a period (both ends inclusive), with the owner's margin and lifespan."""
    totals = order_facts.totals(con, known.as_of, since, until)
    found = kpis(totals, known.customers, known.gaps, known.feedback, known.as_of, known.activity)
    clv = formula_clv(
        known.customers,
        known.activity,
        known.as_of,
        lifespan_years=settings.lifespan_years or None,
        margin=settings.margin or None,
    )
    return replace(found, formula_clv=clv, acquisition=new_customers(con, known, since, until))


def new_customers(
    con: ibis.BaseBackend, known: Facts, since: dt.date | None = None, until: dt.date | None = None
) -> Acquisition:
    """How new customers of a period (both ends inclusive) came, and what they cost."""
    told = act_facts.referrals(con, known.as_of)
    spent = spend_until(con, known.as_of)
    return acquisition(known.customers, told, spent, since, until)


def spend_until(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The SPEND frame of `loyalty.columns` up to the month of `as_of`."""
    spent = act_facts.spend(con)
    return spent[spent["month"] <= pd.Timestamp(as_of)].reset_index(drop=True)


def segmentation(
    known: Facts, method: str | None = None, k: int | None = None, extras: Extras = NO_EXTRAS
) -> Segmentation:
    """Segments of the customers, by the method asked for or the one that suits the shop's size."""
    return segment(known.customers, known.as_of, method=method, k=k, extras=extras)


def extras_of(con: ibis.BaseBackend, as_of: dt.date, names: tuple[str, ...]) -> Extras:
    """What segments may be made of besides, with the frames that the `names` need."""
    return Extras(
        names,
        trait_facts.category_shares(con, as_of) if "categories" in names else None,
        trait_facts.satisfaction(con, as_of) if "satisfaction" in names else None,
    )


def movement_since(
    con: ibis.BaseBackend, now: Segmentation, names: tuple[str, ...], since: dt.date
) -> Movement:
    """Who moved from segment to segment between `since` and now; the earlier ones are made in the same way."""
    known = customer_facts.customers(con, since)
    k = now.k if now.method in WITH_K and now.k >= K_ALLOWED[0] else None
    before = segment(known, since, now.method, k, extras=extras_of(con, since, names))
    return movement(now, before, since)


def programme(shop: Shop, customers: pd.DataFrame, segment_keys: Sequence[str]) -> tuple[Programme, bool]:
    """The shop's programme and whether the owner has saved one; else a first one fitted to the customers."""
    text = reward_store.programme_text(shop.database)
    if text is not None:
        return programme_from_json(text), True
    return starting_programme(customers, shop.settings.home_currency, segment_keys), False


def save_programme(shop: Shop, wanted: Programme, stamp: dt.datetime) -> int:
    """Keep a new version; returns its number."""
    return reward_store.save_programme(shop.database, programme_to_json(wanted), stamp)


def all_customers(
    known: Facts, contacts: pd.DataFrame, segments: Segmentation, points: pd.DataFrame, expected: pd.DataFrame
) -> pd.DataFrame:
    """CUSTOMERS with name, email, phone, segment (key), recency_days, tier (key), points, content (1 to 5) and answers; the
    highest spend first.

    `points`: customer_id, tier, points, as `loyalty.services.points.balances` has them.
    `expected`: the frame of `loyalty.purchase_model.customer_state.CustomerState`: its columns are there too, empty for a shop too small.
    """
    found = known.customers.merge(contacts, how="left", on="customer_id")
    found = found.merge(
        segments.members[["customer_id", "segment", "recency_days"]], how="left", on="customer_id"
    )
    held = points[["customer_id", "tier", "points"]]
    for more in (held, expected, content_by_customer(known.feedback)):
        found = found.merge(more, how="left", on="customer_id")
    return found.sort_values(["revenue", "customer_id"], ascending=[False, True], ignore_index=True)


def members_of(segments: Segmentation, chosen: Collection[str]) -> pd.DataFrame:
    """customer_id and segment of everyone in the `chosen` segments (keys)."""
    members = segments.members
    return members.loc[members["segment"].isin(list(chosen)), ["customer_id", "segment"]]


def plain(value: object) -> object:
    """A value as JSON holds it: Decimal and NumPy numbers as numbers, dates in ISO, NaN as None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, dt.datetime | dt.date):
        return None if pd.isna(value) else value.isoformat()
    return None if isinstance(value, float) and not np.isfinite(value) else value
