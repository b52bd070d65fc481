"""Sentences about model selection, the record of a method, and monitoring."""

from __future__ import annotations

from math import isnan

from loyalty.models.predictions.backtest import Record, StatusOutcome
from loyalty.models.predictions.candidates import BY_NAME
from loyalty.models.predictions.model_selection import ModelSelection
from loyalty.models.predictions.monitor import Month
from loyalty.words import N_, Message, Words

NO_SELECTION = N_(
    "The methods cannot be tried on your own past yet: it takes more than {days} days of sales. Until then the habit alone "
    "speaks, as in other shops."
)


def selection_sentence(selection: ModelSelection, words: Words) -> str:
    """Which method is used, and why."""
    result, default = selection.result(selection.chosen), selection.result(selection.default_candidate)
    if result is None or default is None:
        return words.say(NO_SELECTION, days=words.number(2.5 * selection.horizon_days))
    values = {
        "method": words.say(result.method.title),
        "n": words.number(len(selection.results)),
        "times": words.number(result.origins),
    }
    if selection.chosen == selection.default_candidate:
        return words.say(
            "{n} methods were tried on your own past, from {times} earlier days. None beat “{method}”, the usual one, by more than chance, so it is used.",
            **values,
        )
    return words.say(
        "{n} methods were tried on your own past, from {times} earlier days. “{method}” beat the usual one, “{usual}”, by more than chance, so it is used.",
        **values,
        usual=words.say(default.method.title),
    )


def auc_sentence(selection: ModelSelection, words: Words) -> str:
    """What the chosen method's AUC means."""
    result = selection.result(selection.chosen)
    if result is None or isnan(result.figures["auc"]):
        return ""
    return words.say(
        "Of two customers, one who came back and one who did not, it put the right one first {share} of the time (a coin: 50 %).",
        share=words.percent(result.figures["auc"]),
    )


def status_sentence(outcome: StatusOutcome, words: Words) -> str:
    """For example: On 31 Mar 2026 41 customers were overdue; 9 of them (22%) bought by 29 Jun 2026. Of all 1,400
    customers 16% did."""
    if not outcome.overdue:
        return words.say("On {day} no customer was overdue.", day=words.date(outcome.cutoff))
    overdue = words.plural(
        "On {day} {n} customer was overdue; {bought} of them ({share}) bought by {until}.",
        "On {day} {n} customers were overdue; {bought} of them ({share}) bought by {until}.",
        outcome.overdue,
        day=words.date(outcome.cutoff),
        until=words.date(outcome.until),
        bought=words.number(outcome.overdue_bought),
        share=words.percent(outcome.overdue_bought / outcome.overdue),
    )
    everyone = words.say(
        "Of all {n} customers {share} did.",
        n=words.number(outcome.customers),
        share=words.percent(outcome.customers_bought / outcome.customers),
    )
    return words.sentences([overdue, everyone])


def choice_sentence(record: Record, words: Words) -> str:
    """How a choice at the owner's costs would have turned out."""
    c = record.confusion
    if not c.named:
        return words.say("At these costs nobody would have been written to.")
    return words.say(
        "At these costs {named} of those who had come back before would have been written to; {right} of them stayed away indeed ({precision}). Of all who stayed away, {recall} were named. F1 {f1}.",
        named=words.number(c.named),
        right=words.number(c.named_stayed_away),
        precision=words.percent(c.precision),
        recall="–" if isnan(c.recall) else words.percent(c.recall),
        f1=words.number(c.f1, 2),
    )


def month_sentence(months: tuple[Month, ...], words: Words) -> str:
    """Whether the last month was as expected."""
    last = months[-1] if months else None
    if last is None or isnan(last.low):
        return words.say(
            "Whether predictions still hold cannot be told yet: it takes about seven months of sales."
        )
    values = {
        "came": words.number(last.came),
        "low": words.number(max(0, round(last.low))),
        "high": words.number(round(last.high)),
    }
    if last.outside:
        return words.say(
            "Take care: in the last 30 days {came} customers came, outside the usual band of {low} to {high}. Something has changed, so trust these figures less for now.",
            **values,
        )
    return words.say(
        "Predictions still hold: in the last 30 days {came} customers came, within the usual band of {low} to {high}.",
        **values,
    )


def method_title(name: str) -> Message:
    """The title of a method."""
    return Message(BY_NAME[name].title)
