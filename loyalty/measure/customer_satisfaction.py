"""How content single customers are: their answers on one scale, the mean of them, and the last one."""

from __future__ import annotations

import numpy as np
import pandas as pd

LOW, HIGH = 0.5, 0.9  # levels below which an answer is a low one, and from which on a high one


def level(feedback: pd.DataFrame) -> pd.Series:
    """Each score of FEEDBACK in [0, 1]: 0 the lowest that can be given, 1 the highest; NaN for a text alone.

    Stars and satisfaction begin at 1, the question whether they would recommend (NPS) at 0.
    """
    lowest = np.where(feedback["kind"] == "nps", 0.0, 1.0)
    found: pd.Series = (feedback["score"] - lowest) / (feedback["scale"] - lowest)
    return found.clip(0.0, 1.0)


def satisfaction_by_customer(feedback: pd.DataFrame) -> pd.DataFrame:
    """customer_id, content (mean of a known customer's answers, each brought to a scale of 1 to 5), answers; by id."""
    scored = _scored(feedback)
    by_person = scored.groupby("customer_id")["level"].agg(["mean", "size"])
    return pd.DataFrame(
        {
            "customer_id": by_person.index.to_numpy(),
            "content": 1.0 + 4.0 * by_person["mean"].to_numpy(),
            "answers": by_person["size"].to_numpy(),
        }
    )


def last_answers(feedback: pd.DataFrame) -> pd.DataFrame:
    """The last scored answer of each known customer (of one moment, the lowest): FEEDBACK with `level`; by customer_id."""
    scored = _scored(feedback).sort_values(["at", "level"], ascending=[True, False], kind="stable")
    return scored.drop_duplicates("customer_id", keep="last").sort_values("customer_id", ignore_index=True)


def _scored(feedback: pd.DataFrame) -> pd.DataFrame:
    known = feedback[feedback["customer_id"].notna() & feedback["score"].notna()]
    return known.assign(level=level(known))
