"""Association rules: published counts, time and peak memory against mlxtend, each side in a process of its own.

    python benchmarks/rules.py --data DIR [--repeat 3]

DIR holds groceries_baskets.csv.gz (columns transaction_id, item: Hahsler's groceries, 9,835 baskets). The
last table is of made-up baskets, 500,000 lines of 4,000 products, at several supports; there mlxtend is not
run.
"""

from __future__ import annotations

import argparse
import collections
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PUBLISHED = {  # support .001, by confidence: rules, and rules by length
    0.8: (410, {3: 29, 4: 229, 5: 140, 6: 12}),
    0.5: (5668, {2: 11, 3: 1461, 4: 3211, 5: 939, 6: 46}),
}
SIDES = ("ours", "fpgrowth", "apriori")
SUPPORT = 0.001
MADE_UP = (0.01, 0.005, 0.001, 0.0005)


def groceries(folder: Path) -> pd.DataFrame:
    frame = pd.read_csv(folder / "groceries_baskets.csv.gz")
    return frame.rename(columns={"transaction_id": "basket", "item": "product"})


def made_up(lines: int = 500_000, products: int = 4_000, baskets: int = 60_000) -> pd.DataFrame:
    """Popularity falls as 1 / rank ** 0.9; 2,000 sets of four products turn up together 20 times each."""
    rng = np.random.default_rng(1)
    weight = 1 / np.arange(1, products + 1) ** 0.9
    sets = rng.integers(0, products, (2_000, 4))
    drawn = sets[rng.integers(0, len(sets), 40_000)]
    rest = lines - drawn.size
    product = np.concatenate([drawn.ravel(), rng.choice(products, rest, p=weight / weight.sum())])
    basket = np.concatenate(
        [np.repeat(rng.integers(0, baskets, len(drawn)), 4), rng.integers(0, baskets, rest)]
    )
    return pd.DataFrame({"basket": basket, "product": [f"p{i}" for i in product]}).drop_duplicates()


def ours(frame: pd.DataFrame, confidence: float, support: float = SUPPORT) -> dict[int, int]:
    from loyalty.models.rules import mine_rules

    rules = mine_rules(frame, support, confidence, all_rules=True).rules
    return dict(collections.Counter(len(side) + 1 for side in rules["antecedent"]))


def mlxtends(search: str, frame: pd.DataFrame, confidence: float) -> dict[int, int]:
    from mlxtend import frequent_patterns as fp

    table = pd.crosstab(frame["basket"], frame["product"]).astype(bool)
    sets = getattr(fp, search)(table, min_support=SUPPORT, use_colnames=True)
    rules = fp.association_rules(sets, min_threshold=confidence - 1e-12)  # 8 of 10 comes out a hair under .8
    return dict(
        collections.Counter(
            len(left) + 1
            for left, right in zip(rules["antecedents"], rules["consequents"], strict=True)
            if len(right) == 1
        )
    )


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(side: str, data: str, value: float) -> None:
    """In a child: run one side once, print what it took as JSON. Memory is what the run adds to the loaded data."""
    import mlxtend.frequent_patterns  # noqa: F401 - both sides pay for the import before the clock starts

    import loyalty.models.rules  # noqa: F401

    frame = made_up() if data == "made-up" else groceries(Path(data))
    before, start = peak_mb(), time.perf_counter()
    if data == "made-up":
        lengths = ours(frame, 0.1, value)
    else:
        lengths = ours(frame, value) if side == "ours" else mlxtends(side, frame, value)
    seconds = time.perf_counter() - start
    result = {"seconds": seconds, "added_mb": peak_mb() - before, "peak_mb": peak_mb()}
    print(json.dumps({**result, "lengths": sorted(lengths.items())}))


def child(side: str, data: str, value: float) -> dict[str, object]:
    command = [sys.executable, __file__, "--data", data, "--child", side, "--value", str(value)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def middle(runs: list[dict[str, object]]) -> dict[str, object]:
    """The median of time and memory over the runs; the counts are the same in each."""
    keys = ("seconds", "added_mb", "peak_mb")
    return {**runs[0], **{key: statistics.median(float(run[key]) for run in runs) for key in keys}}


def line(name: str, run: dict[str, object], base: dict[str, object]) -> str:
    rules = sum(count for _, count in run["lengths"])
    times = f"{run['seconds'] / base['seconds']:6.1f}x"
    return f"{name:>10} {rules:>9,} {run['seconds']:>8.2f}s {times} {run['added_mb']:>8.0f} {run['peak_mb']:>8.0f}"


def against_mlxtend(data: str, repeat: int) -> bool:
    """Print the groceries table; whether every side has the published counts."""
    right = True
    for confidence, (total, lengths) in PUBLISHED.items():
        print(f"\ngroceries, support {SUPPORT}, confidence {confidence}: published {total:,} rules {lengths}")
        print(f"{'':>10} {'rules':>9} {'time':>9} {'':>7} {'added MB':>8} {'peak MB':>8}")
        runs = {side: middle([child(side, data, confidence) for _ in range(repeat)]) for side in SIDES}
        for side, run in runs.items():
            same = dict(run["lengths"]) == lengths
            right &= same
            print(line(side, run, runs["ours"]), "" if same else "  NOT the published counts")
    return right


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Association rules: counts, time and memory against mlxtend."
    )
    parser.add_argument("--data", required=True)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--child", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--value", type=float, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        measure(asked.child, asked.data, asked.value)
        return 0
    right = against_mlxtend(asked.data, asked.repeat)
    print(
        "\nmade up, 500,000 lines, 4,000 products, 60,000 baskets, confidence 0.1 (ours; ratio to the first)"
    )
    runs = {s: middle([child("ours", "made-up", s) for _ in range(asked.repeat)]) for s in MADE_UP}
    for support, run in runs.items():
        print(line(str(support), run, runs[MADE_UP[0]]))
    return 0 if right else 1


if __name__ == "__main__":
    raise SystemExit(main())
