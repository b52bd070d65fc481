"""Opening balances: the points that customers have in another tool, imported from a small table.

The table is CSV, XLSX or anything else that sales may come in. Columns, in any order, under an English or Chinese heading:

| column | headings | holds |
|---|---|---|
| who | `customer_id` 顾客编号, `email` 邮箱, `phone` 手机号 | at least one; as in the files that sales came in |
| points | `points`, `balance`, 积分 | a whole number above 0 |
| on | `date`, 日期 | the day of the balance, YYYY-MM-DD; left away: the day before the first sale |
| expires_on | `expires`, `expires_on`, 有效期 | the last day of these points, YYYY-MM-DD; left away: by the programme |

Nobody gets an opening balance twice: a row for a customer who has one already is left out, and the same file again adds
nothing. A row whose customer the shop does not know is rejected with its reason.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from loyalty.errors import OwnerError
from loyalty.intake.identity import IdRules, clean_email, person_keys
from loyalty.intake.tables.header import normalise_heading
from loyalty.intake.tables.open_file import open_file
from loyalty.intake.tables.text_table import LINE, RejectedRow
from loyalty.intake.values.cells import clean_cell
from loyalty.intake.values.phones import clean_phone
from loyalty.shop.shop import Shop
from loyalty.store.database import SCRATCH
from loyalty.store.points import NewEntry, add_entries, entries
from loyalty.words import N_, Message

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "customer_id": (
        "customer_id",
        "customer id",
        "customer number",
        "customer",
        "顾客编号",
        "会员号",
        "客户编号",
    ),
    "email": ("email", "e-mail", "email address", "邮箱", "电子邮箱"),
    "phone": ("phone", "mobile", "phone number", "手机号", "手机", "电话"),
    "points": ("points", "balance", "point balance", "积分", "积分余额", "可用积分"),
    "on": ("date", "on", "as of", "日期"),
    "expires_on": ("expires", "expires_on", "expiry", "expires on", "有效期", "到期日"),
}
MOST_POINTS = 1_000_000_000


class NoPointsColumn(OwnerError):
    """A table without a column of points, or of customers."""

    template = N_(
        "This table needs a column “points” and one of “customer_id”, “email” or “phone”. Its columns are: {columns}."
    )


@dataclass(frozen=True)
class OpeningBalancesResult:
    """What was imported: rows = entered + already_imported + rejected. `points`: the sum entered."""

    rows: int
    entered: int
    already_imported: int
    points: int
    rejected: tuple[RejectedRow, ...]


def open_balances(
    shop: Shop, path: Path, stamp: dt.datetime, first_sale: dt.date, *, name: str = "", dry_run: bool = False
) -> OpeningBalancesResult:
    """Import the opening balances of a table (all of its valid rows at once); `dry_run` counts only.

    `first_sale`: balances without a day get the day before it. Raises NoPointsColumn or an error of
    `loyalty.intake.errors`.
    """
    before = entries(shop.database)
    with_opening = set(before.loc[before["kind"] == "opening", "customer_id"])
    customer_of = _customer_of(shop)
    new: list[NewEntry] = []
    rejected: list[RejectedRow] = []
    already_imported = rows = 0
    for line, cells, row in _rows(shop, path, name):
        rows += 1
        entry = _opening_entry(shop, row, customer_of, first_sale)
        if isinstance(entry, Message):
            rejected.append(RejectedRow(line, cells, entry))
        elif entry.customer_id in with_opening:
            already_imported += 1
        else:
            with_opening.add(entry.customer_id)
            new.append(entry)
    if not dry_run:
        add_entries(shop.database, new, stamp)
    return OpeningBalancesResult(
        rows, len(new), already_imported, sum(entry.points for entry in new), tuple(rejected)
    )


def _rows(shop: Shop, path: Path, name: str) -> Iterator[tuple[int, tuple[str, ...], dict[str, str]]]:
    """Line, cells as they stand, and what each known column says."""
    titles = {
        normalise_heading(heading): field for field, headings in HEADINGS.items() for heading in headings
    }
    with tempfile.TemporaryDirectory(dir=shop.folder / SCRATCH) as directory:
        table = open_file(
            path, Path(directory), name=name, signatures=[frozenset({"points"}), frozenset({"积分"})]
        )
        fields = {
            column: titles[normalise_heading(column)]
            for column in table.columns
            if normalise_heading(column) in titles
        }
        if "points" not in fields.values() or not {"customer_id", "email", "phone"} & set(fields.values()):
            raise NoPointsColumn(columns=", ".join(table.columns))
        for batch in table.batches():
            for row in batch.to_pylist():
                cells = {field: clean_cell(row[column] or "") for column, field in fields.items()}
                yield row[LINE], tuple(row[column] or "" for column in table.columns), cells


def _customer_of(shop: Shop) -> dict[str, str]:
    """Every id that a customer has had, with the present one."""
    rows = shop.database.cursor().execute(
        """SELECT alias, customer_id FROM identities UNION SELECT DISTINCT customer_id, customer_id FROM orders
        WHERE customer_id IS NOT NULL UNION SELECT customer_id, customer_id FROM customers
        UNION SELECT customer_id, customer_id FROM contacts"""
    )
    return {str(alias): str(now) for alias, now in rows.fetchall()}


def _opening_entry(
    shop: Shop, row: Mapping[str, str], customer_of: Mapping[str, str], first_sale: dt.date
) -> NewEntry | Message:
    """One row as an opening balance, or why it is rejected."""
    customer_id = _matched_customer(shop, row, customer_of)
    if customer_id is None:
        return Message(N_("no customer is known by this number or address"))
    text = row.get("points", "").removesuffix(".0").removesuffix(".00")
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_POINTS):
        return Message(
            N_("“{text}” is not a whole number of points above 0"), {"text": row.get("points", "")}
        )
    days: dict[str, dt.date | None] = {}
    for field in ("on", "expires_on"):
        cell = row.get(field, "")
        try:
            days[field] = dt.date.fromisoformat(cell[:10]) if cell else None
        except ValueError:
            return Message(N_("“{text}” is not a day such as 2026-03-31"), {"text": cell})
    on = days["on"] or first_sale - dt.timedelta(days=1)
    if days["expires_on"] and days["expires_on"] < on:
        return Message(N_("these points had expired before the day of the balance"))
    return NewEntry(
        customer_id, dt.datetime.combine(on, dt.time()), "opening", int(text), None, days["expires_on"]
    )


def _matched_customer(shop: Shop, row: Mapping[str, str], customer_of: Mapping[str, str]) -> str | None:
    """The customer that a row names, by number, e-mail or phone; None if no customer matches."""
    number = row.get("customer_id", "")
    email = clean_email(row.get("email", ""))
    phone = clean_phone(row.get("phone", ""), shop.settings.home_country) if row.get("phone") else None
    keys = person_keys(IdRules(shop.database.salt), number, email, phone)
    return next(
        (customer_of[alias] for alias in (number, *(key for _, key in keys)) if alias in customer_of), None
    )
