"""The timeline of one customer in sentences, newest first: orders, refunds, answers, visits, messages, rewards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from loyalty.facts.customer_story import CustomerRecords
from loyalty.intake.sources.registry import channel_title
from loyalty.models.recommendations.tables import MODE_NAMES
from loyalty.rewards.points.entry_names import ENTRY_NAMES, SOURCE_NAMES
from loyalty.words import N_, Words

#: Kinds of entries with their names, to filter by.
KINDS: Mapping[str, str] = {
    "order": N_("Purchases"),
    "refund": N_("Refunds"),
    "answer": N_("Answers and reviews"),
    "act": N_("Visits and other acts"),
    "message": N_("Messages"),
    "reward": N_("Rewards"),
    "referral": N_("Recommendations"),
}
ACT_NAMES: Mapping[str, tuple[str, str]] = {
    "view": (N_("Visited"), N_("Looked at {product}")),
    "search": (N_("Searched"), N_("Searched for {product}")),
    "cart": (N_("Put something into the basket"), N_("Put {product} into the basket")),
    "like": (N_("Liked something of yours"), N_("Liked {product}")),
    "comment": (N_("Commented"), N_("Commented on {product}")),
    "share": (N_("Shared something of yours"), N_("Shared {product}")),
}
ANSWER_NAMES: Mapping[str, str] = {
    "csat": N_("Satisfaction: {score} of {scale}"),
    "nps": N_("Would recommend: {score} of {scale}"),
    "review": N_("Review: {score} of {scale}"),
}
_ORDER_NAMES = {
    "paid": N_("Order {number} ({channel})"),
    "refunded": N_("Order {number} ({channel})"),
    "cancelled": N_("Order {number} ({channel}), cancelled: does not count"),
    "unpaid": N_("Order {number} ({channel}), not paid: does not count"),
}


@dataclass(frozen=True)
class Entry:
    """An entry of the timeline. `at`: None where the time is unknown; `amount`: in the shop's currency, None without money."""

    at: dt.datetime | None
    kind: str
    what: str
    detail: str = ""
    amount: float | None = None


def timeline(
    records: CustomerRecords, names: Mapping[str, str], words: Words, points: pd.DataFrame | None = None
) -> list[Entry]:
    """All entries of a customer, newest first, those without a time last.

    Args:
        records: The customer's rows.
        names: Names of other customers, by id.
        words: The language of the sentences.
        points: The customer's entries in the points ledger (`loyalty.services.points.statement`), None without a programme.
    """
    entries = [
        *_orders(records, words),
        *_answers(records, words),
        *_acts(records, words),
        *_coupons(records, words),
        *_suggested(records, words),
        *_messages(records, words),
        *_brought(records, names, words),
        *(_points(points, words) if points is not None else ()),
    ]
    order = {kind: place for place, kind in enumerate(KINDS)}
    dated = [
        (entry.at, -order[entry.kind], place) for place, entry in enumerate(entries) if entry.at is not None
    ]
    newest = [entries[place] for _, _, place in sorted(dated, reverse=True)]
    return [*newest, *(entry for entry in entries if entry.at is None)]


def _text(value: object) -> str:
    """A cell's text, or nothing."""
    return value if isinstance(value, str) else ""


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return iter(frame.itertuples())


def _orders(records: CustomerRecords, words: Words) -> Iterator[Entry]:
    """Orders, refunds, and used coupons of the shop."""
    own_codes = {str(code).upper() for code in records.coupons["code"]}
    products_by_order = (
        records.lines[records.lines["product"].notna()]
        .groupby(["channel", "order_id"], sort=False)["product"]
        .unique()
    )
    for row in _rows(records.orders):
        at, code = row.at.to_pydatetime(), _text(row.coupon_code)
        products = words.listing(list(products_by_order.get((row.channel, row.order_id), [])))
        if row.net < 0:
            yield Entry(at, "refund", words.say("Money given back"), products, float(row.net))
            continue
        yield _order(row, products, "" if code.upper() in own_codes else code, words)
        if row.refunded > 0:
            amount = words.money(row.refunded, cents=True)
            refund_text = words.say(
                "Of order {number}, {amount} given back", number=row.order_id, amount=amount
            )
            yield Entry(at, "refund", refund_text, words.say("The export does not say when."))
        if code.upper() in own_codes:
            yield Entry(at, "reward", words.say("Used the coupon {code}", code=code))


def _order(row: Any, products: str, code: str, words: Words) -> Entry:
    """One order; `code`: of a discount that is not a coupon of the shop."""
    what = words.say(
        _ORDER_NAMES.get(row.status, _ORDER_NAMES["paid"]),
        number=row.order_id,
        channel=channel_title(row.channel),
    )
    with_code = words.say("with code {code}", code=code) if code else ""
    detail = _joined([products, with_code], words)
    return Entry(row.at.to_pydatetime(), "order", what, detail, None if pd.isna(row.net) else float(row.net))


def _joined(parts: list[str], words: Words) -> str:
    return words.say("; ").join(part for part in parts if part)


def _answers(records: CustomerRecords, words: Words) -> Iterator[Entry]:
    for row in _rows(records.answers):
        about = [_text(row.product), _text(row.text)]
        if pd.isna(row.score):
            what = words.say("Wrote to you")
        else:
            digits = 0 if row.score % 1 == 0 else 1
            what = words.say(
                ANSWER_NAMES[row.kind], score=words.number(row.score, digits), scale=words.number(row.scale)
            )
        yield Entry(row.at.to_pydatetime(), "answer", what, _joined(about, words))


def _acts(records: CustomerRecords, words: Words) -> Iterator[Entry]:
    """Visits and other events, without "other" (ends of sessions, steps of the checkout)."""
    for row in _rows(records.events[records.events["kind"].isin(list(ACT_NAMES))]):
        bare, named = ACT_NAMES[row.kind]
        product = _text(row.product)
        what = words.say(named, product=product) if product else words.say(bare)
        duration = (
            ""
            if pd.isna(row.seconds) or row.seconds < 1
            else words.duration(dt.timedelta(seconds=float(row.seconds)))
        )
        yield Entry(row.at.to_pydatetime(), "act", what, duration)


def _coupons(records: CustomerRecords, words: Words) -> Iterator[Entry]:
    for row in _rows(records.coupons):
        if row.kind == "percent":
            digits = 0 if row.value % 1 == 0 else 1
            value = words.say("{share} off", share=words.percent(row.value / 100, digits))
        else:
            value = words.say("{amount} off", amount=words.money(row.value, currency=row.currency))
        until = words.say("until {date}", date=words.date(pd.Timestamp(row.expires_on).date()))
        what = words.say("Coupon {code} made out", code=row.code)
        yield Entry(row.at.to_pydatetime(), "message", what, words.listing([value, until]))


def _suggested(records: CustomerRecords, words: Words) -> Iterator[Entry]:
    """Each list of suggestions that was sent."""
    for _, rows in records.recommendations.groupby(["at", "mode"], sort=True):
        first = rows.iloc[0]
        what = words.say("Suggested: {list}", list=words.say(MODE_NAMES[first["mode"]]))
        yield Entry(
            first["at"].to_pydatetime(),
            "message",
            what,
            words.listing([str(name) for name in rows["product"]]),
        )


def _messages(records: CustomerRecords, words: Words) -> Iterator[Entry]:
    """Campaigns that were sent to them, or whose control group they were in."""
    for row in _rows(records.messages):
        if row.held:
            yield Entry(
                row.at.to_pydatetime(),
                "message",
                words.say("Held back from “{campaign}”", campaign=row.campaign),
            )
        else:
            detail = _joined([_text(row.product), _text(row.reason)], words)
            yield Entry(
                row.at.to_pydatetime(),
                "message",
                words.say("Written to: “{campaign}”", campaign=row.campaign),
                detail,
            )


def _brought(records: CustomerRecords, names: Mapping[str, str], words: Words) -> Iterator[Entry]:
    for row in _rows(records.referrals):
        at = None if pd.isna(row.at) else row.at.to_pydatetime()
        if row.referrer_id == records.customer_id:
            yield Entry(
                at, "referral", words.say("Brought {name}", name=names.get(row.referred_id, row.referred_id))
            )
        else:
            yield Entry(
                at,
                "referral",
                words.say("Came through {name}", name=names.get(row.referrer_id, row.referrer_id)),
            )


def _points(entries: pd.DataFrame, words: Words) -> Iterator[Entry]:
    """Points earned and spent; entries that only confirm pending points are left out."""
    moved = entries.assign(change=entries["points"] + entries["pending"])
    for row in _rows(moved[(moved["kind"] != "confirmed") & (moved["change"] != 0)]):
        sign = "+" if row.change > 0 else "−"
        what = words.plural(
            "{change} point",
            "{change} points",
            abs(int(row.change)),
            change=sign + words.number(abs(row.change)),
        )
        source = SOURCE_NAMES[str(row.source).partition(":")[0]]
        parts = [words.say(ENTRY_NAMES[str(row.kind)]), words.say(source)]
        yield Entry(pd.Timestamp(row.at).to_pydatetime(), "reward", what, words.listing(parts))
