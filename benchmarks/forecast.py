"""How often the forecast's range holds, and what the contest of methods gains: made-up shops, and two public ones with --data.

    python benchmarks/forecast.py [--shops 100] [--data DIR] [--more]

Each made-up shop sells by chance: a monthly rate with a season, growth and a drift that remembers (AR 1), orders by
Poisson, their values log-normal. The last six months are told from those before. Printed: of 100 told months, how many
the 80 % range held; the mean miss of the winner, and that of "mean of the last 3 months", as shares of the usual month.
DIR holds `online_retail.csv.gz` and `cdnow_master.txt.gz`: the contest of each figure, with the contestant that knows the
customers (BG/NBD fitted anew at each origin), and the last quarter told from the months before it. `--more`: ETS and ARIMA
take part.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from loyalty.measure.forecast_methods import Method, mean_of_last  # noqa: E402
from loyalty.measure.forecast_statsmodels import EXTRA_METHODS  # noqa: E402
from loyalty.measure.forecasts import first_whole_month, forecast, whole_months  # noqa: E402
from loyalty.purchase_model.histories import purchase_days  # noqa: E402
from loyalty.services.forecasts import customer_methods  # noqa: E402 - found only once the folder above is on the path

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
    return (
        float(held),
        float(np.abs(told["expected"] - future).mean() / level),
        float(np.abs(plain - future).mean() / level),
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Coverage and accuracy of the monthly forecast.")
    parser.add_argument("--shops", type=int, default=100)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--more", action="store_true", help="ETS and ARIMA take part")
    options = parser.parse_args()
    print(f"{'shop':<28}{'months':>7}{'held':>7}{'miss':>7}{'mean 3':>8}")
    every = []
    for name, kind in SHOPS.items():
        for months in (8, 12, 18, 24, 30, 48) if options.shops else ():
            found = np.array([trial(made_up(s, months + AHEAD, kind), AHEAD) for s in range(options.shops)])
            held, miss, plain = found.mean(axis=0)
            every.append(held)
            print(f"{name:<28}{months:>7}{held:>7.2f}{miss:>7.2f}{plain:>8.2f}", flush=True)
    if every:
        print(f"held: mean {np.mean(every):.2f}, least {min(every):.2f}, most {max(every):.2f}")
    if options.data:
        for name, sold in public(options.data).items():
            contest(name, sold, EXTRA_METHODS if options.more else ())


def contest(name: str, sold: pd.DataFrame, more: Sequence[Method]) -> None:
    """All methods on one public shop, and its last three months told from those before."""
    first, last = sold["day"].min().date(), sold["day"].max().date()
    months = by_month(sold)
    for figure in ("revenue", "orders", "customers"):
        whole = whole_months(months, figure, last, first)
        days = purchase_days(sold[sold["customer_id"].notna()])
        started = time.perf_counter()
        found = forecast(
            whole, AHEAD, (*customer_methods(days, first_whole_month(first), AHEAD)[figure], *more)
        )
        took = time.perf_counter() - started
        told = ", ".join(f"{t.key} {t.mase:.2f}" for t in found.candidates)
        print(f"{name}, {figure}: {len(whole)} months, {took:.1f} s; MASE: {told}")
        past, future = whole.iloc[:-3], whole["value"].to_numpy()[-3:]
        earlier = forecast(past, 3, (*customer_methods(days, first_whole_month(first), 3)[figure], *more))
        shown = earlier.months[["expected", "low", "high"]].round().astype(int).to_numpy().tolist()
        print(
            f"  last quarter by {earlier.method.key if earlier.method else None}: {shown}; it became {future.round().tolist()}"
        )


def by_month(sold: pd.DataFrame) -> pd.DataFrame:
    """Revenue, orders and known customers by month."""
    months = sold.assign(month=sold["day"].dt.to_period("M").dt.to_timestamp()).groupby("month")
    return months.agg(
        revenue=("value", "sum"), orders=("order_id", "nunique"), customers=("customer_id", "nunique")
    ).reset_index()


def public(data: Path) -> dict[str, pd.DataFrame]:
    """customer_id, order_id, day, value of the public shops."""
    retail = pd.read_csv(
        data / "online_retail.csv.gz", encoding="latin-1", dtype={"CustomerID": "str", "InvoiceNo": "str"}
    )
    retail = retail[(retail["Quantity"] > 0) & (retail["UnitPrice"] > 0)]
    retail = pd.DataFrame(
        {
            "customer_id": retail["CustomerID"],
            "order_id": retail["InvoiceNo"],
            "day": pd.to_datetime(retail["InvoiceDate"]).dt.normalize(),
            "value": retail["Quantity"] * retail["UnitPrice"],
        }
    )
    cdnow = pd.read_csv(
        data / "cdnow_master.txt.gz", sep=r"\s+", header=0, names=["customer_id", "day", "n", "value"]
    )
    cdnow = cdnow.assign(
        customer_id=cdnow["customer_id"].astype(str),
        order_id=range(len(cdnow)),
        day=pd.to_datetime(cdnow["day"].astype(str)),
    )
    return {"Online Retail": retail, "CDNOW": cdnow}


if __name__ == "__main__":
    main()
