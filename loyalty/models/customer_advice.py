"""The next step for one customer: a table of rules in order of urgency, of which the first that applies is chosen.

The last rule always applies, so every customer gets exactly one suggestion, with its reason. First comes what cannot wait
(a bad answer, a birthday, a coupon that ends), then the customer's status, then the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from loyalty.customers.birthdays import BIRTHDAY_DAYS
from loyalty.customers.status import DUE, LAPSED, NEW, ONCE, OVERDUE, STILL_A_CUSTOMER
from loyalty.words import Words

SOON = BIRTHDAY_DAYS  # days ahead that count as soon
FRESH = 180  # days for which an answer counts
HALF = 0.5  # of a scale from 0 to 1
LONG_GONE = 365  # days


@dataclass(frozen=True)
class Answer:
    """The last score that a customer gave, of `scale` at most; `level`: 0 the lowest possible, 1 the highest."""

    on: dt.date
    score: float
    scale: int
    level: float


@dataclass(frozen=True)
class ControlGroupMembership:
    """Membership of a campaign's control group, up to and including the day `until`."""

    campaign: str
    until: dt.date


@dataclass(frozen=True)
class CustomerFacts:
    """The facts about a customer that the rules use, as of `as_of`; None where unknown.

    `orders`: purchases; `status`: a key of `loyalty.customers.status.STATUSES`; `days_since`: the last
    order; `gap_days`: the customer's usual days between two; `shop_gap_days`: the shop's usual gap. `p_alive`: chance of
    still being a customer. `may_contact`: False after opting out of every medium, and while in the `control_group` of a
    campaign. `answer`: the last score, if no purchase came after it, or it is a high one. `birthday`: the next one.
    `coupon`, `coupon_until`: one that is issued, unused and still valid. `tier`, `to_tier`: the next tier and the money
    still missing to it, where the programme is in force; `usual_order`: average order of the customer. `product`: what they buy most.
    `referrals`: customers they referred.
    """

    as_of: dt.date
    orders: int = 0
    status: str | None = None
    days_since: int | None = None
    gap_days: float | None = None
    shop_gap_days: int | None = None
    p_alive: float | None = None
    may_contact: bool = True
    control_group: ControlGroupMembership | None = None
    answer: Answer | None = None
    birthday: dt.date | None = None
    coupon: str | None = None
    coupon_until: dt.date | None = None
    tier: str | None = None
    to_tier: float | None = None
    usual_order: float = 0.0
    product: str | None = None
    referrals: int = 0

    @property
    def long_gone(self) -> bool:
        """Whether they are probably no customer any more and last ordered more than a year ago."""
        gone = self.status == LAPSED or (self.status == ONCE and (self.p_alive or 0.0) < STILL_A_CUSTOMER)
        return gone and (self.days_since or 0) > LONG_GONE


Sentence = Callable[[CustomerFacts, Words], str]


@dataclass(frozen=True)
class Rule:
    """`applies`: its condition; `what`: the suggestion; `why`: the reason, a sentence with the figures behind it.

    `by_message`: it takes a message, so it is skipped for customers who may not be contacted.
    """

    key: str
    applies: Callable[[CustomerFacts], bool]
    what: Sentence
    why: Sentence
    by_message: bool = False


@dataclass(frozen=True)
class Step:
    """A suggestion and its reason as sentences."""

    key: str
    what: str
    why: str


def next_rule(customer: CustomerFacts) -> Rule:
    """The first rule that applies and may be followed."""
    return next(
        rule for rule in RULES if rule.applies(customer) and (customer.may_contact or not rule.by_message)
    )


def next_step(customer: CustomerFacts, words: Words) -> Step:
    """The next step for one customer and its reason."""
    rule = next_rule(customer)
    return Step(rule.key, rule.what(customer, words), rule.why(customer, words))


def _low(customer: CustomerFacts) -> bool:
    answer = customer.answer
    return answer is not None and answer.level < HALF and (customer.as_of - answer.on).days <= FRESH


def _happy(customer: CustomerFacts) -> bool:
    answer = customer.answer
    return answer is not None and answer.level >= 0.9 and (customer.as_of - answer.on).days <= FRESH


def _soon(day: dt.date | None, customer: CustomerFacts) -> bool:
    return day is not None and 0 <= (day - customer.as_of).days <= SOON


def _near_tier(customer: CustomerFacts) -> bool:
    return (
        customer.tier is not None
        and customer.to_tier is not None
        and 0 < customer.to_tier <= customer.usual_order
    )


def _scored(customer: CustomerFacts, words: Words) -> dict[str, str]:
    """The values of a sentence about the last answer."""
    assert customer.answer is not None
    return {
        "score": words.number(customer.answer.score, 0 if customer.answer.score % 1 == 0 else 1),
        "scale": words.number(customer.answer.scale),
        "date": words.date(customer.answer.on),
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


def _rhythm(customer: CustomerFacts, words: Words) -> str:
    """The customer's order rhythm; without a usual gap, the shop's beside it."""
    own_rhythm = rhythm(customer.gap_days, customer.days_since or 0, words)
    if customer.gap_days is not None or customer.shop_gap_days is None:
        return own_rhythm
    shop = words.plural(
        "80% of repeat orders in your shop come within {n} day.",
        "80% of repeat orders in your shop come within {n} days.",
        customer.shop_gap_days,
    )
    return words.sentences([own_rhythm, shop])


def _chance(customer: CustomerFacts, words: Words) -> str:
    """P(still a customer) as a sentence; empty without a model."""
    if customer.p_alive is None:
        return ""
    return words.say(
        "The chance that they still are a customer is {share}.", share=words.percent(customer.p_alive)
    )


def _rhythm_and_chance(customer: CustomerFacts, words: Words) -> str:
    return words.sentences([_rhythm(customer, words), _chance(customer, words)])


def _have_ready(customer: CustomerFacts, words: Words) -> str:
    if customer.product is None:
        return words.say("Expect them soon: greet them by name.")
    return words.say("Expect them soon: have {product} ready.", product=customer.product)


RULES: tuple[Rule, ...] = (
    Rule(
        "stranger",
        lambda k: k.orders == 0,
        lambda k, w: w.say("Invite them to a first order."),
        lambda k, w: w.say("They are known to you, but no purchase that counts is on record."),
    ),
    Rule(
        "unhappy",
        _low,
        lambda k, w: w.say("Answer their complaint in person before anything else."),
        lambda k, w: w.say(
            "They gave {score} of {scale} on {date} and have not bought since.", **_scored(k, w)
        ),
    ),
    Rule(
        "birthday",
        lambda k: _soon(k.birthday, k),
        lambda k, w: w.say("Send birthday wishes."),
        lambda k, w: w.say("Their birthday is on {date}.", date=w.date(k.birthday or k.as_of)),
        by_message=True,
    ),
    Rule(
        "coupon",
        lambda k: k.coupon is not None and _soon(k.coupon_until, k),
        lambda k, w: w.say("Remind them of their coupon."),
        lambda k, w: w.say(
            "{code} is unused and ends on {date}.", code=k.coupon, date=w.date(k.coupon_until or k.as_of)
        ),
        by_message=True,
    ),
    Rule(
        "long_gone",
        lambda k: k.long_gone,
        lambda k, w: w.say("Let them go: spend no money on winning them back."),
        _rhythm_and_chance,
    ),
    Rule(
        "win_back",
        lambda k: k.status == LAPSED,
        lambda k, w: w.say("Win them back now, with a reason worth the way."),
        _rhythm_and_chance,
        by_message=True,
    ),
    Rule(
        "remind",
        lambda k: k.status == OVERDUE,
        lambda k, w: w.say("Send them a friendly reminder."),
        _rhythm_and_chance,
        by_message=True,
    ),
    Rule(
        "second_order",
        lambda k: k.status == ONCE,
        lambda k, w: w.say("Give them a reason for a second visit."),
        _rhythm,
        by_message=True,
    ),
    Rule(
        "near_tier",
        _near_tier,
        lambda k, w: w.say("Tell them how close {tier} is.", tier=w.say(k.tier or "")),
        lambda k, w: w.say(
            "{amount} more and they hold {tier}; they usually spend {usual}.",
            amount=w.money(k.to_tier or 0.0),
            tier=w.say(k.tier or ""),
            usual=w.money(k.usual_order),
        ),
        by_message=True,
    ),
    Rule(
        "ask",
        lambda k: _happy(k) and k.referrals == 0,
        lambda k, w: w.say("Ask them to recommend you."),
        lambda k, w: w.say(
            "They gave {score} of {scale} on {date}, and have brought nobody yet.", **_scored(k, w)
        ),
        by_message=True,
    ),
    Rule(
        "held_back",
        lambda k: k.control_group is not None,
        lambda k, w: w.say(
            "Leave them be until {date}.", date=w.date(k.control_group.until) if k.control_group else ""
        ),
        lambda k, w: w.say(
            "They are held back from “{name}”: whoever writes to them now spoils its proof.",
            name=k.control_group.campaign if k.control_group else "",
        ),
    ),
    Rule(
        "no_messages",
        lambda k: not k.may_contact and k.status in (OVERDUE, LAPSED, ONCE),
        lambda k, w: w.say("Do not write to them. Be kind when they come."),
        lambda k, w: w.sentences([w.say("They said no to messages."), _rhythm(k, w)]),
    ),
    Rule("due", lambda k: k.status == DUE, _have_ready, _rhythm),
    Rule(
        "thank",
        lambda k: k.status == NEW,
        lambda k, w: w.say("Thank them for their first order."),
        _rhythm,
    ),
    Rule("nothing", lambda k: True, lambda k, w: w.say("Nothing special to do now."), _rhythm),
)
