"""Recipients and results of the campaigns of an open shop, and the whole programme before and after its start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd

from loyalty.campaigns.before_after import (
    InterruptedSeries,
    MatchedComparison,
    compare_matched,
    interrupted_series,
)
from loyalty.campaigns.errors import AlreadyOver, NoSuchCampaign
from loyalty.campaigns.messages import fill_template
from loyalty.campaigns.plan import EMAIL, HELD, SMS, WECHAT, Plan, from_json
from loyalty.campaigns.reachable import find_reachable
from loyalty.campaigns.results import CampaignResult, Terms, current_look, measure_campaign, redeemed_orders
from loyalty.campaigns.sentences import offer_text
from loyalty.campaigns.uplift import Qini, features, held_out_qini, uplift_scores
from loyalty.columns import Floats
from loyalty.facts import campaigns as campaign_facts
from loyalty.facts import customers as customer_facts
from loyalty.facts import events as act_facts
from loyalty.services.audiences import THANKS, PreparedAudience
from loyalty.shop.settings import Settings
from loyalty.store import campaigns as campaign_store
from loyalty.store import rewards as reward_store
from loyalty.store.campaigns import CampaignRecord
from loyalty.store.database import Database
from loyalty.words import N_, Message, Words

ONE_DAY = dt.timedelta(days=1)


def campaign(database: Database, campaign_id: int) -> CampaignRecord:
    """One campaign. Raises NoSuchCampaign."""
    for record in campaign_store.campaigns(database):
        if record.campaign_id == campaign_id:
            return record
    raise NoSuchCampaign(campaign_id=campaign_id)


def require_active(record: CampaignRecord) -> CampaignRecord:
    """The campaign itself, unless it was cancelled. Raises AlreadyOver."""
    if record.cancelled_on is not None:
        raise AlreadyOver(name=record.name)
    return record


def recipients(
    database: Database,
    con: ibis.BaseBackend,
    record: CampaignRecord,
    words: Words,
    segment_names: Mapping[str, str],
    shop_name: str = "",
) -> pd.DataFrame:
    """LETTERS of `loyalty.exports.campaign_files` as of now, without customers who opted out since (they still count
    in the result). Only addresses that may be used for this medium are filled. Raises AlreadyOver."""
    plan = from_json(require_active(record).plan)
    assigned = campaign_facts.assignments(con, record.campaign_id)
    sent = assigned[(assigned["arm"] != HELD) & assigned["customer_id"].notna()]
    contacts = customer_facts.contacts(con)
    reachable = find_reachable(sent, plan.medium, act_facts.consents(con), contacts)
    coupons = reward_store.coupon_list(database, record.list_id).drop(
        columns=["customer_id", "segment", "reason"]
    )
    rows = reachable.people.merge(coupons, on="code").merge(contacts, how="left", on="customer_id")
    profiles = {
        "birthday": dict(customer_facts.birthdays(con).itertuples(index=False)),
        "tags": campaign_facts.tags(con),
    }
    rows = rows.assign(**{name: rows["customer_id"].map(values) for name, values in profiles.items()})
    texts = ("name", "email", "phone", "birthday", "tags", "product", "reason", "segment")
    rows = rows.assign(**{name: rows[name].astype("object").where(rows[name].notna(), "") for name in texts})
    for column, media in (("email", (EMAIL,)), ("phone", (SMS, WECHAT))):
        if plan.medium not in media:
            rows[column] = ""
    rows["segment"] = [segment_names.get(key, key) for key in rows["segment"]]
    rows["offer"] = [offer_text(plan.offer_of(arm), plan.currency, words) for arm in rows["arm"]]
    rows["message"] = [_message(plan, row, shop_name, words) for row in rows.to_dict("records")]
    return rows


def _message(plan: Plan, row: Mapping[Hashable, object], shop_name: str, words: Words) -> str:
    """The text for one person."""
    expires_on = row["expires_on"]
    fields = {name: str(row[name]) for name in ("name", "product", "reason", "offer", "code")}
    day = words.date(expires_on) if isinstance(expires_on, dt.date) else ""
    return fill_template(plan.message, {**fields, "until": day, "shop": shop_name})


def campaign_result(
    con: ibis.BaseBackend, record: CampaignRecord, as_of: dt.date, settings: Settings
) -> CampaignResult:
    """What a campaign brought, at the interim look reached by `as_of`, the last day of the data."""
    plan = from_json(record.plan)
    look = current_look(plan, record.starts_on, as_of)
    assigned = campaign_facts.assignments(con, record.campaign_id)
    terms = Terms(record.starts_on, as_of, settings.margin or 1.0, bool(settings.margin), plan.seed)
    bought = campaign_facts.purchases(con, as_of, record.starts_on, look.until)
    before = campaign_facts.spent_before(con, record.starts_on)
    redemptions = redeemed_orders(
        campaign_facts.orders_with_codes(con, as_of, record.starts_on), assigned, plan
    )
    return measure_campaign(plan, terms, assigned, bought, before, redemptions)


@dataclass(frozen=True)
class WholeProgramme:
    """The shop before and after the programme began; without a control group, so no proof."""

    start: dt.date
    series: InterruptedSeries | None
    people: MatchedComparison | None


def whole_programme(con: ibis.BaseBackend, start: dt.date, as_of: dt.date) -> WholeProgramme:
    """The shop's weeks around `start`, and contacted customers matched with similar ones who never were."""
    series = interrupted_series(campaign_facts.weeks(con, as_of), pd.Timestamp(start))
    customers = customer_facts.customers(con, start - ONE_DAY)
    if customers.empty:
        return WholeProgramme(start, series, None)
    before = customers.assign(silent=(pd.Timestamp(start) - customers["last_at"]).dt.days)
    since = campaign_facts.purchases(con, as_of, start, as_of).set_index("customer_id")["revenue"]
    assigned = campaign_facts.assigned_customers(con)
    was_contacted = customers["customer_id"].isin(set(assigned.loc[assigned["arm"] != HELD, "customer_id"]))
    after = customers["customer_id"].map(since).fillna(0.0)
    features = before[["orders", "revenue", "revenue_365", "silent"]]
    return WholeProgramme(
        start, series, compare_matched(features, after, was_contacted, seed=start.toordinal())
    )


def programme_start(database: Database) -> dt.date | None:
    """The day of the first saved programme or of the first campaign, whichever came first."""
    days = [record.starts_on for record in campaign_store.campaigns(database) if record.cancelled_on is None]
    first = reward_store.first_programme(database)
    return min([*days, *([first] if first else [])], default=None)


@dataclass(frozen=True)
class UpliftRanking:
    """Customers by predicted uplift of a campaign's message. `people`: customer_id, uplift, the highest first; `qini`: how
    well such a ranking did on held-out customers."""

    qini: Qini
    people: pd.DataFrame

    @property
    def useful(self) -> bool:
        """Whether the ranking is better than chance."""
        return self.qini.low > 0


def most_responsive_audience(record: CampaignRecord, ranking: UpliftRanking) -> PreparedAudience:
    """The third of the customers with the highest positive uplift of a campaign like that one, as an audience."""
    responsive = ranking.people[ranking.people["uplift"] > 0].head(len(ranking.people) // 3)
    name = Message(N_("Most moved by “{name}”"), {"name": record.name})
    return PreparedAudience(
        f"moved-{record.campaign_id}", name, Message(THANKS), frozenset(responsive["customer_id"])
    )


def rank_by_uplift(
    con: ibis.BaseBackend, record: CampaignRecord, result: CampaignResult, as_of: dt.date
) -> UpliftRanking | None:
    """Fit uplift on a campaign's customers and predict it for all current ones; None while too few bought in either group."""
    assigned = campaign_facts.assignments(con, record.campaign_id).dropna(subset="customer_id")
    assigned = assigned.drop_duplicates("customer_id")
    earlier_customers = customer_facts.customers(con, record.starts_on - ONE_DAY)
    people = assigned[["customer_id", "arm"]].merge(earlier_customers, on="customer_id")
    bought = campaign_facts.purchases(con, as_of, record.starts_on, result.look.until)
    buyers = set(bought.loc[bought["orders"] > 0, "customer_id"])
    outcome = np.asarray(people["customer_id"].isin(buyers), dtype=np.float64)
    x, treated = _traits(people, record.starts_on), (people["arm"] != HELD).to_numpy()
    qini = held_out_qini(x, treated, outcome, seed=result.plan.seed)
    if qini is None:
        return None
    current_customers = customer_facts.customers(con, as_of)
    score = uplift_scores(x, treated, outcome, _traits(current_customers, as_of))
    scored = pd.DataFrame({"customer_id": current_customers["customer_id"], "uplift": score})
    return UpliftRanking(
        qini, scored.sort_values(["uplift", "customer_id"], ascending=[False, True], ignore_index=True)
    )


def _traits(customers: pd.DataFrame, day: dt.date) -> Floats:
    """Orders, spend, spend of a year, days since the last order and days as a customer, on log scales; shape (n, 5)."""
    days_since_last, days_as_customer = (
        (pd.Timestamp(day) - customers[name]).dt.days.clip(lower=0) for name in ("last_at", "first_at")
    )
    table = customers.assign(
        days_since_last=days_since_last,
        days_as_customer=days_as_customer,
        revenue=customers["revenue"].clip(lower=0),
    )
    table["revenue_365"] = table["revenue_365"].clip(lower=0)
    return features(table, ["orders", "revenue", "revenue_365", "days_since_last", "days_as_customer"])
