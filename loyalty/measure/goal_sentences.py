"""Sentences on the progress of goals, for the owner."""

from __future__ import annotations

from loyalty.measure.goals import METRICS, Progress
from loyalty.words import Words


def metric_text(metric: str, value: float | None, words: Words) -> str:
    """A figure in the reader's format; a dash while it is unknown."""
    if value is None:
        return "–"
    kind = METRICS[metric].kind
    if kind == "share":
        return words.percent(value, 0 if abs(100 * value - round(100 * value)) < 0.05 else 1)
    if kind == "money":
        return words.money(value)
    if kind == "days":
        return words.plural("{n} day", "{n} days", round(value))
    return words.number(value, 0 if float(value).is_integer() else 1)


def goal_sentence(progress: Progress, words: Words) -> str:
    """Progress of a goal in a sentence or two."""
    goal, reading = progress.goal, progress.reading
    values = {
        "now": metric_text(goal.metric, reading.value, words),
        "goal": metric_text(goal.metric, goal.value, words),
    }
    if progress.reached is None:
        return words.say("Not known yet; the goal is {goal}.", **values)
    if goal.direction == "at_most":
        current = words.say("{now}; the goal is {goal} at most.", **values)
    else:
        current = words.say("{now} of {goal}.", **values)
    return words.sentences([current, _rest(progress, words)])


def _rest(progress: Progress, words: Words) -> str:
    """What is still missing, or that the goal is reached and whether chance could explain it."""
    goal, reading, missing = progress.goal, progress.reading, progress.missing
    if progress.reached:
        bound = reading.low if goal.direction == "at_least" else reading.high
        sure = bound is None or (bound >= goal.value if goal.direction == "at_least" else bound <= goal.value)
        return words.say("Reached.") if sure else words.say("Reached, though so small a lead may be chance.")
    if missing is None:
        return ""
    if goal.metric == "csat":
        return words.plural(
            "{n} more satisfied answer would reach it.", "{n} more satisfied answers would reach it.", missing
        )
    if goal.metric == "orders_month":
        return words.plural("{n} more order would reach it.", "{n} more orders would reach it.", missing)
    if goal.metric == "new_customers_month":
        return words.plural(
            "{n} more new customer would reach it.", "{n} more new customers would reach it.", missing
        )
    if goal.metric.startswith("repurchase_within"):
        return words.plural(
            "About {n} more returning customer would reach it.",
            "About {n} more returning customers would reach it.",
            missing,
        )
    return words.plural(
        "{n} more returning customer would reach it.", "{n} more returning customers would reach it.", missing
    )
