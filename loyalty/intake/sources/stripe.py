"""Stripe: the payments export (a row a charge, its refund in a column) and the two balance reports (a row a movement)."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MONEY
from loyalty.intake.sources.base import (
    Columns,
    Source,
    clean_cells,
    fill_from,
    lower_keys,
    mark_utc,
    set_where,
    signature,
)
from loyalty.words.message import N_

_SALES = ("charge", "payment")
_REFUNDS = (
    "refund",
    "payment_refund",
    "partial_capture_reversal",
    "dispute",
    "dispute_reversal",
    "refund_failure",
    "payment_failure_refund",
    "payment_reversal",
    "charge_failure",
    "payment_refund_failure",
)


def _prepare_payments(columns: Columns) -> Columns:
    """A charge that was never captured is not paid; a dispute that was lost is money given back. Times are UTC."""
    columns = fill_from(columns, "order_reference", "merchant_reference", "description")
    captured = columns.pop("captured", None)
    if captured is not None and "status" in columns:
        columns = set_where(columns, pc.equal(pc.utf8_lower(clean_cells(captured)), "false"), "uncaptured")
    dispute = columns.pop("dispute", None)
    if "tax" in columns:
        is_lost = pc.equal(pc.utf8_lower(clean_cells(dispute)), "lost") if dispute is not None else False
        columns["tax"] = pc.if_else(is_lost, columns["tax"], "")
    return mark_utc(columns)


def _finish_payments(columns: Columns) -> Columns:
    """The goods are what was charged: the file shows neither shipping nor sales tax. Lost disputes join the refunds."""
    disputed = columns.pop("tax", None)
    if disputed is not None and "refunded" in columns:
        zero = pa.scalar(0, MONEY)
        both = pc.add(pc.coalesce(columns["refunded"], zero), pc.coalesce(disputed, zero))
        columns["refunded"] = pc.cast(both, MONEY)
    columns["total"] = columns["goods"]
    return columns


def is_movement_of_a_sale(columns: Columns) -> pa.Array:
    """Which movements of the balance are charges, or what was given back of them; payouts, fees, transfers are not."""
    return pc.is_in(pc.utf8_lower(clean_cells(columns["kind"])), value_set=pa.array([*_SALES, *_REFUNDS]))


def _prepare_movements(columns: Columns) -> Columns:
    """What is no movement of a sale counts for nothing. Times are UTC."""
    columns = fill_from(columns, "charge_id", "order_id")
    columns["order_id"] = columns.pop("charge_id")
    columns = set_where(columns, pc.invert(is_movement_of_a_sale(columns)), "cancelled")
    return mark_utc({name: cells for name, cells in columns.items() if name != "kind"})


SOURCE = Source(
    name="stripe",
    title="Stripe",
    signature=signature("id", "Amount", "Amount Refunded", "Currency", "Status", "Fee"),
    fields={
        "order_id": ("id",),
        "customer_id": ("Customer ID",),
        "email": ("Customer Email",),
        "name": ("Card Name", "Customer Description"),
        "ordered_at": ("Created date (UTC)", "Created (UTC)"),
        "status": ("Status",),
        "captured": ("Captured",),
        "currency": ("Currency",),
        "goods": ("Amount",),
        "refunded": ("Amount Refunded",),
        "tax": ("Disputed Amount",),
        "order_reference": ("order_id (metadata)", "order_number (metadata)"),
        "merchant_reference": ("merchant_reference (metadata)",),
        "description": ("Description",),
        "dispute": ("Dispute Status",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(
                ("paid", "succeeded", "partially refunded", "partial refund", "disputed"), "paid"
            ),
            **dict.fromkeys(("pending", "uncaptured", "incomplete", "processing"), "unpaid"),
            **dict.fromkeys(
                ("requires action", "requires confirmation", "requires payment method"), "unpaid"
            ),
            **dict.fromkeys(("requires_action", "requires_capture", "requires_payment_method"), "unpaid"),
            **dict.fromkeys(("failed", "canceled", "cancelled", "blocked", "expired"), "cancelled"),
            **dict.fromkeys(("refunded", "dispute lost"), "refunded"),
        }
    ),
    how_to_export=N_(
        "Stripe Dashboard › Transactions › Payments › Export › all columns › date range › Export."
    ),
    fixed_decimal=".",
    payments=True,
    instead_of=("stripe-balance", "stripe-activity"),
    prepare=_prepare_payments,
    finish=_finish_payments,
)

BALANCE = Source(
    name="stripe-balance",
    title=N_("Stripe (balance report)"),
    signature=signature("balance_transaction_id", "created_utc", "gross", "net", "reporting_category"),
    fields={
        "order_id": ("balance_transaction_id",),
        "charge_id": ("charge_id",),
        "email": ("customer_email",),
        "ordered_at": ("created_utc", "created"),
        "kind": ("reporting_category",),
        "currency": ("currency",),
        "amount": ("gross",),
        "order_reference": ("description",),
    },
    statuses=lower_keys({"cancelled": "cancelled"}),
    how_to_export=N_(
        "Stripe Dashboard › Reporting › Reports › Balance › “Itemized” › Download. Bring in either this or the "
        "payments export, not both: they count the same sales."
    ),
    whole=False,
    fixed_decimal=".",
    payments=True,
    instead_of=("stripe", "stripe-activity"),
    buyer_note=N_("Stripe's balance report does not say who paid: its sales are kept as anonymous ones."),
    prepare=_prepare_movements,
    is_record=is_movement_of_a_sale,
)

ACTIVITY = replace(
    BALANCE,
    name="stripe-activity",
    instead_of=("stripe", "stripe-balance"),
    title=N_("Stripe (all activity)"),
    signature=signature("ID", "Type", "Source", "Amount", "Created (UTC)", "Available On (UTC)"),
    fields={
        "order_id": ("ID",),
        "charge_id": ("Source",),
        "email": ("Customer Email (metadata)",),
        "ordered_at": ("Created (UTC)",),
        "kind": ("Type",),
        "currency": ("Currency",),
        "amount": ("Amount",),
    },
    how_to_export=N_(
        "Stripe Dashboard › Balances › All activity › Export › date range › Export. Bring in either this or the "
        "payments export, not both: they count the same sales."
    ),
)
