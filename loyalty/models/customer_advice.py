"""One customer, one suggestion: a table of rules, of which the first that holds is said, with its reason.

The last rule always holds, so everyone gets exactly one. What is thought of first is what cannot wait: an
unhappy answer, a day that passes. Then habits, then what would be nice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from loyalty.customers.birthdays import BIRTHDAY_DAYS
from loyalty.customers.status import DUE, LAPSED, NEW, ONCE, OVERDUE, STILL_A_CUSTOMER
from loyalty.words import Words

SOON = BIRTHDAY_DAYS  # days ahead that count as soon
FRESH = 180  # days for which an answer is worth going back to
HALF = 0.5  # of a scale from 0 to 1
LONG_GONE = 365  # days


@dataclass(frozen=True)
class Answer:
    """The last score that somebody gave, of `scale` at most; `level`: 0 the lowest possible, 1 the highest."""

    on: dt.date
    score: float
    scale: int
    level: float


@dataclass(frozen=True)
class ControlGroupMembership:
    """Held back from a campaign, so that what it adds is seen, up to and with the day `until`."""

    campaign: str
    until: dt.date


@dataclass(frozen=True)
class CustomerFacts:
    """What the rules look at, as of `as_of`; None where nobody knows.

    `orders`: purchases; `status`: where they stand (a key of `loyalty.customers.status.STATUSES`); `days_since`: the last
    order; `gap_days`: the customer's usual days between two; `shop_gap_days`: the shop's usual gap. `p_alive`: chance of
    still being a customer. `may_write`: False after a no to every way of writing, and while they are `held` back from a
    campaign. `answer`: the last score, if no purchase came after it, or it is a high one. `birthday`: the next one.
    `coupon`, `coupon_until`: one that is out, unused and still valid. `tier`, `to_tier`: the next tier and the money it
    still takes, where the programme is in force; `usual_order`: of the customer. `product`: what they buy most.
    `brought`: people they brought.
    """

    as_of: dt.date
    orders: int = 0
    status: str | None = None
    days_since: int | None = None
    gap_days: float | None = None
    shop_gap_days: int | None = None
    p_alive: float | None = None
    may_write: bool = True
    held: ControlGroupMembership | None = None
    answer: Answer | None = None
    birthday: dt.date | None = None
    coupon: str | None = None
    coupon_until: dt.date | None = None
    tier: str | None = None
    to_tier: float | None = None
    usual_order: float = 0.0
    product: str | None = None
    brought: int = 0

    @property
    def long_gone(self) -> bool:
        """Probably no customer any more, and for more than a year."""
        gone = self.status == LAPSED or (self.status == ONCE and (self.p_alive or 0.0) < STILL_A_CUSTOMER)
        return gone and (self.days_since or 0) > LONG_GONE


Said = Callable[[CustomerFacts, Words], str]


@dataclass(frozen=True)
class Rule:
    """`holds`: whether it may be said; `what`: the suggestion; `why`: the reason, a sentence with the figures behind it.
    `writes`: it takes a message, so it is nothing for those who said no to them."""

    key: str
    holds: Callable[[CustomerFacts], bool]
    what: Said
    why: Said
    writes: bool = False


@dataclass(frozen=True)
class Step:
    """The suggestion in words."""

    key: str
    what: str
    why: str


def next_rule(known: CustomerFacts) -> Rule:
    """The first rule that holds and may be followed."""
    return next(rule for rule in RULES if rule.holds(known) and (known.may_write or not rule.writes))


def next_step(known: CustomerFacts, words: Words) -> Step:
    """What to do next for one customer and why."""
    rule = next_rule(known)
    return Step(rule.key, rule.what(known, words), rule.why(known, words))


def _low(known: CustomerFacts) -> bool:
    answer = known.answer
    return answer is not None and answer.level < HALF and (known.as_of - answer.on).days <= FRESH


def _happy(known: CustomerFacts) -> bool:
    answer = known.answer
    return answer is not None and answer.level >= 0.9 and (known.as_of - answer.on).days <= FRESH


def _soon(day: dt.date | None, known: CustomerFacts) -> bool:
    return day is not None and 0 <= (day - known.as_of).days <= SOON


def _near_tier(known: CustomerFacts) -> bool:
    return known.tier is not None and known.to_tier is not None and 0 < known.to_tier <= known.usual_order


def _scored(known: CustomerFacts, words: Words) -> dict[str, str]:
    """The parts of a sentence on their last answer."""
    assert known.answer is not None
    return {
        "score": words.number(known.answer.score, 0 if known.answer.score % 1 == 0 else 1),
        "scale": words.number(known.answer.scale),
        "date": words.date(known.answer.on),
    }


def rhythm(gap_days: float | None, days_since: int, words: Words) -> str:
    """ "Usually every 24 days, last 41 days ago."; without a usual gap the second half alone."""
    if gap_days is None:
        if days_since <= 0:
            return words.say("Last time today.")
        return words.plural("Last time {n} day ago.", "Last time {n} days ago.", days_since)
    usual = words.plural("Usually every day", "Usually every {n} days", round(gap_days))
    if days_since <= 0:
        return words.say("{usual}, last today.", usual=usual)
    return words.plural("{usual}, last {n} day ago.", "{usual}, last {n} days ago.", days_since, usual=usual)


def _rhythm(known: CustomerFacts, words: Words) -> str:
    """The customer's rhythm; while they have none of their own, the shop's beside it."""
    own = rhythm(known.gap_days, known.days_since or 0, words)
    if known.gap_days is not None or known.shop_gap_days is None:
        return own
    shop = words.plural(
        "80% of repeat orders in your shop come within {n} day.",
        "80% of repeat orders in your shop come within {n} days.",
        known.shop_gap_days,
    )
    return words.sentences([own, shop])


def _chance(known: CustomerFacts, words: Words) -> str:
    """How likely they still are a customer, or nothing."""
    if known.p_alive is None:
        return ""
    return words.say(
        "The chance that they still are a customer is {share}.", share=words.percent(known.p_alive)
    )


def _both(known: CustomerFacts, words: Words) -> str:
    return words.sentences([_rhythm(known, words), _chance(known, words)])


def _have_ready(known: CustomerFacts, words: Words) -> str:
    if known.product is None:
        return words.say("Expect them soon: greet them by name.")
    return words.say("Expect them soon: have {product} ready.", product=known.product)


RULES: tuple[Rule, ...] = (
    Rule(
        "stranger", lambda k: k.orders == 0,
        lambda k, w: w.say("Invite them to a first order."),
        lambda k, w: w.say("They are known to you, but no purchase that counts is on record."),
    ),
    Rule(
        "unhappy", _low,
        lambda k, w: w.say("Answer their complaint in person before anything else."),
        lambda k, w: w.say("They gave {score} of {scale} on {date} and have not bought since.", **_scored(k, w)),
    ),
    Rule(
        "birthday", lambda k: _soon(k.birthday, k),
        lambda k, w: w.say("Send birthday wishes."),
        lambda k, w: w.say("Their birthday is on {date}.", date=w.date(k.birthday or k.as_of)),
        writes=True,
    ),
    Rule(
        "coupon", lambda k: k.coupon is not None and _soon(k.coupon_until, k),
        lambda k, w: w.say("Remind them of their coupon."),
        lambda k, w: w.say("{code} is unused and ends on {date}.", code=k.coupon, date=w.date(k.coupon_until or k.as_of)),
        writes=True,
    ),
    Rule(
        "long_gone", lambda k: k.long_gone,
        lambda k, w: w.say("Let them go: spend no money on winning them back."),
        _both,
    ),
    Rule(
        "win_back", lambda k: k.status == LAPSED,
        lambda k, w: w.say("Win them back now, with a reason worth the way."),
        _both,
        writes=True,
    ),
    Rule(
        "remind", lambda k: k.status == OVERDUE,
        lambda k, w: w.say("Send them a friendly reminder."),
        _both,
        writes=True,
    ),
    Rule(
        "second_order", lambda k: k.status == ONCE,
        lambda k, w: w.say("Give them a reason for a second visit."),
        _rhythm,
        writes=True,
    ),
    Rule(
        "near_tier", _near_tier,
        lambda k, w: w.say("Tell them how close {tier} is.", tier=w.say(k.tier or "")),
        lambda k, w: w.say(
            "{amount} more and they hold {tier}; they usually spend {usual}.",
            amount=w.money(k.to_tier or 0.0), tier=w.say(k.tier or ""), usual=w.money(k.usual_order),
        ),
        writes=True,
    ),
    Rule(
        "ask", lambda k: _happy(k) and k.brought == 0,
        lambda k, w: w.say("Ask them to recommend you."),
        lambda k, w: w.say("They gave {score} of {scale} on {date}, and have brought nobody yet.", **_scored(k, w)),
        writes=True,
    ),
    Rule(
        "held_back", lambda k: k.held is not None,
        lambda k, w: w.say("Leave them be until {date}.", date=w.date(k.held.until) if k.held else ""),
        lambda k, w: w.say(
            "They are held back from “{name}”: whoever writes to them now spoils its proof.", name=k.held.campaign if k.held else ""
        ),
    ),
    Rule(
        "no_messages", lambda k: not k.may_write and k.status in (OVERDUE, LAPSED, ONCE),
        lambda k, w: w.say("Do not write to them. Be kind when they come."),
        lambda k, w: w.sentences([w.say("They said no to messages."), _rhythm(k, w)]),
    ),
    Rule("due", lambda k: k.status == DUE, _have_ready, _rhythm),
    Rule(
        "thank", lambda k: k.status == NEW,
        lambda k, w: w.say("Thank them for their first order."),
        _rhythm,
    ),
    Rule("nothing", lambda k: True, lambda k, w: w.say("Nothing special to do now."), _rhythm),
)  # fmt: skip
