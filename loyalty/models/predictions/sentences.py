"""What a contest and its record say, in sentences."""

from __future__ import annotations

from loyalty.models.predictions.backtest import Record, StatusOutcome
from loyalty.models.predictions.candidates import BY_NAME
from loyalty.models.predictions.model_selection import ModelSelection
from loyalty.models.predictions.monitor import Month
from loyalty.words import N_, Message, Words

NO_SELECTION = N_(
    "The methods cannot be tried on your own past yet: it takes more than {days} days of sales. Until then the habit alone "
    "speaks, as in other shops."
)


def selection_sentence(of: ModelSelection, words: Words) -> str:
    """Which method is used, and why."""
    own, base = of.of(of.chosen), of.of(of.usual)
    if own is None or base is None:
        return words.say(NO_SELECTION, days=words.number(2.5 * of.horizon_days))
    named = {
        "method": words.say(own.method.title),
        "n": words.number(len(of.results)),
        "times": words.number(own.origins),
    }
    if of.chosen == of.usual:
        return words.say(
            "{n} methods were tried on your own past, from {times} earlier days. None beat “{method}”, the usual one, by more than chance, so it is used.",
            **named,
        )
    return words.say(
        "{n} methods were tried on your own past, from {times} earlier days. “{method}” beat the usual one, “{usual}”, by more than chance, so it is used.",
        **named,
        usual=words.say(base.method.title),
    )


def auc_sentence(of: ModelSelection, words: Words) -> str:
    """What the chosen method's AUC means."""
    own = of.of(of.chosen)
    if own is None or own.figures["auc"] != own.figures["auc"]:
        return ""
    return words.say(
        "Of two customers, one who came back and one who did not, it put the right one first {share} of the time (a coin: 50 %).",
        share=words.percent(own.figures["auc"]),
    )


def status_sentence(of: StatusOutcome, words: Words) -> str:
    """For example: On 31 Mar 2026 41 customers were overdue; 9 of them (22%) bought by 29 Jun 2026. Of all 1,400
    customers 16% did."""
    if not of.overdue:
        return words.say("On {day} no customer was overdue.", day=words.date(of.cutoff))
    overdue = words.plural(
        "On {day} {n} customer was overdue; {bought} of them ({share}) bought by {until}.",
        "On {day} {n} customers were overdue; {bought} of them ({share}) bought by {until}.",
        of.overdue,
        day=words.date(of.cutoff),
        until=words.date(of.until),
        bought=words.number(of.overdue_bought),
        share=words.percent(of.overdue_bought / of.overdue),
    )
    everyone = words.say(
        "Of all {n} customers {share} did.",
        n=words.number(of.customers),
        share=words.percent(of.customers_bought / of.customers),
    )
    return words.sentences([overdue, everyone])


def choice_sentence(of: Record, words: Words) -> str:
    """What naming at the owner's costs would have come to."""
    c = of.confusion
    if not c.named:
        return words.say("At these costs nobody would have been written to.")
    return words.say(
        "At these costs {named} of those who had come back before would have been written to; {right} of them stayed away indeed ({precision}). Of all who stayed away, {recall} were named. F1 {f1}.",
        named=words.number(c.named),
        right=words.number(c.named_stayed_away),
        precision=words.percent(c.precision),
        recall="–" if c.recall != c.recall else words.percent(c.recall),
        f1=words.number(c.f1, 2),
    )


def month_sentence(months: tuple[Month, ...], words: Words) -> str:
    """Whether the last month was as expected."""
    last = months[-1] if months else None
    if last is None or last.low != last.low:
        return words.say(
            "Whether predictions still hold cannot be told yet: it takes about seven months of sales."
        )
    told = {
        "came": words.number(last.came),
        "low": words.number(max(0, round(last.low))),
        "high": words.number(round(last.high)),
    }
    if last.outside:
        return words.say(
            "Take care: in the last 30 days {came} customers came, outside the usual band of {low} to {high}. Something has changed, so trust these figures less for now.",
            **told,
        )
    return words.say(
        "Predictions still hold: in the last 30 days {came} customers came, within the usual band of {low} to {high}.",
        **told,
    )


def method_title(name: str) -> Message:
    """The title of a method."""
    return Message(BY_NAME[name].title)
