"""Sentences on the result of model selection."""

from __future__ import annotations

from loyalty.models.recommendations.candidates import BY_NAME, OWN_HISTORY, RECENT, REPEAT_PURCHASE
from loyalty.models.recommendations.model_selection import MIN_CUSTOMERS, ModelSelection
from loyalty.words import N_, Message


def summary(selection: ModelSelection) -> Message:
    """The summary of the model selection: which method is used for new products, and why."""
    recent = selection.result_of(RECENT)
    tested = recent.figures["explore_recall10"] if recent else None
    if tested is None or tested.n < MIN_CUSTOMERS:
        return Message(
            N_(
                "Too few customers have come back for something new to tell good suggestions from bad ones: {n} so far, "
                "{enough} are needed. Until then, what is new to a customer is simply what sells well."
            ),
            {"n": 0 if tested is None else tested.n, "enough": MIN_CUSTOMERS},
        )
    if selection.discover == RECENT:
        return Message(
            N_(
                "No method found what is new to a customer better than “popular of late”, beyond chance, for the {n} "
                "customers it was tried on. So that is what the lists show: popular, and new to them."
            ),
            {"n": tested.n},
        )
    best = selection.winners[0]
    return Message(
        N_(
            "Of 100 products that were new to a customer in the next order, ten suggestions held {share} (by {method}); "
            "ten that were popular of late held {usual}."
        ),
        {
            "method": Message(BY_NAME[best.candidate.name].title),
            "share": round(100 * best.figures["explore_recall10"].value),
            "usual": round(100 * tested.value),
        },
    )


#: The result of one task, by its prefix in `model_selection.Result.figures`.
TASK_SENTENCES = {
    "explore_": N_(
        "Of 100 products that were new to them, {k} suggestions held {share} ({method}); popular ones of late {usual}"
    ),
    "repeat_": N_(
        "Of 100 products that were bought again, {k} suggestions held {share} ({method}); by own history alone {usual}"
    ),
    "": N_(
        "Of 100 products of the next order, {k} suggestions held {share} ({method}); by own history alone {usual}"
    ),
}


def compared_methods(selection: ModelSelection, task: str) -> tuple[str, str]:
    """The selected method for a task, and its reference."""
    return (selection.discover, RECENT) if task == "explore_" else (REPEAT_PURCHASE, OWN_HISTORY)


def task_sentence(selection: ModelSelection, task: str, k: int) -> Message:
    """The sentence on one task: recall at `k` of the selected method beside its reference."""
    names = compared_methods(selection, task)
    chosen, reference = (selection.result_of(name) for name in names)
    if chosen is None or reference is None or not chosen.figures[f"{task}recall{k}"].n:
        return Message(N_("Nobody could be asked about this so far"))
    params = {
        "k": k,
        "share": round(100 * chosen.figures[f"{task}recall{k}"].value),
        "method": Message(BY_NAME[names[0]].title),
        "usual": round(100 * reference.figures[f"{task}recall{k}"].value),
    }
    return Message(TASK_SENTENCES[task], params)


def holdout_sentence(selection: ModelSelection) -> Message:
    """The sentence on the hold-out: which purchases, of how many customers."""
    if selection.days is None:
        return Message(
            N_(
                "The last order of each of {n} customers was kept back, and the methods had to find what was in it."
            ),
            {"n": selection.customers},
        )
    return Message(
        N_(
            "The last {days} days were kept back, and the methods had to find what was in the next order of {n} customers."
        ),
        {"days": round(selection.days), "n": selection.customers},
    )
