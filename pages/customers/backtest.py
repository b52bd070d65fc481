"""Back-test of the prediction methods on the shop's own past: run in the background, reported in plain words."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from loyalty.charts.predictions import gain_chart, months_in_band, reliability_curve, score_bars
from loyalty.models.predictions.backtest import Record, record, score_check
from loyalty.models.predictions.contact_choice import Confusion, Costs
from loyalty.models.predictions.model_selection import ModelSelection
from loyalty.models.predictions.recurrent_network import COMMAND, is_installed
from loyalty.models.predictions.rolling_origins import Plan
from loyalty.models.predictions.sentences import (
    NO_SELECTION,
    auc_sentence,
    choice_sentence,
    method_title,
    month_sentence,
    selection_sentence,
    status_sentence,
)
from loyalty.services.predictions import (
    backtest_candidates,
    monitored_months,
    prediction_inputs,
    selected_model_record,
)
from loyalty.store.selected_models import save_selected_model
from loyalty.words import Words
from ui.background import Job, Watch, jobs
from ui.predictions import EFFECT, MESSAGE, SAVED, PredictionView, selection_key
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import card, chart, downloads, plain, shown_table

EVERY = dt.timedelta(seconds=2)


def backtest_view(figures: ShopFigures, view: PredictionView, say: Words) -> None:
    """The back-test if there is one, else a button that starts it; the watched months."""
    horizon, selection = view.inputs.horizon_days, view.selection
    if not _possible(view.inputs.plan):
        st.markdown(plain(say.say(NO_SELECTION, days=say.number(round(2.5 * horizon)))))
    elif selection is None:
        _start_selection(figures, view, say)
    else:
        _record(view, selection, say)
    months = monitored_months(view.inputs)
    month_finding = month_sentence(months, say)
    with card(month_finding):
        if any(month.low == month.low for month in months):
            chart(months_in_band(months, say), month_finding, "predict-months")
            st.caption(
                say.say(
                    "Customers who came in each 30 days; the band is what was to be expected if nothing had changed."
                )
            )


def _possible(plan: Plan) -> bool:
    return bool(plan.origins)


def _start_selection(figures: ShopFigures, view: PredictionView, say: Words) -> None:
    """A button that starts the back-test, or its progress; and the result of the last one."""
    horizon = view.inputs.horizon_days
    key = selection_key(figures, horizon)
    job = jobs().get(key)
    if job is not None and job.running:
        _progress(job, say)
        return
    if view.request.selected is not None:
        last_sentence = say.say(
            "As of {day} the methods were tried on your own past, and “{method}” was chosen. It is used until {until}. Try them again to see the record, or once much has changed.",
            day=say.date(view.request.selected.as_of),
            method=say.message(method_title(view.shop_predictions.method)),
            until=say.date(view.request.selected.until),
        )
        st.markdown(f"**{plain(last_sentence)}**")
    st.markdown(
        plain(
            say.say(
                "All methods can be tried on your own past: each predicts from earlier days, knowing only what was known then, "
                "and is held against what came. The best is used from then on. It takes a minute or two, while you go on working."
            )
        )
    )
    if not is_installed():
        st.caption(say.say("The recurrent network takes part once “{command}” was run.", command=COMMAND))
    if st.button(say.say("Try them now"), key="predict-try", type="primary", icon=":material/science:"):
        jobs().start(key, lambda watch: _select_model(figures, horizon, watch))
        st.rerun()


def _select_model(figures: ShopFigures, horizon: int, watch: Watch) -> ModelSelection:
    """Back-test all methods and save the selected one in the shop."""
    with figures.shop.database.reading() as con:
        training_data = prediction_inputs(con, figures.as_of, horizon, origins=True)
    selection = backtest_candidates(training_data, watch)
    if (selected := selected_model_record(selection, figures.as_of)) is not None:
        save_selected_model(figures.shop.database, selected, now())
    return selection


@st.fragment(run_every=EVERY)
def _progress(job: Job[object], say: Words) -> None:
    """The progress, refreshed every two seconds, with a button that stops it."""
    if not job.running:
        st.rerun()
    step = min(job.done + 1, job.total)
    st.progress(job.done / job.total, say.say("Trying method {n} of {of}…", n=step, of=job.total))
    if st.button(say.say("Stop"), key="predict-stop", icon=":material/stop:"):
        job.cancel()
        st.caption(say.say("It ends with the method that is being tried."))


def _record(view: PredictionView, selection: ModelSelection, say: Words) -> None:
    """The result of the back-test."""
    backtest = record(selection, selection.chosen, view.request.costs)
    st.markdown(
        f"**{plain(say.sentences([selection_sentence(selection, say), auc_sentence(selection, say)]))}**"
    )
    for origin in reversed(backtest.statuses):
        st.markdown(plain(status_sentence(origin, say)))
    left, right = st.columns(2)
    with left, card(say.say("When it says 30 %, do three of ten come?")):
        chart(
            reliability_curve(backtest, say),
            say.say("What was said of each tenth of customers, and the share who came"),
            "predict-reliability",
        )
        st.caption(say.say("On the dotted line it was right; below it, it promised too much."))
    with right, card(_gain_title(backtest, say)):
        chart(
            gain_chart(backtest, say),
            say.say("Share of those who came, by how far one goes down the list"),
            "predict-gain",
        )
        st.caption(say.say("The dotted line is a list in any order."))
    _score(selection, say)
    _costs(view, selection, say)
    with st.expander(say.say("All methods"), key="predict-methods"):
        frame = scoreboard(selection, view.request.costs, say)
        shown_table(frame, say.say("All methods, the best first"), "predict-scoreboard")
        st.caption(
            say.say(
                "Log loss and Brier score: the lower the better. AUC: how often the right one of two is put first. ECE: how far a "
                "chance is off on average. The bound is how much better than the usual method it is at least, beyond chance."
            )
        )
        downloads(frame, "methods", say, dict.fromkeys(frame.columns[2:], 4))


def _gain_title(backtest: Record, say: Words) -> str:
    """How many of those who came are in the first fifth of the list."""
    fifth = round(0.2 * (len(backtest.shares) - 1))
    return say.say(
        "The first fifth of the list holds {share} of those who came",
        share=say.percent(float(backtest.reached[fifth])),
    )


def _score(selection: ModelSelection, say: Words) -> None:
    """The loyalty score compared with who came."""
    check = score_check(selection)
    if check is None or len(check.came) < 2:
        return
    title = say.say(
        "Of the fifth with the highest loyalty score {high} came within {n} days, of the lowest {low}",
        high=say.percent(float(check.came[-1])),
        low=say.percent(float(check.came[0])),
        n=selection.horizon_days,
    )
    with card(title):
        chart(score_bars(check, say), title, "predict-score")


def _costs(view: PredictionView, selection: ModelSelection, say: Words) -> None:
    """The owner's costs, and what contacting at these costs would have brought."""
    usual = view.request.costs
    with card(say.say("Is a message worth it?")):
        first, second, third = st.columns(3)
        first.number_input(say.say("A message costs"), 0.01, None, round(usual.message, 2), key=MESSAGE)
        second.number_input(
            say.say("A customer who is kept is worth"), 0.01, None, round(usual.saved, 2), key=SAVED
        )
        third.number_input(
            say.say("Of those leaving, a message keeps, in percent"),
            1,
            100,
            round(100 * usual.effect),
            key=EFFECT,
        )
        backtest = record(selection, selection.chosen, view.request.costs)
        st.markdown(plain(choice_sentence(backtest, say)))
        st.markdown(
            plain(
                say.say(
                    "It pays to write to whoever stays away with a chance of {share} or more. The messages would have brought {gain}.",
                    share=say.percent(view.request.costs.threshold),
                    gain=say.money(backtest.confusion.gain(view.request.costs)),
                )
            )
        )
        shown_table(
            confusion_table(backtest.confusion, say),
            say.say("Who was named, and who stayed away"),
            "predict-confusion",
        )


def confusion_table(confusion: Confusion, say: Words) -> pd.DataFrame:
    """Customers named as leaving or not, by whether they stayed away or came."""
    return pd.DataFrame(
        {
            "": [say.say("named as leaving"), say.say("not named")],
            say.say("stayed away"): [confusion.named_stayed_away, confusion.unnamed_stayed_away],
            say.say("came"): [confusion.named_came, confusion.unnamed_came],
        }
    )


def scoreboard(selection: ModelSelection, costs: Costs, say: Words) -> pd.DataFrame:
    """One row a method, the best first."""
    rows = []
    for result in sorted(selection.results, key=lambda result: result.figures["log_loss"]):
        f, c = result.figures, record(selection, result.method.name, costs).confusion
        rows.append(
            {
                say.say("Method"): say.say(result.method.title)
                + (" *" if result.method.name == selection.chosen else ""),
                say.say("What it goes by"): say.say(result.method.description),
                say.say("Log loss"): round(f["log_loss"], 4),
                "AUC": round(f["auc"], 3),
                say.say("Brier score"): round(f["brier"], 4),
                "ECE": round(f["ece"], 3),
                say.say("Calibration slope"): round(f["calibration_slope"], 2),
                say.say("Precision and recall (area)"): round(f["pr_auc"], 3),
                say.say("Of those who came, in the first tenth"): round(f["top_decile_capture"], 3),
                say.say("Orders off by"): round(f["mae_orders"], 3),
                say.say("Total of orders off by"): round(f["total_orders_error"], 3),
                say.say("Total spend off by"): round(f["total_spend_error"], 3),
                "F1": round(c.f1, 3),
                say.say("Better than the usual one, at least"): round(result.gain_low, 4),
            }
        )
    return pd.DataFrame(rows)
