"""Buyers and their survey answers: who answered, response by month, and the products an answer is about."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.baskets import bought_lines
from loyalty.facts.customers import customer_sales
from loyalty.facts.orders import ONE_DAY, midnight, to_frame

ANSWER_DAYS = 30  # an answer counts for a period if it came this many days after its end at the latest


def _answers(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """Scored answers of identified customers up to `as_of`: customer_id, answered_at."""
    table = con.table("feedback")
    return table.filter(
        table.customer_id.notnull(), table.score.notnull(), table.answered_at < midnight(as_of + ONE_DAY)
    ).select("customer_id", "answered_at")


def buyers(
    con: ibis.BaseBackend, as_of: dt.date, since: dt.date | None = None, until: dt.date | None = None
) -> pd.DataFrame:
    """One row a customer who bought between `since` and `until` (inclusive; None: open), ordered by customer_id.

    customer_id; orders (in the period); returning (bool: bought before it, or, with an open beginning, more than
    once); answered (bool: gave a score on the day of the period's first order or later, at the latest 30 days after
    its end).
    """
    table = customer_sales(con, as_of)
    bought = table.filter(table.purchase)
    start, end = midnight(since or dt.date.min), midnight(min(until or as_of, as_of) + ONE_DAY)
    inside = (bought.ordered_at >= start) & (bought.ordered_at < end)
    people = bought.group_by("customer_id").aggregate(
        orders=inside.cast("int64").sum(),
        before=(bought.ordered_at < start).any(),
        first_at=bought.ordered_at.min(where=inside),
    )
    people = people.filter(people.orders > 0)
    answers = _answers(con, as_of)
    answers = answers.join(people.select("customer_id", "first_at"), "customer_id")
    answers = answers.filter(
        answers.answered_at >= answers.first_at.truncate("D"),
        answers.answered_at < end + dt.timedelta(days=ANSWER_DAYS),
    )
    respondents = answers.select(respondent=answers.customer_id).distinct()
    joined = people.left_join(respondents, people.customer_id == respondents.respondent)
    return to_frame(
        joined.select(
            joined.customer_id,
            joined.orders,
            returning=joined.before if since else joined.orders >= 2,
            answered=joined.respondent.notnull(),
        ).order_by("customer_id")
    )


def bought_products(
    con: ibis.BaseBackend, as_of: dt.date, since: dt.date | None = None, until: dt.date | None = None
) -> pd.DataFrame:
    """customer_id, group: each product that an identified customer bought between the days (inclusive; None: open), once."""
    lines = bought_lines(con, as_of)
    start, end = midnight(since or dt.date.min), midnight(min(until or as_of, as_of) + ONE_DAY)
    inside = lines.filter(lines.customer_id.notnull(), lines.ordered_at >= start, lines.ordered_at < end)
    pairs = inside.select("customer_id", group="product").distinct()
    return to_frame(pairs.order_by(["group", "customer_id"]))


def answered_by_month(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row a month with orders: month, customers (who bought in it), answered (of these; see `buyers`)."""
    table = customer_sales(con, as_of)
    bought = table.filter(table.purchase).mutate(month=lambda t: t.ordered_at.truncate("M"))
    people = bought.group_by(["customer_id", "month"]).aggregate(first_at=bought.ordered_at.min())
    answers = _answers(con, as_of)
    in_time = people.join(answers, "customer_id")
    last = in_time.month + ibis.interval(months=1) + ibis.interval(days=ANSWER_DAYS)
    in_time = in_time.filter(
        in_time.answered_at >= in_time.first_at.truncate("D"), in_time.answered_at < last
    )
    answered = (
        in_time.select("customer_id", "month").distinct().group_by("month").aggregate(answered=ibis._.count())
    )
    buyers = people.group_by("month").aggregate(customers=people.count())
    joined = buyers.left_join(answered, "month")
    return to_frame(
        joined.select(buyers.month, buyers.customers, answered=answered.answered.fill_null(0)).order_by(
            "month"
        )
    ).astype({"customers": "int64", "answered": "int64"})


def feedback_by_product(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """A FEEDBACK frame with `answer` (its number) and `group`: the product it names, else each of the last order before it.

    An answer about an order of several products has one row for each; one that names neither product nor buyer,
    or whose buyer had not bought yet, is absent.
    """
    table = con.table("feedback")
    scored = table.filter(table.answered_at < midnight(as_of + ONE_DAY), table.score.notnull())
    answers: pd.DataFrame = scored.select(
        "customer_id", "kind", "scale", "product", at=scored.answered_at, score=scored.score.cast("float64")
    ).execute()
    answers = (
        answers.sort_values(["at", "customer_id"], ignore_index=True).rename_axis("answer").reset_index()
    )
    naming = answers["product"].fillna("").str.strip() != ""
    named = answers.loc[naming, ["answer", "product"]].rename(columns={"product": "group"})
    unnamed = answers.loc[~naming & answers["customer_id"].notna(), ["answer", "customer_id", "at"]]
    about = pd.concat([named, _last_bought(con, as_of, unnamed)]) if len(unnamed) else named
    rows = answers.drop(columns="product").merge(about, on="answer")
    return rows.sort_values(["answer", "group"], ignore_index=True)


def _last_bought(con: ibis.BaseBackend, as_of: dt.date, answers: pd.DataFrame) -> pd.DataFrame:
    """answer, group: the products of each answering customer's last order up to the day of the answer."""
    table = ibis.memtable(answers.rename(columns={"customer_id": "who"}))
    lines = bought_lines(con, as_of)
    earlier = lines.join(table, lines.customer_id == table.who)
    earlier = earlier.filter(earlier.ordered_at < earlier["at"].truncate("D") + ibis.interval(days=1))
    latest = earlier.mutate(latest=earlier.ordered_at.max().over(group_by=earlier.answer))
    return to_frame(
        latest.filter(latest.ordered_at == latest.latest).select("answer", group="product").distinct()
    )
