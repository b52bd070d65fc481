"""Outcomes of recommendations, and the share of customers that each method for new products gets from now on.

A recommendation is taken when its customer buys the product within 30 days after it; until then, or until the 30 days
are over, it is open. Each customer's method (arm) is chosen by Thompson sampling: each arm's rate of taken
recommendations has a Beta posterior, a rate is drawn from each, and the highest wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Ints, Texts
from loyalty.measure.satisfaction import wilson

TAKEN_DAYS = 30
PRIOR_STRENGTH = 50.0  # pseudo-recommendations that the hold-out counts for
MIN_RATE, MAX_RATE = 0.002, 0.9
DRAWS = 20_000


def match_outcomes(
    recommended: pd.DataFrame, bought: pd.DataFrame, clicks: pd.DataFrame, now: pd.Timestamp
) -> pd.DataFrame:
    """Add taken, clicked and open (bool) to RECOMMENDED; each product counts once per customer and 30 days.

    `bought`, `clicks`: customer_id, product, at. A product recommended again within the 30 days is left out.
    """
    table = recommended.sort_values(["at", "list_id", "place"], kind="stable", ignore_index=True)
    table = table[~_is_repeated(table)].reset_index(drop=True)
    taken, clicked = (_acted_on(table, actions) for actions in (bought, clicks))
    within_window = table["at"] + pd.Timedelta(days=TAKEN_DAYS) > now
    return table.assign(taken=taken, clicked=clicked, open=within_window.to_numpy() & ~taken)


def _is_repeated(table: pd.DataFrame) -> Flags:
    """Rows that repeat a counted recommendation of the same customer and product, at most 30 days older."""
    counted: dict[tuple[str, str], pd.Timestamp] = {}
    repeated = np.zeros(len(table), dtype=bool)
    limit = pd.Timedelta(days=TAKEN_DAYS)
    for row, (customer, product, at) in enumerate(
        zip(table["customer_id"], table["product"], table["at"], strict=True)
    ):
        previous = counted.get((customer, product))
        repeated[row] = previous is not None and at - previous <= limit
        if not repeated[row]:
            counted[customer, product] = at
    return repeated


def _acted_on(table: pd.DataFrame, actions: pd.DataFrame) -> Flags:
    """Whether one of `actions` has each row's customer and product within 30 days after it."""
    keyed = table[["customer_id", "product", "at"]].assign(place=np.arange(len(table)))
    both = keyed.merge(
        actions[["customer_id", "product", "at"]], on=["customer_id", "product"], suffixes=("", "_act")
    )
    wait = both["at_act"] - both["at"]
    in_time = (wait > pd.Timedelta(0)) & (wait <= pd.Timedelta(days=TAKEN_DAYS))
    acted = np.zeros(len(table), dtype=bool)
    acted[both.loc[in_time, "place"].to_numpy(dtype=np.int64)] = True
    return acted


def acceptance_rates(outcomes: pd.DataFrame, by: Sequence[str] = ("mode", "method")) -> pd.DataFrame:
    """Acceptance by method (or reason), the largest groups first.

    Columns: recommended, open, decided, taken, clicked, share (taken ÷ decided, NaN where nothing is decided), low,
    high (Wilson 95 %). `outcomes`: of `match_outcomes`.
    """
    groups = outcomes.groupby(list(by), sort=True)
    table = groups.agg(
        recommended=("taken", "size"),
        open=("open", "sum"),
        taken=("taken", "sum"),
        clicked=("clicked", "sum"),
    ).reset_index()
    table["decided"] = table["recommended"] - table["open"]
    decided = table["decided"].to_numpy()
    table["share"] = np.where(decided > 0, table["taken"] / np.maximum(decided, 1), np.nan)
    bounds = [wilson(int(taken), int(n)) for taken, n in zip(table["taken"], decided, strict=True)]
    table["low"], table["high"] = [low for low, _ in bounds], [high for _, high in bounds]
    columns = [*by, "recommended", "open", "decided", "taken", "clicked", "share", "low", "high"]
    return table[columns].sort_values(
        ["recommended", *by], ascending=[False, *[True] * len(by)], ignore_index=True
    )


def arm_posteriors(priors: Mapping[str, float], taken: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Beta(a, b) of each arm's rate: the hold-out counts as 50 recommendations, those decided since are added.

    `priors`: precision of each arm in the hold-out; `taken`: of `acceptance_rates` by method.
    """
    counts = taken.groupby("method")[["taken", "decided"]].sum()
    posteriors = {}
    for name, rate in priors.items():
        prior_rate = min(max(rate, MIN_RATE), MAX_RATE)
        taken_count = float(counts["taken"].get(name, 0))
        not_taken_count = float(counts["decided"].get(name, 0)) - taken_count
        posteriors[name] = (
            PRIOR_STRENGTH * prior_rate + taken_count,
            PRIOR_STRENGTH * (1 - prior_rate) + not_taken_count,
        )
    return posteriors


def arm_shares(posteriors: Mapping[str, tuple[float, float]], seed: int) -> dict[str, float]:
    """Share of Thompson draws that each arm wins, summing to 1."""
    names = list(posteriors)
    arms = _draws(posteriors, DRAWS, seed)
    return {name: float((arms == index).mean()) for index, name in enumerate(names)}


def draw_arms(posteriors: Mapping[str, tuple[float, float]], customers: int, seed: int) -> Texts:
    """Draw the arm of each of `customers` customers by Thompson sampling; shape (customers,)."""
    return np.asarray(list(posteriors), dtype=object)[_draws(posteriors, customers, seed)]


def _draws(posteriors: Mapping[str, tuple[float, float]], n: int, seed: int) -> Ints:
    """Number of the arm with the highest drawn rate, n times."""
    random = np.random.default_rng(seed)
    rates = np.stack([random.beta(a, b, size=n) for a, b in posteriors.values()])
    return np.asarray(rates.argmax(axis=0), dtype=np.int64)
