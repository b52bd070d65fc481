"""The key figures of Home: cards in words and numbers, each with its range or base and its trend."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from loyalty.measure.insight_sentences import nps_sentence
from loyalty.measure.kpis import Kpis
from loyalty.measure.satisfaction import csat_by_month
from loyalty.measure.trend import monthly_trend
from loyalty.words import Words
from pages.home.headline import periods
from ui.shop_figures import ShopFigures
from ui.show import figure, percent, plain

TREND_MONTHS = 13
IN_A_ROW = 4


@dataclass(frozen=True)
class Card:
    """One key figure: `name` is its definition's, `trend` one value a month (None: no sparkline)."""

    name: str
    value: str
    note: str = ""
    trend: list[float] | None = None


def money(value: float | None, words: Words) -> str:
    """An amount, or a dash where there is none."""
    return "–" if value is None else words.money(value)


def repurchase_cards(
    all_time: Kpis, within_period: Kpis, months: pd.DataFrame, words: Words, *, period: bool
) -> list[Card]:
    """The first row: who comes back, and what they are worth. `within_period`: of the chosen period."""
    within = all_time.repurchase_within[90]
    bounds = words.say("range {low}–{high}", low=percent(within.low, words), high=percent(within.high, words))
    rate = within_period.repurchase_rate_period if period else all_time.repurchase_rate
    returning = trend_of(monthly_trend(months)["returning_share"], 4)
    return [
        Card("repurchase_within", percent(within.rate, words), bounds if within.rate is not None else ""),
        Card(
            "repurchase_rate",
            percent(rate, words, 1),
            words.plural("of {n} customer", "of {n} customers", within_period.customers),
        ),
        Card("returning_rate", percent(within_period.returning_rate, words, 1), "", returning),
        clv_card(all_time, words),
    ]


def clv_card(all_time: Kpis, words: Words) -> Card:
    """The formula CLV with its arithmetic, or why there is none yet."""
    clv = all_time.formula_clv
    if clv is None:
        return Card("formula_clv", "–")
    if clv.note is not None:
        return Card("formula_clv", money(clv.value, words), words.message(clv.note))
    parts = words.say(
        "{aov} × {frequency} a year × {years} years",
        aov=money(clv.aov, words),
        frequency=words.number(clv.frequency or 0, 1),
        years=words.number(clv.lifespan_years or 0, 1),
    )
    margin = words.say("{parts} × {margin} margin", parts=parts, margin=percent(clv.margin, words))
    return Card("formula_clv", money(clv.value, words), margin if clv.margin else parts)


def business_cards(
    all_time: Kpis, within_period: Kpis, months: pd.DataFrame, feedback: pd.DataFrame, words: Words
) -> list[Card]:
    """The second row: revenue, order value, gap, satisfaction."""
    gap, csat = all_time.gap, all_time.csat
    quartiles = words.say(
        "half lie between {low} and {high} days",
        low=words.number(gap.lower or 0),
        high=words.number(gap.upper or 0),
    )
    csat_note = words.say(
        "{note}; range {low}–{high}",
        note=words.plural("of {n} answer", "of {n} answers", csat.answers),
        low=percent(csat.low, words),
        high=percent(csat.high, words),
    )
    has_gap = gap.median is not None
    return [
        Card("revenue", words.money(within_period.revenue), "", trend_of(months["revenue"], 2)),
        Card(
            "aov",
            money(within_period.aov, words),
            words.plural("{n} order", "{n} orders", within_period.orders),
            trend_of(monthly_trend(months)["aov"], 2),
        ),
        Card(
            "gap",
            words.plural("{n} day", "{n} days", round(gap.median or 0)) if has_gap else "–",
            quartiles if has_gap else "",
        ),
        Card(
            "csat",
            percent(csat.share, words),
            csat_note if csat.answers else words.say("no survey yet"),
            trend_of(csat_by_month(feedback)["share"], 4),
        ),
    ]


def acquisition_cards(within_period: Kpis, words: Words) -> list[Card]:
    """The third row, where there are data: referrals, acquisition cost, reviews."""
    cards, new = [], within_period.acquisition
    if new.referral_rate is not None:
        note = words.plural("{n} customer brought others", "{n} customers brought others", new.referrers)
        cards.append(Card("referral_rate", percent(new.referral_rate, words, 1), note))
    if new.referred_share is not None:
        cards.append(Card("referred_share", percent(new.referred_share, words, 1)))
    if new.cac is not None:
        note = words.plural(
            "{spend} for {n} new customer",
            "{spend} for {n} new customers",
            new.new_customers,
            spend=words.money(new.spend),
        )
        cards.append(Card("cac", money(new.cac, words), note))
    if within_period.reviews.average is not None:
        note = words.plural("of {n} review", "of {n} reviews", within_period.reviews.stars)
        cards.append(Card("reviews", words.number(within_period.reviews.average, 1), note))
    return cards


def further_figures(all_time: Kpis, within_period: Kpis, words: Words) -> str:
    """Further figures in one line."""
    parts = [
        words.say("A customer has brought {amount} so far.", amount=money(all_time.historic_clv, words)),
        words.say("Orders a year: {n}.", n=words.number(all_time.purchase_frequency or 0, 1)),
        words.say("Orders of unknown buyers: {share}.", share=percent(within_period.anonymous_share, words)),
    ]
    if all_time.nps.score is not None:
        parts.append(nps_sentence(all_time.nps, words))
    return words.sentences(parts)


def trend_of(values: pd.Series, digits: int) -> list[float] | None:
    """The last months for a sparkline; None when there are fewer than two to join."""
    recent = values.tail(TREND_MONTHS).fillna(0).round(digits)
    return [float(value) for value in recent] if len(recent) > 1 else None


def key_figures(figures: ShopFigures, say: Words) -> None:
    """Two rows of figures for a chosen period."""
    named = periods(figures.as_of, say)
    chosen = st.segmented_control(
        say.say("Period"),
        list(named),
        default=next(iter(named)),
        key="home-period",
        label_visibility="collapsed",
        required=True,
    )
    since, until = named[chosen or next(iter(named))]
    all_time = figures.key_figures()
    within_period = figures.key_figures(since, until)
    months, feedback = figures.months(), figures.facts().feedback
    rows = (
        repurchase_cards(all_time, within_period, months, say, period=since is not None),
        business_cards(all_time, within_period, months, feedback, say),
        acquisition_cards(within_period, say),
    )
    for row in rows:
        for column, shown in zip(st.columns(IN_A_ROW) if row else (), row, strict=False):
            with column:
                figure(shown.name, shown.value, say, note=plain(shown.note), trend=shown.trend)
    st.caption(plain(further_figures(all_time, within_period, say)))
