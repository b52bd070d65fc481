"""The table of all customers: the same columns on the screen, in the download and on the command line."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from loyalty.customers.status import STATUSES, STILL_A_CUSTOMER
from loyalty.intake.sources.registry import channel_title
from loyalty.words import N_, Words

#: Columns of `loyalty.services.figures.all_customers` that are shown, with their headings; predicted ones only where there are predictions.
HEADINGS: Mapping[str, str] = {
    "name": N_("Name"),
    "status": N_("Status"),
    "revenue": N_("Spent"),
    "last_at": N_("Last seen"),
    "p_alive": N_("Still a customer"),
    "next_early": N_("Next order from"),
    "next_late": N_("Next order until"),
    "clv": N_("Will bring in 12 months"),
    "segment": N_("Segment"),
    "content": N_("Content (1–5)"),
    "tier": N_("Tier"),
    "points": N_("Points"),
    "orders": N_("Orders"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "channel": N_("First channel"),
    "customer_id": N_("Customer number"),
}
PREDICTED = ("p_alive", "next_early", "next_late", "clv")
DIGITS: Mapping[str, int] = {"revenue": 2, "p_alive": 2, "clv": 2, "content": 1}


def customer_table(
    customers: pd.DataFrame,
    segments: Mapping[str, str],
    tiers: Mapping[str, str],
    words: Words,
    *,
    predicted: bool,
) -> pd.DataFrame:
    """The frame of `loyalty.services.figures.all_customers` under the reader's headings, rows in the same order.

    `segments`, `tiers`: names by key, in the reader's words. The next order has dates only for probable
    customers (`STILL_A_CUSTOMER`).
    """
    likely = customers["p_alive"] >= STILL_A_CUSTOMER
    shown = customers.assign(
        last_at=customers["last_at"].dt.normalize(),
        status=customers["status"].map({key: words.say(name) for key, name in STATUSES.items()}),
        segment=customers["segment"].map(segments),
        tier=customers["tier"].map(tiers),
        channel=customers["channel"].map(
            {name: channel_title(name) for name in customers["channel"].unique()}
        ),
        **{name: pd.to_datetime(customers[name]).where(likely) for name in ("next_early", "next_late")},
        **{name: customers[name].astype("float64") for name in DIGITS if name != "p_alive"},
        p_alive=customers["p_alive"].astype("float64").round(DIGITS["p_alive"]),
    )
    names = {
        name: words.say(heading) for name, heading in HEADINGS.items() if predicted or name not in PREDICTED
    }
    return shown[list(names)].rename(columns=names)


def digits(words: Words) -> dict[str, int]:
    """Decimals of the columns in files."""
    return {words.say(HEADINGS[name]): places for name, places in DIGITS.items()}
