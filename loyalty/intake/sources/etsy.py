"""Etsy's two exports, sold orders and sold order items: the same orders, their amounts in one, products in the other.

Both are read as parts of an order, so that bringing in both neither doubles revenue nor products: the order's goods
and refund come from the orders file wherever it is there, the lines from the items file.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Source,
    fill_from,
    is_zero,
    lower_keys,
    put_year_first,
    signature,
    subtract,
    unescape_html,
)
from loyalty.intake.values.columns import map_distinct
from loyalty.words.message import N_

_USER = re.compile(r"\(([^()\s]+)\)\s*$")


def user_of(buyer: str) -> str:
    """The user name within a buyer's cell; a person's name alone is no identity.

    >>> user_of("Ann Example (ann42)"), user_of("ann42"), user_of("Ann Example")
    ('ann42', 'ann42', '')
    """
    match = _USER.search(buyer)
    if match:
        return match[1]
    return "" if " " in buyer.strip() else buyer.strip()


def _prepare(columns: Columns) -> Columns:
    """Dates are month first in every account; user ids are brought to one form; an order not adjusted says 0.00."""
    columns = unescape_html(put_year_first(columns), "product", "name", "buyer")
    if "buyer" in columns:
        columns["buyer"] = map_distinct(columns["buyer"], user_of, pa.string())
    columns = fill_from(columns, "customer_id", "buyer")
    adjusted_net = columns.pop("adjusted_net", None)
    if "refunded" in columns:
        is_unadjusted = is_zero(columns["refunded"])
        if adjusted_net is not None:
            is_unadjusted = pc.and_(is_unadjusted, is_zero(adjusted_net))
        columns["refunded"] = pc.if_else(is_unadjusted, "", columns["refunded"])
    return columns


def _finish(columns: Columns) -> Columns:
    """Orders: goods are the order's value less its discount, the refund is what the adjustment took off the total.

    Items: a line is worth its total less its discount.
    """
    if "goods" not in columns:
        columns["amount"] = subtract(columns, "amount", "line_discount")
        return columns
    columns["discount"] = columns.pop("line_discount", None)
    columns = {name: cells for name, cells in columns.items() if cells is not None}
    columns["goods"] = subtract(columns, "goods", "discount")
    if "refunded" in columns:
        refunds = pc.subtract(columns["total"], columns["refunded"]) if "total" in columns else None
        columns["refunded"] = refunds
    return columns


SOURCE = Source(
    name="etsy",
    title="Etsy",
    signature=signature("Sale Date", "Order ID", "Buyer", "Coupon Details", "InPerson Location"),
    fields={
        "order_id": ("Order ID",),
        "customer_id": ("Buyer User ID",),
        "buyer": ("Buyer",),
        "name": ("Full Name", "Ship Name"),
        "ordered_at": ("Sale Date",),
        "status": ("Status",),
        "currency": ("Currency",),
        "coupon_code": ("Coupon Code",),
        "product": ("Item Name",),
        "product_id": ("Listing ID",),
        "quantity": ("Quantity",),
        "unit_price": ("Price",),
        "amount": ("Item Total",),
        "line_discount": ("Discount Amount",),
        "goods": ("Order Value",),
        "shipping": ("Shipping", "Delivery", "Order Shipping", "Order Delivery"),
        "tax": ("Sales Tax", "Order Sales Tax"),
        "total": ("Order Total",),
        "refunded": ("Adjusted Order Total",),
        "adjusted_net": ("Adjusted Net Order Amount",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(
                ("completed", "paid", "processing", "shipped", "delivered", "partially refunded"), "paid"
            ),
            **dict.fromkeys(("unpaid", "open", "payment processing", "pending"), "unpaid"),
            **dict.fromkeys(("canceled", "cancelled"), "cancelled"),
            **dict.fromkeys(("refunded", "fully refunded"), "refunded"),
        }
    ),
    how_to_export=N_(
        "Etsy Shop Manager › Settings › Options › Download Data › “Orders”, then “Order Items” › month and year › "
        "Download CSV. Bring in both."
    ),
    whole=False,
    personal_reference=True,
    fixed_date_order="MDY",
    prepare=_prepare,
    finish=_finish,
)
