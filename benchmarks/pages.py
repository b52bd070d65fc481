"""How long a page takes once it is warm, on a shop of 541,909 order lines: server time of a rerun, by Streamlit's AppTest.

    python benchmarks/pages.py --data DIR [--runs 5]

DIR holds `online_retail.csv.gz`. Floor: 0.3 s for every page.
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
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402 - found only once the folder above is on the path

from loyalty.shop import Shop  # noqa: E402

FLOOR_S = 0.3


def timed(app: AppTest) -> float:
    """Seconds of one run of the script."""
    start = time.perf_counter()
    app.run()
    assert not app.exception
    return time.perf_counter() - start


def main() -> None:
    """Print first and warm times of every page."""
    parser = argparse.ArgumentParser(description="Server time of warm pages.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        with Shop.open(Path(folder)) as shop, shop.arriving(options.data / "online_retail.csv.gz") as file:
            file.take_in(dt.datetime(2026, 1, 1))
        os.environ["LOYALTY_SHOP"] = folder
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        timed(app)
        print(f"{'page':<12}{'first':>8}{'warm':>8}   (seconds; floor {FLOOR_S})")
        for page in sorted(path.stem for path in (ROOT / "app_pages").glob("*.py")):
            app.switch_page(f"app_pages/{page}.py")
            first = timed(app)
            print(f"{page:<12}{first:>8.2f}{median(timed(app) for _ in range(options.runs)):>8.3f}")


if __name__ == "__main__":
    main()
