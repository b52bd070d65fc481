"""Finding customers by a part of their name, e-mail, phone or number."""

from __future__ import annotations

import pandas as pd


def matching(everybody: pd.DataFrame, search: str) -> pd.DataFrame:
    """Rows whose name, e-mail, phone or number contains what was typed."""
    return everybody[contains(searchable(everybody), search)]


def searchable(everybody: pd.DataFrame) -> pd.Series:
    """What is searched of each row, in one text that ignores case."""
    parts = everybody[["name", "email", "phone", "customer_id"]].fillna("").astype("str")
    text: pd.Series = parts["name"].str.cat(parts.drop(columns="name"), sep=" ")
    return text.str.casefold()


def contains(text: pd.Series, search: str) -> pd.Series:
    """Which texts of `searchable` contain what was typed."""
    hits: pd.Series = text.str.contains(search.strip().casefold(), regex=False)
    return hits
