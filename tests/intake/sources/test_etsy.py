"""Etsy: each of its two files is right by itself, and both together tell one story, in either order."""

from __future__ import annotations

from pathlib import Path

import pytest

from loyalty.shop.shop import Shop
from tests.intake.builders import bring, figures, lines, save, text_of
from tests.intake.sources.builders import (
    ENGLISH,
    EXPECTED,
    REVENUE,
    SALES,
    Layout,
    Row,
    Sale,
    check_layout,
    flat,
    money,
)

ITEMS = [
    "Sale Date",
    "Item Name",
    "Buyer",
    "Quantity",
    "Price",
    "Coupon Code",
    "Coupon Details",
    "Discount Amount",
    "Shipping Discount",
    "Order Shipping",
    "Order Sales Tax",
    "Item Total",
    "Currency",
    "Transaction ID",
    "Listing ID",
    "Date Paid",
    "Date Shipped",
    "Ship Name",
    "Ship Address1",
    "Ship Address2",
    "Ship City",
    "Ship State",
    "Ship Zipcode",
    "Ship Country",
    "Order ID",
    "Variations",
    "Order Type",
    "Listings Type",
    "Payment Type",
    "InPerson Discount",
    "InPerson Location",
    "VAT Paid by Buyer",
    "SKU",
]
ORDERS = [
    "Sale Date",
    "Order ID",
    "Buyer User ID",
    "Full Name",
    "First Name",
    "Last Name",
    "Number of Items",
    "Payment Method",
    "Date Shipped",
    "Street 1",
    "Street 2",
    "Ship City",
    "Ship State",
    "Ship Zipcode",
    "Ship Country",
    "Currency",
    "Order Value",
    "Coupon Code",
    "Coupon Details",
    "Discount Amount",
    "Shipping Discount",
    "Shipping",
    "Sales Tax",
    "Order Total",
    "Status",
    "Card Processing Fees",
    "Order Net",
    "Adjusted Order Total",
    "Adjusted Card Processing Fees",
    "Adjusted Net Order Amount",
    "Buyer",
    "Order Type",
    "Payment Type",
    "InPerson Discount",
    "InPerson Location",
    "SKU",
]
STATUS = {
    "paid": "Completed",
    "part": "Completed",
    "refunded": "Refunded",
    "cancelled": "Canceled",
    "unpaid": "Unpaid",
}


def order(sale: Sale) -> list[Row]:
    """The order's own row; an order that was not adjusted says 0.00."""
    adjusted = sale.total - sale.back if sale.fate == "part" else 0
    return [
        {
            "Sale Date": f"{sale.day:%m/%d/%y}",
            "Order ID": f"30000{sale.number}",
            "Buyer User ID": sale.who,
            "Full Name": "Zo&euml; O&#39;Hara",
            "Currency": "USD",
            "Order Value": money(sale.goods + sale.discount),
            "Discount Amount": money(sale.discount),
            "Shipping": money(sale.shipping),
            "Sales Tax": "0.00",
            "Order Total": money(sale.total),
            "Status": STATUS[sale.fate],
            "Adjusted Order Total": money(adjusted),
            "Adjusted Net Order Amount": money(adjusted),
            "Buyer": f"Zo&euml; O&#39;Hara ({sale.who})" if sale.who else "Zo&euml; O&#39;Hara",
        }
    ]


def items(sale: Sale) -> list[Row]:
    """A row a product; the discount on the first."""
    return [
        {
            "Sale Date": f"{sale.day:%m/%d/%y}",
            "Item Name": f"{name} &amp; more",
            "Quantity": str(count),
            "Buyer": f"Zoe Example ({sale.who})" if sale.who else "Zoe Example",
            "Price": money(price),
            "Discount Amount": money(sale.discount if place == 0 else 0),
            "Order Shipping": money(sale.shipping),
            "Item Total": money(count * price),
            "Currency": "USD",
            "Transaction ID": f"4{sale.number}{place}",
            "Listing ID": name[:3],
            "Order ID": f"30000{sale.number}",
        }
        for place, (name, count, price) in enumerate(sale.items)
    ]


# The items file does not say what was given back, called off or never paid: all 34 orders of 20 buyers stand in it.
EVERYTHING = REVENUE + 2 * 12 + 2 * 10 + 2 * 30 + 2 * 30
LAYOUTS = {
    "orders": Layout("etsy", ORDERS, flat(map(order, SALES)), "Payment Method"),
    "items": Layout("etsy", ITEMS, flat(map(items, SALES)), "SKU", (20, 34, EVERYTHING, 2, 10)),
}


@pytest.mark.parametrize("variant", ENGLISH)
@pytest.mark.parametrize("name", LAYOUTS)
def test_each_file_gives_the_story_s_figures(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS[name], variant, tmp_path, shop)


@pytest.mark.parametrize("names", [("orders", "items"), ("items", "orders")])
def test_both_files_double_nothing(names: tuple[str, str], tmp_path: Path, shop: Shop) -> None:
    for name in names:
        bring(shop, save(tmp_path, f"{name}.csv", LAYOUTS[name].text()))
    assert figures(shop) == EXPECTED
    products = [line for line in lines(shop, "300001021") if line[0]]
    assert products == [("Mug, blue & more", 2.0, 16.0 - 1.0), ("Jasmine Tea & more", 1.0, 10.0)]


def test_names_lose_their_html(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "orders.csv", LAYOUTS["orders"].text()))
    assert shop.database.cursor().execute("SELECT DISTINCT name FROM contacts").fetchall() == [
        ("Zoë O'Hara",)
    ]


def test_dates_are_month_first_and_amounts_may_have_signs(tmp_path: Path, shop: Shop) -> None:
    """13 March proves the order; 4 March, read day first, would be 3 April."""
    first, second = order(SALES[3])[0], order(SALES[12])[0]
    signed = {**first, "Order Value": "$1,210.00", "Order Total": "$1,214.00"}
    bring(shop, save(tmp_path, "orders.csv", text_of(ORDERS, [signed, second])))
    rows_read = (
        shop.database.cursor()
        .execute("SELECT strftime(ordered_at, '%Y-%m-%d'), net::DOUBLE FROM orders ORDER BY 1")
        .fetchall()
    )
    assert rows_read == [("2025-03-04", 1210.0), ("2025-03-13", 10.0)]


def test_an_order_adjusted_to_nothing_is_given_back(tmp_path: Path, shop: Shop) -> None:
    """The total of 0.00 alone says nothing; beside it a net amount below 0 (the fees) says that all was given back."""
    rows = [order(sale)[0] for sale in SALES[:14]]
    rows[0] = {**rows[0], "Adjusted Order Total": "0.00", "Adjusted Net Order Amount": "-0.65"}
    bring(shop, save(tmp_path, "orders.csv", text_of(ORDERS, rows)))
    assert figures(shop)[1:3] == (13, 13 * 10.0)
