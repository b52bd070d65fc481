"""Insights of an open shop: the last week, changes of revenue, repurchase by group, satisfaction and goals.

As in `loyalty.services.figures`: pages cache these by data version; the command line calls them as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import ibis
import pandas as pd

from loyalty.columns import Totals
from loyalty.facts import changes as change_facts
from loyalty.facts import first_orders
from loyalty.facts import orders as order_facts
from loyalty.facts import satisfaction as answer_facts
from loyalty.facts.changes import Period
from loyalty.measure.changes import Change, Factor, Part, change, factors, parts
from loyalty.measure.forecasts import whole_months
from loyalty.measure.goals import Goal, Progress, progress, readings
from loyalty.measure.repurchase import HORIZON, GroupRepurchase
from loyalty.measure.repurchase import repurchase_by_group as returns_by_group
from loyalty.measure.satisfaction_breakdown import (
    GroupAnswers,
    Response,
    answers_by_segment,
    response,
    response_by_group,
    response_by_month,
    satisfaction_by_group,
)
from loyalty.measure.weeks import Weeks, days_ending, weeks
from loyalty.services.figures import Facts, NoSales, key_figures
from loyalty.shop.settings import Settings

Grouping = Literal["product", "channel", "source"]
SURVEYS = ("csat", "nps")  # reviews are not asked for
SMALL_SHARE = 0.01  # groups that changed by less than this share of the larger period are added up


@dataclass(frozen=True)
class Movement:
    """Why net revenue changed from one period to another. Each list of parts, and the factors, add up to the change.

    `buyers`: by channel and kind of buyer ("new", "returning", "unknown", "refund"); `cohorts`: by year of the first
    purchase; `products`: by product; None in a key: no name or product, or small groups added up.
    """

    before: Period
    after: Period
    whole: Change
    factors: dict[Factor, float]
    buyers: list[Part]
    cohorts: list[Part]
    products: list[Part]


@dataclass(frozen=True)
class Satisfaction:
    """Response rate in total and by month, product and segment; satisfaction by product and by segment."""

    response: Response
    response_by_month: pd.DataFrame
    response_by_product: pd.DataFrame
    response_by_segment: pd.DataFrame
    by_product: list[GroupAnswers]
    by_segment: list[GroupAnswers]


def first_sale(con: ibis.BaseBackend) -> dt.date:
    """The day of the first order. Raises NoSales."""
    span = order_facts.span(con)
    if span is None:
        raise NoSales
    return span[0]


def this_week(con: ibis.BaseBackend, as_of: dt.date) -> Weeks:
    """The seven days that end with `as_of`, beside the seven before and those of a year ago."""

    def totals(since: dt.date, until: dt.date) -> Totals:
        return order_facts.totals(con, as_of, since, until)

    return weeks(as_of, first_sale(con), totals)


def movement(con: ibis.BaseBackend, as_of: dt.date, before: Period, after: Period) -> Movement:
    """Break down the change of net revenue between two periods that do not overlap."""
    volumes = change_facts.volumes(con, as_of, before, after)
    whole = change(volumes, change_facts.revenue_variance(con, as_of, before, after))
    least = SMALL_SHARE * max(abs(whole.before), abs(whole.after))
    by_channel = change_facts.volumes(con, as_of, before, after, by_channel=True)
    return Movement(
        before,
        after,
        whole,
        factors(volumes),
        parts(by_channel, ["channel", "who"]),
        parts(change_facts.by_cohort(con, as_of, before, after), ["group"]),
        parts(change_facts.by_product(con, as_of, before, after), ["group"], least),
    )


def groups(con: ibis.BaseBackend, shop_facts: Facts, by: Grouping) -> pd.DataFrame:
    """customer_id, group: the products or the channel of the first order, or the source a customer came through."""
    if by == "product":
        return first_orders.first_products(con, shop_facts.as_of)
    if by == "source":
        return first_orders.sources(con)
    return shop_facts.customers[["customer_id", "channel"]].rename(columns={"channel": "group"})


def repurchase_by_group(
    con: ibis.BaseBackend, shop_facts: Facts, by: Grouping, horizon: int = HORIZON
) -> list[GroupRepurchase]:
    """Repurchase rates by how customers came."""
    return returns_by_group(shop_facts.customers, groups(con, shop_facts, by), shop_facts.as_of, horizon)


def satisfaction(
    con: ibis.BaseBackend,
    shop_facts: Facts,
    segment: Mapping[str, str],
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Satisfaction:
    """Satisfaction in a period (both ends inclusive). `segment`: customer_id → segment."""
    product_feedback = _within(answer_facts.feedback_by_product(con, shop_facts.as_of), since, until)
    feedback = _within(shop_facts.feedback, since, until)
    survey_answers = [
        frame[frame["kind"].isin(SURVEYS)]
        for frame in (product_feedback, answers_by_segment(feedback, segment))
    ]
    buyers = answer_facts.buyers(con, shop_facts.as_of, since, until)
    products = answer_facts.bought_products(con, shop_facts.as_of, since, until)
    segments = pd.DataFrame({"customer_id": list(segment), "group": list(segment.values())}, dtype="object")
    return Satisfaction(
        response(buyers),
        response_by_month(answer_facts.answered_by_month(con, shop_facts.as_of)),
        response_by_group(products, buyers),
        response_by_group(segments, buyers),
        *(satisfaction_by_group(frame) for frame in survey_answers),
    )


def _within(feedback: pd.DataFrame, since: dt.date | None, until: dt.date | None) -> pd.DataFrame:
    """Answers of a period."""
    day = feedback["at"].dt.normalize()
    first = pd.Timestamp(since) if since else pd.Timestamp.min
    answers: pd.DataFrame = feedback[day.between(first, pd.Timestamp(until) if until else pd.Timestamp.max)]
    return answers


def goal_progress(
    con: ibis.BaseBackend, shop_facts: Facts, settings: Settings, goals: Sequence[Goal]
) -> list[Progress]:
    """Progress towards each goal; figures of a period are those of the 365 days that end with the day."""
    as_of, first = shop_facts.as_of, first_sale(con)
    months = order_facts.months(con, as_of)
    whole = [
        whole_months(months, column, as_of, first).set_index("month")["value"].rename(column)
        for column in ("revenue", "orders", "new_customers")
    ]
    now = readings(
        key_figures(con, shop_facts, settings),
        key_figures(con, shop_facts, settings, *days_ending(shop_facts.as_of, 365)),
        pd.concat(whole, axis=1).reset_index(),
        shop_facts.customers,
        shop_facts.as_of,
    )
    return [progress(goal, now[goal.metric]) for goal in goals]
