"""The headline of Home: new customers compared with those of a year before; and the periods."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from loyalty.charts.retention import return_curves
from loyalty.measure.retention import Within, bought_again_within, by_first_purchase, return_curve
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures

WINDOW = dt.timedelta(days=120)
YEAR = dt.timedelta(days=365)
LEAD = dt.timedelta(days=90)
MINIMUM_CUSTOMERS = 30
SHOWN_DAYS = 90  # of the newest customers, few have been watched for longer
Z_95 = 1.96


@dataclass(frozen=True)
class Comparison:
    """Return curves of the newest customers and of those a year before."""

    sentence: str
    detail: str
    title: str
    curves: list[tuple[str, pd.DataFrame]]


@cache_rule(sales_only=True)
def comparison_of(figures: ShopFigures, say: Words) -> Comparison:
    """The comparison of a shop's own customers."""
    return comparison(figures.facts().customers, figures.as_of, say)


@cache_rule(sales_only=True)
def return_chart(figures: ShopFigures, say: Words) -> go.Figure:
    """The chart of its curves."""
    return return_curves(cached(comparison_of, figures, say).curves, say)


def comparison(customers: pd.DataFrame, as_of: dt.date, words: Words) -> Comparison:
    """What the headline of Home says; falls back to all customers where the newest are too few."""
    newer = by_first_purchase(customers, as_of, as_of - WINDOW, as_of)
    older = by_first_purchase(customers, as_of, as_of - WINDOW - YEAR, as_of - YEAR)
    now, before = (bought_again_within(part, as_of, (90,))[90] for part in (newer, older))
    if (
        min(len(newer), len(older)) < MINIMUM_CUSTOMERS
        or now.rate is None
        or before.rate is None
        or _starts_too_late(customers, as_of)
    ):
        return _of_all(customers, as_of, words)
    sentence = words.say(
        "{now} of 100 first-time customers come back within 90 days. A year ago it was {before}.",
        now=words.number(100 * now.rate),
        before=words.number(100 * before.rate),
    )
    detail = words.say(
        "People who first bought between {since} and {until} ({n}), beside those of the same days a year before ({m}).",
        since=words.date(as_of - WINDOW),
        until=words.date(as_of),
        n=words.number(len(newer)),
        m=words.number(len(older)),
    )
    if not _significant(now, before):
        detail = words.sentences([detail, words.say("So small a difference may be chance.")])
    title = (
        words.say("Newer customers return sooner")
        if now.rate > before.rate
        else words.say("Newer customers return later")
    )
    if not _significant(now, before):
        title = words.say("Newer customers return about as before")
    curves = [
        (words.say("first bought lately"), return_curve(newer, as_of, SHOWN_DAYS)),
        (words.say("a year before"), return_curve(older, as_of, SHOWN_DAYS)),
    ]
    return Comparison(sentence, detail, title, curves)


def _starts_too_late(customers: pd.DataFrame, as_of: dt.date) -> bool:
    """Whether the data begin too late for a fair comparison: who looks new then may have bought before the first file."""
    return bool(customers["first_at"].min() > pd.Timestamp(as_of - WINDOW - YEAR - LEAD))


def _significant(a: Within, b: Within) -> bool:
    """Whether two shares differ by more than chance (normal test on the widths of their 95 % bands)."""
    if None in (a.rate, b.rate, a.low, a.high, b.low, b.high):
        return False
    widths = [(w.high - w.low) / (2 * Z_95) for w in (a, b) if w.high is not None and w.low is not None]
    spread = math.hypot(*widths)
    return spread > 0 and abs((a.rate or 0) - (b.rate or 0)) / spread > Z_95


def _of_all(customers: pd.DataFrame, as_of: dt.date, words: Words) -> Comparison:
    """The same for all customers, when a comparison would rest on too few."""
    within = bought_again_within(customers, as_of, (90,))[90]
    if within.rate is None:
        repeat = int((customers["orders"] >= 2).sum())
        sentence = words.say(
            "{repeat} of {all} customers have bought more than once.",
            repeat=words.number(repeat),
            all=words.number(len(customers)),
        )
    else:
        sentence = words.say(
            "{now} of 100 first-time customers come back within 90 days.", now=words.number(100 * within.rate)
        )
    curves = [(words.say("all customers"), return_curve(customers, as_of))]
    return Comparison(sentence, "", words.say("How soon customers buy again"), curves)


def periods(as_of: dt.date, words: Words) -> dict[str, tuple[dt.date | None, dt.date | None]]:
    """Periods by name: all time, the last 12 months, the last 90 days, this year so far."""
    return {
        words.say("All time"): (None, None),
        words.say("Last 12 months"): (as_of - YEAR + dt.timedelta(days=1), as_of),
        words.say("Last 90 days"): (as_of - dt.timedelta(days=89), as_of),
        words.say("This year"): (dt.date(as_of.year, 1, 1), as_of),
    }
