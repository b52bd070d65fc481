"""Net revenue with its forecast, the owner's goals, and a line on predictions. Parts of Home."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from loyalty.charts.revenue import revenue_forecast
from loyalty.errors import OwnerError
from loyalty.measure import insight_sentences
from loyalty.measure.forecast_statsmodels import EXTRA_METHODS
from loyalty.measure.forecasts import Forecast
from loyalty.measure.goal_sentences import goal_sentence
from loyalty.measure.goals import METRICS, Goal, Progress, checked_goal, metric_name
from loyalty.services import forecasts as forecast_service
from loyalty.services import goals as target_file
from loyalty.services import insights
from loyalty.shop.settings import Settings
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.predictions import prediction_view, predictions_headline
from ui.session import in_sample, show_sample
from ui.shop_figures import ShopFigures
from ui.show import card, chart, definition, downloads, named_channels, plain, shown_table

MORE = "forecast-more"


def revenue_card(figures: ShopFigures, say: Words) -> None:
    """Net revenue by month and channel with its forecast, and the details of the forecast."""
    more = bool(st.session_state.get(MORE))
    forecasts = cached(forecasts_of, figures, more)
    revenue = forecasts["revenue"]
    with card(revenue_title(revenue, say)):
        chart(
            cached(revenue_chart, figures, more, say),
            say.say("Net revenue by month and channel"),
            "home-revenue",
        )
        st.caption(plain(insight_sentences.forecast_sentence(revenue, say.money, say)))
        if revenue.months.empty:
            return
        with st.expander(say.say("The months to come in figures, and how they were told")):
            shown_table(months_table(forecasts, say), say.say("The months to come"), "forecast")
            downloads(months_frame(forecasts, say), "forecast", say)
            st.markdown(plain(definition("forecast", say)))
            shown = st.segmented_control(
                say.say("Figure"),
                list(forecasts),
                default="revenue",
                key="contest-figure",
                required=True,
                format_func=lambda key: headings(say)[key],
                label_visibility="collapsed",
            )
            contest = contest_table(
                forecasts[shown or "revenue"], say.money if shown == "revenue" else say.number, say
            )
            shown_table(contest, say.say("How each method did"), "contest")
            with st.spinner(say.say("Working out the figures…")):
                st.toggle(say.say("Let ETS and ARIMA take part (takes some seconds)"), key=MORE)


@cache_rule(sales_only=True)
def revenue_chart(figures: ShopFigures, more: bool, say: Words) -> go.Figure:
    """The chart of net revenue by month and channel with its forecast."""
    coming_months = cached(forecasts_of, figures, more)["revenue"].months
    return revenue_forecast(named_channels(figures.months(by_channel=True)), coming_months, say)


def headings(words: Words) -> dict[str, str]:
    """The figures of a forecast by key."""
    return {
        "revenue": words.say("Net revenue"),
        "orders": words.say("Orders"),
        "customers": words.say("Customers"),
    }


def revenue_title(forecast: Forecast, words: Words) -> str:
    """The finding of the chart: what the next month may bring."""
    if forecast.months.empty:
        return words.say("Net revenue by month and channel")
    first = forecast.months.iloc[0]
    return words.say(
        "Net revenue: about {expected} expected in {month}",
        expected=words.money(first["expected"]),
        month=words.month(first["month"]),
    )


def months_table(forecasts: dict[str, Forecast], words: Words) -> pd.DataFrame:
    """One row a month to come: expected revenue, orders and customers with their ranges."""
    columns: dict[str, list[str]] = {
        words.say("Month"): [words.month(month) for month in forecasts["revenue"].months["month"]]
    }
    for key, heading in headings(words).items():
        shown = words.money if key == "revenue" else words.number
        months = forecasts[key].months
        columns[heading] = [shown(value) for value in months["expected"]]
        bounds = zip(months["low"], months["high"], strict=True)
        columns[words.say("{figure}, 80% range", figure=heading)] = [
            f"{shown(a)} – {shown(b)}" for a, b in bounds
        ]
    return pd.DataFrame(columns)


def months_frame(forecasts: dict[str, Forecast], words: Words) -> pd.DataFrame:
    """The same as numbers, for a file: month, and expected, low, high of each figure."""
    parts = [forecasts["revenue"].months[["month"]].rename(columns={"month": words.say("Month")})]
    for key, heading in headings(words).items():
        months = forecasts[key].months.drop(columns="month").round(2)
        names = {
            "expected": heading,
            "low": words.say("{figure}, from", figure=heading),
            "high": words.say("{figure}, to", figure=heading),
        }
        parts.append(months.rename(columns=names))
    return pd.concat(parts, axis=1)


def contest_table(forecast: Forecast, shown: Callable[[float], str], words: Words) -> pd.DataFrame:
    """The methods, the best first, with their errors on the shop's own past; `shown`: how the figure is written."""
    return pd.DataFrame(
        {
            words.say("Method"): [words.say(trial.name) for trial in forecast.candidates],
            words.say("Error (MASE)"): [words.number(trial.mase, 2) for trial in forecast.candidates],
            words.say("Missed by, on average"): [shown(trial.mae) for trial in forecast.candidates],
            words.say("Months told"): [words.number(trial.tries) for trial in forecast.candidates],
        }
    )


def goals_card(figures: ShopFigures, say: Words) -> None:
    """The owner's goals and their progress; a new one can be set."""
    goals, faults = target_file.load_goals(figures.shop.folder)
    with card(say.say("Your goals")):
        for fault in faults:
            st.warning(say.message(fault.message))
        if not goals:
            st.caption(
                say.say("A goal is a figure you want to reach, such as 35% coming back within 90 days.")
            )
        for progress in cached(goal_progress, figures, figures.settings, tuple(goals)):
            goal_line(progress, figures, say)
        with st.expander(say.say("Set a goal"), icon=":material/flag:"):
            new_goal(figures, say)


def goal_line(progress: Progress, figures: ShopFigures, say: Words) -> None:
    """One goal: its name, a bar, a sentence, and a button that removes it."""
    metric = progress.goal.metric
    name = say.message(metric_name(metric))
    text, button = st.columns([8, 1], vertical_alignment="center")
    text.progress(progress.share_done, text=f"**{plain(name)}** · {plain(goal_sentence(progress, say))}")
    if button.button(
        "",
        key=f"goal-off-{metric}",
        icon=":material/close:",
        type="tertiary",
        help=say.say("Take away the goal “{name}”", name=name),
    ):
        target_file.remove_goal(figures.shop.folder, metric)
        st.rerun()


def new_goal(figures: ShopFigures, say: Words) -> None:
    """Choose a figure and a value."""
    metric = st.selectbox(
        say.say("Figure"),
        list(METRICS),
        index=list(METRICS).index("repurchase_within_90"),
        format_func=lambda key: say.message(metric_name(key)),
        key="goal-metric",
    )
    kind, usual = METRICS[metric].kind, METRICS[metric].usual
    label = say.say("At least") if usual == "at_least" else say.say("At most")
    unit = {"share": "%", "money": say.currency, "days": say.say("days")}.get(kind, "")
    value = st.number_input(
        f"{label} ({unit})" if unit else label, value=None, step=1.0, key=f"goal-value-{metric}"
    )
    if not st.button(say.say("Save"), type="primary", key="goal-save"):
        return
    if value is None:
        st.error(say.say("Enter a number first."))
        return
    try:
        wanted = checked_goal(metric, usual, round(value / 100, 6) if kind == "share" else value)
        target_file.set_goal(figures.shop.folder, wanted)
    except OwnerError as problem:
        st.error(say.message(problem.message))
    else:
        st.rerun()


MONTHS_AHEAD = 6


@cache_rule(sales_only=True)
def forecasts_of(figures: ShopFigures, more: bool) -> dict[str, Forecast]:
    """The coming months of net revenue, orders and customers; `more`: ETS and ARIMA take part (see `extra_methods`)."""
    months, extra = figures.months(), EXTRA_METHODS if more else ()
    with figures.shop.database.reading() as con:
        return forecast_service.forecasts(con, figures.as_of, MONTHS_AHEAD, extra, months)


@cache_rule(sales_only=True)
def goal_progress(figures: ShopFigures, settings: Settings, goals: tuple[Goal, ...]) -> list[Progress]:
    """How far each goal is."""
    with figures.shop.database.reading() as con:
        return insights.goal_progress(con, figures.facts(), settings, goals)


def predictions_line(figures: ShopFigures, say: Words) -> None:
    """The headline of the predictions, and a button that opens them on Customers."""
    predictions = prediction_view(figures, say)
    if isinstance(predictions, OwnerError):
        return
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.markdown(f"**{plain(predictions_headline(figures, predictions, say))}**", width="stretch")
        if st.button(
            say.say("Who will come, who is leaving"), key="home-predictions", icon=":material/visibility:"
        ):
            show_sample(yes=in_sample())  # a change of page drops the address's own word on it
            st.switch_page("pages/customers/page.py")
