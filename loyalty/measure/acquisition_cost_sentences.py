"""Sentences on acquisition cost, payback and referrals, for the owner."""

from __future__ import annotations

from loyalty.measure.acquisition_cost import Acquisition
from loyalty.measure.payback import Payback
from loyalty.words import Words


def acquisition_cost_sentence(payback: Payback | None, ratio: float | None, words: Words) -> str:
    """Cost of a new customer, CLV : CAC and payback time; or which file is missing.

    `payback`: of all new customers, None without any spend; `ratio`: CLV : CAC, None without a prediction.
    """
    if payback is None:
        return words.say(
            "What a new customer costs is not known yet: bring in your marketing spend on the Data screen, a table of "
            "month, channel and amount. An empty one to fill in is there."
        )
    if payback.cac is None:
        return words.say(
            "{spend} was spent on marketing, and in those months nobody bought for the first time.",
            spend=words.money(payback.spend),
        )
    cost = words.money(payback.cac)
    if ratio is None:
        return words.sentences(
            [words.say("A new customer costs {cost}.", cost=cost), payback_sentence(payback, words)]
        )
    first = words.say(
        "A new customer costs {cost} and is worth {times} times as much.",
        cost=cost,
        times=words.number(ratio, 1),
    )
    return words.sentences([first, payback_sentence(payback, words)])


def paid_channels_sentence(cost: float, words: Words) -> str:
    """Cost of a new customer, counting only those from paid channels."""
    return words.say(
        "Counting only those who say that they came through a channel you paid for, one costs {cost}.",
        cost=words.money(cost),
    )


def payback_sentence(payback: Payback, words: Words) -> str:
    """Payback time in a sentence; empty without new customers."""
    if payback.cac is None:
        return ""
    if payback.months == 0:
        return words.say("The money is back within the month of the first purchase.")
    if payback.months is not None:
        return words.plural(
            "The money is back {n} month after the first purchase.",
            "The money is back {n} months after the first purchase.",
            payback.months,
        )
    if not len(payback.curve):
        return words.say("When the money is back shows once the first month with spend is over.")
    months_observed = int(payback.curve["k"].max())
    return words.plural(
        "After {n} month the money is not back yet.",
        "After {n} months the money is not back yet.",
        months_observed,
    )


def channel_sentence(name: str | None, payback: Payback, words: Words) -> str:
    """Acquisition cost and payback time of one channel."""
    channel = channel_name(name, words)
    if payback.cac is None:
        return words.say("{channel}: nobody is known to have come through it.", channel=channel)
    cost = words.say(
        "{channel}: a new customer costs {cost}.", channel=channel, cost=words.money(payback.cac)
    )
    return words.sentences([cost, payback_sentence(payback, words)])


def missing_channels_sentence(words: Words) -> str:
    """Which data is missing when spend has channels but no customer does."""
    return words.say(
        "Nobody is known to have come through these channels: a list of customers with a column that says how they found "
        "you, in the same words as in the spend, tells what each channel brings."
    )


def referral_sentence(acquisition: Acquisition, words: Words) -> str:
    """Referral rate and referred share; or which file is missing."""
    if acquisition.referral_rate is None:
        return words.say(
            "Who recommends you is not known yet: bring in a table of who recommended whom on the Data screen. An empty "
            "one to fill in is there."
        )
    return words.say(
        "{rate} of customers have brought somebody new, and {share} of new customers came by recommendation.",
        rate=words.percent(acquisition.referral_rate, 1),
        share=words.percent(acquisition.referred_share or 0, 1),
    )


def channel_name(name: str | None, words: Words) -> str:
    """A channel of the spend; None: all of them, "": spend without a channel's name."""
    if name is None:
        return words.say("All together")
    return name or words.say("no channel named")
