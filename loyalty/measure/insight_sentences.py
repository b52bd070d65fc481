"""Sentences on changes, repurchase, satisfaction and forecasts, for the owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from loyalty.columns import Totals
from loyalty.measure.changes import Change, Factor, Part
from loyalty.measure.forecasts import Forecast
from loyalty.measure.repurchase import CohortRepurchase, GroupRepurchase
from loyalty.measure.satisfaction import Nps
from loyalty.measure.satisfaction_breakdown import GroupAnswers, Response
from loyalty.measure.weeks import Weeks, exceeds_chance
from loyalty.words import N_, Words

Name = Callable[[str], str]  # a channel's or segment's own name
WHO: Mapping[str, str] = {
    "new": N_("new customers"),
    "returning": N_("returning customers"),
    "unknown": N_("buyers without a name"),
    "refund": N_("refunds"),
}
FACTORS: Mapping[Factor, str] = {
    "customers": N_("number of customers"),
    "frequency": N_("orders per customer"),
    "aov": N_("value of their orders"),
    "unknown_orders": N_("number of orders without a name"),
    "unknown_aov": N_("value of orders without a name"),
    "refunds": N_("refunds"),
}
MINIMUM_COHORT = 30  # customers of a cohort, before its share makes a headline


def signed_money(value: float, words: Words) -> str:
    """An amount with its sign: +$12, −$3."""
    amount = words.money(abs(value))
    return f"+{amount}" if value >= 0 else f"−{amount}"


def week_sentence(weeks: Weeks, words: Words) -> str:
    """The last seven days compared with the week before and the same week a year ago; which differences may be chance."""
    this = weeks.this
    values = {"date": words.date(weeks.days[1]), "revenue": words.money(this.revenue)}
    others = [
        (other, when)
        for other, when in (
            (weeks.last, words.say("the week before")),
            (weeks.year_ago, words.say("the same week a year ago")),
        )
        if other is not None
    ]
    if not others:
        return words.say("The 7 days to {date} brought {revenue}.", **values)
    clear = [exceeds_chance(this.orders, other.orders) for other, _ in others]
    compared = words.listing(
        [
            _beside(this, other, when, words, doubt=any(clear) and not is_clear)
            for (other, when), is_clear in zip(others, clear, strict=True)
        ]
    )
    sentence = words.say("The 7 days to {date} brought {revenue}: {compared}.", compared=compared, **values)
    return sentence if any(clear) else words.sentences([sentence, words.say("Chance alone could do that.")])


def _beside(this: Totals, other: Totals, when: str, words: Words, *, doubt: bool) -> str:
    """One week compared with another, by revenue; `doubt` says that the difference may be chance."""
    if other.revenue <= 0:
        return words.say("something after nothing in {when}", when=when)
    share = this.revenue / other.revenue - 1
    values = {"share": words.percent(abs(share)), "when": when}
    compared = (
        words.say("{share} more than {when}", **values)
        if share >= 0
        else words.say("{share} less than {when}", **values)
    )
    return words.say("{compared} (chance alone could do that)", compared=compared) if doubt else compared


def change_sentence(change: Change, period: str, before: str, words: Words) -> str:
    """Net revenue of a period compared with another; `period`, `before`: when, as within a sentence."""
    share = change.share
    amount = words.money(abs(change.change), cents=False if abs(change.change) >= 100 else None)
    values = {
        "period": period,
        "before": before,
        "revenue": words.money(change.after),
        "amount": amount
        if share is None
        else words.say("{amount} ({share})", amount=amount, share=words.percent(abs(share))),
    }
    sentence = (
        words.say("Net revenue {period}: {revenue}, {amount} more than {before}.", **values)
        if change.change >= 0
        else words.say("Net revenue {period}: {revenue}, {amount} less than {before}.", **values)
    )
    return (
        sentence
        if change.exceeds_chance
        else words.sentences([sentence, words.say("Chance alone could do that.")])
    )


def buyers_name(part: Part, channel: Name, words: Words) -> str:
    """A part by channel and kind of buyer: "returning customers, Shopify"."""
    where, who = part.key
    return words.listing([words.say(WHO[who or "unknown"]), channel(where or "")])


def group_name(part: Part, nobody: str) -> str:
    """A part by product or cohort; `nobody` is the name of the part without one."""
    return part.key[0] or nobody


def newest_cohort_sentence(
    cohorts: Sequence[CohortRepurchase], horizon: int, label: Callable[[CohortRepurchase], str], words: Words
) -> str:
    """Repurchase of the newest cohort that is old and large enough, compared with the one before it."""
    observed = [
        cohort
        for cohort in cohorts
        if cohort.within[horizon].rate is not None and cohort.customers >= MINIMUM_COHORT
    ]
    if not observed:
        return words.say(
            "No group of first-time customers is large and old enough yet: it takes {n} people, watched for {days} days.",
            n=words.number(MINIMUM_COHORT),
            days=words.number(horizon),
        )
    latest = observed[-1]
    newest = words.say(
        "Of those who first bought in {cohort}, {share} came back within {days} days (range {low}–{high}).",
        cohort=label(latest),
        share=words.percent(latest.within[horizon].rate or 0),
        days=words.number(horizon),
        low=words.percent(latest.within[horizon].low or 0),
        high=words.percent(latest.within[horizon].high or 0),
    )
    if len(observed) == 1:
        return newest
    before = words.say(
        "In {cohort} it was {share}.",
        cohort=label(observed[-2]),
        share=words.percent(observed[-2].within[horizon].rate or 0),
    )
    return words.sentences([newest, before])


def repurchase_differences_sentence(groups: Sequence[GroupRepurchase], horizon: int, words: Words) -> str:
    """The groups that buy again significantly more or less often than the rest, or that there are none."""
    named = [group for group in groups if group.verdict and group.name is not None]
    if not named:
        return _none_stands_out(len(groups), words)
    named.sort(key=lambda group: group.q_value or 0)
    texts = {
        "more": N_("More come back after {name}: {share} within {days} days, against {rest} of the others."),
        "fewer": N_(
            "Fewer come back after {name}: {share} within {days} days, against {rest} of the others."
        ),
    }
    return words.sentences(
        [
            words.say(
                texts[group.verdict],
                name=group.name,
                share=words.percent(group.within[horizon].rate or 0),
                days=words.number(horizon),
                rest=words.percent(group.rest or 0),
            )
            for group in named[:3]
        ]
    )


def nps_sentence(nps: Nps, words: Words) -> str:
    """The NPS in a sentence."""
    return words.say(
        "Would recommend (NPS): {score} (range {low} to {high}, {answers} answers).",
        score=words.number(nps.score or 0),
        low=words.number(nps.low or 0),
        high=words.number(nps.high or 0),
        answers=words.number(nps.answers),
    )


def _none_stands_out(groups: int, words: Words) -> str:
    """The sentence for no significant group, or no groups to compare."""
    if groups < 2:
        return words.say("There is nothing to compare yet: that takes two groups or more.")
    return words.say("None stands out: the differences are no larger than luck would make them.")


def response_sentence(response: Response, words: Words) -> str:
    """Response rate of the buyers."""
    if response.rate is None:
        return words.say("Nobody who is known bought in this time.")
    return words.say(
        "{share} of {customers} who bought gave an answer (range {low}–{high}).",
        share=words.percent(response.rate, 1),
        customers=words.plural("{n} customer", "{n} customers", response.customers),
        low=words.percent(response.low or 0, 1),
        high=words.percent(response.high or 0, 1),
    )


def satisfaction_differences_sentence(groups: Sequence[GroupAnswers], name: Name, words: Words) -> str:
    """The groups whose satisfaction differs significantly from all others."""
    named = [group for group in groups if group.verdict and group.name is not None]
    if not named:
        return _none_stands_out(len(groups), words)
    named.sort(key=lambda group: group.q_value or 0)
    texts = {
        "more": N_("{name}: more content, {share} satisfied against {rest} of all others."),
        "less": N_("{name}: less content, {share} satisfied against {rest} of all others."),
    }
    return words.sentences(
        [
            words.say(
                texts[group.verdict],
                name=name(group.name or ""),
                share=words.percent(group.csat.share or 0),
                rest=words.percent(group.rest or 0),
            )
            for group in named[:3]
        ]
    )


def forecast_sentence(forecast: Forecast, format_value: Callable[[float], str], words: Words) -> str:
    """Forecast of the next month and its past error; or why there is none."""
    if forecast.months.empty:
        return words.message(forecast.note) if forecast.note else ""
    first = forecast.months.iloc[0]
    next_month = words.say(
        "{month} is expected to bring {expected} (between {low} and {high} in 8 months of 10).",
        month=words.month(first["month"]),
        expected=format_value(first["expected"]),
        low=format_value(first["low"]),
        high=format_value(first["high"]),
    )
    past_error = (
        ""
        if forecast.mean_error is None
        else words.say(
            "In the past, the month ahead was missed by {share} on average.",
            share=words.percent(forecast.mean_error),
        )
    )
    return words.sentences([next_month, past_error, words.message(forecast.note) if forecast.note else ""])
