"""Commands that show figures: kpis, cohorts, clv."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from loyalty.cli.lifetime_value import lifetime_value_document
from loyalty.cli.output import Outcome, amount, share
from loyalty.cli.session import Session
from loyalty.exports.table import to_csv, to_xlsx
from loyalty.facts import events as act_facts
from loyalty.facts import orders as order_facts
from loyalty.measure.acquisition_cost import cac_by_channel, cac_by_month
from loyalty.measure.clv import formula_clv, historic_clv
from loyalty.measure.kpis import Kpis
from loyalty.services.figures import key_figures, spend_until
from loyalty.services.lifetime_value import predict_lifetime_value, sentences, terms_of
from loyalty.words import Words


def write_table(frame: pd.DataFrame, out: Path) -> None:
    """A frame as CSV, or as XLSX where the file's name says so."""
    out.write_bytes(to_xlsx(frame) if out.suffix.lower() == ".xlsx" else to_csv(frame))


def kpis(session: Session, options: argparse.Namespace) -> Outcome:
    """All key figures, of all time or of a period, with a breakdown when asked."""
    con, known = session.facts()
    found = key_figures(con, known, session.shop.settings, options.since, options.until)
    period = options.since is not None or options.until is not None
    document = kpi_document(found, period=period) | {
        "as_of": known.as_of,
        "currency": session.shop.settings.home_currency,
    }
    if options.by == "month":
        costs = cac_by_month(known.customers, spend_until(con, known.as_of))[["month", "spend", "cac"]]
        months = order_facts.months(con, known.as_of).merge(costs, how="left", on="month")
        document["months"] = months.to_dict("records")
    elif options.by == "channel":
        document["channels"] = _by_channel(order_facts.months(con, known.as_of, by_channel=True))
        spent, origins = spend_until(con, known.as_of), act_facts.origins(con)
        document["acquisition"] = cac_by_channel(known.customers, spent, origins).to_dict("records")
    return Outcome(document, _kpi_lines(found, session.words, period=period))


def _by_channel(months: pd.DataFrame) -> list[dict[str, Any]]:
    """Orders and revenue of each channel, months added up (people are not: they buy in more than one)."""
    sums = months.groupby("channel")[["orders", "revenue"]].sum().reset_index()
    return [{str(key): value for key, value in row.items()} for row in sums.to_dict("records")]


def kpi_document(found: Kpis, *, period: bool) -> dict[str, Any]:
    """The figures under the keys that others rely on."""
    clv = found.formula_clv
    return {
        "customers": found.customers,
        "orders": found.orders,
        "revenue": round(found.revenue, 2),
        "aov": found.aov,
        "repurchase_rate": found.repurchase_rate_period if period else found.repurchase_rate,
        "repurchase_rate_all_time": found.repurchase_rate,
        "repurchase_within": {str(days): asdict(within) for days, within in found.repurchase_within.items()},
        "returning_rate": found.returning_rate,
        "purchase_frequency": found.purchase_frequency,
        "median_gap_days": found.median_gap_days,
        "gap_quartiles_days": [found.gap.lower, found.gap.upper],
        "anonymous_share": found.anonymous_share,
        "anonymous_revenue_share": found.anonymous_revenue_share,
        "historic_clv": found.historic_clv,
        "formula_clv": clv.value if clv else None,
        "referral_rate": found.acquisition.referral_rate,
        "referred_share": found.acquisition.referred_share,
        "cac": found.acquisition.cac,
        "csat": found.csat.share,
        "csat_answers": found.csat.answers,
        "csat_interval": [found.csat.low, found.csat.high],
        "nps": found.nps.score,
        "nps_answers": found.nps.answers,
        "nps_interval": [found.nps.low, found.nps.high],
        "review_stars": found.reviews.average,
        "reviews": found.reviews.stars,
    }


def _kpi_lines(found: Kpis, words: Words, *, period: bool) -> list[str]:
    rate = found.repurchase_rate_period if period else found.repurchase_rate
    within = found.repurchase_within[90]
    rows = [
        (words.say("Customers"), words.number(found.customers)),
        (words.say("Orders"), words.number(found.orders)),
        (words.say("Net revenue"), words.money(found.revenue, cents=True)),
        (words.say("Average order value"), amount(found.aov, words)),
        (words.say("Repurchase rate"), share(rate, words)),
        (
            words.say("Come back within 90 days"),
            f"{share(within.rate, words)} ({share(within.low, words)} – {share(within.high, words)})",
        ),
        (words.say("Returning customer rate"), share(found.returning_rate, words)),
        (words.say("Orders of unknown buyers"), share(found.anonymous_share, words)),
        (words.say("Satisfied (4–5 of 5)"), share(found.csat.share, words)),
        (words.say("NPS"), "–" if found.nps.score is None else words.number(found.nps.score)),
        (words.say("Referral rate"), share(found.acquisition.referral_rate, words)),
        (words.say("Cost of a new customer"), amount(found.acquisition.cac, words)),
    ]
    width = max(len(name) for name, _ in rows)
    return [f"{name.ljust(width)}  {value}" for name, value in rows]


def cohorts(session: Session, options: argparse.Namespace) -> Outcome:
    """The retention matrix; `retained[k]` is the share buying in the k-th month after the first."""
    con = session.reader()
    cells = order_facts.cohorts(con, session.as_of(con))
    found: list[dict[str, Any]] = [
        {
            "cohort": f"{cohort:%Y-%m}",
            "size": int(rows["size"].iloc[0]),
            "retained": (rows["active"] / rows["size"]).round(6).tolist(),
        }
        for cohort, rows in cells.groupby("cohort")
    ]
    words = session.words
    lines = [
        f"{c['cohort']}  {c['size']:>6}  " + " ".join(words.percent(r) for r in c["retained"][:13])
        for c in found
    ]
    return Outcome({"cohorts": found}, lines)


def clv(session: Session, options: argparse.Namespace) -> Outcome:
    """Historic, formula and predicted CLV, with every part of the formula, the fitted model and its back-tests."""
    _, known = session.facts()
    settings, words = session.shop.settings, session.words
    margin = options.margin if options.margin is not None else settings.margin or None
    lifespan = options.lifespan if options.lifespan is not None else settings.lifespan_years or None
    found = formula_clv(known.customers, known.activity, known.as_of, lifespan_years=lifespan, margin=margin)
    ahead = predict_lifetime_value(known.models, terms_of(settings, options.months, options.discount, margin))
    by_formula = (
        words.money(found.value, cents=True)
        if found.value is not None
        else words.message(found.note)
        if found.note
        else "–"
    )
    document: dict[str, Any] = {
        "formula_clv": found.value,
        "formula_interval": [found.low, found.high],
        "historic_clv": historic_clv(known.customers, margin),
        "parts": {
            "aov": found.aov,
            "purchase_frequency": found.frequency,
            "lifespan_years": found.lifespan_years,
            "yearly_dropout": found.dropout.rate,
            "margin": margin,
        },
        "note": words.message(found.note) if found.note else None,
        "as_of": known.as_of,
        **lifetime_value_document(ahead, words),
    }
    named = known.customers[["customer_id", "revenue"]].rename(columns={"revenue": "historic_clv"})
    people = named.merge(ahead.predicted.customers, how="outer", on="customer_id")
    document["customers"] = people.fillna({"historic_clv": 0.0}).to_dict("records")
    return Outcome(
        document,
        [f"{words.say('A customer is worth, by formula')}: {by_formula}", *sentences(ahead, words)],
    )
