"""Shopify and the plugins of WooCommerce: exports of web shops, with e-mail addresses."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from loyalty.intake.sources.woocommerce import unpack_counted, unpack_line_items
from loyalty.shop.shop import Shop
from tests.intake.builders import ALGOLPLUS, SHOPIFY, WEBTOFFEE, bring, figures, lines, save
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
from tests.intake.sources.test_silent_platforms import LAYOUTS as SILENT

SKYVERGE = [
    "order_id",
    "order_number",
    "date",
    "status",
    "shipping_total",
    "shipping_tax_total",
    "tax_total",
    "cart_discount",
    "order_discount",
    "discount_total",
    "order_total",
    "payment_method",
    "shipping_method",
    "customer_id",
    "billing_first_name",
    "billing_last_name",
    "billing_company",
    "billing_email",
    "billing_phone",
    "billing_address_1",
    "billing_address_2",
    "billing_postcode",
    "billing_city",
    "billing_state",
    "billing_country",
    "shipping_first_name",
    "shipping_last_name",
    "shipping_address_1",
    "shipping_address_2",
    "shipping_postcode",
    "shipping_city",
    "shipping_state",
    "shipping_country",
    "shipping_company",
    "customer_note",
    "line_items",
    "shipping_items",
    "tax_items",
    "coupons",
    "order_notes",
]
SHOPIFY_OLD = SHOPIFY[: SHOPIFY.index("Tax 5 Value") + 1]
TAX = Decimal("1.90")
SHOPIFY_STATUS = {
    "part": "partially_refunded",
    "refunded": "refunded",
    "cancelled": "voided",
    "unpaid": "pending",
}
WOO_STATUS = {"cancelled": "cancelled", "unpaid": "on-hold", "refunded": "refunded"}


def shopify(sale: Sale) -> list[Row]:
    """A row a product; what belongs to the order stands on the first."""
    own = {
        "Email": sale.email,
        "Financial Status": SHOPIFY_STATUS.get(sale.fate, "paid"),
        "Currency": "EUR",
        "Subtotal": money(sale.goods),
        "Shipping": money(sale.shipping),
        "Taxes": money(TAX),
        "Total": money(sale.total + TAX),
        "Discount Amount": money(sale.discount),
        "Created at": f"{sale.day} 09:58:12 +0100",
        "Refunded Amount": money(sale.back),
    }
    return [
        {
            "Name": f"#{sale.number}",
            **(own if place == 0 else {}),
            "Lineitem quantity": str(count),
            "Lineitem name": name,
            "Lineitem price": money(price),
        }
        for place, (name, count, price) in enumerate(sale.items)
    ]


def packed(sale: Sale) -> list[str]:
    """Products as the plugins pack them."""
    return [
        f"name:{name}|product_id:{place}|sku:|quantity:{count}|total:{money(count * price - (sale.discount if place == 0 else 0))}"
        for place, (name, count, price) in enumerate(sale.items)
    ]


def order(sale: Sale) -> dict[str, str]:
    """What WebToffee's and SkyVerge's files have in common."""
    return {
        "order_id": str(sale.number + 5000),
        "order_number": f"#{sale.number}",
        "status": WOO_STATUS.get(sale.fate, "completed"),
        "shipping_total": money(sale.shipping),
        "tax_total": money(TAX),
        "order_total": money(sale.total + TAX),
        "billing_email": sale.email,
        "billing_first_name": "Ann",
        "billing_last_name": "Example",
        "discount_total": money(sale.discount),
    }


def webtoffee(sale: Sale) -> Row:
    """A product a column."""
    back = f"amount:{money(sale.back)}|reason:|date:2025-04-09 10:00:00" if sale.fate == "part" else ""
    products = {f"line_item_{place}": item for place, item in enumerate(packed(sale), 1)}
    return {
        **order(sale),
        **products,
        "order_date": f"{sale.day} 09:00:00",
        "refund_items": back,
        "fee_total": "0.00",
    }


def skyverge(sale: Sale) -> Row:
    """All products in one cell."""
    return {**order(sale), "date": f"{sale.day} 04:48:06", "line_items": "; ".join(packed(sale))}


def algolplus(sale: Sale) -> list[Row]:
    """A row a product."""
    return [
        {
            "Order Number": str(sale.number),
            "Order Status": WOO_STATUS.get(sale.fate, "Completed").title(),
            "Order Date": f"{sale.day} 09:00",
            "Email (Billing)": sale.email,
            "Item #": str(place + 1),
            "Name": name,
            "Quantity": str(count),
            "Order Line (w/o tax)": money(count * price - (sale.discount if place == 0 else 0)),
            "Order Refund Amount": money(sale.back),
            "Order Total Amount": money(sale.total),
            "Order Shipping Amount": money(sale.shipping),
        }
        for place, (name, count, price) in enumerate(sale.items)
    ]


# SkyVerge's old layout does not tell what was given back in part.
WHOLE = (*EXPECTED[:2], REVENUE + 2 * 12, *EXPECTED[3:])
SHOPIFY_ROWS = flat(map(shopify, SALES))
LAYOUTS = {
    "shopify": Layout("shopify", SHOPIFY, SHOPIFY_ROWS, "Notes"),
    "shopify-2019": Layout("shopify", SHOPIFY_OLD, SHOPIFY_ROWS, "Tags"),
    "webtoffee": Layout(
        "woocommerce-webtoffee", WEBTOFFEE, [webtoffee(sale) for sale in SALES], "order_notes"
    ),
    "skyverge": Layout(
        "woocommerce-skyverge", SKYVERGE, [skyverge(sale) for sale in SALES], "coupons", WHOLE
    ),
    "algolplus": Layout("woocommerce-algolplus", ALGOLPLUS, flat(map(algolplus, SALES)), "SKU"),
}


@pytest.mark.parametrize("variant", ENGLISH)
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_story(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS[name], variant, tmp_path, shop)


def test_skyverge_packs_products_in_one_cell(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "s.csv", LAYOUTS["skyverge"].text()))
    assert lines(shop, "1021") == [("Jasmine Tea", 1.0, 10.0), ("Mug, blue", 2.0, 15.0)]


@pytest.mark.parametrize(
    ("cell", "products"),
    [
        (
            "name:Tea; loose|quantity:2|total:8.00;name:Mug|quantity:1|total:5",
            [("Tea; loose", "2", "8.00"), ("Mug", "1", "5")],
        ),
        ("Tea, two bags", [("Tea, two bags", "", "")]),
        ("", []),
    ],
)
def test_line_items(cell: str, products: list[tuple[str, str, str]]) -> None:
    assert unpack_line_items([cell]) == products


@pytest.mark.parametrize(
    ("cell", "products"),
    [
        ("2× Mug, blue, 1× Tea", [("Mug, blue", "2", ""), ("Tea", "1", "")]),
        ("10× Box, 12 x 9 inches", [("Box, 12 x 9 inches", "10", "")]),
        ("1× Tom &amp; Ann", [("Tom & Ann", "1", "")]),
        ("Tea", [("Tea", "", "")]),
        ("", []),
    ],
)
def test_counted_products(cell: str, products: list[tuple[str, str, str]]) -> None:
    assert unpack_counted([cell]) == products


def test_a_file_without_buyers_removes_none(tmp_path: Path, shop: Shop) -> None:
    """WooCommerce's own list of the same orders, brought in later: the buyers that SkyVerge's export named stay known."""
    bring(shop, save(tmp_path, "s.csv", LAYOUTS["skyverge"].text()))
    before = figures(shop)
    second = bring(shop, save(tmp_path, "a.csv", SILENT["analytics"].text()))
    assert second.accepted + second.duplicates == second.rows
    assert figures(shop)[0] == before[0]
    assert figures(shop)[3] == before[3]
