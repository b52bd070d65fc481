"""Shopify's orders export (a row a product, what belongs to the order only on its first row) and its list of customers."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Source,
    fill_from,
    join_columns,
    lower_keys,
    multiply,
    signature,
    subtract,
)
from loyalty.words.message import N_

_HALF_CENT = pa.scalar(0.005, pa.float64())


def _prepare(columns: Columns) -> Columns:
    """An order with a cancellation date is cancelled, whatever its payment status; the billing phone replaces a missing one."""
    columns = fill_from(columns, "phone", "billing_phone")
    cancelled = columns.pop("cancelled_at", None)
    if cancelled is None or "status" not in columns:
        return columns
    is_cancelled = pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(cancelled)), 0)
    return {**columns, "status": pc.if_else(is_cancelled, "cancelled", columns["status"])}


def _finish(columns: Columns) -> Columns:
    """Goods are the subtotal; where prices include tax (subtotal + shipping = total), the tax is taken out."""
    if "goods" in columns and "total" in columns and "tax" in columns:
        rest = pc.cast(subtract(columns, "total", "goods", "shipping"), pa.float64())
        included = pc.less_equal(pc.abs(rest), _HALF_CENT)
        columns["goods"] = pc.if_else(
            pc.coalesce(included, False), subtract(columns, "goods", "tax"), columns["goods"]
        )
    columns["amount"] = multiply(columns, "quantity", "unit_price")
    columns["amount"] = subtract(columns, "amount", "line_discount")
    return columns


SOURCE = Source(
    name="shopify",
    title="Shopify",
    signature=signature(
        "Name", "Financial Status", "Lineitem quantity", "Lineitem name", "Lineitem price", "Created at"
    ),
    fields={
        "order_id": ("Name",),
        "email": ("Email",),
        "phone": ("Phone", "Billing Phone", "Shipping Phone"),
        "billing_phone": ("Billing Phone",),
        "name": ("Billing Name", "Shipping Name"),
        "ordered_at": ("Created at",),
        "status": ("Financial Status",),
        "cancelled_at": ("Cancelled at",),
        "currency": ("Currency",),
        "goods": ("Subtotal",),
        "shipping": ("Shipping",),
        "tax": ("Taxes",),
        "total": ("Total",),
        "discount": ("Discount Amount",),
        "coupon_code": ("Discount Code",),
        "refunded": ("Refunded Amount",),
        "quantity": ("Lineitem quantity",),
        "product": ("Lineitem name",),
        "product_id": ("Lineitem sku",),
        "unit_price": ("Lineitem price",),
        "line_discount": ("Lineitem discount",),
        "consent_email": ("Accepts Marketing",),
    },
    statuses=lower_keys(
        {
            "paid": "paid",
            "partially_paid": "paid",
            "partially_refunded": "paid",
            "refunded": "refunded",
            "pending": "unpaid",
            "authorized": "unpaid",
            "expired": "unpaid",
            "voided": "cancelled",
            "cancelled": "cancelled",
        }
    ),
    how_to_export=N_("Shopify admin › Orders › Export › “All orders” or a date range › “Plain CSV file”."),
    prepare=_prepare,
    finish=_finish,
)


def _prepare_customers(columns: Columns) -> Columns:
    """The name is in two columns; the phone of the address counts where there is no other."""
    return join_columns(fill_from(columns, "phone", "address_phone"), "name", "last_name")


CUSTOMERS = Source(
    name="shopify-customers",
    title=N_("Shopify (customers)"),
    kind="customers",
    signature=signature("First Name", "Last Name", "Email", "Total Spent", "Total Orders", "Tax Exempt"),
    fields={
        "customer_id": ("Customer ID",),
        "email": ("Email",),
        "phone": ("Phone",),
        "address_phone": ("Default Address Phone",),
        "name": ("First Name",),
        "last_name": ("Last Name",),
        "city": ("City", "Default Address City"),
        "consent_email": ("Accepts Email Marketing", "Accepts Marketing"),
        "consent_sms": ("Accepts SMS Marketing",),
        "tags": ("Tags",),
    },
    statuses={},
    how_to_export=N_("Shopify admin › Customers › Export › “All customers” › “Plain CSV file”."),
    whole=False,
    prepare=_prepare_customers,
)
