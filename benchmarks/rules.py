"""Association rules: published counts, CPU time and memory against mlxtend, growth, and whether rules last.

    python benchmarks/rules.py --data DIR [--repeat 3] [--limit-gb 10] [--only mlxtend growth survival]

DIR holds groceries_baskets.csv.gz (Hahsler's groceries, 9,835 baskets) and online_retail.csv.gz (UCI; rows with
a customer, quantity and price above 0: 18,532 orders). Every measurement runs in a process of its own, from
the lines of baskets to the rules; "search" is the part that finds the frequent sets (mlxtend's also needs a
table of baskets by products before it, which counts in "CPU" only). Memory is what the run adds to the loaded
data. mlxtend's apriori needs about 19 GB on Online Retail, so a process may take no more than --limit-gb, and
what is refused is said.
Floors: 8 times fpgrowth's and 50 times apriori's speed in CPU time, 100 MB; 90 of 100 rules still above chance
in later sales, 80 of 100 with half of their lift.
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
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PUBLISHED = {  # groceries, support .001, by confidence: rules, and rules by length
    0.8: (410, {3: 29, 4: 229, 5: 140, 6: 12}),
    0.5: (5668, {2: 11, 3: 1461, 4: 3211, 5: 939, 6: 46}),
}
CASES = (("groceries", 0.001, 0.8), ("groceries", 0.001, 0.5), ("online retail", 0.01, 0.5))
SIDES = ("ours", "fpgrowth", "apriori")
FASTER = {"fpgrowth": 8, "apriori": 50}
MOST_MB = 100
GROWTH = ((100_000, 0.001), (1_000_000, 0.001), (10_000_000, 0.001), (1_000_000, 0.0005))
KEPT, HALF_KEPT = 0.9, 0.8

Run = dict[str, Any]


def groceries(folder: Path) -> pd.DataFrame:
    frame = pd.read_csv(folder / "groceries_baskets.csv.gz")
    return frame.rename(columns={"transaction_id": "basket", "item": "product"})


def online_retail(folder: Path) -> pd.DataFrame:
    """Dated BASKETS of the sales to known customers."""
    frame = pd.read_csv(folder / "online_retail.csv.gz", dtype={"InvoiceNo": str, "StockCode": str})
    sold = frame[frame["CustomerID"].notna() & (frame["Quantity"] > 0) & (frame["UnitPrice"] > 0)]
    lines = sold.drop_duplicates(["InvoiceNo", "StockCode"])
    return pd.DataFrame(
        {
            "basket": lines["InvoiceNo"].to_numpy(),
            "product": lines["StockCode"].to_numpy(),
            "customer_id": lines["CustomerID"].astype("int64").astype(str).to_numpy(),
            "at": pd.to_datetime(lines["InvoiceDate"]).to_numpy(),
        }
    )


def made_up(lines: int, products: int = 4_000) -> pd.DataFrame:
    """Eight lines a basket; popularity falls as 1 / rank ** 0.9; 2,000 sets of four products turn up together."""
    rng = np.random.default_rng(1)
    baskets = lines // 8
    weight = 1 / np.arange(1, products + 1) ** 0.9
    sets = rng.integers(0, products, (2_000, 4))
    drawn = sets[rng.integers(0, len(sets), lines // 12)]
    rest = lines - drawn.size
    product = np.concatenate([drawn.ravel(), rng.choice(products, rest, p=weight / weight.sum())])
    where = np.repeat(rng.integers(0, baskets, len(drawn)), 4)
    basket = np.concatenate([where, rng.integers(0, baskets, rest)])
    names = pd.Categorical.from_codes(product, [f"p{n}" for n in range(products)])
    return pd.DataFrame({"basket": basket, "product": names})


def load(data: str, folder: Path, lines: int) -> pd.DataFrame:
    if data == "made up":
        return made_up(lines)
    return groceries(folder) if data == "groceries" else online_retail(folder)[["basket", "product"]]


def ours(frame: pd.DataFrame, support: float, confidence: float) -> Run:
    from loyalty.models.cross_sell.itemsets import mine_itemsets, support_count
    from loyalty.models.cross_sell.rules import mine_rules

    start = time.process_time()
    rules = mine_rules(frame, support, confidence, all_rules=True).rules
    whole = time.process_time()
    mine_itemsets(frame, support_count(support, frame["basket"].nunique()))
    search = time.process_time() - whole
    lengths = collections.Counter(len(side) + 1 for side in rules["antecedent"])
    return {"cpu": whole - start, "search": search, "lengths": sorted(lengths.items())}


def mlxtends(side: str, frame: pd.DataFrame, support: float, confidence: float) -> Run:
    from mlxtend import frequent_patterns as fp

    start = time.process_time()
    table = pd.crosstab(frame["basket"], frame["product"]).astype(bool)
    ready = time.process_time()
    sets = getattr(fp, side)(table, min_support=support, use_colnames=True)
    found = time.process_time()
    rules = fp.association_rules(sets, min_threshold=confidence - 1e-12)  # 8 of 10 comes out a hair under .8
    end = time.process_time()
    lengths = collections.Counter(
        len(left) + 1
        for left, right in zip(rules["antecedents"], rules["consequents"], strict=True)
        if len(right) == 1
    )
    return {"cpu": end - start, "search": found - ready, "lengths": sorted(lengths.items())}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(asked: argparse.Namespace) -> None:
    """In a child: run one side once, print what it took as JSON."""
    import mlxtend.frequent_patterns  # noqa: F401 - both sides pay for the import before the clock starts

    import loyalty.models.cross_sell.rules  # noqa: F401

    frame = load(asked.case, Path(asked.data), asked.lines)
    resource.setrlimit(resource.RLIMIT_AS, (int(asked.limit_gb * 2**30), resource.RLIM_INFINITY))
    before = peak_mb()
    try:
        if asked.child == "ours":
            result = ours(frame, asked.support, asked.confidence)
        else:
            result = mlxtends(asked.child, frame, asked.support, asked.confidence)
    except MemoryError:
        result = {"refused": True}
    print(json.dumps({**result, "added_mb": peak_mb() - before, "lines": len(frame)}))


def child(side: str, case: tuple[str, float, float], asked: argparse.Namespace, lines: int = 0) -> Run:
    data, support, confidence = case
    options = {
        "--child": side, "--case": data, "--support": support, "--confidence": confidence, "--lines": lines,
        "--data": asked.data, "--limit-gb": asked.limit_gb,
    }  # fmt: skip
    command = [sys.executable, __file__, *(str(part) for pair in options.items() for part in pair)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode < 0:  # ended by the system for its memory
        return {"refused": True, "added_mb": 0.0}
    if done.returncode:
        raise SystemExit(done.stderr)
    found: Run = json.loads(done.stdout)
    return found


def middle(runs: list[Run]) -> Run:
    """The median of time and memory over the runs; the counts are the same in each."""
    if any(run.get("refused") for run in runs):
        return runs[0] | {"refused": True}
    return {
        **runs[0],
        **{key: statistics.median(run[key] for run in runs) for key in ("cpu", "search", "added_mb")},
    }


def row(name: str, run: Run, base: Run) -> str:
    if run.get("refused"):
        return f"{name:>10}   refused: it asked for more memory than it may have"
    rules = sum(count for _, count in run["lengths"])
    times = f"{run['cpu'] / base['cpu']:6.1f}x {run['search'] / base['search']:7.1f}x"
    return f"{name:>10} {rules:>8,} {run['cpu']:>8.3f} {run['search']:>9.3f} {times} {run['added_mb']:>9.0f}"


def against_mlxtend(asked: argparse.Namespace) -> bool:
    """Print a table a case; whether counts agree and every floor holds."""
    right = True
    for case in CASES:
        data, support, confidence = case
        print(f"\n{data}, support {support}, confidence {confidence} (CPU seconds)")
        print(f"{'':>10} {'rules':>8} {'CPU':>8} {'search':>9} {'CPU':>7} {'search':>8} {'added MB':>9}")
        runs = {side: middle([child(side, case, asked) for _ in range(asked.repeat)]) for side in SIDES}
        base = runs["ours"]
        for side, run in runs.items():
            good = run.get("refused") or run["lengths"] == base["lengths"]
            if side != "ours" and not run.get("refused"):
                good = good and min(run["cpu"] / base["cpu"], run["search"] / base["search"]) >= FASTER[side]
            right &= bool(good)
            print(row(side, run, base), "" if good else "  BELOW THE FLOOR")
        if data == "groceries":
            published = {int(length): count for length, count in base["lengths"]} == PUBLISHED[confidence][1]
            print(
                f"published: {PUBLISHED[confidence][0]:,} rules; {'the same' if published else 'NOT THE SAME'} by length"
            )
            right &= published
        right &= base["added_mb"] <= MOST_MB
    return right


def growth(asked: argparse.Namespace) -> None:
    """Print how time and memory grow with the lines."""
    print("\nmade up, 4,000 products, eight lines a basket, confidence 0.1")
    print(f"{'lines':>12} {'support':>8} {'rules':>9} {'CPU':>8} {'search':>8} {'added MB':>9}")
    for lines, support in GROWTH:
        run = child("ours", ("made up", support, 0.1), asked, lines)
        rules = sum(count for _, count in run["lengths"])
        print(
            f"{run['lines']:>12,} {support:>8} {rules:>9,} {run['cpu']:>8.2f} {run['search']:>8.2f} {run['added_mb']:>9.0f}"
        )


def lasting(asked: argparse.Namespace) -> bool:
    """Rules of the first 70 % of the time of Online Retail in the rest; whether the floors hold."""
    from loyalty.models.cross_sell.rule_survival import check_rules, recently_sold
    from loyalty.models.cross_sell.search import Search, find_rules

    frame = online_retail(Path(asked.data))
    first, last = frame["at"].min(), frame["at"].max()
    cutoff = (first + (last - first) * 0.7).date()
    print(
        f"\nOnline Retail: the best 50 rules before {cutoff}, from then on (all 50 count, sold later or not)"
    )
    print(f"{'products':>10} {'rules':>6} {'above chance':>13} {'half of lift kept':>18}")
    right = True
    for most in (2, 3, 4):
        found = check_rules(frame, cutoff, lambda early, most=most: find_rules(early, Search(max_len=most)))
        above = sum(rule.lift > 1 for rule in found.rules) / len(found.rules)
        half = sum(rule.lift >= 0.5 * rule.rule.lift for rule in found.rules) / len(found.rules)
        right &= len(found.rules) == 50 and above >= KEPT and half >= HALF_KEPT
        print(f"{most:>10} {len(found.rules):>6} {above:>13.0%} {half:>18.0%}")
    early = frame[frame["at"] < pd.Timestamp(cutoff)]
    print(
        f"on sale in the 90 days before: {len(recently_sold(early, early['at'].max())):,} of {early['product'].nunique():,}"
    )
    return right


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit-gb", type=float, default=10.0)
    parser.add_argument("--only", nargs="+", choices=("mlxtend", "growth", "survival"), default=())
    parser.add_argument("--child", choices=SIDES, help=argparse.SUPPRESS)
    for name, kind in (("case", str), ("support", float), ("confidence", float), ("lines", int)):
        parser.add_argument(f"--{name}", type=kind, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        measure(asked)
        return 0
    right = True
    if not asked.only or "mlxtend" in asked.only:
        right &= against_mlxtend(asked)
    if not asked.only or "growth" in asked.only:
        growth(asked)
    if not asked.only or "survival" in asked.only:
        right &= lasting(asked)
    print("\nevery floor holds" if right else "\nA FLOOR IS MISSED")
    return 0 if right else 1


if __name__ == "__main__":
    raise SystemExit(main())
