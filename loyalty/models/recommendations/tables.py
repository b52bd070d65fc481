"""Lists, methods and outcomes as tables with translated headings, for the screen and for download."""

from __future__ import annotations

import pandas as pd

from loyalty.customers.status import STATUSES
from loyalty.models.recommendations.candidates import BY_NAME
from loyalty.models.recommendations.lists import NEWEST
from loyalty.models.recommendations.model_selection import LENGTHS, ModelSelection
from loyalty.models.recommendations.reasons import SENTENCES, reason_sentence
from loyalty.words import N_, Message, Words

MODE_NAMES = {"again": N_("Buy again"), "discover": N_("New to them")}
#: Names of the reasons, without figures.
REASON_NAMES = {
    "rhythm": N_("Bought in a rhythm"),
    "bought": N_("Bought more than once"),
    "once": N_("Bought one time"),
    "had": N_("Bought before"),
    "together": N_("Goes with what they buy"),
    "brings_back": N_("Brings first-timers back"),
    "alike": N_("Bought by customers who buy alike"),
    "like": N_("Much like what they buy"),
    "popular": N_("Popular this month"),
    "selling": N_("Sells well"),
    "new": N_("New in the shop"),
    "new_since": N_("New since they were last here"),
}
assert REASON_NAMES.keys() == SENTENCES.keys()
#: Names of the tasks, by prefix of `model_selection.Result.figures`.
TASK_NAMES = {
    "explore_": N_("New to them"),
    "repeat_": N_("Bought again"),
    "": N_("All of it"),
}
MEASURE_NAMES = {
    "recall": N_("Found of it (recall)"),
    "ndcg": N_("Weighed by place (NDCG)"),
    "hit": N_("At least one right (hit rate)"),
}


def suggestion_table(suggestions: pd.DataFrame, words: Words) -> pd.DataFrame:
    """SUGGESTIONS under translated headings, with the reason as a sentence."""
    statuses = {key: words.say(name) for key, name in STATUSES.items()}
    modes = {key: words.say(name) for key, name in MODE_NAMES.items()}
    sentences = [
        words.message(reason_sentence({str(name): value for name, value in row.items()}))
        for row in suggestions.to_dict("records")
    ]
    columns = {
        words.say("Customer number"): suggestions["customer_id"],
        words.say("Status"): suggestions["status"].map(statuses),
        words.say("List"): suggestions["mode"].map(modes),
        words.say("Place"): suggestions["place"],
        words.say("Product"): suggestions["product"],
        words.say("Why"): sentences,
        words.say("Score"): suggestions["score"].round(4),
        words.say("Method"): [method_name(name, words) for name in suggestions["method"]],
    }
    return pd.DataFrame(columns)


def method_name(name: str, words: Words) -> str:
    """The translated name of a method."""
    return words.say(N_("New in the shop")) if name == NEWEST else words.say(BY_NAME[name].title)


def method_table(selection: ModelSelection, words: Words) -> pd.DataFrame:
    """One row per method: shares between 0 and 1, novelty in bits; NaN where there was nothing to find."""
    rows = []
    for result in selection.results:
        figures = {name: estimate.value for name, estimate in result.figures.items()}
        rows.append(
            {
                words.say("Method"): words.say(result.candidate.title),
                words.say("Goes by"): words.say(result.candidate.description),
                words.say("Of the next order, found in 10"): figures["recall10"],
                words.say("The same, weighed by place"): figures["ndcg10"],
                words.say("At least one right in 10"): figures["hit10"],
                words.say("At least one right in 5"): figures["hit5"],
                words.say("Of what was bought again"): figures["repeat_recall10"],
                words.say("Of what was new to them"): figures["explore_recall10"],
                words.say("From"): result.figures["explore_recall10"].low,
                words.say("To"): result.figures["explore_recall10"].high,
                words.say("Products that are ever shown"): result.coverage,
                words.say("Variety within a list"): result.diversity,
                words.say("Surprise (bits)"): result.novelty,
            }
        )
    return pd.DataFrame(rows)


def task_table(selection: ModelSelection, task: str, k: int, words: Words) -> pd.DataFrame:
    """One row per method: recall, NDCG and hit rate at `k` (5 or 10) for one task, each with its 95 % interval.

    `task`: a key of TASK_NAMES. Shares between 0 and 1, novelty in bits.
    """
    rows = []
    for result in selection.results:
        row: dict[str, object] = {
            words.say("Method"): words.say(result.candidate.title),
            words.say("Goes by"): words.say(result.candidate.description),
        }
        for measure, name in MEASURE_NAMES.items():
            estimate, heading = result.figures[f"{task}{measure}{k}"], words.say(name)
            row |= {
                heading: estimate.value,
                words.say("{figure}, from", figure=heading): estimate.low,
                words.say("{figure}, to", figure=heading): estimate.high,
            }
        row |= {
            words.say("Products that are ever shown"): result.coverage,
            words.say("Variety within a list"): result.diversity,
            words.say("Surprise (bits)"): result.novelty,
        }
        rows.append(row)
    return pd.DataFrame(rows)


def all_tasks_table(selection: ModelSelection, words: Words) -> pd.DataFrame:
    """`task_table` of all tasks at 5 and 10 in one table, with columns for the task and k."""
    parts = []
    for task, name in TASK_NAMES.items():
        for k in LENGTHS:
            part = task_table(selection, task, k, words)
            part.insert(2, words.say("To be found"), words.say(name))
            part.insert(3, words.say("Within the first"), k)
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def outcome_table(rates: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Acceptance by method or by reason under translated headings; `rates`: of `outcomes.acceptance_rates`."""
    by = "method" if "method" in rates.columns else "reason"
    names = [method_name(key, words) if by == "method" else words.say(REASON_NAMES[key]) for key in rates[by]]
    columns = {
        words.say("List"): [words.say(MODE_NAMES[mode]) for mode in rates["mode"]],
        words.say("Method") if by == "method" else words.say("Why"): names,
        words.say("Recommended"): rates["recommended"],
        words.say("Still open"): rates["open"],
        words.say("Bought within 30 days"): rates["taken"],
        words.say("Looked at"): rates["clicked"],
        words.say("Share bought"): rates["share"],
        words.say("From"): rates["low"],
        words.say("To"): rates["high"],
    }
    return pd.DataFrame(columns)


def arm_shares_sentence(shares: dict[str, float], words: Words) -> Message | None:
    """The sentence on each method's share of the lists of new products; None where there is only one method."""
    shown = {name: share for name, share in shares.items() if share >= 0.005}
    if len(shares) < 2:
        return None
    parts = [
        words.say("{share} by “{method}”", share=words.percent(share), method=method_name(name, words))
        for name, share in sorted(shown.items(), key=lambda item: -item[1])
    ]
    return Message(N_("Who speaks for what is new: {parts}."), {"parts": words.listing(parts)})
