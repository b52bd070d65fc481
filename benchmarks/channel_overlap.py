"""The same sale in two channels, on made-up shops whose truth is known: how often the owner is asked rightly, how many
pairs are right, how often shops that share nothing but their prices are taken for one, and how long it takes.

    python benchmarks/channel_overlap.py [--shops 300] [--large 1000000]

A shop has 30 to 600 orders over 40 to 400 days. Of its buyers 30 % are unknown to it; payments come in UTC (the shop is 10
hours before it to 10 hours behind it), up to two hours later, and cover 20 to 100 % of the orders; 15 % of the buyers pay
under another address than they order with, 30 % of the payments do not say who paid, up to 30 % are for something else.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from loyalty.store.duplicate_orders import DAY_US, match_orders, overlap  # noqa: E402 - found only once the folder above is on the path

HOUR_US = DAY_US // 24


def orders(rng: np.random.Generator, count: int, days: int, prices: int) -> pd.DataFrame:
    """A SALES frame of a shop's orders: one to three pieces from a price list, buyers who come again."""
    price = np.round(rng.lognormal(2.5, 0.6, prices), 1) + 2
    amount = price[rng.integers(0, prices, (count, 3))] * (rng.random((count, 3)) < [1, 0.4, 0.15])
    who = rng.integers(0, max(count // 2, 1), count)
    known = rng.random(count) < 0.7
    return pd.DataFrame(
        {
            "order_id": [f"#{1000 + n}" for n in range(count)],
            "at": (rng.random(count) * days * DAY_US).astype("int64") + 20_000 * DAY_US,
            "amount": (np.round(amount.sum(axis=1), 2) * 1_000_000).astype("int64"),
            "currency": "EUR",
            "person": np.where(known, [f"c{w}" for w in who], None),
            "named": known,
            "reference": None,
            "buyer": [f"c{w}" for w in who],
        }
    )


def payments(rng: np.random.Generator, sales: pd.DataFrame, share: float, stray: float) -> pd.DataFrame:
    """A SALES frame of the payments of a share of `sales`, and of something else; `of`: the order it is for, or ""."""
    own = sales[rng.random(len(sales)) < share]
    other = orders(rng, int(len(own) * stray), 1, 40).assign(of="")
    other["at"] = rng.choice(sales["at"], len(other))
    found = pd.concat([own.assign(of=own["order_id"]), other], ignore_index=True)
    others_address = rng.random(len(found)) < 0.15
    known = rng.random(len(found)) < 0.7
    person = np.where(others_address, [f"x{n}" for n in range(len(found))], found["buyer"])
    zone = rng.integers(-10, 11) * HOUR_US
    return found.assign(
        order_id=[f"ch_{n}" for n in range(len(found))],
        at=found["at"] + zone + (rng.random(len(found)) * 2 * HOUR_US).astype("int64"),
        person=np.where(known, person, None),
        named=known,
    )


def asked_rightly(shops: int) -> None:
    """Shops and their own payments."""
    asked = right = wrong = missed = 0
    for seed in range(shops):
        rng = np.random.default_rng(seed)
        sales = orders(rng, int(rng.integers(30, 600)), int(rng.integers(40, 400)), int(rng.integers(3, 200)))
        paid = payments(rng, sales, float(rng.uniform(0.2, 1)), float(rng.uniform(0, 0.3)))
        asked += overlap(paid, sales).likely
        place = match_orders(sales, paid)
        met = np.where(place >= 0, sales["order_id"].to_numpy()[place], "")
        alike = sales.set_index("order_id")[["amount", "buyer"]]
        for number, truth in zip(met, paid["of"], strict=True):
            same = number and truth and (alike.loc[number] == alike.loc[truth]).all()
            right += bool(same or (number == truth and number))
            wrong += bool(number and not same and number != truth)
            missed += bool(truth and not number)
    print(f"asked, of {shops} shops and their own payments   {asked / shops:7.1%}")
    print(f"pairs that are right                          {right / max(right + wrong, 1):7.1%}")
    print(f"payments of orders left without their order   {missed / max(right + wrong + missed, 1):7.1%}")


def asked_wrongly(shops: int) -> None:
    """Two shops with one price list and no sale in common."""
    asked = 0
    for seed in range(shops):
        rng = np.random.default_rng(10_000 + seed)
        count, days, prices = (
            int(rng.integers(30, 600)),
            int(rng.integers(40, 400)),
            int(rng.integers(3, 200)),
        )
        both = orders(rng, 2 * count, days, prices)
        asked += overlap(
            both.iloc[:count].reset_index(drop=True), both.iloc[count:].reset_index(drop=True)
        ).likely
    print(f"asked, of {shops} pairs with nothing in common    {asked / shops:7.1%}")


def speed(largest: int) -> None:
    """Seconds for an overlap and for the pairs, by sales on each side."""
    print(f"\n{'sales a side':>14}{'overlap, s':>14}{'pairs, s':>12}")
    count = 10_000
    while count <= largest:
        rng = np.random.default_rng(count)
        sales = orders(rng, count, 700, 200)
        paid = payments(rng, sales, 1.0, 0.1)
        start = time.perf_counter()
        overlap(paid, sales)
        middle = time.perf_counter()
        match_orders(sales, paid)
        print(f"{count:>14,}{middle - start:>14.2f}{time.perf_counter() - middle:>12.2f}")
        count *= 10


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description="The same sale in two channels.")
    parser.add_argument("--shops", type=int, default=300)
    parser.add_argument("--large", type=int, default=1_000_000)
    options = parser.parse_args()
    asked_rightly(options.shops)
    asked_wrongly(options.shops)
    speed(options.large)


if __name__ == "__main__":
    main()
