"""A made-up shop with consents, as two small files: sales with e-mails, and a list of customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from tests.intake.builders import bring, save

FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 6, 30)
STAMP = dt.datetime(2025, 7, 1, 9, 0, 0)
PEOPLE = 120
NO, UNASKED = 5, 7  # every fifth says no, every seventh of the others was never asked
SALES = "Order number,E-mail,Date,Product,Total,Coupon code\n"


def email(n: int) -> str:
    return f"person{n}@example.com"


def agreed(n: int) -> bool:
    return n % NO != 0 and n % UNASKED != 0


def sales() -> str:
    """Customer n buys n % 4 + 1 times, 30 days apart, for 20.00 and n cents."""
    rows = []
    for n in range(PEOPLE):
        for turn in range(n % 4 + 1):
            day = FIRST + dt.timedelta(days=n % 60 + 30 * turn)
            rows.append(f"{n:03d}-{turn},{email(n)},{day},Tea,20.{n % 100:02d},\n")
    return SALES + "".join(rows) + f"last,{email(PEOPLE - 1)},{LAST},Honey,5.00,\n"


def listed() -> str:
    """Names, birthdays, tags, and who agreed to e-mail."""
    rows = ["E-mail,Name,Birthday,Tags,Agrees to e-mail,Consent given on\n"]
    for n in range(PEOPLE):
        if n % NO == 0 or agreed(n):
            name = "王芳" if n == 1 else f"Person {n}"
            rows.append(
                f'{email(n)},{name},1990-07-{n % 28 + 1:02d},"vip, tea",{"yes" if agreed(n) else "no"},2025-01-02\n'
            )
    return "".join(rows)


def fill(shop: Shop, folder: Path) -> None:
    """The shop with both files."""
    shop.save_settings(changed(shop.settings, currency="USD", shop_name="Tea & Co"))
    bring(shop, save(folder, "sales.csv", sales()))
    bring(shop, save(folder, "people.csv", listed()))


def month_after(buys: Iterable[tuple[str, float, str]], start: dt.date, prefix: str = "J") -> str:
    """Next month's export: (e-mail, amount, code) a day apart from `start` on, ten a day."""
    rows = [
        f"{prefix}{i},{who},{start + dt.timedelta(days=i // 10)},Tea,{amount:.2f},{code}\n"
        for i, (who, amount, code) in enumerate(buys)
    ]
    return SALES + "".join(rows)
