"""predict: who buys again, when and for how much; and the back-test of the methods."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

import pandas as pd

from loyalty.cli.output import Outcome, note, table, write_table
from loyalty.cli.session import Session
from loyalty.models.predictions.backtest import Record, record, score_check
from loyalty.models.predictions.contact_choice import Costs
from loyalty.models.predictions.model_selection import ModelSelection, Result
from loyalty.models.predictions.predictions import STEPS, last_day
from loyalty.models.predictions.sentences import (
    auc_sentence,
    choice_sentence,
    month_sentence,
    selection_sentence,
    status_sentence,
)
from loyalty.services.predictions import (
    PredictionInputs,
    ShopPredictions,
    backtest_candidates,
    monitored_months,
    predict_by_selected_model,
    predict_customers,
    prediction_inputs,
    selected_model_record,
    usual_costs,
)
from loyalty.store.selected_models import save_selected_model, selected_model
from loyalty.words import Words

SHOWN = 20
NAMES = (
    "p_buy",
    "p_alive",
    "expected_orders",
    "expected_spend",
    "loyalty_score",
    "status",
    "expected_loss",
    "step",
)


def predict(session: Session, options: argparse.Namespace) -> Outcome:
    """Show predictions of all customers, or with `--backtest` how accurate each method was on the shop's past."""
    con, words = session.reader(), session.words
    as_of = session.as_of(con)
    inputs = prediction_inputs(con, as_of, options.horizon, origins=options.backtest)
    costs = _costs(options, usual_costs(inputs, session.shop.settings))
    if options.backtest:
        return _backtest(session, inputs, costs)
    last = selected_model(session.shop.database, inputs.horizon_days, as_of)
    predicted = (
        predict_customers(inputs, costs, options.model)
        if options.model
        else predict_by_selected_model(inputs, costs, last)
    )
    rows = _rows(predicted, words)
    if options.out:
        write_table(_table(predicted, rows, words), options.out)
        note(words.say("Written to {file}.", file=str(options.out)))
    total = predicted.predictions.total
    document = {
        "as_of": as_of,
        "horizon_days": inputs.horizon_days,
        "until": last_day(inputs.now),
        "model": predicted.method,
        "contest": None if last is None else {"as_of": last.as_of, "chosen": last.model, "until": last.until},
        "customers": rows,
        "total": {"buyers": total.buyers, "orders": total.orders, "spend": asdict(total.spend)},
        "costs": asdict(costs),
        "notes": [words.message(message) for message in predicted.notes],
        "months": month_sentence(monitored_months(inputs), words),
    }
    return Outcome(document, _lines(predicted, rows, words))


def _costs(options: argparse.Namespace, usual: Costs) -> Costs:
    """The owner's costs where given. Raises BadCosts."""
    options_given = (options.message_cost, options.saved, options.effect)
    costs = [
        option if option is not None else default
        for option, default in zip(options_given, (usual.message, usual.saved, usual.effect), strict=True)
    ]
    return Costs(*costs)


def _rows(predicted: ShopPredictions, words: Words) -> list[dict[str, Any]]:
    """One entry per customer, the most likely to buy first."""
    frame = predicted.predictions.customers
    order = frame.sort_values(["p_buy", "customer_id"], ascending=[False, True]).index
    records = frame.to_dict("records")
    rows = []
    for place in order:
        row = records[place]
        entry: dict[str, Any] = {"customer_id": row["customer_id"], **{name: row[name] for name in NAMES}}
        entry |= {f"next_{name}": row[f"next_{name}"].date() for name in ("early", "order_date", "late")}
        entry |= {"spend_range": [row["spend_low"], row["spend_high"]]}
        rows.append(entry | {"reasons": [words.message(reason) for reason in predicted.reasons(place)]})
    return rows


def _table(predicted: ShopPredictions, rows: list[dict[str, Any]], words: Words) -> pd.DataFrame:
    """The entries as a table with headings."""
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    return pd.DataFrame(
        {
            words.say("Customer number"): frame["customer_id"],
            words.say("Buys within {n} days", n=predicted.predictions.snapshot.horizon_days): frame[
                "p_buy"
            ].round(4),
            words.say("Still a customer"): frame["p_alive"].round(4),
            words.say("Orders to come"): frame["expected_orders"].round(3),
            words.say("Will spend"): frame["expected_spend"].round(2),
            words.say("Next one from"): frame["next_early"],
            words.say("Next one until"): frame["next_late"],
            words.say("Loyalty score"): frame["loyalty_score"],
            words.say("May be lost in a year"): frame["expected_loss"].round(2),
            words.say("Why"): [words.listing(reasons) for reasons in frame["reasons"]],
            words.say("What to do"): [words.say(STEPS[step]) for step in frame["step"]],
        }
    )


def _lines(predicted: ShopPredictions, rows: list[dict[str, Any]], words: Words) -> list[str]:
    """Lines of text: the total, the first rows, the notes."""
    total = predicted.predictions.total
    head = words.say(
        "Within {n} days about {buyers} of your customers will buy, for {low} to {high} in all.",
        n=predicted.predictions.snapshot.horizon_days,
        buyers=words.number(round(total.buyers)),
        low=words.money(total.spend.low, cents=False),
        high=words.money(total.spend.high, cents=False),
    )
    cells = [
        [
            row["customer_id"],
            words.percent(row["p_buy"]),
            words.percent(row["p_alive"]),
            words.money(row["expected_spend"]),
            words.date(row["next_order_date"]),
            words.listing(row["reasons"]),
        ]
        for row in rows[:SHOWN]
    ]
    headings = [
        words.say("Customer number"),
        words.say("Buys"),
        words.say("Still a customer"),
        words.say("Will spend"),
        words.say("Next one"),
        words.say("Why"),
    ]
    return [head, *table(headings, cells), *(words.message(message) for message in predicted.notes)]


def _backtest(session: Session, inputs: PredictionInputs, costs: Costs) -> Outcome:
    """Run the back-test, save the selected model, and show its record and the table of methods."""
    words = session.words

    def watch(done: int, of: int) -> None:
        if done < of:
            note(words.say("Trying method {n} of {of}…", n=done + 1, of=of))

    selection = backtest_candidates(inputs, watch)
    if (selected := selected_model_record(selection, inputs.as_of)) is not None:
        save_selected_model(session.shop.database, selected, session.stamp)
    selected_record = record(selection, selection.chosen, costs)
    check, months = score_check(selection), monitored_months(inputs)
    sentences = [
        selection_sentence(selection, words),
        auc_sentence(selection, words),
        *(status_sentence(status_outcome, words) for status_outcome in selected_record.statuses),
    ]
    sentences += [choice_sentence(selected_record, words), month_sentence(months, words)]
    document = {
        "as_of": inputs.as_of,
        "horizon_days": inputs.horizon_days,
        "cutoffs": [trial.cutoff for trial in selection.trials],
        "models": [
            _model(result, record(selection, result.method.name, costs), costs)
            for result in selection.results
        ],
        "chosen": selection.chosen if selection.results else None,
        "usual": selection.default_candidate,
        "statuses": [asdict(status_outcome) for status_outcome in selected_record.statuses],
        "reliability": [
            {"said": predicted_share, "came": actual_share, "customers": n}
            for predicted_share, actual_share, n in zip(
                selected_record.reliability.predicted.tolist(),
                selected_record.reliability.observed.tolist(),
                selected_record.reliability.n.tolist(),
                strict=True,
            )
        ],
        "gain": [
            {"share": share, "reached": reached}
            for share, reached in zip(
                selected_record.shares.tolist(), selected_record.reached.tolist(), strict=True
            )
        ],
        "score": None
        if check is None
        else {"score": check.score.tolist(), "came": check.came.tolist(), "auc": check.auc},
        "months": [{**asdict(month), "outside": month.outside} for month in months],
        "drift": asdict(selection.drift),
        "costs": asdict(costs) | {"threshold": costs.threshold},
        "sentences": (texts := [sentence for sentence in sentences if sentence]),
    }
    return Outcome(document, [*texts, *_scores(selection, words)])


def _model(result: Result, model_record: Record, costs: Costs) -> dict[str, Any]:
    """One method under its documented keys."""
    confusion = model_record.confusion
    return {
        "name": result.method.name,
        **result.figures,
        "cutoffs": result.origins,
        "recall": confusion.recall,
        "precision": confusion.precision,
        "f1": confusion.f1,
        "confusion": asdict(confusion),
        "gain_at_costs": confusion.gain(costs),
        "log_loss_gain": {"value": result.gain, "low": result.gain_low, "high": result.gain_high},
        "beats_usual": result.wins,
    }


def _scores(selection: ModelSelection, words: Words) -> list[str]:
    """The table of methods, the best first."""
    best = sorted(selection.results, key=lambda result: result.figures["log_loss"])
    rows = [
        [
            words.say(result.method.title),
            *(words.number(result.figures[name], 3) for name in ("log_loss", "auc", "ece", "mae_orders")),
            "*" if result.method.name == selection.chosen else "",
        ]
        for result in best
    ]
    return (
        table([words.say("Method"), "log loss", "AUC", "ECE", words.say("Orders off by"), ""], rows)
        if rows
        else []
    )
