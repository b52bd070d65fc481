"""Who buys again within 90 days: all methods on real shops, small shops, totals, and speed.

    python benchmarks/predict.py --data DIR [--only cdnow,retail,voices,small,totals,speed] [--draws 12] [--without gru,svm]

DIR holds cdnow_sample.txt (Fader & Hardie; 2,357 customers) and online_retail.csv.gz (UCI); both go through the app's own
intake, store and facts. Splits, all of 90 days: CDNOW from the ends of 31 Dec, 16 Nov, 2 Oct and 18 Aug 1997 (45 days
apart: all that leave a window to learn from and end within the year that follows the quarter in which everybody
arrived); Online Retail from 90 days before its last day, and 45 and 90 days before that, as earlier there is nothing to
learn from. A method may learn from up to three windows, each over by the day it predicts from.

Small shops are random customers of these (100, 300, 1,000 of each split; the same for every method). The floors known for
them were measured on five data sets, three of which are not public enough to be here, so levels differ and what is held
against them is the difference to BG/NBD with its prior on the same shops: 0 at 100 and 300, −.010 at 1,000.

Voices: the habit, the regression and the stacked one alone, the mean of two and of three, on the whole data sets and on the
same shops of 100.

Totals: the same small shops; absolute error of the orders of all customers together, and how often the 80 % range of
their spending had what came; beside them the error of a forecaster who knows what the whole data set bought and only not whom the
draw took ("all-knowing"): less than that nobody can reach here. Speed: 100,000 customers and a million lines, made up (`made_up_orders.py`), from an open
shop to a prediction of each customer; the floor is for the clock, the processor's seconds (of both cores) stand beside it.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gzip
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import made_up_orders  # noqa: E402 - found only once the folders above are on the path

from loyalty.cli.run import run  # noqa: E402
from loyalty.facts.orders import span  # noqa: E402
from loyalty.facts.predictions import features_at, order_days  # noqa: E402
from loyalty.models.predictions import metrics  # noqa: E402
from loyalty.models.predictions.candidates import BY_NAME, CANDIDATES, ENSEMBLE, PURCHASE_MODEL  # noqa: E402
from loyalty.models.predictions.ensembles import fit_stacked_ensemble  # noqa: E402
from loyalty.models.predictions.logistic_regression import fit_logistic  # noqa: E402
from loyalty.models.predictions.model_selection import select_model, training_data  # noqa: E402
from loyalty.models.predictions.purchase_model import purchase_model_scores  # noqa: E402
from loyalty.models.predictions.rolling_origins import Plan, Start, start_at  # noqa: E402
from loyalty.models.predictions.snapshot import Example, outcome, purchase_log, snapshot  # noqa: E402
from loyalty.models.predictions.spend import spend_forecast, total_range  # noqa: E402
from loyalty.models.predictions.training import TrainingData  # noqa: E402
from loyalty.purchase_model.backtest import USUAL_DRIFT, Drift  # noqa: E402
from loyalty.services.predictions import predict_customers, prediction_inputs, usual_costs  # noqa: E402
from loyalty.shop.shop import Shop  # noqa: E402

STAMP, HORIZON, STEP = dt.datetime(2026, 1, 1), 90, dt.timedelta(days=45)
FLOORS = {
    "cdnow": {"log_loss": 0.357, "auc": 0.800, "ece": 0.03},
    "retail": {"log_loss": 0.587, "auc": 0.756},
}
SIZES = {30: None, 100: 0.0, 300: 0.0, 1000: -0.010}  # floor of the difference to BG/NBD
NEVER_WORSE = 0.002
TOTALS = {100: 0.11, 300: 0.045}
COVERED = (0.70, 0.90)
MOST_SECONDS = 20.0
SHOWN = (
    "log_loss",
    "auc",
    "ece",
    "brier",
    "calibration_slope",
    "pr_auc",
    "top_decile_capture",
    "mae_orders",
    "mae_spend",
)


@dataclass(frozen=True)
class Task:
    """A data set, its starts, and its examples by cutoff."""

    name: str
    starts: tuple[Start, ...]
    examples: dict[dt.date, Example]


def stored(folder: Path, file: Path, *options: str) -> Shop:
    """A shop in `folder` that holds a file."""
    code = run(["--shop", str(folder), "import", str(file), *options, "--json"], STAMP)
    if code:
        raise SystemExit(f"{file} did not come in")
    return Shop.open(folder)


def cdnow(data: Path, scratch: Path) -> Task:
    """The public sample, as a table of sales."""
    file = scratch / "cdnow.csv"
    with file.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["customer", "date", "total"])
        for line in (data / "cdnow_sample.txt").read_text().splitlines():
            _, who, day, _, total = line.split()
            table.writerow([who, f"{day[:4]}-{day[4:6]}-{day[6:]}", total])
    columns = "customer_id=customer,ordered_at=date,total=total"
    options = (
        "--source",
        "generic",
        "--kind",
        "orders",
        "--map",
        columns,
        "--currency",
        "USD",
        "--date-order",
        "YMD",
    )
    with stored(scratch / "cdnow", file, *options) as shop:
        return task("cdnow", shop, [dt.date(1997, 12, 31) - place * STEP for place in range(4)])


def retail(data: Path, scratch: Path) -> Task:
    """Online Retail as it is."""
    file = scratch / "retail.csv"
    with gzip.open(data / "online_retail.csv.gz") as packed, file.open("wb") as out:
        shutil.copyfileobj(packed, out)
    with stored(scratch / "retail", file, "--currency", "GBP") as shop:
        return task("retail", shop, [dt.date(2011, 9, 10) - place * STEP for place in range(3)])


def task(name: str, shop: Shop, cutoffs: Sequence[dt.date]) -> Task:
    """Snapshots of all days that are needed, with what became of them."""
    con = shop.database.reader()
    found = span(con)
    assert found is not None
    starts = tuple(start_at(cutoff, found[0], HORIZON) for cutoff in cutoffs)
    days = sorted({day for start in starts for day in (start.cutoff, *start.windows)})
    of = purchase_log(order_days(con, found[1]))
    known = features_at(con, days, HORIZON)
    shots = [snapshot(of, known[day], day, HORIZON) for day in days]
    return Task(name, starts, {shot.cutoff: Example(shot, outcome(of, shot)) for shot in shots})


def line(name: str, values: Sequence[float], note: str = "") -> None:
    print(f"  {name:<14}" + "".join(f"{value:>9.4f}" for value in values) + f"  {note}", flush=True)


def everybody(of: Task, without: Sequence[str]) -> bool:
    """All contestants on the whole data set."""
    plan = Plan(of.starts[0], tuple(reversed(of.starts)), HORIZON)
    methods = [method for method in CANDIDATES if method.name not in without]
    found = select_model(plan, of.examples, methods)
    sizes = ", ".join(f"{start.cutoff} {len(of.examples[start.cutoff].snapshot):,}" for start in of.starts)
    print(f"\n{of.name}: customers as of {sizes}")
    print(f"  {'':<14}" + "".join(f"{name[:8]:>9}" for name in SHOWN))
    for result in sorted(found.results, key=lambda one: one.figures["log_loss"]):
        mark = "beats the usual one by more than chance" if result.wins else ""
        line(result.method.name, [result.figures[name] for name in SHOWN], mark)
    own = found.result(found.chosen)
    assert own is not None
    missed = [
        name
        for name, floor in FLOORS[of.name].items()
        if (own.figures[name] - floor) * (-1 if name == "auc" else 1) > 5e-4
    ]
    print(
        f"  chosen: {found.chosen}; floors {FLOORS[of.name]}: " + (f"MISSED {missed}" if missed else "held")
    )
    return not missed


def shops(of: Task, size: int, draws: int) -> Iterator[tuple[Example, TrainingData]]:
    """Random small shops: `size` of the customers at each cutoff, `draws` times, with what may be learned."""
    for start in of.starts:
        full = of.examples[start.cutoff]
        if size > len(full.snapshot):
            continue
        for draw in range(draws):
            rows = np.random.default_rng([draw, size]).choice(len(full.snapshot), size, replace=False)
            chosen = np.zeros(len(full.snapshot), dtype=bool)
            chosen[rows] = True
            names = full.snapshot.history.customer_id[chosen]
            windows = [of.examples[day] for day in start.windows]
            parts = [window.part(np.isin(window.snapshot.history.customer_id, names)) for window in windows]
            yield full.part(chosen), TrainingData(tuple(parts))


def small(tasks: Sequence[Task], draws: int) -> bool:
    """Mean log loss at each size."""
    names = (PURCHASE_MODEL, ENSEMBLE, "logistic", "boosted", "recency")
    held = True
    print("\nsmall shops: mean log loss" + "".join(f"{name:>10}" for name in names))
    for size, floor in SIZES.items():
        means = []
        for of in tasks:
            rows = []
            for example, past in shops(of, size, draws if size < 1000 else max(2, draws // 3)):
                bought = example.outcome.bought
                rows.append([
                    metrics.log_loss(bought, BY_NAME[name if BY_NAME[name].ready(past) else PURCHASE_MODEL].learn(past)(example.snapshot))
                    for name in names
                ])  # fmt: skip
            means.append(np.mean(rows, axis=0))
            line(f"{of.name} {size}", means[-1].tolist())
        mean = np.mean(means, axis=0)
        gain = float(mean[1] - mean[0])
        fine = gain <= (NEVER_WORSE if floor is None else floor)
        held &= fine
        line(
            f"mean {size}",
            mean.tolist(),
            f"average − BG/NBD {gain:+.4f}, floor {floor}: {'held' if fine else 'MISSED'}",
        )
    return held


def voices(tasks: Sequence[Task], draws: int) -> None:
    """Log loss (and AUC) of what the usual method may be the mean of."""
    names = ("habit", "regression", "stacked", "two", "three")
    print("\nvoices: mean log loss, then AUC" + "".join(f"{name:>12}" for name in names))
    for of in tasks:
        whole = [(of.examples[start.cutoff], training_data(start, of.examples)) for start in of.starts]
        for label, pairs in ((of.name, whole), (f"{of.name} 100", list(shops(of, 100, draws)))):
            rows = [_voices(example, past) for example, past in pairs if past.has_both_outcomes]
            line(label, np.mean([losses for losses, _ in rows], axis=0).tolist())
            line("", np.nanmean([areas for _, areas in rows], axis=0).tolist())


def _voices(example: Example, past: TrainingData) -> tuple[list[float], list[float]]:
    """Log losses and AUCs."""
    alone = [
        purchase_model_scores(example.snapshot).p_buy,
        fit_logistic(past)(example.snapshot),
        fit_stacked_ensemble(past)(example.snapshot),
    ]
    said = [*alone, np.mean(alone[:2], axis=0), np.mean(alone, axis=0)]
    bought = example.outcome.bought
    return [metrics.log_loss(bought, p) for p in said], [metrics.auc(bought, p) for p in said]


def totals(tasks: Sequence[Task], draws: int) -> bool:
    """Orders and money of all customers of a shop together."""
    held, inside = True, []
    print(
        "\ntotals of 90 days: median absolute error of orders, by BG/NBD, by the average, all-knowing; of spend; range held"
    )
    for size, floor in TOTALS.items():
        errors = []
        for of in tasks:
            known = {start.cutoff: all_knowing(of.examples[start.cutoff]) for start in of.starts}
            own = [
                _total(example, past, known[example.snapshot.cutoff])
                for example, past in shops(of, size, draws)
            ]
            errors += own
            inside += [row[4] for row in own]
            line(
                f"{of.name} {size}",
                [*np.median(np.array(own)[:, :4], axis=0), float(np.mean([row[4] for row in own]))],
            )
        median, _, least = np.median(np.array(errors)[:, :3], axis=0)
        held &= bool(median <= floor)
        print(
            f"  all of {size}: {median:.3f}, floor {floor}: {'held' if median <= floor else 'MISSED'}; all-knowing {least:.3f}"
        )
    share = float(np.mean(inside))
    fine = COVERED[0] <= share <= COVERED[1]
    print(
        f"  the 80 % range had what came {share:.0%} of the time; wanted {COVERED}: {'held' if fine else 'MISSED'}"
    )
    return held and fine


def all_knowing(full: Example) -> pd.Series:
    """Purchase days of each customer of a whole data set, expected by the habit and brought to the total that came."""
    own = purchase_model_scores(full.snapshot).orders
    return pd.Series(own * full.outcome.purchases.sum() / own.sum(), index=full.snapshot.history.customer_id)


def _total(example: Example, past: TrainingData, known: pd.Series) -> tuple[float, float, float, float, bool]:
    """Relative errors of orders (by three) and spend, and whether the range held."""
    own = purchase_model_scores(example.snapshot)
    came = max(float(example.outcome.purchases.sum()), 1.0)
    average = BY_NAME[ENSEMBLE]
    p = average.learn(past)(example.snapshot) if average.ready(past) else own.p_buy
    drift: Drift = USUAL_DRIFT
    said = total_range(spend_forecast(example.snapshot.history, HORIZON), drift, seed=0)
    spent = float(example.outcome.value.sum())
    return (
        abs(float(own.orders.sum()) / came - 1),
        abs(float((p * own.orders_if_any).sum()) / came - 1),
        abs(float(known[example.snapshot.history.customer_id].sum()) / came - 1),
        abs(said.expected / max(spent, 1.0) - 1),
        said.low <= spent <= said.high,
    )


def speed(scratch: Path) -> bool:
    """From an open shop of a million lines to a prediction of each customer."""
    file = scratch / "million.csv"
    made_up_orders.write(file, 1_000_000)
    with stored(scratch / "million", file) as shop:
        con = shop.database.reader()
        found = span(con)
        assert found is not None
        wall, processor = time.perf_counter(), time.process_time()
        known = prediction_inputs(con, found[1], HORIZON)
        asked = time.process_time() - processor
        said = predict_customers(known, usual_costs(known, shop.settings))
        seconds, cpu = time.perf_counter() - wall, time.process_time() - processor
        n = len(said.predictions.customers)
    print(
        f"\n{n:,} customers, a million lines, {said.method}: {cpu:.1f} s of the processor (features {asked:.1f}), {seconds:.1f} s by the clock; floor {MOST_SECONDS}"
    )
    return seconds <= MOST_SECONDS


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--only", default="cdnow,retail,voices,small,totals,speed")
    options.add_argument("--draws", type=int, default=12)
    options.add_argument("--without", default="")
    asked = options.parse_args()
    wanted, without = asked.only.split(","), asked.without.split(",")
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        makers = {"cdnow": cdnow, "retail": retail}
        both = {"voices", "small", "totals"} & set(wanted)
        tasks = [make(asked.data, scratch) for name, make in makers.items() if name in wanted or both]
        for of in tasks:
            if of.name in wanted:
                fine &= everybody(of, without)
        if "voices" in wanted:
            voices(tasks, asked.draws)
        if "small" in wanted:
            fine &= small(tasks, asked.draws)
        if "totals" in wanted:
            fine &= totals(tasks, asked.draws)
        if "speed" in wanted:
            fine &= speed(scratch)
    print("\nall floors held" if fine else "\nsome floor was missed")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
