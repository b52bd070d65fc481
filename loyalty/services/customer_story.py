"""One customer's whole story: what happened, what they usually buy, what to do next and why.

As in `loyalty.services.figures`: pages cache it by data version; the command line calls it as it is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import ibis
import pandas as pd

from loyalty.customers import birthdays
from loyalty.facts.customer_story import Around, Told, told_of
from loyalty.measure.customer_satisfaction import last_answers
from loyalty.measure.usual_products import Habit, habits, usual_gap
from loyalty.models.customer_advice import Answer, ControlGroupMembership, CustomerFacts, Step, next_step
from loyalty.rewards.points.next_tier import to_next_tier
from loyalty.rewards.programme.programme import Programme
from loyalty.services.figures import Facts
from loyalty.services.timeline import Entry, timeline
from loyalty.words import Words

_OVER_HALF = 0.5


@dataclass(frozen=True)
class Story:
    """`told`: the facts behind it; `habits`: what they usually buy, the most often bought first; `known`: what the next step
    is derived from."""

    told: Told
    habits: list[Habit]
    known: CustomerFacts

    def timeline(
        self, names: dict[str, str], words: Words, points: pd.DataFrame | None = None
    ) -> list[Entry]:
        """Everything that happened, the newest first (see `loyalty.services.timeline`)."""
        return timeline(self.told, names, words, points)

    def step(self, words: Words) -> Step:
        """What to do next and why."""
        return next_step(self.known, words)


def story(
    con: ibis.BaseBackend,
    facts: Facts,
    around: Around,
    programme: Programme | None,
    customer_id: str,
    held: ControlGroupMembership | None = None,
) -> Story:
    """The story of the customer who goes by `customer_id`, up to the day of `facts`. `programme`: the one in force.
    `held`: the campaign they are held back from now, if any."""
    told = told_of(con, around, customer_id, facts.feedback)
    bought = habits(items(told), facts.as_of)
    row = _row(facts.customers, customer_id)
    known = CustomerFacts(
        as_of=facts.as_of,
        shop_gap_days=facts.statuses.usual_gap_days,
        may_contact=customer_id not in around.silent and held is None,
        control_group=held,
        product=bought[0].product if bought and bought[0].share >= _OVER_HALF else None,
        referrals=int((told.brought["referrer_id"] == customer_id).sum()),
        birthday=next_birthday(around.birthdays, customer_id, facts.as_of),
        **_bought(row, told, facts),
        **_answer(row, facts, customer_id),
        **_coupon(told, facts.as_of),
        **(_tier(facts.customers, row, programme) if programme else {}),
    )
    return Story(told, bought, known)


def items(told: Told) -> pd.DataFrame:
    """order, at, product: what was bought in orders that count."""
    counted = told.orders.loc[told.orders["purchase"], ["channel", "order_id", "at"]]
    lines = told.lines[told.lines["bought"] & told.lines["product"].notna()]
    met = lines.merge(counted, on=["channel", "order_id"])
    return met.assign(order=met["channel"] + "|" + met["order_id"])[["order", "at", "product"]]


def _row(frame: pd.DataFrame, customer_id: str) -> pd.Series | None:
    own = frame[frame["customer_id"] == customer_id]
    return None if own.empty else own.iloc[0]


def _bought(row: pd.Series | None, told: Told, facts: Facts) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "orders": int(row["orders"]),
        "status": str(row["status"]),
        "days_since": int(row["days_since"]),
        "p_alive": None if pd.isna(row["p_alive"]) else float(row["p_alive"]),
        "gap_days": usual_gap(told.orders.loc[told.orders["purchase"], "at"]),
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


def _coupon(told: Told, as_of: dt.date) -> dict[str, Any]:
    """Of the coupons that are out, valid and unused, the one that ends first."""
    used = {str(code).upper() for code in told.orders["coupon_code"].dropna()}
    last = pd.to_datetime(told.coupons["expires_on"])
    open_now = told.coupons[(last >= pd.Timestamp(as_of)) & ~told.coupons["code"].str.upper().isin(used)]
    if open_now.empty:
        return {}
    first = open_now.sort_values(["expires_on", "code"]).iloc[0]
    return {"coupon": str(first["code"]), "coupon_until": pd.Timestamp(first["expires_on"]).date()}


def _tier(customers: pd.DataFrame, row: pd.Series | None, programme: Programme) -> dict[str, Any]:
    if row is None:
        return {}
    near = to_next_tier(customers[customers["customer_id"] == row["customer_id"]], programme).iloc[0]
    return {"tier": near["next_tier"], "to_tier": float(near["to_tier"])} if near["next_tier"] else {}


def next_birthday(told: pd.DataFrame, customer_id: str, as_of: dt.date) -> dt.date | None:
    """The first birthday on `as_of` or later; the 29th of February is kept on the 28th in other years."""
    row = _row(told, customer_id)
    if row is None:
        return None
    return birthdays.next_birthday(int(row["month"]), int(row["day"]), as_of)


def document(
    found: Story, names: dict[str, str], words: Words, points: pd.DataFrame | None = None
) -> dict[str, Any]:
    """The story for `--json`: `next_step`, `usually_buys`, `timeline`, `known`."""
    return {
        "next_step": asdict(found.step(words)),
        "usually_buys": [asdict(habit) for habit in found.habits],
        "known": asdict(found.known),
        "timeline": [asdict(entry) for entry in found.timeline(names, words, points)],
    }
