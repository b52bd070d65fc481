"""How often the forecast's range holds, and what the contest of methods gains: made-up shops, and series with --data.

    python benchmarks/forecast.py [--shops 100] [--data DIR]

Each made-up shop sells by chance: a monthly rate with a season, growth and a drift that remembers (AR 1), orders by
Poisson, their values log-normal. The last six months are told from those before. Printed: of 100 told months, how many
the 80 % range held; the mean miss of the winner, and that of "mean of the last 3 months", as shares of the usual month.
DIR holds `online_retail.csv.gz` and `cdnow_master.txt.gz`: their monthly revenue, the last quarter told from the rest.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from loyalty.measure.contestants import mean_of_last  # noqa: E402 - found only once the folder above is on the path
from loyalty.measure.forecast import forecast  # noqa: E402

AHEAD = 6
#: season, growth a year, memory, drift, orders a month
SHOPS = {
    "steady": (0.0, 0.0, 0.3, 0.1, 60),
    "growing, drifting": (0.0, 0.2, 0.7, 0.1, 60),
    "mild season": (0.15, 0.1, 0.5, 0.1, 60),
    "strong season, few orders": (0.3, 0.3, 0.5, 0.15, 20),
    "season, strong drift": (0.15, 0.0, 0.8, 0.15, 100),
}


def made_up(seed: int, months: int, kind: tuple[float, float, float, float, int]) -> np.ndarray:
    """Monthly revenue of one shop."""
    season, growth, memory, drift, orders = kind
    chance = np.random.default_rng(seed)
    month = np.arange(months) + chance.integers(12)
    shape = season * np.cos(2 * np.pi * (month - 11) / 12) + 0.8 * season * (month % 12 == 11)
    noise = np.zeros(months)
    for i in range(1, months):
        noise[i] = memory * noise[i - 1] + drift * chance.normal()
    rate = orders * np.exp(growth * np.arange(months) / 12 + shape + noise)
    return np.array([chance.lognormal(3, 0.8, n).sum() for n in chance.poisson(rate)])


def history(values: np.ndarray) -> pd.DataFrame:
    """A history as the forecast takes it."""
    return pd.DataFrame({"month": pd.date_range("2020-01", periods=len(values), freq="MS"), "value": values})


def trial(values: np.ndarray, ahead: int) -> tuple[float, float, float]:
    """Share of months held, mean miss of the winner and of the mean of three months, in usual months."""
    past, future = values[:-ahead], values[-ahead:]
    told = forecast(history(past), ahead).months
    held = ((told["low"] <= future) & (future <= told["high"])).mean()
    level = future.mean()
    plain = mean_of_last(3)(past, ahead)
    return float(held), float(np.abs(told["expected"] - future).mean() / level), float(np.abs(plain - future).mean() / level)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Coverage and accuracy of the monthly forecast.")
    parser.add_argument("--shops", type=int, default=100)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    print(f"{'shop':<28}{'months':>7}{'held':>7}{'miss':>7}{'mean 3':>8}")
    every = []
    for name, kind in SHOPS.items():
        for months in (8, 12, 18, 24, 30, 48):
            found = np.array([trial(made_up(s, months + AHEAD, kind), AHEAD) for s in range(options.shops)])
            held, miss, plain = found.mean(axis=0)
            every.append(held)
            print(f"{name:<28}{months:>7}{held:>7.2f}{miss:>7.2f}{plain:>8.2f}", flush=True)
    print(f"held: mean {np.mean(every):.2f}, least {min(every):.2f}, most {max(every):.2f}")
    if options.data:
        for name, values in public(options.data).items():
            held, miss, plain = trial(values, 3)
            print(f"{name:<28}{len(values) - 3:>7}{held:>7.2f}{miss:>7.2f}{plain:>8.2f}")


def public(data: Path) -> dict[str, np.ndarray]:
    """Monthly revenue of the public series, whole months only."""
    retail = pd.read_csv(data / "online_retail.csv.gz", encoding="latin-1")
    retail["InvoiceDate"] = pd.to_datetime(retail["InvoiceDate"])
    sold = retail[(retail["Quantity"] > 0) & (retail["UnitPrice"] > 0)]
    by_month = (sold["Quantity"] * sold["UnitPrice"]).groupby(sold["InvoiceDate"].dt.to_period("M")).sum()
    cdnow = pd.read_csv(data / "cdnow_master.txt.gz", sep=r"\s+", header=None, names=["id", "date", "n", "dollars"])
    months = pd.to_datetime(cdnow["date"].astype(str)).dt.to_period("M")
    return {"Online Retail": by_month.to_numpy()[:-1], "CDNOW": cdnow["dollars"].groupby(months).sum().to_numpy()}


if __name__ == "__main__":
    main()
