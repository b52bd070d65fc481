"""One customer's story: timeline, usual products, next step and its reason.

As in `loyalty.services.figures`: pages cache it by data version; the command line calls it as it is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import ibis
import pandas as pd

from loyalty.customers import birthdays
from loyalty.facts.customer_story import CustomerRecords, Lookups, customer_records
from loyalty.measure.customer_satisfaction import last_answers
from loyalty.measure.usual_products import UsualProduct, median_gap_days, usual_products
from loyalty.models.customer_advice import Answer, ControlGroupMembership, CustomerFacts, Step, next_step
from loyalty.rewards.points.next_tier import to_next_tier
from loyalty.rewards.programme.programme import Programme
from loyalty.services.figures import Facts
from loyalty.services.timeline import Entry, timeline
from loyalty.words import Words

_OVER_HALF = 0.5


@dataclass(frozen=True)
class Story:
    """One customer's story. `records`: the rows behind it; `usual_products`: the most often bought first; `facts`: what the
    next step is derived from."""

    records: CustomerRecords
    usual_products: list[UsualProduct]
    facts: CustomerFacts

    def timeline(
        self, names: dict[str, str], words: Words, points: pd.DataFrame | None = None
    ) -> list[Entry]:
        """Everything that happened, the newest first (see `loyalty.services.timeline`)."""
        return timeline(self.records, names, words, points)

    def step(self, words: Words) -> Step:
        """What to do next and why."""
        return next_step(self.facts, words)


def story(
    con: ibis.BaseBackend,
    facts: Facts,
    lookups: Lookups,
    programme: Programme | None,
    customer_id: str,
    control_group: ControlGroupMembership | None = None,
) -> Story:
    """The story of a customer up to the day of `facts`.

    Args:
        con: Where rows are read from.
        facts: Facts of the shop.
        lookups: Birthdays, referrals and opt-outs of all customers.
        programme: The programme in force, if any.
        customer_id: The customer.
        control_group: The running campaign whose control group the customer is in, if any.
    """
    records = customer_records(con, lookups, customer_id, facts.feedback)
    favourites = usual_products(items(records), facts.as_of)
    row = _row(facts.customers, customer_id)
    customer_facts = CustomerFacts(
        as_of=facts.as_of,
        shop_gap_days=facts.statuses.usual_gap_days,
        may_contact=customer_id not in lookups.opted_out and control_group is None,
        control_group=control_group,
        product=favourites[0].product if favourites and favourites[0].share >= _OVER_HALF else None,
        referrals=int((records.referrals["referrer_id"] == customer_id).sum()),
        birthday=next_birthday(lookups.birthdays, customer_id, facts.as_of),
        **_bought(row, records, facts),
        **_answer(row, facts, customer_id),
        **_coupon(records, facts.as_of),
        **(_tier(facts.customers, row, programme) if programme else {}),
    )
    return Story(records, favourites, customer_facts)


def items(records: CustomerRecords) -> pd.DataFrame:
    """order, at, product: the products of orders that count as purchases."""
    purchases = records.orders.loc[records.orders["purchase"], ["channel", "order_id", "at"]]
    lines = records.lines[records.lines["bought"] & records.lines["product"].notna()]
    purchased = lines.merge(purchases, on=["channel", "order_id"])
    return purchased.assign(order=purchased["channel"] + "|" + purchased["order_id"])[
        ["order", "at", "product"]
    ]


def _row(frame: pd.DataFrame, customer_id: str) -> pd.Series | None:
    rows = frame[frame["customer_id"] == customer_id]
    return None if rows.empty else rows.iloc[0]


def _bought(row: pd.Series | None, records: CustomerRecords, facts: Facts) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "orders": int(row["orders"]),
        "status": str(row["status"]),
        "days_since": int(row["days_since"]),
        "p_alive": None if pd.isna(row["p_alive"]) else float(row["p_alive"]),
        "gap_days": median_gap_days(records.orders.loc[records.orders["purchase"], "at"]),
        "usual_order": float(row["revenue"]) / int(row["orders"]),
    }


def _answer(row: pd.Series | None, facts: Facts, customer_id: str) -> dict[str, Any]:
    """The last answer; a low one only while no purchase came after it."""
    last = _row(last_answers(facts.feedback[facts.feedback["customer_id"] == customer_id]), customer_id)
    if last is None:
        return {}
    on = last["at"].date()
    if last["level"] < _OVER_HALF and row is not None and row["last_at"].date() > on:
        return {}
    return {"answer": Answer(on, float(last["score"]), int(last["scale"]), float(last["level"]))}


def _coupon(records: CustomerRecords, as_of: dt.date) -> dict[str, Any]:
    """Of the issued, valid and unused coupons, the one that expires first."""
    used_codes = {str(code).upper() for code in records.orders["coupon_code"].dropna()}
    last = pd.to_datetime(records.coupons["expires_on"])
    open_coupons = records.coupons[
        (last >= pd.Timestamp(as_of)) & ~records.coupons["code"].str.upper().isin(used_codes)
    ]
    if open_coupons.empty:
        return {}
    first = open_coupons.sort_values(["expires_on", "code"]).iloc[0]
    return {"coupon": str(first["code"]), "coupon_until": pd.Timestamp(first["expires_on"]).date()}


def _tier(customers: pd.DataFrame, row: pd.Series | None, programme: Programme) -> dict[str, Any]:
    if row is None:
        return {}
    near = to_next_tier(customers[customers["customer_id"] == row["customer_id"]], programme).iloc[0]
    return {"tier": near["next_tier"], "to_tier": float(near["to_tier"])} if near["next_tier"] else {}


def next_birthday(birthday_rows: pd.DataFrame, customer_id: str, as_of: dt.date) -> dt.date | None:
    """The first birthday on `as_of` or later; the 29th of February is the 28th in other years."""
    row = _row(birthday_rows, customer_id)
    if row is None:
        return None
    return birthdays.next_birthday(int(row["month"]), int(row["day"]), as_of)


def document(
    customer_story: Story, names: dict[str, str], words: Words, points: pd.DataFrame | None = None
) -> dict[str, Any]:
    """The story for `--json`: `next_step`, `usually_buys`, `timeline`, `known`."""
    return {
        "next_step": asdict(customer_story.step(words)),
        "usually_buys": [asdict(habit) for habit in customer_story.usual_products],
        "known": asdict(customer_story.facts),
        "timeline": [asdict(entry) for entry in customer_story.timeline(names, words, points)],
    }
