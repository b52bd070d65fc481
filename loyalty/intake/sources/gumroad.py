"""Gumroad's sales export: a row a purchase, answers as 0 and 1, a row of totals at the end; with ratings and reviews."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Source,
    clean_cells,
    fill_from,
    is_yes,
    join_columns,
    lower_keys,
    mark_utc,
    set_where,
    signature,
    subtract,
)
from loyalty.intake.values.cells import clean_cell
from loyalty.intake.values.columns import map_distinct
from loyalty.words.message import N_

_SITE = re.compile(r"^https?://(?:www\.)?(?P<site>[^/?#:\s]+)", re.IGNORECASE)
_NO_SITE = frozenset({"", "-", "direct", "unknown", "none"})
_YES_NO_COLUMNS = ("fully_refunded", "disputed", "dispute_won", "trial", "preorder")


def is_purchase(columns: Columns) -> pa.Array:
    """Which rows are purchases: all but the totals at the end, wherever the column of ids is."""
    return pc.not_equal(pc.utf8_lower(clean_cells(columns["order_id"])), "totals")


def _prepare(columns: Columns) -> Columns:
    """Trials and pre-orders are not charged yet; a dispute that was not won is money given back. Times are UTC."""
    answers = {name: is_yes(columns, name) for name in _YES_NO_COLUMNS}
    columns = set_where(columns, answers["trial"], "unpaid")
    columns = set_where(columns, answers["preorder"], "unpaid")
    is_lost_dispute = pc.and_(answers["disputed"], pc.invert(answers["dispute_won"]))
    columns = set_where(columns, pc.or_(answers["fully_refunded"], is_lost_dispute), "refunded")
    columns = {name: cells for name, cells in columns.items() if name not in _YES_NO_COLUMNS}
    time = columns.get("time")
    if time is not None:  # newer files hold day and time in the second column
        holds_date = pc.match_substring_regex(time, r"^\s*\d{4}-")
        columns["ordered_at"] = pc.if_else(holds_date, "", columns["ordered_at"])
    return _buyer_columns(mark_utc(join_columns(columns, "ordered_at", "time")))


def _buyer_columns(columns: Columns) -> Columns:
    """The buyer's consent (1 for "do not contact" refuses) and acquisition channel (the campaign, else the referring page)."""
    refusal = columns.pop("do_not_contact", None)
    if refusal is not None:
        columns["consent_email"] = map_distinct(refusal, _negate, pa.string())
    columns = fill_from(columns, "acquired_via", "referrer")
    if "acquired_via" in columns:
        columns["acquired_via"] = map_distinct(columns["acquired_via"], site_of, pa.string())
    return columns


def _negate(answer: str) -> str:
    """Yes to "do not contact" is a no to messages; another word stays as it is."""
    word = clean_cell(answer).casefold()
    return {"0": "yes", "false": "yes", "no": "yes", "1": "no", "true": "no", "yes": "no"}.get(word, word)


def site_of(referrer: str) -> str:
    """The site of an address without its path; other text unchanged; "" for "direct" and Gumroad itself.

    >>> site_of("https://www.example.com/post/7?u=ann"), site_of("newsletter"), site_of("direct")
    ('example.com', 'newsletter', '')
    """
    match = _SITE.match(clean_cell(referrer))
    site = match["site"].casefold() if match else clean_cell(referrer)
    return "" if site.casefold() in _NO_SITE or site.casefold().endswith("gumroad.com") else site


def _finish(columns: Columns) -> Columns:
    """Goods are the subtotal; older files have only the price, postage included."""
    if "goods" not in columns:
        columns["goods"] = subtract(columns, "total", "shipping")
    columns["amount"] = columns["goods"]
    return columns


SOURCE = Source(
    name="gumroad",
    title="Gumroad",
    signature=signature("Purchase ID", "Item Name", "Purchase Email", "Purchase Date", "Refunded?"),
    fields={
        "order_id": ("Purchase ID",),
        "email": ("Purchase Email", "Buyer Email"),
        "name": ("Buyer Name",),
        "ordered_at": ("Purchase Date",),
        "time": ("Purchase Time (UTC timezone)",),
        "fully_refunded": ("Fully Refunded?",),
        "disputed": ("Disputed?",),
        "dispute_won": ("Dispute Won?",),
        "trial": ("Free trial purchase?",),
        "preorder": ("Pre-order authorization?",),
        "product": ("Item Name",),
        "product_id": ("Product ID",),
        "quantity": ("Quantity",),
        "goods": ("Subtotal ($)",),
        "total": ("Sale Price ($)",),
        "shipping": ("Shipping ($)",),
        "tax": ("Taxes ($)",),
        "refunded": ("Partial Refund ($)",),
        "coupon_code": ("Discount Code",),
        "do_not_contact": ("Do not contact?",),
        "acquired_via": ("UTM Source",),
        "referrer": ("Referrer",),
        "score": ("Rating",),
        "comment": ("Review",),
    },
    also=("feedback",),
    statuses=lower_keys({"unpaid": "unpaid", "refunded": "refunded"}),
    how_to_export=N_("Gumroad › Sales › Download CSV (at the top right) › choose the dates."),
    currency="USD",
    fixed_decimal=".",
    prepare=_prepare,
    finish=_finish,
    is_record=is_purchase,
)
