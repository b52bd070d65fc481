"""Square's exports: items detail (a row a product sold or given back), transactions (a row a payment or refund), customers.

The first two are read as parts of an order that may go on in a later file; where both come in, the transactions' goods count.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MONEY
from loyalty.intake.sources.base import Columns, Source, join_columns, lower_keys, signature
from loyalty.words.message import N_


def _prepare(columns: Columns) -> Columns:
    """Date and time are two columns; a product without a category has the word "None" for one."""
    if "category" in columns:
        columns["category"] = pc.if_else(pc.equal(columns["category"], "None"), "", columns["category"])
    return join_columns(columns, "ordered_at", "time")


def _finish(columns: Columns) -> Columns:
    """Transactions: net sales are the goods; refunds of no item in particular come in a column of their own, below 0.
    What was collected on a sale is what its buyer paid.

    A row that only gives back is worth its refund where its sale is in no file.
    """
    if "product" in columns:
        return columns
    zero = pa.scalar(0, MONEY)
    net = pc.coalesce(columns["amount"], zero)
    partial_refund = (
        pc.negate(pc.abs(pc.coalesce(columns["refunded"], zero)))
        if "refunded" in columns
        else pc.multiply(net, zero)
    )
    partial_refund = pc.cast(partial_refund, MONEY)
    is_sale = pc.or_(pc.greater(net, zero), pc.equal(pc.cast(partial_refund, pa.float64()), 0.0))
    is_sale = pc.and_(is_sale, pc.greater_equal(net, zero))
    missing = pa.scalar(None, MONEY)
    refund_only = pc.cast(pc.if_else(is_sale, partial_refund, pc.add(net, partial_refund)), MONEY)
    columns["goods"] = pc.if_else(is_sale, net, missing)
    columns["amount"] = pc.if_else(is_sale, missing, refund_only)
    if "total" in columns:
        collected = pc.coalesce(pc.greater(columns["total"], zero), False)
        columns["total"] = pc.if_else(pc.and_(is_sale, collected), columns["total"], missing)
    columns["refunded"] = _by_order(columns["order_id"], pc.abs(refund_only))
    return columns


def _by_order(ids: pa.Array, amounts: pa.Array) -> pa.Array:
    """The sum of `amounts` over each order's rows, on every row of it."""
    sums = (
        pa.table({"id": ids, "amount": amounts})
        .group_by("id")
        .aggregate([("amount", "sum")])
        .combine_chunks()
    )
    place = pc.index_in(ids, value_set=sums["id"].combine_chunks())
    return pc.cast(sums["amount_sum"].combine_chunks().take(place), MONEY)


SOURCE = Source(
    name="square",
    title="Square",
    signature=signature(
        "Date", "Time", "Gross Sales", "Net Sales", "Transaction ID", "Payment ID", "Event Type"
    ),
    fields={
        "order_id": ("Transaction ID",),
        "customer_id": ("Customer ID",),
        "name": ("Customer Name",),
        "ordered_at": ("Date",),
        "time": ("Time",),
        "status": ("Transaction Status", "Event Type"),
        "category": ("Category",),
        "product": ("Item",),
        "product_id": ("SKU",),
        "quantity": ("Qty",),
        "line_discount": ("Discounts",),
        "amount": ("Net Sales",),
        "refunded": ("Partial Refunds",),
        "total": ("Total Collected",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(
                ("payment", "refund", "sale", "complete", "completed", "paid", "captured"), "paid"
            ),
            **dict.fromkeys(("pending", "open", "approved", "authorized"), "unpaid"),
            **dict.fromkeys(("canceled", "cancelled", "voided", "failed"), "cancelled"),
        }
    ),
    how_to_export=N_(
        "Square Dashboard › Reports › Transactions › choose the dates › Export › “Items detail CSV”."
    ),
    whole=False,
    payments=True,
    prepare=_prepare,
    finish=_finish,
)


def _prepare_customers(columns: Columns) -> Columns:
    """The name is in two columns."""
    return join_columns(columns, "name", "last_name")


CUSTOMERS = Source(
    name="square-customers",
    title=N_("Square (customers)"),
    kind="customers",
    signature=signature(
        "First Name", "Last Name", "Email Address", "Phone Number", "Birthday", "Email Subscription Status"
    ),
    fields={
        "customer_id": ("Square Customer ID",),
        "email": ("Email Address",),
        "phone": ("Phone Number",),
        "name": ("First Name",),
        "last_name": ("Last Name",),
        "birthday": ("Birthday",),
        "city": ("City",),
        "consent_email": ("Email Subscription Status",),
        "first_seen": ("First Visit",),
    },
    statuses={},
    how_to_export=N_("Square Dashboard › Customers › Directory › Import / Export › “Export customers”."),
    whole=False,
    prepare=_prepare_customers,
)
