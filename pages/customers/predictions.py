"""Predictions on the Customers page: who will buy again, who is worth contacting, and the back-test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from loyalty.errors import OwnerError
from loyalty.models.predictions.predictions import STEPS, last_day, worth_contacting
from loyalty.models.predictions.sentences import method_title
from loyalty.models.predictions.snapshot import HORIZONS
from loyalty.services.audiences import WORTH_CONTACTING
from loyalty.services.predictions import USUAL_HORIZON, checked_horizon
from loyalty.words import Words
from pages.customers.backtest import backtest_view
from ui.audience import audience_button
from ui.cache import cache_rule, cached
from ui.predictions import (
    PredictionRequest,
    PredictionView,
    prediction_view,
    predictions_headline,
    shop_predictions_of,
)
from ui.shop_figures import ShopFigures
from ui.show import downloads, plain, shown_table

SHOWN = 200
HORIZON = "predict-horizon"


def predictions(figures: ShopFigures, say: Words) -> None:
    """The section: horizon, view, and what it shows."""
    st.subheader(say.say("Who will come again"), anchor=False)
    views = {
        "buy": say.say("Who will buy again"),
        "away": say.say("Worth contacting"),
        "right": say.say("How right is it?"),
    }
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    view = left.segmented_control(
        say.say("View"),
        list(views),
        format_func=views.__getitem__,
        default="buy",
        key="predict-view",
        label_visibility="collapsed",
        required=True,
    )
    horizon = right.segmented_control(
        say.say("Days to look ahead"),
        list(HORIZONS),
        format_func=lambda days: say.plural("{n} day", "{n} days", days),
        default=USUAL_HORIZON,
        key=HORIZON,
        label_visibility="collapsed",
        required=True,
    )
    result = prediction_view(figures, say, checked_horizon(horizon or USUAL_HORIZON))
    if isinstance(result, OwnerError):
        st.markdown(plain(say.message(result.message)))
    elif view == "right":
        backtest_view(figures, result, say)
    elif view == "away":
        _worth_contacting(figures, result, say)
    else:
        _buyers(figures, result, say)


def _buyers(figures: ShopFigures, view: PredictionView, say: Words) -> None:
    """All customers with their chances, filtered."""
    st.markdown(f"**{plain(predictions_headline(figures, view, say))}**")
    st.caption(
        plain(
            say.sentences(
                [
                    until(view, say),
                    _left_out(view, say),
                    *(say.message(message) for message in view.shop_predictions.notes),
                ]
            )
        )
    )
    frame = cached(by_chance, figures, view.request)
    left, right = st.columns(2)
    present = [key for key in STEPS if (frame["step"] == key).any()]
    steps = left.multiselect(
        say.say("What to do"),
        present,
        format_func=lambda key: say.say(STEPS[key]),
        key="predict-steps",
        placeholder=say.say("all"),
    )
    low, high = right.slider(say.say("Chance to buy, in percent"), 0, 100, (0, 100), key="predict-chance")
    chosen = frame["p_buy"].between(low / 100, high / 100) & (frame["step"].isin(steps) if steps else True)
    _customer_table(figures, view, frame[chosen], say, "buyers")
    st.caption(
        say.say(
            "Loyalty score: up to 50 points for how lately they came, 35 for how often in a year, 15 for how long. "
            "It rises with each order and falls with each day of silence."
        )
    )


@cache_rule(sales_only=True, entries=4)
def by_chance(figures: ShopFigures, request: PredictionRequest) -> pd.DataFrame:
    """Everyone on the lists, the most likely to buy first. The index: places in the table of predictions."""
    customers = cached(shop_predictions_of, figures, request).predictions.customers
    return customers.sort_values(["p_buy", "customer_id"], ascending=[False, True])


@cache_rule(sales_only=True, entries=4)
def by_loss(figures: ShopFigures, request: PredictionRequest) -> pd.DataFrame:
    """Who is overdue or lapsed and worth contacting, the greatest loss that a message could save first. The index as in `by_chance`."""
    predicted = cached(shop_predictions_of, figures, request).predictions
    frame = worth_contacting(predicted)
    places = pd.Series(predicted.customers.index, index=predicted.customers["customer_id"])
    return frame.set_index(places.loc[frame["customer_id"]].to_numpy())


def _left_out(view: PredictionView, say: Words) -> str:
    """How many are not on the lists."""
    opted_out = view.shop_predictions.counted - len(view.shop_predictions.rows)
    if not opted_out:
        return ""
    return say.plural(
        "{n} customer who said no to messages is in the total, but not in the lists.",
        "{n} customers who said no to messages are in the total, but not in the lists.",
        opted_out,
    )


def _worth_contacting(figures: ShopFigures, view: PredictionView, say: Words) -> None:
    """Who is overdue or lapsed and worth contacting, the greatest loss that a message could save first."""
    frame = cached(by_loss, figures, view.request)
    if frame.empty:
        st.markdown(f"**{plain(say.say('There is nobody to whom a message would pay.'))}**")
    else:
        finding = say.plural(
            "{n} overdue or lapsed customer is worth a message; {money} of a year's sales are at stake.",
            "{n} overdue or lapsed customers are worth a message; {money} of a year's sales are at stake.",
            len(frame),
            money=say.money(float(frame["expected_loss"].sum()), cents=False),
        )
        st.markdown(f"**{plain(finding)}**")
    st.caption(
        say.say(
            "Overdue and lapsed customers of whom a message is expected to save more than it costs. On top is whoever it "
            "could save most of: what they would bring in a year, times the chance that they are gone, times the share that "
            "a message keeps (less of those who have not ordered for very long), less what it costs."
        )
    )
    _customer_table(figures, view, frame, say, "away")


def _customer_table(
    figures: ShopFigures, view: PredictionView, frame: pd.DataFrame, say: Words, key: str
) -> None:
    """A table of customers, as a file, and as an audience. The index of `frame`: places in the table of predictions."""
    rows = cached(first_rows, figures, view.request, tuple(frame.index[:SHOWN]), say, key)
    chance = say.say("Buys within {n} days", n=view.inputs.horizon_days)
    percents = {
        name: st.column_config.NumberColumn(format="percent")
        for name in (chance, say.say("Still a customer"))
    }
    score = {
        say.say("Loyalty score"): st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d")
    }
    shown_table(
        rows, say.say("Predictions of each customer"), f"predict-{key}", column_config=percents | score
    )
    if len(frame) > SHOWN:
        st.caption(
            say.say("The first {n} are shown; the file holds all {all}.", n=SHOWN, all=say.number(len(frame)))
        )
    downloads(lambda: _headed(figures, view.request, frame, say, key), f"predictions-{key}", say)
    audience = {"buyers": "predicted-buyers", "away": WORTH_CONTACTING}[key]
    title = {"buyers": say.say("Chosen by what they will do"), "away": say.say("Slipping away")}[key]
    audience_button(audience, title, len(frame), lambda: frame["customer_id"], say, f"predict-{key}")


@cache_rule(sales_only=True)
def first_rows(
    figures: ShopFigures, request: PredictionRequest, places: tuple[int, ...], say: Words, key: str
) -> pd.DataFrame:
    """The rows that are shown, by their places in the table of predictions."""
    frame = cached(by_loss if key == "away" else by_chance, figures, request)
    return _headed(figures, request, frame.loc[list(places)], say, key)


def _headed(
    figures: ShopFigures, request: PredictionRequest, frame: pd.DataFrame, say: Words, key: str
) -> pd.DataFrame:
    """Rows under the reader's headings, with reasons in words."""
    names = figures.contacts().set_index("customer_id")["name"].reindex(frame["customer_id"]).to_numpy()
    customer_ids = frame["customer_id"].to_numpy()
    predicted = cached(shop_predictions_of, figures, request)
    why = [
        say.listing([say.message(reason) for reason in predicted.reasons(int(place))])
        for place in frame.index
    ]
    columns: dict[str, object] = {say.say("Name"): np.where(pd.isna(names), customer_ids, names)}
    if key == "away":
        columns |= {
            say.say("May be lost in a year"): frame["expected_loss"].round(2),
            say.say("A message saves"): frame["saved"].round(2),
        }
    columns |= {
        say.say("Buys within {n} days", n=request.horizon): frame["p_buy"].round(3),
        say.say("Still a customer"): frame["p_alive"].round(3),
        say.say("Loyalty score"): frame["loyalty_score"],
        say.say("What to do"): [say.say(STEPS[step]) for step in frame["step"]],
        say.say("Why"): why,
        say.say("Orders to come"): frame["expected_orders"].round(2),
        say.say("Will spend"): frame["expected_spend"].round(2),
        say.say("at the least"): frame["spend_low"].round(2),
        say.say("at the most"): frame["spend_high"].round(2),
        say.say("Next one from"): frame["next_early"].dt.date,
        say.say("Next one until"): frame["next_late"].dt.date,
        say.say("Customer number"): customer_ids,
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def until(view: PredictionView, say: Words) -> str:
    """The last day of the horizon, and the method."""
    return say.say(
        "Until {day}, by “{method}”.",
        day=say.date(last_day(view.inputs.now)),
        method=say.message(method_title(view.shop_predictions.method)),
    )
