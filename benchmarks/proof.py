"""Whether campaigns are measured right: a public experiment, and made-up shops whose true response is known.

    python benchmarks/proof.py [--data DIR] [--shops 500]

With `--data` (a folder that holds hillstrom.csv.gz, MineThatData 2008): lifts of visit, conversion and spend beside the
published ones, and the ranking by uplift on a held-out half. Without it only the made-up shops. Floors: spend interval within
3 % of the published width; Qini above 0 on the held-out half; bias within two standard errors; ranges cover 93-97 %.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from loyalty.campaigns.control_group import assign_arms, strata  # noqa: E402 - found only once the folder above is on the path
from loyalty.campaigns.group_lift import measure_experiment  # noqa: E402
from loyalty.campaigns.lift import mean_lift, share_lift  # noqa: E402
from loyalty.campaigns.plan import HELD  # noqa: E402
from loyalty.campaigns.uplift import features, held_out_qini  # noqa: E402

PUBLISHED = {
    "visit": (0.07659, 0.06995, 0.08322),
    "conversion": (0.006805, 0.00500, 0.00861),
    "spend": (0.7698, 0.485, 1.055),
}
EFFECT = 0.05


def hillstrom(path: Path) -> None:
    """The men's e-mail beside none, as published; the women's ranked by uplift."""
    table = pd.read_csv(path)
    start = time.process_time()
    found = measure_experiment(
        table.astype(str), "segment", "No E-Mail", list(PUBLISHED), treated="Mens E-Mail"
    )
    print(f"\nHillstrom, men's e-mail beside none ({time.process_time() - start:.1f} s)")
    for name, (lift, low, high) in PUBLISHED.items():
        got = found.together[name]
        width = ((got.high or 0) - (got.low or 0)) / (high - low) - 1
        print(
            f"  {name:<11}{got.lift:9.6f} [{got.low:.6f}, {got.high:.6f}]   published {lift} [{low}, {high}]   width {width:+.1%}"
        )
    two = table[table["segment"].isin(["No E-Mail", "Womens E-Mail"])].reset_index(drop=True)
    x = features(two, ["recency", "history", "mens", "womens", "zip_code", "newbie", "channel"])
    treated = (two["segment"] != "No E-Mail").to_numpy()
    print("  ranking by uplift, women's e-mail, visits, on a held-out half (Qini, extra visitors per 100):")
    for seed in range(3):
        qini = held_out_qini(x, treated, two["visit"].to_numpy(dtype=np.float64), seed=seed)
        assert qini is not None
        print(f"    half {seed + 1}: {qini.coefficient:.3f} [{qini.low:.3f}, {qini.high:.3f}]")


def made_up_shop(random: np.random.Generator, customers: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """CUSTOMERS-like rows, what each would spend in the window without a message, and what with one."""
    rate = random.gamma(0.8, 1.25, customers)
    orders = 1 + random.poisson(3 * rate)
    usual = random.lognormal(3.3, 0.4, customers)
    silent = random.exponential(60 / (rate + 0.1))
    frame = pd.DataFrame(
        {
            "orders": orders,
            "revenue": orders * usual,
            "last_at": pd.Timestamp(2025, 1, 1) - pd.to_timedelta(silent, "D"),
        }
    )
    inclined = 1 - np.exp(-0.15 * rate)
    without = (random.random(customers) < inclined) * usual * random.lognormal(0, 0.5, customers)
    moved = (without == 0) & (random.random(customers) < EFFECT)
    return frame, without, np.where(moved, usual * random.lognormal(0, 0.5, customers), without)


def simulated(shops: int, customers: int, share: float) -> None:
    """Bias and coverage over many shops; the truth of each is the mean effect on its own customers."""
    random, rows = np.random.default_rng(11), []
    for shop in range(shops):
        frame, without, with_message = made_up_shop(random, customers)
        arm = assign_arms(strata(frame), round(customers * share), ("A",), shop).to_numpy()
        sent, held = arm != HELD, arm == HELD
        seen = np.where(sent, with_message, without)
        before = frame["revenue"].to_numpy()
        truth = (
            float(np.mean((with_message > 0).astype(float) - (without > 0))),
            float(np.mean(with_message - without)),
        )
        found = (
            share_lift(seen[sent] > 0, seen[held] > 0),
            mean_lift(seen[sent], seen[held], seed=shop, draws=500),
            mean_lift(seen[sent], seen[held], (before[sent], before[held]), seed=shop, draws=500),
        )
        for kind, lift, true in zip(
            ("buyers", "money", "money, CUPED"), found, (truth[0], truth[1], truth[1]), strict=True
        ):
            rows.append(
                (
                    kind,
                    lift.lift - true,
                    (lift.low or 0) <= true <= (lift.high or 0),
                    (lift.high or 0) - (lift.low or 0),
                )
            )
    table = pd.DataFrame(rows, columns=["kind", "error", "covered", "width"])
    print(
        f"\n{shops} shops of {customers} customers, {share:.0%} held back, {EFFECT:.0%} of who would not buy do"
    )
    for kind, part in table.groupby("kind", sort=False):
        error = part["error"].std() / math.sqrt(len(part))
        print(
            f"  {kind:<14} bias {part['error'].mean():+.4f} ± {error:.4f}   covered {part['covered'].mean():.1%}   width {part['width'].mean():.3f}"
        )


def main() -> None:
    """All of it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--data", type=Path)
    options.add_argument("--shops", type=int, default=500)
    given = options.parse_args()
    if given.data:
        hillstrom(given.data / "hillstrom.csv.gz")
    for customers, share in ((600, 0.3), (1500, 0.2), (1500, 0.5)):
        simulated(given.shops, customers, share)


if __name__ == "__main__":
    main()
