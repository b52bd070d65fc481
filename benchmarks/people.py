"""What it costs to tell who is one person: phone numbers in one form, links of an import, and working identities out.

    python benchmarks/people.py [--rows 1000000] [--people 200000]

The data are made up (seed 1). Times are processor seconds of this process, so that other programs do not count. Floors: a
million distinct phone numbers take at most 12 s, plain Chinese mobile numbers at most 3 s; phones beside e-mails make the
import of a million rows at most 25 % longer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from loyalty.facts.customers import customers  # noqa: E402 - found only once the folder above is on the path
from loyalty.intake.values.phones import clean_phone  # noqa: E402
from loyalty.shop.settings import changed  # noqa: E402
from loyalty.shop.shop import Shop  # noqa: E402
from loyalty.store import identities  # noqa: E402
from loyalty.store.merges import merges  # noqa: E402

STAMP = dt.datetime(2026, 1, 1)
FORMS: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "13812345678": ("CN", lambda r: f"1{r.choice('3589')}{r.randrange(10**9):09d}"),
    "138 1234 5678": (
        "CN",
        lambda r: f"1{r.choice('3589')}{r.randrange(10)} {r.randrange(10**4):04d} {r.randrange(10**4):04d}",
    ),
    "07712345678": ("GB", lambda r: f"077{r.randrange(10**8):08d}"),
    "+44 7712345678": ("CN", lambda r: f"+44 77{r.randrange(10**8):08d}"),
    "(212) 345-6789": ("US", lambda r: f"(212) {r.randrange(200, 999)}-{r.randrange(10**4):04d}"),
}


def phones(count: int) -> None:
    """Seconds for a million distinct numbers, by how they are written."""
    print("\na million distinct phone numbers, written like")
    for form, (country, make) in FORMS.items():
        chance = random.Random(1)
        numbers = [make(chance) for _ in range(count)]
        clean_phone(numbers[0], country)
        start = time.process_time()
        for number in numbers:
            clean_phone(number, country)
        seconds = (time.process_time() - start) * 1e6 / count
        print(f"  {form:<16}{seconds:6.2f} s   floor {3 if form.isdigit() and country == 'CN' else 12} s")


def write(path: Path, rows: int, people: int, *, phone: bool) -> None:
    """A table of sales; each person has an e-mail in two rows of three, and a phone where `phone` says so."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as out:
        out.write(
            "Order,E-mail,Phone,Date,Product,Amount\n" if phone else "Order,E-mail,Date,Product,Amount\n"
        )
        for number in range(rows):
            who = chance.randrange(people)
            email = f"person{who}@example.com" if chance.random() < 2 / 3 or not phone else ""
            own = f"{email},138{who:08d}" if phone else email
            out.write(f"A{number},{own},2025-{who % 12 + 1:02d}-{number % 28 + 1:02d},Tea,10.00\n")


def bring(folder: Path, path: Path) -> float:
    """Processor seconds of an import into a new shop."""
    with Shop.open(folder) as shop:
        shop.save_settings(changed(shop.settings, currency="CNY"))
        start = time.process_time()
        with shop.open_import(path) as file:
            file.run(STAMP)
        return time.process_time() - start


def imports(rows: int, people: int) -> None:
    """An import with phones beside e-mails, against the same without; then what hangs on its links."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for phone in (False, True):
            write(folder / f"{phone}.csv", rows, people, phone=phone)
        plain = bring(folder / "plain", folder / "False.csv")
        linked = bring(folder / "linked", folder / "True.csv")
        print(f"\n{rows:,} rows of {people:,} people, e-mails alone     {plain:6.2f} s")
        print(
            f"the same with phones, both keys in two of three {linked:6.2f} s   ratio {linked / plain:.2f}, floor 1.25"
        )
        with Shop.open(folder / "linked") as shop:
            start = time.process_time()
            with shop.database.writing() as cursor:
                identities.update_identities(cursor)
            print(f"identities worked out anew                      {time.process_time() - start:6.2f} s")
            con = shop.database.reader()
            start = time.process_time()
            found = customers(con, dt.date(2025, 12, 31))
            print(
                f"the customers frame through identities          {time.process_time() - start:6.2f} s   {len(found):,} customers"
            )
            start = time.process_time()
            joined = merges(shop.database)
            print(
                f"the list of who was joined                      {time.process_time() - start:6.2f} s   {len(joined):,} joined"
            )
        with Shop.open(folder / "plain") as shop:
            con = shop.database.reader()
            start = time.process_time()
            customers(con, dt.date(2025, 12, 31))
            print(f"the customers frame without identities          {time.process_time() - start:6.2f} s")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="Cost of telling who is one person.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=200_000)
    options = parser.parse_args()
    phones(min(options.rows, 200_000))
    imports(options.rows, options.people)


if __name__ == "__main__":
    main()
