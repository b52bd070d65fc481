"""Random histories of points: many customers under random rules, each customer a history of their own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from loyalty.rewards.points.history import PointsHistory, Version
from loyalty.rewards.programme.programme import Programme, Tier
from loyalty.rewards.programme.rules import BonusDays, Caps, Earning, Expiry, Tiering

FIRST = dt.datetime(2023, 1, 1)
AS_OF = dt.date(2025, 6, 30)


def programme(rng: np.random.Generator) -> Programme:
    """Rules drawn at random; any part may be plain."""
    tiers = [Tier("a", "A", Decimal(0))]
    for place in range(int(rng.integers(0, 3))):
        tiers.append(
            Tier(
                f"t{place}",
                "T",
                tiers[-1].threshold + int(rng.integers(1, 120)),
                Decimal(int(rng.integers(0, 9))) / 4,
            )
        )
    by, period = rng.choice(["spend", "orders", "points"]), rng.choice(["rolling", "calendar", "lifetime"])
    if by == "orders":
        tiers = [Tier(t.key, t.name, Decimal(i), t.multiplier) for i, t in enumerate(tiers)]
    bonus = (
        BonusDays("Weekend", Decimal(2), ("sat", "sun")),
        BonusDays("May", Decimal(3), (), dt.date(2024, 5, 1), dt.date(2024, 5, 31)),
    )
    return Programme(
        "Random",
        Decimal(int(rng.integers(0, 40))) / 10,
        Decimal("0.05"),
        tuple(tiers),
        earning=Earning(
            per_order=int(rng.choice([0, 0, 5])),
            bonus_days=bonus if rng.random() < 0.4 else (),
            return_days=int(rng.choice([0, 0, 14, 60])),
            together="multiplied" if rng.random() < 0.5 else "highest",
        ),
        expiry=Expiry(
            str(rng.choice(["never", "rolling", "fixed", "inactivity"])),
            int(rng.choice([30, 90, 365])),
            "12-31",
        ),  # type: ignore[arg-type]
        tiering=Tiering(str(by), str(period), int(rng.choice([0, 0, 40]))),  # type: ignore[arg-type]
        caps=Caps(int(rng.choice([0, 0, 60])), int(rng.choice([0, 0, 90]))),
    )


def versions(rng: np.random.Generator) -> list[Version]:
    """One to three versions: the first holds from the beginning or from a day on."""
    begins = dt.date.min if rng.random() < 0.7 else dt.date(2023, 3, 1)
    first = [Version(1, begins, programme(rng))]
    later = range(2, 2 + int(rng.integers(0, 3)))
    days = [(FIRST + dt.timedelta(days=int(rng.integers(30, 800)))).date() for _ in later]
    return first + [Version(number, day, programme(rng)) for number, day in zip(later, days, strict=True)]


def history(rng: np.random.Generator, customers: int) -> PointsHistory:
    """Up to eight orders a customer, some of them given back in one or two parts, and points used now and then."""
    rows: dict[str, list[Any]] = {name: [] for name in ("order", "ref", "customer_id", "at", "gross")}
    back: dict[str, list[Any]] = {name: [] for name in ("order", "at", "amount")}
    used: dict[str, list[Any]] = {
        name: [] for name in ("customer_id", "at", "kind", "points", "expires_on", "ref")
    }
    for person in range(customers):
        name = f"c{person:05d}"
        for _ in range(int(rng.integers(1, 9))):
            number, cents = len(rows["order"]), int(rng.integers(1, 9000))
            at = FIRST + dt.timedelta(seconds=int(rng.integers(0, 900 * 86400)))
            for column, value in zip(rows, (number, f"o{number}", name, at, cents / 100), strict=True):
                rows[column].append(value)
            if rng.random() < 0.3:
                part = int(rng.integers(1, cents + 1)) if rng.random() < 0.6 else cents
                when = at + dt.timedelta(seconds=int(rng.integers(0, 500 * 86400)))
                parts = [part] if rng.random() < 0.7 else [part, cents - part]
                for i, some in enumerate(p for p in parts if p):
                    moment = when + dt.timedelta(days=10 * i)
                    for column, value in zip(back, (number, moment, some / 100), strict=True):
                        back[column].append(value)
        for _ in range(int(rng.integers(0, 3))):
            at = FIRST + dt.timedelta(seconds=int(rng.integers(0, 900 * 86400)))
            values = (name, at, "redeemed", int(rng.integers(1, 80)), None, f"u{len(used['ref'])}")
            for column, value in zip(used, values, strict=True):
                used[column].append(value)
    return PointsHistory(pd.DataFrame(rows), pd.DataFrame(back), manual_entries=pd.DataFrame(used))
