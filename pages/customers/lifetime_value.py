"""Lifetime value: the predicted total with its range, its back-tests, and the value of each customer. A part of Customers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from loyalty.charts.revenue import predicted_and_actual
from loyalty.purchase_model.terms import Terms
from loyalty.services.lifetime_value import (
    LifetimeValue,
    predict_lifetime_value,
    sentences,
    terms_of,
)
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures
from ui.show import chart, definition, downloads, plain, show_finding, shown_table


def lifetime_value_of(figures: ShopFigures) -> LifetimeValue:
    """Lifetime values for the current margin."""
    return cached(lifetime_value_under, figures, terms_of(figures.settings))


@cache_rule(sales_only=True, entries=4)
def lifetime_value_under(figures: ShopFigures, terms: Terms) -> LifetimeValue:
    """Lifetime values under `terms`."""
    return predict_lifetime_value(figures.purchase_models(), terms)


def lifetime_value_section(figures: ShopFigures, say: Words) -> None:
    """The finding, the back-tests, the table."""
    with st.spinner(say.say("Working out what your customers will bring…")):
        values = lifetime_value_of(figures)
    first, *rest = sentences(values, say) or [""]
    if values.predicted.missing is not None:
        st.markdown(plain(first))
        return
    show_finding(first, "predicted_clv", say)
    origins = values.backtest.origins
    if origins:
        covered = sum(origin.within_range for origin in origins)
        answer = say.say(
            "Put to the test on your own past: {held} of {n} times the range held what came.",
            held=say.number(covered),
            n=say.number(len(origins)),
        )
        st.markdown(f"**{plain(answer)}**")
        points = pd.DataFrame(
            [
                {"as_of": o.as_of, "low": o.predicted.low, "high": o.predicted.high, "actual": o.actual}
                for o in origins
            ]
        )
        chart(predicted_and_actual(points, say), answer, "worth-past")
    for sentence in rest:
        st.caption(plain(sentence))
    table = cached(lifetime_value_table, figures, terms_of(figures.settings), say)
    shown_table(
        table.head(200),
        say.say("What each customer will bring, the most on top"),
        "worth-table",
        column_config={say.say("Still a customer"): st.column_config.NumberColumn(format="percent")},
    )
    st.caption(definition("p_alive", say))
    downloads(table, "worth", say, dict.fromkeys(table.columns[2:6], 2))


@cache_rule(sales_only=True, entries=4)
def lifetime_value_table(figures: ShopFigures, terms: Terms, say: Words) -> pd.DataFrame:
    """One row a customer, the most worth first, under the reader's headings."""
    names = figures.contacts()[["customer_id", "name"]]
    frame = cached(lifetime_value_under, figures, terms).customers.merge(names, how="left", on="customer_id")
    frame = frame.sort_values(["clv", "customer_id"], ascending=[False, True], ignore_index=True)
    return pd.DataFrame(
        {
            say.say("Name"): frame["name"].fillna(frame["customer_id"]),
            say.say("Still a customer"): frame["p_alive"].round(3),
            say.say("Will bring"): frame["clv"].round(2),
            say.say("at the least"): frame["low"].round(2),
            say.say("at the most"): frame["high"].round(2),
            say.say("Purchases to come"): frame["expected_purchases"].round(2),
            say.say("Next one from"): frame["next_early"].dt.date,
            say.say("Next one until"): frame["next_late"].dt.date,
            say.say("Customer number"): frame["customer_id"],
        }
    )
