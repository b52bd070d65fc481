"""Recommendations on two public tasks: every method beside popularity, own history, TIFU-KNN and, if asked for, `implicit`.

    python benchmarks/recommend.py --data DIR [--implicit] [--only tafeng|online]

DIR holds tafeng_history.csv.gz and tafeng_future.csv.gz (next basket of all 13,858 users; the metric of Li et al.,
"A Next Basket Recommendation Reality Check", where popularity has .0803 / .0842 / .2489) and online_retail.csv.gz
(the last 60 days kept back; the first order of each returning customer in them is to be found). `--implicit` makes a
virtual environment in a temporary folder and installs that library there. Floors are printed beside; time and memory
are those of a process of its own that fits and ranks for everybody with the two rankers that lists are made from.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from loyalty.models.recommendations import metrics  # noqa: E402
from loyalty.models.recommendations.candidates import BY_NAME  # noqa: E402
from loyalty.models.recommendations.holdout import Holdout, holdout_from_frames, split_by_time  # noqa: E402
from loyalty.models.recommendations.interactions import binary_matrix, encode_interactions  # noqa: E402
from loyalty.models.recommendations.model_selection import ModelSelection, Result, compare_candidates  # noqa: E402
from loyalty.models.recommendations.ranking import top_lists  # noqa: E402

EVERYBODY = 10**9
DAYS = 60
CPU_S, PEAK_GB = 30.0, 1.6
PUBLISHED = {  # Ta-Feng, recall, NDCG and hit at 10
    "popular, published": (0.0803, 0.0842, 0.2489),
    "own, filled, published": (0.1195, 0.1007, 0.3721),
    "TIFU-KNN, as measured": (0.1423, 0.1202, 0.4247),
}
IMPLICIT = """
import sys, numpy as np
from scipy import sparse
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
data = np.load(sys.argv[1])
seen = sparse.csr_matrix((data["values"], data["columns"], data["starts"]), shape=tuple(data["shape"]))
models = {
    "als": AlternatingLeastSquares(factors=128, regularization=0.05, alpha=2.0, iterations=15, random_state=1),
    "cosine": CosineRecommender(K=100),
    "bm25": BM25Recommender(K=100),
}
found = {}
for name, model in models.items():
    model.fit(seen, show_progress=False)
    rows = data["rows"]
    for kind, only_new in (("every", False), ("new", True)):
        found[f"{name}-{kind}"], _ = model.recommend(rows, seen[rows], N=10, filter_already_liked_items=only_new)
np.savez(sys.argv[2], **found)
"""


def tafeng(folder: Path) -> Holdout:
    """The published task."""
    names = ["customer_id", "basket", "product"]
    history, future = (pd.read_csv(folder / f"tafeng_{part}.csv.gz") for part in ("history", "future"))
    history.columns = future.columns = names
    return holdout_from_frames(history, future)


def online(folder: Path) -> Holdout:
    """Sales of a gift shop, unknown buyers too; the last 60 days kept back."""
    rows = pd.read_csv(folder / "online_retail.csv.gz", dtype={"InvoiceNo": str}, parse_dates=["InvoiceDate"])
    rows = rows[(rows["Quantity"] > 0) & (rows["UnitPrice"] > 0)]
    names = {
        "CustomerID": "customer_id",
        "InvoiceNo": "basket",
        "InvoiceDate": "at",
        "Description": "product",
    }
    data = encode_interactions(rows.rename(columns=names)[[*names.values()]])
    return split_by_time(data, data.now - DAYS, EVERYBODY)


TASKS = {"tafeng": tafeng, "online": online}
#: Floors: method, figures of it and what each must reach.
FLOORS = {
    "tafeng": [("again", {"recall10": 0.151, "ndcg10": 0.129, "hit10": 0.45})],
    "online": [("again", {"recall10": 0.165}), ("ease_season", {"explore_recall10": 0.058})],
}


def with_implicit(test: Holdout, folder: Path) -> dict[str, np.ndarray]:
    """Lists of `implicit`, made in an environment of its own inside `folder`."""
    home = folder / "venv"
    if not home.exists():
        venv.create(home, with_pip=True)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "implicit"], check=True)
    seen = binary_matrix(test.history)
    given = {
        "values": seen.data,
        "columns": seen.indices,
        "starts": seen.indptr,
        "shape": seen.shape,
        "rows": test.rows,
    }
    np.savez(folder / "seen.npz", **given)
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([python, "-c", IMPLICIT, folder / "seen.npz", folder / "lists.npz"], check=True, env=alone)
    return dict(np.load(folder / "lists.npz"))


def line(name: str, every: tuple[float, ...], new: tuple[float, ...] | None = None) -> str:
    """One method: recall, NDCG, hit of all products, and of new ones."""
    cells = " ".join(f"{value:.4f}" for value in every)
    return f"{name:26} {cells}" + ("   | " + " ".join(f"{value:.4f}" for value in new) if new else "")


def of_result(result: Result) -> str:
    """A line of our own contest."""
    names = ("recall10", "ndcg10", "hit10")
    figures = [tuple(result.figures[kind + name].value for name in names) for kind in ("", "explore_")]
    gain = f"   {result.gain:+.4f} ± {result.gain_se:.4f}" + (" wins" if result.wins else "")
    return line(result.candidate.name, figures[0], figures[1]) + gain


def of_implicit(lists: dict[str, np.ndarray], test: Holdout) -> None:
    """Lines of the library's lists."""
    new = (test.truth - test.truth.multiply(binary_matrix(test.history)[test.rows])).tocsr()
    new.eliminate_zeros()
    some = metrics.basket_sizes(new) > 0
    for name in ("als", "cosine", "bm25"):
        print(line(f"implicit, {name}", means(lists[f"{name}-every"], test.truth),
                   means(lists[f"{name}-new"][some], new[some])))  # fmt: skip


def means(lists: np.ndarray, truth: sparse.csr_matrix) -> tuple[float, ...]:
    """Recall, NDCG, hit."""
    wide = lists.astype(np.int64)
    return tuple(
        float(measure(wide, truth).mean()) for measure in (metrics.recall, metrics.ndcg, metrics.hit)
    )


def floors(name: str, found: ModelSelection) -> bool:
    """Print each floor; whether all are reached."""
    good = True
    for method, wanted in FLOORS[name]:
        result = found.result_of(method)
        for figure, floor in wanted.items():
            value = result.figures[figure].value if result else 0.0
            good &= value >= floor
            print(f"  {method} {figure}: {value:.4f}, floor {floor}" + ("" if value >= floor else "  MISSED"))
    return good


def measure(name: str, folder: Path) -> None:
    """In a child: fit and rank for everybody with the rankers of both lists; print CPU seconds and peak memory."""
    test = TASKS[name](folder)
    start = time.process_time()
    for method in ("again", "ease_season" if test.history.dated else "ease"):
        top_lists(BY_NAME[method].fit(test.history), test.history, test.rows, 10)
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(json.dumps({"rows": len(test.rows), "cpu_s": spent, "peak_gb": peak}))


def in_child(name: str, folder: Path) -> bool:
    """Time and memory beside their floors."""
    command = [sys.executable, __file__, "--data", str(folder), "--child", name]
    took = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    good = took["cpu_s"] <= CPU_S and took["peak_gb"] <= PEAK_GB
    print(f"  fit and rank both lists for {took['rows']:,} customers: {took['cpu_s']:.1f} CPU s (floor {CPU_S:.0f}), "
          f"{took['peak_gb']:.2f} GB (floor {PEAK_GB})" + ("" if good else "  MISSED"))  # fmt: skip
    return good


def run(name: str, folder: Path, scratch: Path | None) -> bool:
    """One task, all methods."""
    test = TASKS[name](folder)
    print(f"\n{name}: {len(test.rows):,} customers, {metrics.sold(test.history):,} products; recall, NDCG, hit at 10 of "
          "all products | of new ones   gain of explore recall over what is popular of late")  # fmt: skip
    found = compare_candidates(test)
    for result in found.results:
        print(of_result(result))
    for title, figures in PUBLISHED.items() if name == "tafeng" else ():
        print(line(title, figures))
    if scratch is not None:
        of_implicit(with_implicit(test, scratch), test)
    print(f"  shown for what is new: {found.discover}")
    good = floors(name, found)
    return in_child(name, folder) and good


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Recommendations: accuracy, time and memory on public tasks."
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--implicit", action="store_true", help="compare with the library of that name")
    parser.add_argument("--only", choices=sorted(TASKS))
    parser.add_argument("--child", choices=sorted(TASKS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        measure(asked.child, asked.data)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) if asked.implicit else None
        names = [asked.only] if asked.only else list(TASKS)
        reached = [run(name, asked.data, scratch) for name in names]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    raise SystemExit(main())
