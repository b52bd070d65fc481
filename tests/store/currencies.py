"""Small files of sales in several currencies, and of the same sales as a shop and a payment service tell them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from loyalty.shop.shop import Shop
from tests.intake.builders import SHOPIFY, Row, bring, save, text_of
from tests.intake.sources.test_stripe import NEW as STRIPE

TABLE = ["Order", "Customer", "Date", "Product", "Total", "Refunded", "Currency"]


def sale(number: int, day: str, total: str, currency: str = "", **cells: str) -> Row:
    """A row of the owner's own table."""
    own = {
        "Order": f"A{number}",
        "Customer": "ann",
        "Date": day,
        "Product": "Tea",
        "Total": total,
        "Currency": currency,
    }
    return {**own, **cells}


def bring_sales(shop: Shop, folder: Path, name: str, rows: Sequence[Row], home: str = "USD") -> int:
    """Take a table in, to a shop whose currency is `home` if it has none; returns the number of the import."""
    if home and not shop.settings.currency:
        shop.save_settings(replace(shop.settings, currency=home))
    return bring(shop, save(folder, f"{name}.csv", text_of(TABLE, rows))).import_id


def exact(shop: Shop) -> dict[str, Decimal | None]:
    """Net revenue by order, exact; None while a rate is missing."""
    return dict(
        shop.database.cursor().execute("SELECT order_id, net FROM orders ORDER BY order_id").fetchall()
    )


@dataclass(frozen=True)
class Both:
    """A sale that both a shop and a payment service tell. `net`: its goods; the buyer pays 4.00 postage on top."""

    number: int
    at: dt.datetime
    net: Decimal
    email: str

    @property
    def paid(self) -> Decimal:
        """What the buyer pays."""
        return self.net + 4


def both(count: int = 40, seed: int = 1, first: dt.datetime = dt.datetime(2025, 3, 1, 9)) -> list[Both]:
    """`count` sales over some weeks, of 5.00 to 60.00, a fifth of them by buyers without an address."""
    chance = random.Random(seed)
    made_sales = []
    for number in range(count):
        at = first + dt.timedelta(hours=19 * number + chance.randint(0, 9))
        email = f"c{chance.randint(1, 15):02}@example.com" if chance.random() > 0.2 else ""
        made_sales.append(Both(1001 + number, at, Decimal(chance.randint(50, 600)) / 10, email))
    return made_sales


def orders_of(sales: Sequence[Both], **cells: str) -> str:
    """Shopify's export of them, on the shop's clocks."""
    rows = [
        {
            "Name": f"#{s.number}",
            "Email": s.email,
            "Financial Status": "paid",
            "Created at": f"{s.at:%Y-%m-%d %H:%M:%S} +0200",
            "Currency": "EUR",
            "Subtotal": f"{s.net:.2f}",
            "Shipping": "4.00",
            "Taxes": "0.00",
            "Total": f"{s.paid:.2f}",
            "Lineitem name": "Tea",
            "Lineitem quantity": "1",
            "Lineitem price": f"{s.net:.2f}",
            **cells,
        }
        for s in sales
    ]
    return text_of(SHOPIFY, rows)


def payments_of(sales: Sequence[Both], **cells: str) -> str:
    """Stripe's export of them, in UTC, two hours and a minute apart from the shop's clocks."""
    rows = [
        {
            "id": f"ch_{s.number}",
            "Created date (UTC)": f"{s.at - dt.timedelta(hours=1, minutes=59):%Y-%m-%d %H:%M}",
            "Amount": f"{s.paid:.2f}",
            "Amount Refunded": "0.00",
            "Currency": "eur",
            "Captured": "true",
            "Fee": "0.59",
            "Status": "Paid",
            "Customer Email": s.email,
            **cells,
        }
        for s in sales
    ]
    return text_of(STRIPE, rows)
