"""Where customers stand, on real shops: how many have each status, and how many of each bought again by themselves.

    python benchmarks/statuses.py --data DIR

Online Retail (UCI) and CDNOW (Fader & Hardie) as they are. A status is worth its name when the shares who bought again
within 90 days fall from active through due and overdue to lapsed; the script also holds every list of Online Retail's
people, by count and ids, against the one definition.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import datetime as dt  # noqa: E402

from loyalty.cli.run import run  # noqa: E402
from loyalty.customers.status import came_back_by_status, customer_statuses  # noqa: E402
from loyalty.services.figures import facts, last_day  # noqa: E402
from loyalty.shop.shop import Shop  # noqa: E402

STAMP = dt.datetime(2026, 1, 1, 9, 0, 0)
FILES = {"Online Retail": "online_retail.csv.gz", "CDNOW": "cdnow_master.txt.gz"}
GROCERY_DAYS = 8


def ask(folder: Path, *arguments: str) -> dict:
    """The JSON document of a command."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = run(["--shop", str(folder), *arguments, "--json"], STAMP)
    assert code == 0, out.getvalue()[:500]
    return json.loads(out.getvalue())


def record(folder: Path) -> None:
    """Counts now, and what each status did in the last 90 days."""
    with Shop.open(folder) as shop, shop.database.reading() as con:
        known = facts(con, last_day(con))
    started = time.process_time()
    statuses = customer_statuses(known.models.days, known.as_of, known.customers["customer_id"])
    seconds = time.process_time() - started
    table = came_back_by_status(known.models.days, known.as_of)
    print(
        f"  {len(statuses.customers):,} customers, usual gap {statuses.usual_gap_days} days, {seconds:.2f} s of processor time"
    )
    print(f"  {'status':<10}{'now':>8}{'90 days ago':>14}{'bought again':>14}")
    for row in table.to_dict("records"):
        share = f"{row['came_back'] / row['customers']:.0%}" if row["customers"] else "–"
        print(f"  {row['status']:<10}{statuses.counts[row['status']]:>8,}{row['customers']:>14,}{share:>14}")


def one_population(folder: Path) -> None:
    """Every list of people by count and ids."""
    listed = ask(folder, "customers", "list")
    status = {customer["customer_id"]: customer["status"] for customer in listed["customers"]}
    audiences = {each["key"]: each["customers"] for each in ask(folder, "campaign", "audiences")["audiences"]}
    wrong = [key for key, count in listed["statuses"].items() if count != audiences.get(key, 0)]
    for action in ask(folder, "next", "--all")["actions"]:
        people = ask(folder, "campaign", "audiences", "--key", action["audience"])["audiences"][0]
        if people["customer_ids"] != sorted(action["customer_ids"]):
            wrong.append(f"next {action['key']}")
    predicted = ask(folder, "predict")["customers"]
    wrong += [row["customer_id"] for row in predicted if row["status"] != status[row["customer_id"]]]
    print(
        f"  lists, actions, audiences and predictions: {'one population' if not wrong else f'DIFFER: {wrong[:5]}'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with the public data sets")
    options = parser.parse_args()
    for name, file in FILES.items():
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "shop"
            ask(folder, "import", str(options.data / file))
            print(name)
            record(folder)
            if name == "Online Retail":
                one_population(folder)


if __name__ == "__main__":
    main()
