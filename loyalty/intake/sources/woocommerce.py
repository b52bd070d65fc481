"""WooCommerce by its most used export plugins (WebToffee, SkyVerge: a row an order; AlgolPlus: a row a product) and by
the list of orders under its own Analytics."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Packed,
    Source,
    join_columns,
    lower_keys,
    signature,
    subtract,
    unescape_html,
)
from loyalty.intake.values.columns import map_distinct
from loyalty.words.message import N_

_STATUSES = lower_keys(
    {
        **dict.fromkeys(("completed", "processing", "shipped", "delivered", "partially-refunded"), "paid"),
        **dict.fromkeys(
            ("pending", "pending payment", "on-hold", "on hold", "checkout-draft", "draft"), "unpaid"
        ),
        **dict.fromkeys(("cancelled", "failed", "trash"), "cancelled"),
        "refunded": "refunded",
    }
)
STATUSES = {**_STATUSES, **{f"wc-{word}": meaning for word, meaning in _STATUSES.items()}}
_REFUND = re.compile(r"(?:^|[;|])\s*amount:\s*(-?\d+(?:\.\d+)?)")
_ITEM_COLUMN = re.compile(r"^line_item_\d+$")
_NEXT_ITEM = re.compile(r";\s*(?=(?:id|name|product_id):)")
_COUNTED = re.compile(r"\s*(?P<count>\d+)\s*×\s+(?P<name>.+?)\s*(?:,(?=\s*\d+\s*×\s)|$)", re.DOTALL)


def _item_columns(header: Sequence[str]) -> list[str]:
    return [name for name in header if _ITEM_COLUMN.match(name)]


def unpack_items(cells: Sequence[str]) -> list[Packed]:
    """Products of `name:…|product_id:…|sku:…|quantity:…|total:…` cells."""
    products: list[Packed] = []
    for cell in cells:
        parts = dict(part.partition(":")[::2] for part in cell.split("|") if ":" in part)
        if parts.get("name"):
            products.append((parts["name"], parts.get("quantity", "1"), parts.get("total", "")))
    return products


def unpack_line_items(cells: Sequence[str]) -> list[Packed]:
    """Products of SkyVerge's one cell: parts as in WebToffee's columns, behind semicolons; other text is one product."""
    text = cells[0] if cells else ""
    return unpack_items(_NEXT_ITEM.split(text)) or ([(text.strip(), "", "")] if text.strip() else [])


def unpack_counted(cells: Sequence[str]) -> list[Packed]:
    """Products of `2× Mug, blue, 1× Tea`: a comma parts two products only before the next count.

    >>> unpack_counted(["2× Mug, blue, 1× Tea"])
    [('Mug, blue', '2', ''), ('Tea', '1', '')]
    """
    text = html.unescape(cells[0]) if cells else ""
    products = [(match["name"], match["count"], "") for match in _COUNTED.finditer(text)]
    return products or ([(text.strip(), "", "")] if text.strip() else [])


def _strip_number_sign(columns: Columns) -> Columns:
    """Some layouts write an order's number as `#4415`, others as `4415`: it is the same order."""
    if "order_id" in columns:
        columns["order_id"] = pc.utf8_ltrim(columns["order_id"], "# \t'")
    return columns


def _prepare(columns: Columns) -> Columns:
    return join_columns(_strip_number_sign(columns), "name", "last_name")


def _prepare_webtoffee(columns: Columns) -> Columns:
    """Refunds come as `amount:…|reason:…|date:…` parts behind semicolons; the order's refund is their sum."""
    if "refunded" in columns:
        columns["refunded"] = map_distinct(columns["refunded"], sum_of_refunds, pa.string())
    return _prepare(columns)


def sum_of_refunds(cell: str) -> str:
    """The amounts of a `refund_items` cell added up, as text; a cell of another shape stays as it is.

    >>> sum_of_refunds("amount:4.50|reason:|date:2025-03-04;amount:-1.25|reason:late")
    '5.75'
    """
    amounts = _REFUND.findall(cell)
    return str(sum((abs(Decimal(amount)) for amount in amounts), Decimal())) if amounts else cell


def _finish(columns: Columns) -> Columns:
    if "total" in columns:
        columns["goods"] = subtract(columns, "total", "shipping", "tax", "fee")
    return columns


WEBTOFFEE = Source(
    name="woocommerce-webtoffee",
    title="WooCommerce (WebToffee)",
    signature=signature("order_id", "order_date", "status", "order_total", "billing_email", "line_item_1"),
    fields={
        "order_id": ("order_number", "order_id"),
        "email": ("billing_email", "customer_email"),
        "phone": ("billing_phone",),
        "name": ("billing_first_name",),
        "last_name": ("billing_last_name",),
        "ordered_at": ("order_date",),
        "status": ("status",),
        "currency": ("order_currency",),
        "total": ("order_total",),
        "shipping": ("shipping_total",),
        "tax": ("tax_total",),
        "fee": ("fee_total",),
        "discount": ("discount_total",),
        "refunded": ("refund_items",),
        "order_reference": ("transaction_id",),
    },
    statuses=STATUSES,
    how_to_export=N_("WordPress › WebToffee Import Export › Export › “Order” › all columns › Export as CSV."),
    prepare=_prepare_webtoffee,
    packed=_item_columns,
    unpack=unpack_items,
    finish=_finish,
)

SKYVERGE = replace(
    WEBTOFFEE,
    name="woocommerce-skyverge",
    title="WooCommerce (SkyVerge)",
    signature=signature(
        "order_id", "order_number", "date", "status", "order_total", "billing_email", "line_items"
    ),
    fields={**WEBTOFFEE.fields, "ordered_at": ("date", "order_date"), "refunded": ("refunds",)},
    how_to_export=N_("WordPress › WooCommerce › CSV Export › “Orders” › format “Default” › dates › Export."),
    packed=lambda header: [name for name in header if name.strip() == "line_items"],
    unpack=unpack_line_items,
)

ANALYTICS = Source(
    name="woocommerce-analytics",
    title=N_("WooCommerce (Analytics)"),
    signature=signature("Date", "Order #", "Status", "Customer", "Customer type", "Product(s)", "Items sold"),
    fields={
        "order_id": ("Order #",),
        "ordered_at": ("Date",),
        "status": ("Status",),
        "coupon_code": ("Coupon(s)",),
        "goods": ("Net Sales", "N. Revenue", "N. Revenue (formatted)"),
    },
    statuses=STATUSES,
    how_to_export=N_("WordPress › WooCommerce › Analytics › Orders › choose the dates › Download."),
    buyer_note=N_(
        "WooCommerce's own list of orders names buyers without an address: its sales are kept as anonymous ones. An "
        "export plugin brings the e-mail addresses."
    ),
    packed=lambda header: [name for name in header if name.strip() == "Product(s)"],
    unpack=unpack_counted,
    prepare=lambda columns: unescape_html(_strip_number_sign(columns), "goods"),
)

ALGOLPLUS = Source(
    name="woocommerce-algolplus",
    title="WooCommerce (Advanced Order Export)",
    signature=signature(
        "Order Number", "Order Status", "Order Date", "Order Line Total", "Order Total Amount"
    ),
    fields={
        "order_id": ("Order Number",),
        "email": ("Email (Billing)",),
        "phone": ("Phone (Billing)",),
        "name": ("First Name (Billing)",),
        "last_name": ("Last Name (Billing)",),
        "ordered_at": ("Order Date",),
        "status": ("Order Status",),
        "product_id": ("SKU",),
        "product": ("Name", "Item Name"),
        "quantity": ("Quantity",),
        "unit_price": ("Item Cost",),
        "amount": ("Order Line (w/o tax)", "Order Line Total"),
        "coupon_code": ("Coupons Used", "Coupon Code"),
        "discount": ("Cart Discount Amount",),
        "shipping": ("Order Shipping Amount",),
        "tax": ("Order Total Tax Amount", "Order Tax Amount"),
        "refunded": ("Order Refund Amount",),
        "total": ("Order Total Amount",),
    },
    statuses=STATUSES,
    how_to_export=N_("WordPress › WooCommerce › Export Orders › format CSV › “Export”."),
    prepare=_prepare,
)
