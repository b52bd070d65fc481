"""eBay: a row for the order above its items, blank rows, a footer; dollars and commas, or euros and semicolons."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from loyalty.intake.sources.ebay import is_item_or_order
from loyalty.shop.shop import Shop
from tests.intake.builders import bring, lines, nets, save, text_of
from tests.intake.sources.builders import (
    ENGLISH,
    REVENUE,
    SALES,
    Layout,
    Row,
    Sale,
    check_layout,
    flat,
    money,
)

HEADER = [
    "Sales Record Number",
    "Order Number",
    "Buyer Username",
    "Buyer Name",
    "Buyer Email",
    "Buyer Note",
    "Buyer Address 1",
    "Buyer Address 2",
    "Buyer City",
    "Buyer State",
    "Buyer Zip",
    "Buyer Country",
    "Ship To Name",
    "Ship To Phone",
    "Ship To Address 1",
    "Ship To Address 2",
    "Ship To City",
    "Ship To State",
    "Ship To Zip",
    "Ship To Country",
    "Item Number",
    "Item Title",
    "Custom Label",
    "Sold Via Promoted Listings",
    "Quantity",
    "Sold For",
    "Shipping And Handling",
    "Seller Collected Tax",
    "eBay Collected Tax",
    "Total Price",
    "eBay Collected Tax Included in Total",
    "Payment Method",
    "Sale Date",
    "Paid On Date",
    "Ship By Date",
    "Minimum Estimated Delivery Date",
    "Maximum Estimated Delivery Date",
    "Shipped On Date",
    "Feedback Left",
    "Feedback Received",
    "My Item Note",
    "PayPal Transaction ID",
    "Shipping Service",
    "Tracking Number",
    "Transaction ID",
    "Variation Details",
    "Global Shipping Program",
    "Global Shipping Reference ID",
    "Click And Collect",
    "Click And Collect Reference Number",
    "eBay Plus",
]
GERMAN = {
    "Sales Record Number": "Verkaufsprotokollnummer",
    "Order Number": "Bestellnummer",
    "Buyer Username": "Nutzername des Käufers",
    "Buyer Name": "Name des Käufers",
    "Item Number": "Artikelnummer",
    "Item Title": "Angebotstitel",
    "Quantity": "Anzahl",
    "Sold For": "Verkauft für",
    "Total Price": "Gesamtbetrag",
    "Sale Date": "Verkauft am",
    "Paid On Date": "Zahlungsdatum",
}
MONTHS = {"Mar": "Mrz", "Apr": "Apr"}


def rows_of(sale: Sale) -> list[Row]:
    """One item: one row. Several: a row of the order without an item, then the items without the order's cells."""
    day = f"{sale.day:%b-%d-%y}"
    own = {
        "Sales Record Number": str(sale.number),
        "Order Number": f"12-{sale.number}-98765",
        "Buyer Username": sale.who,
        "Buyer Name": "Ann Example",
        "Buyer Email": f"{sale.number}@members.ebay.com",
        "Sale Date": day,
        "Paid On Date": "" if sale.fate == "unpaid" else day,
        "Total Price": f"${money(sale.total)}",
    }
    items = [
        {
            "Item Number": f"11{len(name)}",
            "Item Title": name,
            "Quantity": str(count),
            "Sold For": f"${money(count * price)}",
        }
        for name, count, price in sale.items
    ]
    if len(items) == 1:
        return [{**own, **items[0]}]
    items[0]["Sold For"] = f"${money(sale.items[0][1] * sale.items[0][2] - sale.discount)}"
    return [
        {**own, "Quantity": "3", "Sold For": f"${money(sale.goods)}"},
        *({"Order Number": own["Order Number"], **item} for item in items),
    ]


def german(row: Row) -> Row:
    """A row of the German file: 116,99 €, 10-Mrz-25."""
    turned = {GERMAN[name]: cell for name, cell in row.items() if name in GERMAN}
    for name in ("Verkauft für", "Gesamtbetrag"):
        if name in turned:
            turned[name] = turned[name].replace(".", ",").removeprefix("$") + " €"
    for name in ("Verkauft am", "Zahlungsdatum"):
        if turned.get(name):
            month, day, year = turned[name].split("-")
            turned[name] = f"{day}-{MONTHS[month]}-{year}"
    return turned


# Nothing in the file tells of refunds or orders called off: 24.00 and 20.00 given back and two boxes stay in.
EXPECTED = (14 + 2 + 2, 28 + 2 + 2, REVENUE + 2 * 12 + 2 * 10 + 2 * 30, 2, 10)
ROWS = flat(map(rows_of, SALES))
LAYOUTS = {
    "english": Layout(
        "ebay",
        HEADER,
        ROWS,
        "Buyer Note",
        EXPECTED,
        before="," * 50 + "\n",
        after="," * 50 + "\n38 record(s) downloaded,,\nSeller ID : example_seller,,\n",
        footers=2,
    ),
    "german": Layout(
        "ebay-de",
        list(GERMAN.values()),
        [german(row) for row in ROWS],
        "Gesamtbetrag",
        EXPECTED,
        delimiter=";",
        before=";;\n",
        after="\n38 Datensätze heruntergeladen;;\nVerkäufer : example;;\n",
        footers=2,
    ),
}


@pytest.mark.parametrize("variant", ENGLISH)
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_story(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS[name], variant, tmp_path, shop)


def test_the_row_of_an_order_does_not_count_beside_its_items(tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS["english"], "utf-8", tmp_path, shop)
    assert nets(shop)["12-1021-98765"] == 2 * 8 - 1 + 10
    items = [line for line in lines(shop, "12-1021-98765") if line[0]]
    assert items == [("Mug, blue", 2.0, 15.0), ("Jasmine Tea", 1.0, 10.0)]


def test_the_order_row_counts_when_items_are_missing(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "export.csv", text_of(HEADER, [rows_of(SALES[20])[0]])))
    assert nets(shop) == {"12-1021-98765": 25.0}


def test_footers_are_no_records() -> None:
    columns = {
        "item": pa.array(["11", "", "", " "]),
        "product": pa.array(["Tea", "", "", ""]),
        "ordered_at": pa.array(["", "Mar-04-25", "", ""]),
    }
    assert is_item_or_order(columns).to_pylist() == [True, True, False, False]
