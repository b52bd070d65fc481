"""How long a large file of visits, and a long list of customers, take to come in, and again, and to be taken back.

    python benchmarks/kinds.py [--rows 1000000]

The files are made on the spot: `--rows` acts of 50,000 people over a year, and a tenth as many customers. Seconds are of
the processor, so that what else the computer does is left out. Floor: a million acts in 60 s and 2 GB.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from loyalty.shop.shop import Shop  # noqa: E402 - found only once the folder above is on the path

STAMP = dt.datetime(2026, 1, 1)
ACTS = ("view", "page_view", "add to cart", "like", "share")


def make(folder: Path, rows: int) -> tuple[Path, Path]:
    """The two files, the same at every run."""
    chance = random.Random(20260101)
    events, people = folder / "events.csv", folder / "people.csv"
    with events.open("w", encoding="utf-8") as out:
        out.write("Time,E-mail,What they did,Product,Seconds\n")
        for _ in range(rows):
            at = dt.datetime(2025, 1, 1) + dt.timedelta(seconds=chance.randint(0, 31_000_000))
            who, what = chance.randint(0, 50_000), chance.choice(ACTS)
            out.write(
                f"{at:%Y-%m-%d %H:%M:%S},p{who}@example.com,{what},Product {chance.randint(0, 300)},{chance.randint(1, 300)}\n"
            )
    with people.open("w", encoding="utf-8") as out:
        out.write("E-mail,Name,Birthday,Agrees to e-mail,City,Customer since\n")
        for n in range(rows // 10):
            out.write(
                f"p{n}@example.com,Ann {n},{1950 + n % 50}-03-{1 + n % 28:02d},{'yes' if n % 2 else 'no'},Bath,2024-01-{1 + n % 28:02d}\n"
            )
    return events, people


def take_in(shop: Shop, path: Path) -> str:
    """Bring a file in and say how long it took and how its rows fared."""
    start = time.process_time()
    with shop.open_import(path) as file:
        record = file.run(STAMP)
    spent = time.process_time() - start
    assert record.rows == record.accepted + record.duplicates + record.not_records
    return f"{path.name:12} {record.rows:>9,} rows  {record.accepted:>9,} new  {record.duplicates:>9,} known  {spent:6.1f} s"


def main() -> None:
    """Each file once, again in other bytes, and taken back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows: int = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as scratch, Shop.open(Path(scratch) / "shop") as shop:
        for path in make(Path(scratch), rows):
            print(take_in(shop, path))
            again = path.with_name(f"again-{path.name}")
            again.write_bytes(path.read_bytes() + b"\n")
            print(take_in(shop, again))
        start = time.process_time()
        shop.undo(1, STAMP)
        print(f"undone in {time.process_time() - start:.2f} s")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
