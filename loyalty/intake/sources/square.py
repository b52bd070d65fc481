"""Square's items detail export: a row a product sold or given back; an order may go on in a later file."""

from __future__ import annotations

import pyarrow.compute as pc

from loyalty.intake.sources.base import Columns, Source, joined, lower_keys, signature
from loyalty.words.message import N_


def _prepare(columns: Columns) -> Columns:
    """Date and time are two columns; a product without a category has the word "None" for one."""
    if "category" in columns:
        columns["category"] = pc.if_else(pc.equal(columns["category"], "None"), "", columns["category"])
    return joined(columns, "ordered_at", "time")


SOURCE = Source(
    name="square",
    title="Square",
    signature=signature(
        "Date", "Time", "Item", "Qty", "Gross Sales", "Net Sales", "Transaction ID", "Event Type"
    ),
    fields={
        "order_id": ("Transaction ID",),
        "customer_id": ("Customer ID",),
        "name": ("Customer Name",),
        "ordered_at": ("Date",),
        "time": ("Time",),
        "status": ("Event Type",),
        "category": ("Category",),
        "product": ("Item",),
        "product_id": ("SKU",),
        "quantity": ("Qty",),
        "line_discount": ("Discounts",),
        "amount": ("Net Sales",),
    },
    statuses=lower_keys({"payment": "paid", "refund": "paid", "sale": "paid"}),
    how_to_export=N_(
        "Square Dashboard › Reports › Transactions › choose the dates › Export › “Items detail CSV”."
    ),
    whole=False,
    prepare=_prepare,
)
