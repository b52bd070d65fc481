"""PayPal's activity reports (full, default) and personal statement: a row a movement of money, few of them sales."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MONEY
from loyalty.intake.sources.base import (
    Columns,
    Source,
    clean_cells,
    contains_any,
    fill_from,
    is_filled,
    is_negative,
    is_zero,
    join_columns,
    lower_keys,
    set_where,
    signature,
)
from loyalty.words.message import N_

_NOT_A_SALE = (
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
_REFUND_WORDS = ("refund", "reversal", "chargeback")
_DISPUTE_WON = "chargeback reversal"
_NOT_COMPLETED = ("pending", "denied", "failed", "canceled", "cancelled", "voided", "expired")


def _is_refund(columns: Columns) -> pa.Array:
    """Rows that give a buyer's money back."""
    return pc.and_(is_negative(columns["amount"]), contains_any(columns["kind"], *_REFUND_WORDS))


def is_sale_or_refund(columns: Columns) -> pa.Array:
    """Which rows are a payment that came in, or one given back; memos, holds, withdrawals, conversions are neither."""
    incoming = pc.and_(pc.invert(is_negative(columns["amount"])), pc.invert(is_zero(columns["amount"])))
    is_refund = _is_refund(columns)
    if "status" in columns:
        is_refund = pc.and_(is_refund, pc.invert(contains_any(columns["status"], *_NOT_COMPLETED)))
    is_payment = pc.and_(incoming, contains_any(columns["kind"], "payment", _DISPUTE_WON))
    is_record = pc.and_(pc.or_(is_payment, is_refund), pc.invert(contains_any(columns["kind"], *_NOT_A_SALE)))
    if "balance_impact" in columns:
        is_record = pc.and_(is_record, pc.invert(contains_any(columns["balance_impact"], "memo")))
    return is_record


def _prepare(columns: Columns) -> Columns:
    """A refund belongs to the order it gives back, and to the one it is paid to; what is no sale counts for nothing."""
    is_record, is_refund = is_sale_or_refund(columns), _is_refund(columns)
    columns = set_where(columns, is_refund, "")
    columns = set_where(columns, pc.invert(is_record), "cancelled")
    if "reference" in columns:
        belongs_to_other = pc.and_(is_record, pc.or_(is_refund, contains_any(columns["kind"], _DISPUTE_WON)))
        belongs_to_other = pc.and_(belongs_to_other, is_filled(columns["reference"]))
        columns["order_id"] = pc.if_else(belongs_to_other, columns["reference"], columns["order_id"])
    if "email" in columns:
        buyer_email = pc.if_else(is_refund, columns.get("paid_to", pa.scalar("")), columns["email"])
        columns["email"] = pc.if_else(is_record, buyer_email, "")
    columns["ordered_at"] = clean_cells(columns["ordered_at"])
    columns = fill_from(columns, "order_reference", "custom")
    columns = join_columns(columns, "ordered_at", "time")
    return {k: v for k, v in columns.items() if k not in ("kind", "balance_impact", "reference", "paid_to")}


def _finish(columns: Columns) -> Columns:
    """A row's goods: its gross amount nearer to nothing by postage, sales tax and tip, whichever way it went.

    What came in is what the buyer paid for the whole order.
    """
    gross = columns["amount"]
    zero = pa.scalar(0, MONEY)
    columns["total"] = pc.if_else(pc.greater(gross, zero), gross, pa.scalar(None, MONEY))
    deductions = [
        pc.abs(pc.coalesce(columns.pop(name), zero)) for name in ("shipping", "tax", "fee") if name in columns
    ]
    for deduction in deductions:
        gross = pc.cast(
            pc.if_else(pc.less(gross, zero), pc.add(gross, deduction), pc.subtract(gross, deduction)), MONEY
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
