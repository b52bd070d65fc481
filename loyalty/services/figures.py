"""The figures of an open shop that screens and commands show: facts read once, measures and models on top.

Pages cache these by data version; the command line calls them as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import ibis
import pandas as pd

from loyalty.columns import Floats
from loyalty.customers.status import CustomerStatuses, customer_statuses
from loyalty.errors import OwnerError
from loyalty.facts import baskets as basket_facts
from loyalty.facts import customers as customer_facts
from loyalty.facts import events as act_facts
from loyalty.facts import orders as order_facts
from loyalty.facts import segments as trait_facts
from loyalty.measure.acquisition_cost import Acquisition, acquisition
from loyalty.measure.clv import formula_clv
from loyalty.measure.customer_satisfaction import satisfaction_by_customer
from loyalty.measure.kpis import Kpis, kpis
from loyalty.models.segments.features import NO_EXTRAS, Extras
from loyalty.models.segments.movement import Movement, track_movement
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
    """The shop has no orders, so there are no figures."""

    template = N_("There are no sales in this shop yet. Bring in a sales export first.")


class NoSuchCustomer(OwnerError):
    """A customer id that is not among the customers."""

    template = N_("There is no customer “{customer_id}” with a purchase.")


@dataclass(frozen=True)
class Facts:
    """The frames that most figures are made of, as of one day (see `loyalty.columns`).

    `customers`: CUSTOMERS with the columns of `statuses` (see `customer_statuses`); `models`: the fitted purchase models.
    """

    as_of: dt.date
    customers: pd.DataFrame
    gaps: Floats
    activity: pd.DataFrame
    feedback: pd.DataFrame
    statuses: CustomerStatuses
    models: SnapshotModels


def last_day(con: ibis.BaseBackend) -> dt.date:
    """The last day with an order: the default day that figures are as of. Raises NoSales."""
    span = order_facts.span(con)
    if span is None:
        raise NoSales
    return span[1]


def facts(con: ibis.BaseBackend, as_of: dt.date) -> Facts:
    """Read all frames as of a day."""
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


def key_figures(
    con: ibis.BaseBackend,
    shop_facts: Facts,
    settings: Settings,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Kpis:
    """The figures of `docs/definitions.md` for a period (both ends inclusive), with the owner's margin and lifespan."""
    totals = order_facts.totals(con, shop_facts.as_of, since, until)
    figures = kpis(
        totals,
        shop_facts.customers,
        shop_facts.gaps,
        shop_facts.feedback,
        shop_facts.as_of,
        shop_facts.activity,
    )
    clv = formula_clv(
        shop_facts.customers,
        shop_facts.activity,
        shop_facts.as_of,
        lifespan_years=settings.lifespan_years or None,
        margin=settings.margin or None,
    )
    return replace(figures, formula_clv=clv, acquisition=new_customers(con, shop_facts, since, until))


def new_customers(
    con: ibis.BaseBackend, shop_facts: Facts, since: dt.date | None = None, until: dt.date | None = None
) -> Acquisition:
    """Acquisition of the new customers of a period (both ends inclusive)."""
    referrals = act_facts.referrals(con, shop_facts.as_of)
    spend = spend_until(con, shop_facts.as_of)
    return acquisition(shop_facts.customers, referrals, spend, since, until)


def spend_until(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """The SPEND frame of `loyalty.columns` up to the month of `as_of`."""
    spend = act_facts.spend(con)
    return spend[spend["month"] <= pd.Timestamp(as_of)].reset_index(drop=True)


def segmentation(
    shop_facts: Facts, method: str | None = None, k: int | None = None, extras: Extras = NO_EXTRAS
) -> Segmentation:
    """Segments of the customers, by the given method or the one that suits the shop's size."""
    return segment(shop_facts.customers, shop_facts.as_of, method=method, k=k, extras=extras)


def segment_extras(con: ibis.BaseBackend, as_of: dt.date, names: tuple[str, ...]) -> Extras:
    """Further traits to segment by, with the frames that the `names` need."""
    return Extras(
        names,
        trait_facts.category_shares(con, as_of) if "categories" in names else None,
        trait_facts.satisfaction(con, as_of) if "satisfaction" in names else None,
    )


def movement_since(
    con: ibis.BaseBackend, now: Segmentation, names: tuple[str, ...], since: dt.date
) -> Movement:
    """Who moved from segment to segment between `since` and now; both are computed in the same way."""
    earlier_customers = customer_facts.customers(con, since)
    k = now.k if now.method in WITH_K and now.k >= K_ALLOWED[0] else None
    before = segment(earlier_customers, since, now.method, k, extras=segment_extras(con, since, names))
    return track_movement(now, before, since)


def programme(shop: Shop, customers: pd.DataFrame, segment_keys: Sequence[str]) -> tuple[Programme, bool]:
    """The shop's programme and whether the owner has saved one; else a starting one fitted to the customers."""
    text = reward_store.programme_text(shop.database)
    if text is not None:
        return programme_from_json(text), True
    return starting_programme(customers, shop.settings.home_currency, segment_keys), False


def save_programme(shop: Shop, new_programme: Programme, stamp: dt.datetime) -> int:
    """Save a new version; returns its number."""
    return reward_store.save_programme(shop.database, programme_to_json(new_programme), stamp)


def all_customers(
    shop_facts: Facts,
    contacts: pd.DataFrame,
    segments: Segmentation,
    points: pd.DataFrame,
    expected: pd.DataFrame,
) -> pd.DataFrame:
    """CUSTOMERS with name, email, phone, segment (key), recency_days, tier (key), points, content (1 to 5) and answers; the
    highest spend first.

    `points`: customer_id, tier, points, as `loyalty.services.points.balances` has them.
    `expected`: the frame of `loyalty.purchase_model.customer_state.CustomerState`: its columns
    are added, empty for a shop too small.
    """
    table = shop_facts.customers.merge(contacts, how="left", on="customer_id")
    table = table.merge(
        segments.members[["customer_id", "segment", "recency_days"]], how="left", on="customer_id"
    )
    tiers = points[["customer_id", "tier", "points"]]
    for columns in (tiers, expected, satisfaction_by_customer(shop_facts.feedback)):
        table = table.merge(columns, how="left", on="customer_id")
    return table.sort_values(["revenue", "customer_id"], ascending=[False, True], ignore_index=True)


def members_of(segments: Segmentation, chosen: Collection[str]) -> pd.DataFrame:
    """customer_id and segment of everyone in the `chosen` segments (keys)."""
    members = segments.members
    return members.loc[members["segment"].isin(list(chosen)), ["customer_id", "segment"]]
