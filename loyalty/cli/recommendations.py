"""recommend: suggested products per customer, and the evaluation of the methods."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from loyalty.cli.output import Outcome, note, share, table, write_table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.plain_file import in_order, read_columns
from loyalty.cli.session import Session
from loyalty.facts import recommendations
from loyalty.models.recommendations.bought_together import pairs_of_product
from loyalty.models.recommendations.candidates import REPEAT_PURCHASE
from loyalty.models.recommendations.holdout import holdout_from_frames
from loyalty.models.recommendations.lists import MODES
from loyalty.models.recommendations.model_selection import LENGTHS, ModelSelection, Result, compare_candidates
from loyalty.models.recommendations.reasons import reason_sentence
from loyalty.models.recommendations.recommender import Recommender
from loyalty.models.recommendations.sentences import holdout_sentence, summary
from loyalty.models.recommendations.tables import all_tasks_table, method_table, suggestion_table
from loyalty.services.recommendations import (
    UnknownProduct,
    build_recommender,
    customers_for_product,
    evaluate_outcomes,
    load_inputs,
    suggest_for_all,
    suggest_for_customer,
)
from loyalty.store.recommendations import not_offered, save_recommendations
from loyalty.words import Words

FIELDS = ("customer_id", "basket", "product")


def uses_plain_files(options: argparse.Namespace) -> bool:
    """Whether the command works on plain files. Raises WrongUsage where only one of the two is given."""
    files = (options.history, options.future)
    if any(files) and not (all(files) and options.evaluate):
        raise WrongUsage("recommend: --history and --future belong together, with --evaluate")
    return all(files)


def evaluate_files(options: argparse.Namespace, words: Words) -> Outcome:
    """Evaluate the methods on a published next-basket task: a file of past purchases and one of the next ones."""
    fields = [*FIELDS, *(["at"] if "at" in options.map else [])]
    history, future = (read_columns(path, options.map, fields) for path in (options.history, options.future))
    for frame in (history, future):
        frame["basket"] = in_order(frame["basket"])
        if "at" in frame:
            frame["at"] = pd.to_datetime(frame["at"], format="ISO8601")
    return _evaluation(
        compare_candidates(holdout_from_frames(history, future), watch=_progress_reporter(words)),
        options,
        words,
    )


def recommend(session: Session, options: argparse.Namespace) -> Outcome:
    """Show suggestions for one customer or for all, or evaluate the methods on the shop's later sales."""
    uses_plain_files(options)
    con = session.reader()
    inputs = load_inputs(con, session.as_of(con), _progress_reporter(session.words))
    if options.evaluate:
        return _evaluation(inputs.model_selection, options, session.words)
    outcomes = evaluate_outcomes(con, inputs)
    hidden = not_offered(session.shop.database)
    recommender = build_recommender(inputs, outcomes, hidden | set(options.without))
    modes = MODES if options.mode == "both" else (options.mode,)
    opted_out = recommendations.opted_out(con)
    if options.customer:
        suggestions = suggest_for_customer(
            recommender, outcomes, inputs.as_of, options.customer, modes, opted_out
        )
    else:
        suggestions = suggest_for_all(recommender, outcomes, inputs.as_of, modes, opted_out)
    if options.product:
        suggestions = customers_for_product(suggestions, options.product)
    shown = suggestion_table(suggestions, session.words)
    if options.out:
        write_table(shown, options.out)
        save_recommendations(session.shop.database, suggestions, session.stamp)
    document = {
        "as_of": inputs.as_of,
        "mode": options.mode,
        "discover": inputs.model_selection.discover,
        "speaks": dict(outcomes.shares),
        "note": session.words.message(summary(inputs.model_selection)),
        "acceptance": {
            "by_method": outcomes.by_method.to_dict("records"),
            "by_reason": outcomes.by_reason.to_dict("records"),
        },
        **({"goes_with": goes_with(recommender, options.product)} if options.product else {}),
        "customers": _customers(suggestions, recommendations.product_ids(con), session.words),
    }
    return Outcome(document, table(list(shown.columns), shown.astype(str).to_numpy().tolist()))


def goes_with(recommender: Recommender, product: str) -> list[dict[str, Any]]:
    """Products in the same orders as a product more often than by chance. Raises UnknownProduct."""
    names = recommender.data.products.astype(str)
    at = np.flatnonzero(names == product)
    if not len(at):
        raise UnknownProduct(product=product)
    pairs = pairs_of_product(recommender.pairs, int(at[0]))
    shown = pairs.assign(product=names[pairs["right"]]).drop(columns="right")
    return [{str(name): value for name, value in row.items()} for row in shown.to_dict("records")]


def _customers(
    suggestions: pd.DataFrame, ids: Mapping[str, str], words: Words
) -> dict[str, list[dict[str, Any]]]:
    """Suggestions by customer under their documented keys."""
    listed: dict[str, list[dict[str, Any]]] = {}
    for row in suggestions.to_dict("records"):
        entry = {
            "product_id": ids.get(row["product"], row["product"]),
            "product": row["product"],
            "score": row["score"],
            "why": words.message(reason_sentence({str(name): value for name, value in row.items()})),
            "mode": row["mode"],
            "place": row["place"],
            "method": row["method"],
            "reason": row["reason"],
        }
        listed.setdefault(row["customer_id"], []).append(entry)
    return listed


def _evaluation(selection: ModelSelection, options: argparse.Namespace, words: Words) -> Outcome:
    """The evaluation as a document and as lines of text."""
    shown = method_table(selection, words)
    if options.out:
        write_table(all_tasks_table(selection, words), options.out)
    document = {
        "customers": selection.customers,
        "products": selection.products,
        "days_held_back": selection.days,
        "chosen": {"again": REPEAT_PURCHASE, "discover": selection.discover},
        "note": words.sentences(
            [words.message(holdout_sentence(selection)), words.message(summary(selection))]
        ),
        "methods": [method_document(result) for result in selection.results],
    }
    cells = [[_cell(value, words) for value in row] for row in shown.to_numpy().tolist()]
    return Outcome(document, table(list(shown.columns), cells))


def _cell(value: object, words: Words) -> str:
    if isinstance(value, float):
        return "–" if math.isnan(value) else share(value, words) if value <= 1 else words.number(value, 1)
    return str(value)


def method_document(result: Result) -> dict[str, Any]:
    """One method's figures under their documented keys; repeat and explore apart."""
    keys = [f"{name}{k}" for k in LENGTHS for name in ("recall", "ndcg", "hit")]
    figures = {key: result.figures[key].value for key in keys}
    apart = {
        kind: {key: result.figures[f"{kind}_{key}"].value for key in keys}
        | {"customers": result.figures[f"{kind}_recall10"].n}
        for kind in ("repeat", "explore")
    }
    intervals = {key: [interval.low, interval.high] for key, interval in result.figures.items()}
    return {
        "name": result.candidate.name,
        "task": result.candidate.task,
        **figures,
        "coverage": result.coverage,
        "novelty": result.novelty,
        "diversity": result.diversity,
        **apart,
        "precision5_new": result.precision,
        "gain_over_popular": {
            "recall10_new": result.gain,
            "standard_error": result.gain_se,
            "wins": result.wins,
        },
        "intervals": intervals,
    }


def _progress_reporter(words: Words) -> Any:
    """A callback that reports the progress of the evaluation to standard error."""

    def report(done: int, total: int) -> None:
        if done < total:
            note(words.say("Trying method {n} of {of}…", n=done + 1, of=total))

    return report
