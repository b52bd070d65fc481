"""Who was asked and who answered: buyers of a month and their answers, and what an answer is about."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis.expr.types import Table

from loyalty.facts.baskets import bought_lines
from loyalty.facts.customers import known_sales
from loyalty.facts.orders import ONE_DAY, midnight

ANSWER_DAYS = 30  # an answer counts for a period if it came this many days after its end at the latest


def _answers(con: ibis.BaseBackend, as_of: dt.date) -> Table:
    """Scored answers of known customers up to `as_of`: customer_id, answered_at."""
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
    table = known_sales(con, as_of)
    bought = table.filter(table.purchase)
    start, end = midnight(since or dt.date.min), midnight(min(until or as_of, as_of) + ONE_DAY)
    inside = (bought.ordered_at >= start) & (bought.ordered_at < end)
    people = bought.group_by("customer_id").aggregate(
        orders=inside.cast("int64").sum(),
        before=(bought.ordered_at < start).any(),
        first_at=bought.ordered_at.min(where=inside),
    )
    people = people.filter(people.orders > 0)
    said = _answers(con, as_of)
    told = said.join(people.select("customer_id", "first_at"), "customer_id")
    told = told.filter(
        told.answered_at >= told.first_at.truncate("D"),
        told.answered_at < end + dt.timedelta(days=ANSWER_DAYS),
    )
    heard = told.select(heard=told.customer_id).distinct()
    joined = people.left_join(heard, people.customer_id == heard.heard)
    found: pd.DataFrame = (
        joined.select(
            joined.customer_id,
            joined.orders,
            returning=joined.before if since else joined.orders >= 2,
            answered=joined.heard.notnull(),
        )
        .order_by("customer_id")
        .execute()
    )
    return found


def bought_products(
    con: ibis.BaseBackend, as_of: dt.date, since: dt.date | None = None, until: dt.date | None = None
) -> pd.DataFrame:
    """customer_id, group: each product that a known customer bought between the days (inclusive; None: open), once."""
    lines = bought_lines(con, as_of)
    start, end = midnight(since or dt.date.min), midnight(min(until or as_of, as_of) + ONE_DAY)
    inside = lines.filter(lines.customer_id.notnull(), lines.ordered_at >= start, lines.ordered_at < end)
    pairs = inside.select("customer_id", group="product").distinct()
    found: pd.DataFrame = pairs.order_by(["group", "customer_id"]).execute()
    return found


def answered_by_month(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame:
    """One row a month with orders: month, customers (who bought in it), answered (of these; see `buyers`)."""
    table = known_sales(con, as_of)
    bought = table.filter(table.purchase).mutate(month=lambda t: t.ordered_at.truncate("M"))
    people = bought.group_by(["customer_id", "month"]).aggregate(first_at=bought.ordered_at.min())
    said = _answers(con, as_of)
    told = people.join(said, "customer_id")
    last = told.month + ibis.interval(months=1) + ibis.interval(days=ANSWER_DAYS)
    told = told.filter(told.answered_at >= told.first_at.truncate("D"), told.answered_at < last)
    heard = (
        told.select("customer_id", "month").distinct().group_by("month").aggregate(answered=ibis._.count())
    )
    each = people.group_by("month").aggregate(customers=people.count())
    joined = each.left_join(heard, "month")
    found: pd.DataFrame = (
        joined.select(each.month, each.customers, answered=heard.answered.fill_null(0))
        .order_by("month")
        .execute()
    )
    return found.astype({"customers": "int64", "answered": "int64"})


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
    silent = answers.loc[~naming & answers["customer_id"].notna(), ["answer", "customer_id", "at"]]
    about = pd.concat([named, _last_bought(con, as_of, silent)]) if len(silent) else named
    found = answers.drop(columns="product").merge(about, on="answer")
    return found.sort_values(["answer", "group"], ignore_index=True)


def _last_bought(con: ibis.BaseBackend, as_of: dt.date, answers: pd.DataFrame) -> pd.DataFrame:
    """answer, group: the products of each answering customer's last order up to the day of the answer."""
    told = ibis.memtable(answers.rename(columns={"customer_id": "who"}))
    lines = bought_lines(con, as_of)
    met = lines.join(told, lines.customer_id == told.who)
    met = met.filter(met.ordered_at < met["at"].truncate("D") + ibis.interval(days=1))
    latest = met.mutate(latest=met.ordered_at.max().over(group_by=met.answer))
    found: pd.DataFrame = (
        latest.filter(latest.ordered_at == latest.latest)
        .select("answer", group="product")
        .distinct()
        .execute()
    )
    return found
