"""Satisfaction by product, segment and customer, and the response rate.

ANSWERS: a FEEDBACK frame with `answer` (the answer's number) and `group`; an answer about an order of several
products has one row for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from loyalty.measure.satisfaction import Csat, Nps, csat, nps, wilson
from loyalty.measure.significance import FALSE_DISCOVERY_RATE, q_values, share_difference_p_values

MINIMUM_ANSWERS = 10  # answers; smaller groups are pooled


@dataclass(frozen=True)
class GroupAnswers:
    """Answers about one group, or by its customers.

    `name`: None for the pooled small groups; `rest`: the satisfied share of all answers outside the group (None: no
    other answers). `q_value`: false-discovery rate of "this group's CSAT differs from the rest". `verdict`: "more"
    or "less" satisfied than the rest, "" where it may be chance.
    """

    name: str | None
    csat: Csat
    nps: Nps
    rest: float | None
    q_value: float | None
    verdict: Literal["more", "less", ""]


@dataclass(frozen=True)
class Response:
    """Of `customers` who bought in a period, those who answered; `rate` with its Wilson 95 % interval, in [0, 1]."""

    customers: int
    answered: int
    rate: float | None
    low: float | None
    high: float | None


def satisfied_by_customer(feedback: pd.DataFrame) -> pd.Series:
    """Share of each identified customer's CSAT answers that are 4–5 of 5 (see `csat`), indexed by customer_id."""
    answers = feedback[(feedback["kind"] == "csat") & feedback["customer_id"].notna()]
    shares = {customer_id: csat(part).share for customer_id, part in answers.groupby("customer_id")}
    return pd.Series(shares, dtype="float64").dropna().rename_axis("customer_id")


def answered_by_customer(buyers: pd.DataFrame) -> pd.Series:
    """1.0 for each customer of `loyalty.facts.satisfaction.buyers` who answered, else 0.0; the response rate is its mean."""
    return buyers.set_index("customer_id")["answered"].astype("float64")


def response(buyers: pd.DataFrame) -> Response:
    """The response rate of a period's buyers (see `loyalty.facts.satisfaction.buyers`)."""
    return _response(len(buyers), int(buyers["answered"].sum()))


def response_by_month(answering: pd.DataFrame) -> pd.DataFrame:
    """month, customers, answered (of `loyalty.facts.satisfaction.answering`), and rate, low, high (Wilson 95 %)."""
    responses = [
        _response(int(n), int(k)) for n, k in zip(answering["customers"], answering["answered"], strict=True)
    ]
    return answering.assign(
        **{name: [getattr(one, name) for one in responses] for name in ("rate", "low", "high")}
    )


def response_by_group(
    groups: pd.DataFrame, buyers: pd.DataFrame, least: int = MINIMUM_ANSWERS
) -> pd.DataFrame:
    """group, customers, answered, rate, low, high of groups with `least` buyers or more, the largest first.

    `groups`: customer_id, group (a customer can be in several); `buyers`: see `loyalty.facts.satisfaction.buyers`.
    """
    answered = groups.merge(buyers[["customer_id", "answered"]], on="customer_id").groupby("group")[
        "answered"
    ]
    counts = (
        pd.DataFrame({"customers": answered.size(), "answered": answered.sum()}).astype("int64").reset_index()
    )
    large = counts[counts["customers"] >= least].sort_values(["customers", "group"], ascending=[False, True])
    return response_by_month(large.reset_index(drop=True))


def _response(customers: int, answered: int) -> Response:
    if not customers:
        return Response(0, 0, None, None, None)
    return Response(customers, answered, answered / customers, *wilson(answered, customers))


def answers_by_segment(feedback: pd.DataFrame, segment: Mapping[str, str]) -> pd.DataFrame:
    """ANSWERS of identified customers grouped by segment (customer_id → segment)."""
    numbered = feedback.reset_index(drop=True).rename_axis("answer").reset_index()
    return numbered.assign(group=numbered["customer_id"].map(dict(segment))).dropna(subset="group")


def satisfaction_by_group(answers: pd.DataFrame, least: int = MINIMUM_ANSWERS) -> list[GroupAnswers]:
    """The groups of ANSWERS with `least` answers or more, the most answered first, then the others pooled."""
    sizes = answers.groupby("group")["answer"].nunique()
    large = sizes[sizes >= least].sort_index().sort_values(ascending=False, kind="stable")
    rows: dict[str | None, pd.DataFrame] = {
        str(name): answers[answers["group"] == name] for name in large.index
    }
    named = set(answers.loc[answers["group"].isin(large.index), "answer"])
    others = answers[~answers["answer"].isin(named)].drop_duplicates("answer")
    if len(others):
        rows[None] = others
    whole = csat(answers.drop_duplicates("answer"))
    scores = {name: csat(part) for name, part in rows.items()}
    q_values = _q_values(list(scores.values()), whole)
    return [
        _group(name, scores[name], nps(part), whole, q)
        for (name, part), q in zip(rows.items(), q_values, strict=True)
    ]


def _group(name: str | None, part: Csat, score: Nps, whole: Csat, q: float | None) -> GroupAnswers:
    asked = whole.answers - part.answers
    rest = (whole.satisfied - part.satisfied) / asked if asked else None
    verdict: Literal["more", "less", ""] = ""
    if q is not None and q <= FALSE_DISCOVERY_RATE and part.share is not None and rest is not None:
        verdict = "more" if part.share > rest else "less"
    return GroupAnswers(name, part, score, rest, q, verdict)


def _q_values(parts: list[Csat], whole: Csat) -> list[float | None]:
    """False-discovery rates of each part against the rest; None where one side has no answer."""
    n, k = (
        np.array([getattr(p, name) for p in parts], dtype=np.float64) for name in ("answers", "satisfied")
    )
    rest_n, rest_k = whole.answers - n, whole.satisfied - k
    comparable = (n > 0) & (rest_n > 0)
    p = share_difference_p_values(
        k[comparable] / n[comparable],
        n[comparable],
        rest_k[comparable] / rest_n[comparable],
        rest_n[comparable],
    )
    q = iter(q_values(p).tolist())
    return [next(q) if asked else None for asked in comparable]
