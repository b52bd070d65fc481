"""Whether the tuner finds the threshold that pays, whether its range holds, and how long a slider waits.

    python benchmarks/tuner.py [--shops 200]

Made-up shops of 500 to 5,000 customers (`made_up_buyers.py`). Known response: what the chosen threshold earns in a year that
is then lived, of what the best of all thresholds would have earned; floor 95 % on average. Unknown response, drawn from the
prior, in a year whose sales drift: how often the 80 % range holds what came; floor 80 %. Slider: at 50,000 customers, the
replay, the curve, the settings and the sensitivity together, without and with discounts, gifts and bonus days; floor 500 ms.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import mean, median

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.made_up_buyers import BASE_BACK, GOLD_BACK, USED, buyers, lived
from loyalty.rewards.gain.expected_gain import Terms, basis, gain, gain_curve, with_threshold
from loyalty.rewards.gain.programme_benefits import ProgrammeBenefits
from loyalty.rewards.gain.replay_year import ReplayYear, replay_year
from loyalty.rewards.gain.responses import STEP, Response, Responses
from loyalty.rewards.gain.settings_grid import best, grid, sensitivity
from loyalty.rewards.gain.tuner import replay
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import BonusDays, Discount, Earning, Gift
from loyalty.rewards.programme.starting_programme import starting_programme

MARGIN = 0.5
YEARS = 20
NOTHING = Response(0.0, 0.0, "made up")
TIERS = (
    Tier("base", "Base", Decimal(0)),
    Tier("gold", "Gold", Decimal(100), Decimal(str(GOLD_BACK / BASE_BACK))),
)
PROGRAMME = Programme(
    "Made up", Decimal(1), Decimal(str(BASE_BACK)), TIERS, expected_redemption=Decimal(str(USED))
)


def terms(tau: Response, drift_sd: float) -> Terms:
    return Terms(MARGIN, Responses(step=tau, back=NOTHING), drift_sd)


def known_response(seed: int) -> tuple[float, float]:
    """What the chosen threshold, or none, adds to the plain programme, and what the best of these adds."""
    rng = np.random.default_rng(seed)
    tau = float(rng.uniform(0.1, 0.5))
    shop = buyers(rng, int(rng.integers(500, 5000)), years=YEARS)
    choices = np.linspace(40, 1500, 60)
    known = terms(Response(tau, 0.0, "known"), 0.0)
    curve = gain_curve(basis(shop.customers, PROGRAMME), PROGRAMME, 1, choices.tolist(), known)
    plain = lived(shop, 1e12, tau, MARGIN, None)
    told_plain = gain(basis(shop.customers, PROGRAMME), with_threshold(PROGRAMME, 1, 1e9), known).expected
    earned = {t: lived(shop, t, tau, MARGIN, None) - plain for t in choices.tolist()}
    row = curve["expected"].idxmax()
    chosen = earned[float(curve.loc[row, "threshold"])] if curve.loc[row, "expected"] > told_plain else 0.0
    return chosen, max(0.0, *earned.values())


def covered(seed: int) -> bool:
    """Whether the range holds what a year brought."""
    rng = np.random.default_rng([7, seed])
    tau = float(np.clip(rng.normal(STEP.mean, STEP.sd), 0.01, 1))
    shop = buyers(rng, int(rng.integers(500, 5000)), drift_sd=0.25)
    rules = with_threshold(PROGRAMME, 1, float(rng.uniform(100, 600)))
    told = gain(basis(shop.customers, rules), rules, terms(STEP, 0.25))
    return told.low <= lived(shop, float(rules.tiers[1].threshold), tau, MARGIN, rng) <= told.high


def year_of_orders(customers: pd.DataFrame, rng: np.random.Generator) -> ReplayYear:
    """A year of orders as the customers' sums say, on any days, with everybody's birthday."""
    n = customers["orders_365"].to_numpy()
    who = np.repeat(np.arange(len(customers)), n)
    firsts = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, len(customers)), "D")
    days = pd.Timestamp("2025-07-01") + pd.to_timedelta(rng.integers(0, 365, len(who)), "D")
    each = (customers["revenue_365"] / np.maximum(n, 1)).to_numpy()[who]
    sales = pd.DataFrame({"customer_id": customers["customer_id"].to_numpy()[who], "at": days, "net": each})
    segments = customers[["customer_id"]].assign(segment="all")
    year = replay_year(customers.assign(first_at=firsts), segments, sales)
    return replace(
        year, days={"birthday": (np.arange(len(customers)), rng.integers(20_300, 20_600, len(customers)))}
    )


def slider(*, promised: bool) -> float:
    """Seconds of processor time for one answer at 50,000 customers; `promised`: with a gift, discounts by tier and age, and
    bonus days on a quarter of a million orders, all of which is gone through anew."""
    rng = np.random.default_rng(1)
    customers = buyers(rng, 50_000).customers
    rules, assumed = starting_programme(customers), Terms(MARGIN)
    if promised:
        rules = replace(
            rules,
            gifts=(Gift("birthday", "percent", Decimal(15), days_before=3),),
            discounts=(
                Discount("L", "long_standing", "percent", Decimal(5)),
                Discount("G", "tier", "percent", Decimal(5), "gold"),
            ),
            earning=Earning(bonus_days=(BonusDays("Mondays", Decimal(2), ("mon",)),)),
        )
        assumed = replace(assumed, benefits=ProgrammeBenefits(year_of_orders(customers, rng)))
    start = time.process_time()
    replay(customers, rules, assumed.benefits_of(rules))
    known = basis(customers, rules)
    middle = float(rules.tiers[1].threshold)
    gain(known, rules, assumed)
    gain_curve(known, rules, 1, np.linspace(middle / 4, middle * 2, 24).tolist(), assumed)
    best(grid(customers, rules, assumed))
    sensitivity(known, rules, assumed)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=200)
    options = parser.parse_args()
    pairs = [known_response(seed) for seed in range(options.shops)]
    share = sum(chosen for chosen, _ in pairs) / sum(most for _, most in pairs)
    lost = sum(chosen < 0 for chosen, _ in pairs)
    print(
        f"known response: {share:.1%} of what the best thresholds earn (floor 95%); a losing tier chosen {lost} times"
    )
    held = mean(covered(seed) for seed in range(options.shops))
    print(f"unknown response: the 80% range held {held:.1%} of the years (floor 80%)")
    for promised in (False, True):
        took = 1000 * median(slider(promised=promised) for _ in range(5))
        print(
            f"slider at 50,000 customers, {'with' if promised else 'without'} discounts and gifts: {took:.0f} ms (floor 500 ms)"
        )


if __name__ == "__main__":
    main()
