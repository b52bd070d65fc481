"""How an import grows with the file: the whole intake at several sizes, against reading the file and nothing more.

Run by `python benchmarks/intake.py --curve 100000 1000000 10000000`. Each measure is taken in a process of its own, on
a made-up table of orders (`made_up_orders.py`). Floors: a million lines in 60 s and 2 GB; ten times the lines cost
about ten times as much. Beside seconds by the clock stand those of the processor, which other programs on the machine
disturb less; beside the most memory in use stands the part that no file backs (pages of scratch files that are mapped
into memory count as used, and are given back when anybody needs them).
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

STAMP = dt.datetime(2026, 1, 1)
MOST_SECONDS, MOST_BYTES, FLOOR_AT = 60.0, 2e9, 1_000_000
STATUS = Path("/proc/self/status")  # Linux alone tells a process's own memory from mapped files


@dataclass(frozen=True)
class Cost:
    """What something took: seconds by the clock and of the processor, bytes at the most, and of these its own."""

    seconds: float
    processor: float
    most: float
    own: float

    def __str__(self) -> str:
        return f"{self.seconds:8.1f}{self.processor:8.1f}{self.most / 1e9:7.2f}{self.own / 1e9:7.2f}"


HEAD = f"{'s':>8}{'cpu s':>8}{'GB':>7}{'own':>7}"


def import_twice(path: str, later: str) -> list[tuple[str, Callable[[], None]]]:
    """In a new shop: take a file in; a later export of the same orders; take that back."""
    from loyalty.shop.shop import Shop

    folder = tempfile.TemporaryDirectory(dir=Path(path).parent)
    shop = Shop.open(Path(folder.name))

    def bring(file: str) -> None:
        with shop.open_import(Path(file)) as arriving:
            assert arriving.plan.questions == ()
            record = arriving.run(STAMP)
        assert record.rejected == 0
        assert record.accepted + record.duplicates == record.rows

    def close() -> None:
        shop.close()
        folder.cleanup()

    steps: list[tuple[str, Callable[[], None]]] = [("import", lambda: bring(path))]
    if later:
        steps += [("again", lambda: bring(later)), ("undo", lambda: shop.undo(2, STAMP) and None)]
    return [*steps, ("close", close)]


def read_pandas(path: str, later: str) -> list[tuple[str, Callable[[], None]]]:
    import pandas as pd

    return [("pandas", lambda: len(pd.read_csv(path)) and None)]


def read_duckdb(path: str, later: str) -> list[tuple[str, Callable[[], None]]]:
    import duckdb

    con = duckdb.connect()
    return [
        ("duckdb", lambda: con.execute("CREATE TABLE rows AS SELECT * FROM read_csv(?)", [path]) and None)
    ]


SIDES: Mapping[str, Callable[[str, str], list[tuple[str, Callable[[], None]]]]] = {
    "ours": import_twice,
    "pandas": read_pandas,
    "duckdb": read_duckdb,
}


class Watch:
    """Most memory of this process so far, in bytes; its own part is looked at twenty times a second."""

    def __init__(self) -> None:
        self.own = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while STATUS.exists():
            self.own = max(self.own, self._kilobytes("RssAnon") * 1024)
            time.sleep(0.05)

    @staticmethod
    def _kilobytes(name: str) -> float:
        lines = (line.split() for line in STATUS.read_text("ascii").splitlines())
        return next(float(words[1]) for words in lines if words[0] == f"{name}:")

    @property
    def most(self) -> float:
        """The high-water mark."""
        if STATUS.exists():
            return self._kilobytes("VmHWM") * 1024
        import resource

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def measure(side: str, path: str, later: str) -> None:
    """In a child: do all steps of a side and print what each took, as JSON."""
    watch = Watch()
    found = {}
    for name, step in SIDES[side](path, later):
        start, processor = time.perf_counter(), time.process_time()
        step()
        found[name] = (time.perf_counter() - start, time.process_time() - processor, watch.most, watch.own)
    print(json.dumps(found), flush=True)


def child(side: str, path: Path, later: str = "") -> dict[str, Cost]:
    """What each step of a side costs, measured in a process of its own."""
    command = [sys.executable, __file__, side, str(path), later]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return {name: Cost(*cost) for name, cost in json.loads(done.stdout).items()}


def middle(costs: Sequence[dict[str, Cost]]) -> dict[str, Cost]:
    """The median of each figure."""
    return {
        name: Cost(
            *(median(getattr(cost[name], part) for cost in costs) for part in Cost.__dataclass_fields__)
        )
        for name in costs[0]
    }


def costs_at(lines: int, runs: int, folder: Path) -> dict[str, Cost]:
    """All sides at one size; a second import is measured where the floor is."""
    from made_up_orders import write

    path, later = folder / f"{lines}.csv", folder / f"{lines}-later.csv"
    write(path, lines)
    if lines == FLOOR_AT:
        write(later, lines, later=True)
    again = str(later) if later.exists() else ""
    print(f"{lines:,} lines, {path.stat().st_size / 1e6:,.0f} MB", flush=True)
    found = middle(
        [{k: v for side in SIDES for k, v in child(side, path, again).items()} for _ in range(runs)]
    )
    for name, cost in found.items():
        if name != "close":
            print(f"  {name:<10}{cost}", flush=True)
    path.unlink()
    later.unlink(missing_ok=True)
    return found


def show(sizes: Sequence[int], runs: int, place: str | None) -> None:
    """Print the curve."""
    print(f"  {'':<10}{HEAD}   (medians of {runs})")
    before: tuple[int, Cost] | None = None
    for lines in sizes:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            found = costs_at(lines, runs, Path(folder))
        ours = found["import"]
        for other in ("pandas", "duckdb"):
            ratio = ours.processor / found[other].processor
            print(
                f"  {ours.seconds / found[other].seconds:.1f} times {other}'s read_csv alone (processor: {ratio:.1f})"
            )
        if before:
            fewer, cost = before
            print(f"  {lines / fewer:.0f} times the lines cost {ours.seconds / cost.seconds:.1f} times the time "
                  f"(processor: {ours.processor / cost.processor:.1f})")  # fmt: skip
        if lines == FLOOR_AT:
            print(f"  floors: {MOST_SECONDS:.0f} s, {MOST_BYTES / 1e9:.0f} GB")
        before = lines, ours


if __name__ == "__main__":
    measure(*sys.argv[1:4])
