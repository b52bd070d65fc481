"""Changes, returns, answers and forecasts in an owner's words."""

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


def week_sentence(found: Weeks, words: Words) -> str:
    """The last seven days, beside the week before and the same week a year ago; which differences may be chance."""
    this = found.this
    values = {"date": words.date(found.days[1]), "revenue": words.money(this.revenue)}
    others = [
        (other, when)
        for other, when in (
            (found.last, words.say("the week before")),
            (found.year_ago, words.say("the same week a year ago")),
        )
        if other is not None
    ]
    if not others:
        return words.say("The 7 days to {date} brought {revenue}.", **values)
    firm = [exceeds_chance(this.orders, other.orders) for other, _ in others]
    compared = words.listing(
        [_beside(this, other, when, words, doubt=any(firm) and not sure) for (other, when), sure in zip(others, firm, strict=True)]
    )  # fmt: skip
    said = words.say("The 7 days to {date} brought {revenue}: {compared}.", compared=compared, **values)
    return said if any(firm) else words.sentences([said, words.say("Chance alone could do that.")])


def _beside(this: Totals, other: Totals, when: str, words: Words, *, doubt: bool) -> str:
    """One week beside another, by revenue; `doubt` says that the difference may be chance."""
    if other.revenue <= 0:
        return words.say("something after nothing in {when}", when=when)
    share = this.revenue / other.revenue - 1
    values = {"share": words.percent(abs(share)), "when": when}
    said = (
        words.say("{share} more than {when}", **values)
        if share >= 0
        else words.say("{share} less than {when}", **values)
    )
    return words.say("{compared} (chance alone could do that)", compared=said) if doubt else said


def change_sentence(found: Change, period: str, before: str, words: Words) -> str:
    """How much a period brought, more or less than another; `period`, `before`: when, as within a sentence."""
    share = found.share
    amount = words.money(abs(found.change), cents=False if abs(found.change) >= 100 else None)
    values = {
        "period": period,
        "before": before,
        "revenue": words.money(found.after),
        "amount": amount if share is None else words.say("{amount} ({share})", amount=amount, share=words.percent(abs(share))),
    }  # fmt: skip
    said = (
        words.say("Net revenue {period}: {revenue}, {amount} more than {before}.", **values)
        if found.change >= 0
        else words.say("Net revenue {period}: {revenue}, {amount} less than {before}.", **values)
    )
    return said if found.exceeds_chance else words.sentences([said, words.say("Chance alone could do that.")])


def largest_part_sentence(parts: Sequence[Part], names: Callable[[Part], str], words: Words) -> str:
    """The part that moved most, in a sentence; empty without one."""
    if not parts or parts[0].change == 0:
        return ""
    return words.say(
        "Most moved: {name}, {change}.", name=names(parts[0]), change=signed_money(parts[0].change, words)
    )


def buyers_name(part: Part, channel: Name, words: Words) -> str:
    """A part by channel and kind of buyer: "returning customers, Shopify"."""
    where, who = part.key
    return words.listing([words.say(WHO[who or "unknown"]), channel(where or "")])


def group_name(part: Part, nobody: str) -> str:
    """A part by product or cohort; `nobody` stands for what has no name."""
    return part.key[0] or nobody


def newest_cohort_sentence(
    found: Sequence[CohortRepurchase], horizon: int, label: Callable[[CohortRepurchase], str], words: Words
) -> str:
    """The newest cohort whose share is known and that is large enough, beside the one before it."""
    told = [
        cohort
        for cohort in found
        if cohort.within[horizon].rate is not None and cohort.customers >= MINIMUM_COHORT
    ]
    if not told:
        return words.say("No group of first-time customers is large and old enough yet: it takes {n} people, watched for {days} days.",
                         n=words.number(MINIMUM_COHORT), days=words.number(horizon))  # fmt: skip
    now = told[-1]
    said = words.say(
        "Of those who first bought in {cohort}, {share} came back within {days} days (range {low}–{high}).",
        cohort=label(now), share=words.percent(now.within[horizon].rate or 0), days=words.number(horizon),
        low=words.percent(now.within[horizon].low or 0), high=words.percent(now.within[horizon].high or 0),
    )  # fmt: skip
    if len(told) == 1:
        return said
    before = words.say(
        "In {cohort} it was {share}.",
        cohort=label(told[-2]),
        share=words.percent(told[-2].within[horizon].rate or 0),
    )
    return words.sentences([said, before])


def repurchase_differences_sentence(found: Sequence[GroupRepurchase], horizon: int, words: Words) -> str:
    """The groups that come back more or less often than the rest; that none does, where luck would explain all."""
    named = [group for group in found if group.verdict and group.name is not None]
    if not named:
        return _none_stands_out(len(found), words)
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
                texts[group.verdict], name=group.name, share=words.percent(group.within[horizon].rate or 0),
                days=words.number(horizon), rest=words.percent(group.rest or 0),
            )
            for group in named[:3]
        ]
    )  # fmt: skip


def nps_sentence(found: Nps, words: Words) -> str:
    """The NPS in a sentence."""
    return words.say(
        "Would recommend (NPS): {score} (range {low} to {high}, {answers} answers).",
        score=words.number(found.score or 0),
        low=words.number(found.low or 0),
        high=words.number(found.high or 0),
        answers=words.number(found.answers),
    )


def _none_stands_out(groups: int, words: Words) -> str:
    """No group differs firmly from the others, or there are none to compare."""
    if groups < 2:
        return words.say("There is nothing to compare yet: that takes two groups or more.")
    return words.say("None stands out: the differences are no larger than luck would make them.")


def response_sentence(found: Response, words: Words) -> str:
    """How many of those who bought answered."""
    if found.rate is None:
        return words.say("Nobody who is known bought in this time.")
    return words.say(
        "{share} of {customers} who bought gave an answer (range {low}–{high}).",
        share=words.percent(found.rate, 1),
        customers=words.plural("{n} customer", "{n} customers", found.customers),
        low=words.percent(found.low or 0, 1),
        high=words.percent(found.high or 0, 1),
    )


def satisfaction_differences_sentence(found: Sequence[GroupAnswers], name: Name, words: Words) -> str:
    """The groups whose answers differ from all others firmly."""
    named = [group for group in found if group.verdict and group.name is not None]
    if not named:
        return _none_stands_out(len(found), words)
    named.sort(key=lambda group: group.q_value or 0)
    texts = {
        "more": N_("{name}: more content, {share} satisfied against {rest} of all others."),
        "less": N_("{name}: less content, {share} satisfied against {rest} of all others."),
    }
    return words.sentences(
        [
            words.say(
                texts[group.verdict], name=name(group.name or ""), share=words.percent(group.csat.share or 0),
                rest=words.percent(group.rest or 0),
            )
            for group in named[:3]
        ]
    )  # fmt: skip


def forecast_sentence(found: Forecast, shown: Callable[[float], str], words: Words) -> str:
    """The next month in a sentence, and how far off such a forecast has been; or why there is none."""
    if found.months.empty:
        return words.message(found.note) if found.note else ""
    first = found.months.iloc[0]
    said = words.say(
        "{month} is expected to bring {expected} (between {low} and {high} in 8 months of 10).",
        month=words.month(first["month"]), expected=shown(first["expected"]), low=shown(first["low"]), high=shown(first["high"]),
    )  # fmt: skip
    missed = "" if found.mean_error is None else words.say(
        "In the past, the month ahead was missed by {share} on average.", share=words.percent(found.mean_error))  # fmt: skip
    return words.sentences([said, missed, words.message(found.note) if found.note else ""])
