"""Satisfaction of each customer: answers on one scale, their mean, and the last answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

LOW, HIGH = 0.5, 0.9  # an answer below LOW is low, from HIGH on it is high


def level(feedback: pd.DataFrame) -> pd.Series:
    """Each score of FEEDBACK in [0, 1]: 0 the lowest that can be given, 1 the highest; NaN for a text alone.

    Stars and satisfaction begin at 1, NPS at 0.
    """
    lowest = np.where(feedback["kind"] == "nps", 0.0, 1.0)
    levels: pd.Series = (feedback["score"] - lowest) / (feedback["scale"] - lowest)
    return levels.clip(0.0, 1.0)


def satisfaction_by_customer(feedback: pd.DataFrame) -> pd.DataFrame:
    """customer_id, content (mean of the customer's answers, each rescaled to 1 to 5), answers; sorted by id."""
    scored = _scored(feedback)
    by_customer = scored.groupby("customer_id")["level"].agg(["mean", "size"])
    return pd.DataFrame(
        {
            "customer_id": by_customer.index.to_numpy(),
            "content": 1.0 + 4.0 * by_customer["mean"].to_numpy(),
            "answers": by_customer["size"].to_numpy(),
        }
    )


def last_answers(feedback: pd.DataFrame) -> pd.DataFrame:
    """The last scored answer of each identified customer (at a tie in time, the lowest): FEEDBACK with `level`."""
    scored = _scored(feedback).sort_values(["at", "level"], ascending=[True, False], kind="stable")
    return scored.drop_duplicates("customer_id", keep="last").sort_values("customer_id", ignore_index=True)


def _scored(feedback: pd.DataFrame) -> pd.DataFrame:
    scored = feedback[feedback["customer_id"].notna() & feedback["score"].notna()]
    return scored.assign(level=level(scored))
