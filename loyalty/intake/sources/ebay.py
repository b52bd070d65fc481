"""eBay's orders report: a row an item, above the items of an order one for the order itself; blank rows and a footer."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Source,
    fill_from,
    is_filled,
    lower_keys,
    set_where,
    signature,
)
from loyalty.words.message import N_

_ALIAS = r"(?i)@members\.ebay\."


def is_item_or_order(columns: Columns) -> pa.Array:
    """Which rows name an item or a day of sale; "83 record(s) downloaded" and the like do neither."""
    filled_cells = [is_filled(columns[name]) for name in ("item", "product", "ordered_at") if name in columns]
    is_record = filled_cells[0]
    for cells in filled_cells[1:]:
        is_record = pc.or_(is_record, cells)
    return is_record


def _prepare(columns: Columns) -> Columns:
    """A row without an item is the order whose items follow: its amount counts only if none do.

    What was never paid has no day of payment. eBay's own aliases of e-mail addresses change, and are no identity.
    """
    columns = fill_from(columns, "order_id", "record")
    has_item = is_filled(columns["item"])
    columns["total"] = pc.if_else(has_item, "", columns["amount"])
    columns["amount"] = pc.if_else(has_item, columns["amount"], "")
    paid_on = columns.pop("paid_on", None)
    if paid_on is not None:
        columns = set_where(columns, is_filled(columns["ordered_at"]), "unpaid")
        columns = set_where(columns, is_filled(paid_on), "paid")
    if "email" in columns:
        alias = pc.match_substring_regex(columns["email"], _ALIAS)
        columns["email"] = pc.if_else(alias, "", columns["email"])
    return {name: cells for name, cells in columns.items() if name != "item"}


SOURCE = Source(
    name="ebay",
    title="eBay",
    signature=signature(
        "Sales Record Number", "Order Number", "Item Number", "Item Title", "Sold For", "Sale Date"
    ),
    fields={
        "order_id": ("Order Number",),
        "record": ("Sales Record Number",),
        "customer_id": ("Buyer Username",),
        "email": ("Buyer Email",),
        "name": ("Buyer Name",),
        "order_reference": ("PayPal Transaction ID",),
        "ordered_at": ("Sale Date",),
        "paid_on": ("Paid On Date",),
        "item": ("Item Number",),
        "product_id": ("Item Number",),
        "product": ("Item Title",),
        "quantity": ("Quantity",),
        "amount": ("Sold For",),
    },
    statuses=lower_keys({"paid": "paid", "unpaid": "unpaid"}),
    how_to_export=N_(
        "eBay Seller Hub › Orders › All orders › choose a period › Download report › “Orders report”."
    ),
    personal_reference=True,
    prepare=_prepare,
    is_record=is_item_or_order,
)

GERMAN = replace(
    SOURCE,
    name="ebay-de",
    title="eBay (de)",
    signature=signature(
        "Verkaufsprotokollnummer",
        "Bestellnummer",
        "Artikelnummer",
        "Angebotstitel",
        "Verkauft für",
        "Verkauft am",
    ),
    fields={
        "order_id": ("Bestellnummer",),
        "record": ("Verkaufsprotokollnummer",),
        "customer_id": ("Nutzername des Käufers",),
        "email": ("E-Mail des Käufers",),
        "name": ("Name des Käufers",),
        "ordered_at": ("Verkauft am",),
        "paid_on": ("Zahlungsdatum", "Bezahlt am"),
        "item": ("Artikelnummer",),
        "product_id": ("Artikelnummer",),
        "product": ("Angebotstitel",),
        "quantity": ("Anzahl",),
        "amount": ("Verkauft für",),
    },
    fixed_decimal=",",
)
