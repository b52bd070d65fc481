"""Toast's item selections: a row a dish, its price already multiplied and discounted, without the guest."""

from __future__ import annotations

import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Source,
    is_yes,
    lower_keys,
    put_year_first,
    set_where,
    signature,
    zero_cancelled_lines,
)
from loyalty.words.message import N_


def _prepare(columns: Columns) -> Columns:
    """What was voided was not sold; what is deferred (a gift card) is sold when it is spent. Dates are month first."""
    not_sold = pc.or_(is_yes(columns, "void"), is_yes(columns, "deferred"))
    columns = put_year_first(set_where(columns, not_sold, "cancelled"))
    return {name: cells for name, cells in columns.items() if name not in ("void", "deferred")}


SOURCE = Source(
    name="toast",
    title="Toast",
    signature=signature("Order Id", "Item Selection Id", "Menu Item", "Net Price", "Void?"),
    fields={
        "order_id": ("Order Id",),
        "ordered_at": ("Order Date", "Sent Date"),
        "void": ("Void?",),
        "deferred": ("Deferred",),
        "category": ("Menu Group", "Sales Category"),
        "product": ("Menu Item",),
        "quantity": ("Qty",),
        "line_discount": ("Discount",),
        "amount": ("Net Price",),
    },
    statuses=lower_keys({"cancelled": "cancelled"}),
    how_to_export=N_(
        "Toast Web › Reports › Sales › Sales summary › Product mix › “Item details” › Download CSV."
    ),
    fixed_decimal=".",
    fixed_date_order="MDY",
    buyer_note=N_("Toast's export does not say who ate: its sales are kept as anonymous ones."),
    prepare=_prepare,
    finish=zero_cancelled_lines,
    line_statuses=True,
)
