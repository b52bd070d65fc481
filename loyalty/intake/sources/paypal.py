"""PayPal's activity reports (full, default) and personal statement: a row a movement of money, few of them sales."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MONEY
from loyalty.intake.sources.base import (
    Columns,
    Source,
    cleaned,
    either,
    filled,
    holds,
    joined,
    lower_keys,
    negative,
    nothing,
    signature,
    when,
)
from loyalty.words.message import N_

_NO_SALE = (
    "hold",
    "release",
    "authorization",
    "authorisation",
    "withdraw",
    "conversion",
    "deposit",
    "transfer",
    "fee",
    "void",
)
_PAID_OUT = ("refund", "reversal", "chargeback")
_WON_BACK = "chargeback reversal"
_NOT_DONE = ("pending", "denied", "failed", "canceled", "cancelled", "voided", "expired")


def _given_back(columns: Columns) -> pa.Array:
    """Rows that give a buyer's money back."""
    return pc.and_(negative(columns["amount"]), holds(columns["kind"], *_PAID_OUT))


def is_sale_or_refund(columns: Columns) -> pa.Array:
    """Which rows are a payment that came in, or one given back; memos, holds, withdrawals, conversions are neither."""
    incoming = pc.and_(pc.invert(negative(columns["amount"])), pc.invert(nothing(columns["amount"])))
    returned = _given_back(columns)
    if "status" in columns:
        returned = pc.and_(returned, pc.invert(holds(columns["status"], *_NOT_DONE)))
    paid = pc.and_(incoming, holds(columns["kind"], "payment", _WON_BACK))
    found = pc.and_(pc.or_(paid, returned), pc.invert(holds(columns["kind"], *_NO_SALE)))
    if "balance_impact" in columns:
        found = pc.and_(found, pc.invert(holds(columns["balance_impact"], "memo")))
    return found


def _prepare(columns: Columns) -> Columns:
    """A refund belongs to the order it gives back, and to the one it is paid to; what is no sale counts for nothing."""
    record, back = is_sale_or_refund(columns), _given_back(columns)
    columns = when(columns, back, "")
    columns = when(columns, pc.invert(record), "cancelled")
    if "reference" in columns:
        of_another = pc.and_(record, pc.or_(back, holds(columns["kind"], _WON_BACK)))
        of_another = pc.and_(of_another, filled(columns["reference"]))
        columns["order_id"] = pc.if_else(of_another, columns["reference"], columns["order_id"])
    if "email" in columns:
        theirs = pc.if_else(back, columns.get("paid_to", pa.scalar("")), columns["email"])
        columns["email"] = pc.if_else(record, theirs, "")
    columns["ordered_at"] = cleaned(columns["ordered_at"])
    columns = either(columns, "order_reference", "custom")
    columns = joined(columns, "ordered_at", "time")
    return {k: v for k, v in columns.items() if k not in ("kind", "balance_impact", "reference", "paid_to")}


def _finish(columns: Columns) -> Columns:
    """A row's goods: its gross amount nearer to nothing by postage, sales tax and tip, whichever way it went.

    What came in is what the buyer paid for the whole order.
    """
    gross = columns["amount"]
    zero = pa.scalar(0, MONEY)
    columns["total"] = pc.if_else(pc.greater(gross, zero), gross, pa.scalar(None, MONEY))
    aside = [
        pc.abs(pc.coalesce(columns.pop(name), zero)) for name in ("shipping", "tax", "fee") if name in columns
    ]
    for part in aside:
        gross = pc.cast(
            pc.if_else(pc.less(gross, zero), pc.add(gross, part), pc.subtract(gross, part)), MONEY
        )
    columns["amount"] = gross
    return columns


SOURCE = Source(
    name="paypal",
    title="PayPal",
    signature=signature(
        "Date",
        "Time",
        "TimeZone",
        "Gross",
        "Fee",
        "Net",
        "From Email Address",
        "Transaction ID",
        "Reference Txn ID",
    ),
    fields={
        "order_id": ("Transaction ID",),
        "reference": ("Reference Txn ID",),
        "email": ("From Email Address",),
        "paid_to": ("To Email Address",),
        "name": ("Name",),
        "ordered_at": ("Date",),
        "time": ("Time",),
        "kind": ("Type", "Description"),
        "balance_impact": ("Balance Impact",),
        "status": ("Status",),
        "currency": ("Currency",),
        "amount": ("Gross",),
        "shipping": ("Shipping and Handling Amount",),
        "tax": ("Sales Tax",),
        "fee": ("Tip",),
        "product": ("Item Title",),
        "product_id": ("Item ID",),
        "quantity": ("Quantity",),
        "order_reference": ("Invoice Number", "Invoice ID"),
        "custom": ("Custom Number",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(
                ("completed", "cleared", "paid", "partially refunded", "placed", "removed"), "paid"
            ),
            **dict.fromkeys(
                ("pending", "uncleared", "unclaimed", "processing", "on hold", "held", "active"), "unpaid"
            ),
            **dict.fromkeys(("created", "under review"), "unpaid"),
            **dict.fromkeys(
                ("denied", "canceled", "cancelled", "failed", "expired", "voided", "blocked"), "cancelled"
            ),
            **dict.fromkeys(("refunded", "reversed", "returned"), "refunded"),
        }
    ),
    how_to_export=N_(
        "PayPal › Activity › Download (or Reports › Activity download) › “All transactions” › dates › CSV › "
        "Create report › Download."
    ),
    whole=False,
    payments=True,
    prepare=_prepare,
    finish=_finish,
    is_record=is_sale_or_refund,
)
