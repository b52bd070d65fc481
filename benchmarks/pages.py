"""How long a page takes once it is warm: server time of a rerun, by Streamlit's AppTest.

    python benchmarks/pages.py --data DIR [--runs 5]        a shop of 541,909 order lines
    python benchmarks/pages.py --lines 1000000 [--runs 5]   a made-up shop of so many lines

DIR holds `online_retail.csv.gz`. Floor: 0.3 s for every page. "first" is the page's first run after a start.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import made_up_orders  # noqa: E402 - found only once the folders above are on the path
from streamlit.testing.v1 import AppTest  # noqa: E402

from loyalty.shop.shop import Shop  # noqa: E402

FLOOR_S = 0.3
TABS = {  # drawn when they are open
    "products": ("products-tabs", ("For whom what", "How good the suggestions are")),
    "segments": ("segments-tabs", ("How groups differ", "Who moved", "Who is in which group")),
}


def timed(app: AppTest) -> tuple[float, float]:
    """Seconds of one run of the script: by the clock, and of the processor."""
    start, work = time.perf_counter(), time.process_time()
    app.run()
    assert not app.exception
    return time.perf_counter() - start, time.process_time() - work


def exported(options: argparse.Namespace, folder: Path) -> Path:
    """The file of orders that the shop is made from."""
    if options.data:
        return Path(options.data) / "online_retail.csv.gz"
    made_up_orders.write(folder / "orders.csv", options.lines)
    return folder / "orders.csv"


def told(name: str, app: AppTest, runs: int) -> None:
    """Print the first and the median warm run of what the app shows now."""
    first, _ = timed(app)
    warm, work = (median(column) for column in zip(*(timed(app) for _ in range(runs)), strict=True))
    print(f"{name:<32}{first:>8.2f}{warm:>8.3f}{work:>8.3f}", flush=True)


def main() -> None:
    """Print first and warm times of every page."""
    parser = argparse.ArgumentParser(description="Server time of warm pages.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path)
    source.add_argument("--lines", type=int)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        export = exported(options, Path(folder))
        with Shop.open(Path(folder) / "shop") as shop, shop.open_import(export) as file:
            file.run(dt.datetime(2026, 1, 1))
        os.environ["LOYALTY_SHOP"] = str(Path(folder) / "shop")
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        timed(app)
        print(
            f"{'page':<32}{'first':>8}{'warm':>8}{'work':>8}   (seconds; work: of the processor; floor {FLOOR_S})"
        )
        for page in sorted(path.parent.name for path in (ROOT / "pages").glob("*/page.py")):
            app.switch_page(f"pages/{page}/page.py")
            told(page, app, options.runs)
            key, tabs = TABS.get(page, ("", ()))
            for tab in tabs:
                app.session_state[key] = tab
                told(f"  {tab}", app, options.runs)


if __name__ == "__main__":
    main()
