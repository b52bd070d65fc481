"""kpis and cohorts: the key figures and the retention matrix."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

import pandas as pd

from loyalty.cli.output import Outcome, amount, share
from loyalty.cli.session import Session
from loyalty.facts import events as act_facts
from loyalty.facts import orders as order_facts
from loyalty.measure.acquisition_cost import cac_by_channel, cac_by_month
from loyalty.measure.kpis import Kpis
from loyalty.services.figures import key_figures, spend_until
from loyalty.words import Words


def kpis(session: Session, options: argparse.Namespace) -> Outcome:
    """Show the key figures, of all time or of a period, by month or channel where asked."""
    con, shop_facts = session.facts()
    figures = key_figures(con, shop_facts, session.shop.settings, options.since, options.until)
    period = options.since is not None or options.until is not None
    document = kpi_document(figures, period=period) | {
        "as_of": shop_facts.as_of,
        "currency": session.shop.settings.home_currency,
    }
    if options.by == "month":
        costs = cac_by_month(shop_facts.customers, spend_until(con, shop_facts.as_of))[
            ["month", "spend", "cac"]
        ]
        months = order_facts.months(con, shop_facts.as_of).merge(costs, how="left", on="month")
        document["months"] = months.to_dict("records")
    elif options.by == "channel":
        document["channels"] = _by_channel(order_facts.months(con, shop_facts.as_of, by_channel=True))
        spend, origins = spend_until(con, shop_facts.as_of), act_facts.origins(con)
        document["acquisition"] = cac_by_channel(shop_facts.customers, spend, origins).to_dict("records")
    return Outcome(document, _kpi_lines(figures, session.words, period=period))


def _by_channel(months: pd.DataFrame) -> list[dict[str, Any]]:
    """Orders and revenue of each channel, summed over months (customers are not: they buy in several months)."""
    sums = months.groupby("channel")[["orders", "revenue"]].sum().reset_index()
    return [{str(key): value for key, value in row.items()} for row in sums.to_dict("records")]


def kpi_document(figures: Kpis, *, period: bool) -> dict[str, Any]:
    """The figures under their documented keys."""
    clv = figures.formula_clv
    return {
        "customers": figures.customers,
        "orders": figures.orders,
        "revenue": round(figures.revenue, 2),
        "aov": figures.aov,
        "repurchase_rate": figures.repurchase_rate_period if period else figures.repurchase_rate,
        "repurchase_rate_all_time": figures.repurchase_rate,
        "repurchase_within": {
            str(days): asdict(within) for days, within in figures.repurchase_within.items()
        },
        "returning_rate": figures.returning_rate,
        "purchase_frequency": figures.purchase_frequency,
        "median_gap_days": figures.median_gap_days,
        "gap_quartiles_days": [figures.gap.lower, figures.gap.upper],
        "anonymous_share": figures.anonymous_share,
        "anonymous_revenue_share": figures.anonymous_revenue_share,
        "historic_clv": figures.historic_clv,
        "formula_clv": clv.value if clv else None,
        "referral_rate": figures.acquisition.referral_rate,
        "referred_share": figures.acquisition.referred_share,
        "cac": figures.acquisition.cac,
        "csat": figures.csat.share,
        "csat_answers": figures.csat.answers,
        "csat_interval": [figures.csat.low, figures.csat.high],
        "nps": figures.nps.score,
        "nps_answers": figures.nps.answers,
        "nps_interval": [figures.nps.low, figures.nps.high],
        "review_stars": figures.reviews.average,
        "reviews": figures.reviews.stars,
    }


def _kpi_lines(figures: Kpis, words: Words, *, period: bool) -> list[str]:
    rate = figures.repurchase_rate_period if period else figures.repurchase_rate
    within = figures.repurchase_within[90]
    rows = [
        (words.say("Customers"), words.number(figures.customers)),
        (words.say("Orders"), words.number(figures.orders)),
        (words.say("Net revenue"), words.money(figures.revenue, cents=True)),
        (words.say("Average order value"), amount(figures.aov, words)),
        (words.say("Repurchase rate"), share(rate, words)),
        (
            words.say("Come back within 90 days"),
            f"{share(within.rate, words)} ({share(within.low, words)} – {share(within.high, words)})",
        ),
        (words.say("Returning customer rate"), share(figures.returning_rate, words)),
        (words.say("Orders of unknown buyers"), share(figures.anonymous_share, words)),
        (words.say("Satisfied (4–5 of 5)"), share(figures.csat.share, words)),
        (words.say("NPS"), "–" if figures.nps.score is None else words.number(figures.nps.score)),
        (words.say("Referral rate"), share(figures.acquisition.referral_rate, words)),
        (words.say("Cost of a new customer"), amount(figures.acquisition.cac, words)),
    ]
    width = max(len(name) for name, _ in rows)
    return [f"{name.ljust(width)}  {value}" for name, value in rows]


def cohorts(session: Session, options: argparse.Namespace) -> Outcome:
    """Show the retention matrix; `retained[k]` is the share buying in the k-th month after the first."""
    con = session.reader()
    cells = order_facts.cohorts(con, session.as_of(con))
    retention: list[dict[str, Any]] = [
        {
            "cohort": f"{cohort:%Y-%m}",
            "size": int(rows["size"].iloc[0]),
            "retained": (rows["active"] / rows["size"]).round(6).tolist(),
        }
        for cohort, rows in cells.groupby("cohort")
    ]
    words = session.words
    lines = [
        f"{cohort_row['cohort']}  {cohort_row['size']:>6}  "
        + " ".join(words.percent(r) for r in cohort_row["retained"][:13])
        for cohort_row in retention
    ]
    return Outcome({"cohorts": retention}, lines)
