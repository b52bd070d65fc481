"""Traits of customers for segmentation: shares of categories, and satisfaction."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd

from loyalty.facts.baskets import bought_lines, by_category
from loyalty.facts.orders import ONE_DAY, midnight, to_frame


def category_shares(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row an identified customer and category: customer_id, category, share of the lines they bought (sums to 1).

    Lines whose product has no category anywhere do not count; customers with such lines only are absent.
    """
    lines = by_category(bought_lines(con, as_of))
    identified = lines.filter(lines.customer_id.notnull())
    counted = identified.group_by(["customer_id", "product"]).aggregate(bought=identified.count())
    whole = counted.bought.sum().over(group_by=counted.customer_id).cast("float64")
    shares = counted.select("customer_id", category=counted["product"], share=counted.bought / whole)
    return to_frame(shares.order_by(["customer_id", "category"]))


def satisfaction(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row an identified customer who answered: customer_id, satisfaction (mean score, 0 lowest, 1 highest possible)."""
    table = con.table("feedback")
    answers = table.filter(
        table.answered_at < midnight(as_of + ONE_DAY), table.customer_id.notnull(), table.score.notnull()
    )
    lowest = (answers.kind == "csat").ifelse(1, 0).cast("float64")
    level = (answers.score.cast("float64") - lowest) / (answers.scale.cast("float64") - lowest)
    return to_frame(
        answers.mutate(level=level.clip(0, 1))
        .group_by("customer_id")
        .aggregate(satisfaction=lambda t: t.level.mean())
        .order_by("customer_id")
    )
