"""Gumroad's sales export: a row a purchase, answers as 0 and 1, a row of totals at the end."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Source,
    affirmed,
    cleaned,
    in_utc,
    joined,
    less,
    lower_keys,
    signature,
    when,
)
from loyalty.words.message import N_

_ANSWERS = ("fully_refunded", "disputed", "dispute_won", "trial", "preorder")


def is_purchase(columns: Columns) -> pa.Array:
    """Which rows are purchases: all but the totals at the end, wherever the column of ids stands."""
    return pc.not_equal(pc.utf8_lower(cleaned(columns["order_id"])), "totals")


def _prepare(columns: Columns) -> Columns:
    """Trials and pre-orders are not charged yet; a dispute that was not won is money given back. Times are UTC."""
    says = {name: affirmed(columns, name) for name in _ANSWERS}
    columns = when(columns, says["trial"], "unpaid")
    columns = when(columns, says["preorder"], "unpaid")
    lost = pc.and_(says["disputed"], pc.invert(says["dispute_won"]))
    columns = when(columns, pc.or_(says["fully_refunded"], lost), "refunded")
    columns = {name: cells for name, cells in columns.items() if name not in _ANSWERS}
    time = columns.get("time")
    if time is not None:  # newer files hold day and time in the second column
        dated = pc.match_substring_regex(time, r"^\s*\d{4}-")
        columns["ordered_at"] = pc.if_else(dated, "", columns["ordered_at"])
    return in_utc(joined(columns, "ordered_at", "time"))


def _finish(columns: Columns) -> Columns:
    """Goods are the subtotal; older files have only the price, postage included."""
    if "goods" not in columns:
        columns["goods"] = less(columns, "total", "shipping")
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
    },
    statuses=lower_keys({"unpaid": "unpaid", "refunded": "refunded"}),
    how_to_export=N_("Gumroad › Sales › Download CSV (at the top right) › choose the dates."),
    currency="USD",
    fixed_decimal=".",
    prepare=_prepare,
    finish=_finish,
    is_record=is_purchase,
)
