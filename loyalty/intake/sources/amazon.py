"""Amazon's "All Orders" flat file: a row a product, without the buyer."""

from __future__ import annotations

import pyarrow.compute as pc

from loyalty.intake.canonical import MONEY
from loyalty.intake.sources.base import (
    Columns,
    Source,
    contains_any,
    lower_keys,
    set_where,
    signature,
    subtract,
    zero_cancelled_lines,
)
from loyalty.words.message import N_


def _prepare(columns: Columns) -> Columns:
    """A product can be cancelled while the rest of its order is not."""
    item = columns.pop("item_status", None)
    return (
        columns
        if item is None
        else set_where(columns, contains_any(item, "cancelled", "canceled"), "cancelled")
    )


def _finish(columns: Columns) -> Columns:
    """The item price is the line's, whatever its quantity; the promotion comes off it."""
    if "line_discount" in columns:
        columns["line_discount"] = pc.cast(pc.abs(columns["line_discount"]), MONEY)
    columns["amount"] = subtract(columns, "amount", "line_discount")
    return zero_cancelled_lines(columns)


SOURCE = Source(
    name="amazon",
    title="Amazon",
    signature=signature("amazon-order-id", "purchase-date", "order-status", "sales-channel", "item-price"),
    fields={
        "order_id": ("amazon-order-id",),
        "ordered_at": ("purchase-date",),
        "status": ("order-status",),
        "item_status": ("item-status",),
        "currency": ("currency",),
        "product_id": ("sku", "asin"),
        "product": ("product-name",),
        "quantity": ("quantity",),
        "amount": ("item-price",),
        "line_discount": ("item-promotion-discount",),
        "coupon_code": ("promotion-ids",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(
                ("shipped", "unshipped", "partiallyshipped", "partially shipped", "shipping"), "paid"
            ),
            **dict.fromkeys(
                ("shipped - delivered to buyer", "shipped - picked up", "shipped - out for delivery"), "paid"
            ),
            **dict.fromkeys(("complete", "invoiceunconfirmed"), "paid"),
            **dict.fromkeys(("pending", "pendingavailability", "pending - waiting for pick up"), "unpaid"),
            **dict.fromkeys(("cancelled", "canceled", "unfulfillable"), "cancelled"),
            **dict.fromkeys(("shipped - returned to seller", "shipped - rejected by buyer"), "refunded"),
            **dict.fromkeys(("shipped - returning to seller", "shipped - undeliverable"), "refunded"),
        }
    ),
    how_to_export=N_(
        "Amazon Seller Central › Reports › Fulfilment (or Orders › Order Reports) › “All Orders” › period › "
        "Request .txt Download."
    ),
    fixed_decimal=".",
    buyer_note=N_("Amazon does not tell sellers who buys: its sales are kept as anonymous ones."),
    prepare=_prepare,
    finish=_finish,
    line_statuses=True,
)
