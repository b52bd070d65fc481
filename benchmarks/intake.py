"""How long a large file takes to come in, against the least that any program needs, and whether the figures are right.

    python benchmarks/intake.py --data DIR [--runs 5]
    python benchmarks/intake.py --curve 100000 1000000 10000000 [--runs 1] [--folder DIR]

DIR holds `online_retail.csv.gz` (UCI Online Retail, 541,909 rows). Floors: an import takes at most 4 times as long as
`pandas.read_csv` of the same file plus one DuckDB `CREATE TABLE AS`; by the command line at most 30 s and 1.5 GB.

The second way shows how the cost grows with made-up files of so many lines (`curve.py`); they are written to DIR.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import curve  # noqa: E402 - found only once the folder above is on the path

from loyalty.shop.shop import Shop  # noqa: E402

FILE = "online_retail.csv.gz"
STAMP = dt.datetime(2026, 1, 1)
MOST_RATIO, MOST_SECONDS, MOST_BYTES = 4.0, 30.0, 1.5e9
PUBLISHED = {"customers": 4338, "orders": 18532, "revenue": 8911407.90, "repurchase_rate": 0.6558}
MEASURED = """
import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run([sys.executable, "-m", "loyalty", *sys.argv[1:]], capture_output=True, text=True)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, done.returncode)
print(done.stdout)
"""


def bare(path: Path) -> float:
    """Seconds to read the file with pandas and copy it into a database file, nothing understood."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        frame = pd.read_csv(path)
        with duckdb.connect(str(Path(folder) / "bare.duckdb")) as con:
            con.register("frame", frame)
            con.execute("CREATE TABLE rows AS SELECT * FROM frame")
        return time.perf_counter() - start


def ours(path: Path) -> float:
    """Seconds from a closed file to orders that figures can be asked of, in a new shop."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with Shop.open(Path(folder)) as shop, shop.open_import(path) as file:
            record = file.run(STAMP)
        seconds = time.perf_counter() - start
    assert (record.rows, record.accepted) == (541_909, 541_909), record
    return seconds


def by_command(*arguments: str) -> tuple[float, float, int, dict[str, object]]:
    """Seconds, most memory in bytes, exit code and answer of the command line, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments, "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    first, _, rest = done.stdout.partition("\n")
    seconds, most, code = first.split()
    return float(seconds), float(most), int(code), json.loads(rest)


def speed(path: Path, runs: int) -> None:
    """Both ways in turn, so that a busy machine slows both."""
    pairs = [(bare(path), ours(path)) for _ in range(runs + 1)][1:]
    theirs, mine = median(a for a, _ in pairs), median(b for _, b in pairs)
    print(f"read_csv + CREATE TABLE AS  {theirs:6.2f} s   (median of {runs})")
    print(f"import                      {mine:6.2f} s")
    print(f"ratio                       {mine / theirs:6.2f}     floor {MOST_RATIO}")


def command_line(path: Path) -> None:
    """One import as an owner would start it."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, most, code, _ = by_command("--shop", folder, "import", str(path))
    print(f"command line                {seconds:6.2f} s   floor {MOST_SECONDS:.0f}   exit code {code}")
    print(f"most memory                 {most / 1e9:6.2f} GB  floor {MOST_BYTES / 1e9}")


def published(path: Path) -> None:
    """The published figures of the rows with a customer, a quantity and a price above 0."""
    rows = pd.read_csv(path, dtype=str)
    counts = (
        rows["CustomerID"].notna()
        & (rows["Quantity"].astype(float) > 0)
        & (rows["UnitPrice"].astype(float) > 0)
    )
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "known.csv"
        rows[counts].to_csv(known, index=False)
        by_command("--shop", folder, "import", str(known))
        _, _, _, found = by_command("--shop", folder, "kpis")
    print(f"\n{'figure':<18}{'published':>14}{'here':>14}")
    for name, value in PUBLISHED.items():
        print(f"{name:<18}{value:>14}{round(float(str(found[name])), 4):>14}")


#: What the shop holds when the file comes in whole: rows without a customer anonymous, C invoices refunds, price 0 no sale.
WHOLE = {
    "purchases": "SELECT count(*) FROM orders WHERE net > 0",
    "of these, anonymous": "SELECT count(*) FROM orders WHERE net > 0 AND customer_id IS NULL",
    "their revenue": "SELECT sum(net) FROM orders WHERE net > 0",
    "refunds on their own": "SELECT count(*) FROM orders WHERE net < 0",
    "refunded": "SELECT sum(net) FROM orders WHERE net < 0",
    "orders worth nothing": "SELECT count(*) FROM orders WHERE net = 0",
    "lines of price 0": "SELECT count(*) FROM order_lines WHERE amount = 0",
    "net revenue": "SELECT sum(net) FROM orders",
}


def whole(path: Path) -> None:
    """The same figures for the file as it is."""
    with tempfile.TemporaryDirectory() as folder, Shop.open(Path(folder)) as shop:
        with shop.open_import(path) as file:
            file.run(STAMP)
        print()
        for name, query in WHOLE.items():
            print(f"{name:<22}{shop.database.cursor().execute(query).fetchall()[0][0]:>18,}")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="Speed and accuracy of the intake.")
    parser.add_argument("--data", type=Path, help=f"a folder with {FILE}")
    parser.add_argument(
        "--curve", type=int, nargs="+", metavar="LINES", help="made-up files of so many lines"
    )
    parser.add_argument(
        "--folder", help="where made-up files go; ten million lines take 3 GB and as much again"
    )
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if options.curve:
        curve.show(options.curve, options.runs, options.folder)
        return
    if not options.data:
        parser.error("--data or --curve")
    path = options.data / FILE
    speed(path, options.runs)
    command_line(path)
    published(path)
    whole(path)


if __name__ == "__main__":
    main()
