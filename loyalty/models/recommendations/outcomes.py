"""What became of recommendations, and how often each method for what is new should speak from now on.

A recommendation is taken when its customer buys the product within 30 days after it; until then, or until the 30 days
are over, it is open. Which method speaks to a customer is drawn by Thompson sampling: each method's rate of taken ones
has a Beta posterior, a rate is drawn from each, the highest speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Ints, Texts
from loyalty.measure.satisfaction import wilson

TAKEN_DAYS = 30
PRIOR_STRENGTH = 50.0  # recommendations that the hold-out counts for
LEAST_RATE, MOST_RATE = 0.002, 0.9
DRAWS = 20_000


def match_outcomes(
    recommended: pd.DataFrame, bought: pd.DataFrame, clicks: pd.DataFrame, now: pd.Timestamp
) -> pd.DataFrame:
    """RECOMMENDED with taken, clicked (bool) and open (bool): each product counts once a customer and 30 days.

    `bought`, `clicks`: customer_id, product, at. A product recommended again while it was open is left out.
    """
    table = recommended.sort_values(["at", "list_id", "place"], kind="stable", ignore_index=True)
    table = table[~_repeated(table)].reset_index(drop=True)
    taken, clicked = (_followed(table, acts) for acts in (bought, clicks))
    still = table["at"] + pd.Timedelta(days=TAKEN_DAYS) > now
    return table.assign(taken=taken, clicked=clicked, open=still.to_numpy() & ~taken)


def _repeated(table: pd.DataFrame) -> Flags:
    """Rows whose customer and product were recommended in a row that counts and is at most 30 days older."""
    counted: dict[tuple[str, str], pd.Timestamp] = {}
    found = np.zeros(len(table), dtype=bool)
    limit = pd.Timedelta(days=TAKEN_DAYS)
    for place, (customer, product, at) in enumerate(
        zip(table["customer_id"], table["product"], table["at"], strict=True)
    ):
        before = counted.get((customer, product))
        found[place] = before is not None and at - before <= limit
        if not found[place]:
            counted[customer, product] = at
    return found


def _followed(table: pd.DataFrame, acts: pd.DataFrame) -> Flags:
    """Whether the customer did something with the product within 30 days after each row."""
    keyed = table[["customer_id", "product", "at"]].assign(place=np.arange(len(table)))
    both = keyed.merge(
        acts[["customer_id", "product", "at"]], on=["customer_id", "product"], suffixes=("", "_act")
    )
    wait = both["at_act"] - both["at"]
    right = (wait > pd.Timedelta(0)) & (wait <= pd.Timedelta(days=TAKEN_DAYS))
    found = np.zeros(len(table), dtype=bool)
    found[both.loc[right, "place"].to_numpy(dtype=np.int64)] = True
    return found


def acceptance_rates(found: pd.DataFrame, by: Sequence[str] = ("mode", "method")) -> pd.DataFrame:
    """By method (or reason): recommended, open, decided, taken, clicked, share of the decided, low, high (Wilson 95 %).

    `found`: as from `match_outcomes`. The largest groups first; no share where nothing is decided.
    """
    groups = found.groupby(list(by), sort=True)
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
    """Beta(a, b) of each method's rate: the hold-out counts as 50 recommendations, what was decided since is added.

    `priors`: share of new products on its lists that were bought in the hold-out, by method; `taken`: as from
    `acceptance_rates` by method.
    """
    counts = taken.groupby("method")[["taken", "decided"]].sum()
    found = {}
    for name, rate in priors.items():
        usual = min(max(rate, LEAST_RATE), MOST_RATE)
        yes = float(counts["taken"].get(name, 0))
        no = float(counts["decided"].get(name, 0)) - yes
        found[name] = (PRIOR_STRENGTH * usual + yes, PRIOR_STRENGTH * (1 - usual) + no)
    return found


def arm_shares(posteriors: Mapping[str, tuple[float, float]], seed: int) -> dict[str, float]:
    """How often each method would speak: its share of Thompson draws, summing to 1."""
    names = list(posteriors)
    drawn = _draws(posteriors, DRAWS, seed)
    return {name: float((drawn == place).mean()) for place, name in enumerate(names)}


def draw_arms(posteriors: Mapping[str, tuple[float, float]], people: int, seed: int) -> Texts:
    """The method that speaks to each of `people` customers: one Thompson draw each; shape (people,)."""
    return np.asarray(list(posteriors), dtype=object)[_draws(posteriors, people, seed)]


def _draws(posteriors: Mapping[str, tuple[float, float]], n: int, seed: int) -> Ints:
    """Place of the method with the highest drawn rate, n times."""
    random = np.random.default_rng(seed)
    rates = np.stack([random.beta(a, b, size=n) for a, b in posteriors.values()])
    return np.asarray(rates.argmax(axis=0), dtype=np.int64)
