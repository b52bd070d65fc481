"""What new customers cost and how they came, in an owner's words."""

from __future__ import annotations

from loyalty.measure.acquisition_cost import Acquisition
from loyalty.measure.payback import Payback
from loyalty.words import Words


def acquisition_cost_sentence(found: Payback | None, ratio: float | None, words: Words) -> str:
    """What a new customer costs, is worth beside it, and when the money is back; or which file says so.

    `found`: of all newcomers, None without any spend; `ratio`: CLV : CAC, None without a prediction.
    """
    if found is None:
        return words.say(
            "What a new customer costs is not known yet: bring in your marketing spend on the Data screen, a table of "
            "month, channel and amount. An empty one to fill in is there."
        )
    if found.cac is None:
        return words.say(
            "{spend} was spent on marketing, and in those months nobody bought for the first time.",
            spend=words.money(found.spend),
        )
    cost = words.money(found.cac)
    if ratio is None:
        return words.sentences(
            [words.say("A new customer costs {cost}.", cost=cost), payback_sentence(found, words)]
        )
    said = words.say(
        "A new customer costs {cost} and is worth {times} times as much.",
        cost=cost,
        times=words.number(ratio, 1),
    )
    return words.sentences([said, payback_sentence(found, words)])


def paid_channels_sentence(cost: float, words: Words) -> str:
    """What one cost, counting only those who came through what was paid for."""
    return words.say(
        "Counting only those who say that they came through a channel you paid for, one costs {cost}.",
        cost=words.money(cost),
    )


def payback_sentence(found: Payback, words: Words) -> str:
    """When the money is back, in a sentence; nothing where nobody came for it."""
    if found.cac is None:
        return ""
    if found.months == 0:
        return words.say("The money is back within the month of the first purchase.")
    if found.months is not None:
        return words.plural(
            "The money is back {n} month after the first purchase.",
            "The money is back {n} months after the first purchase.",
            found.months,
        )
    if not len(found.curve):
        return words.say("When the money is back shows once the first month with spend is over.")
    watched = int(found.curve["k"].max())
    return words.plural(
        "After {n} month the money is not back yet.", "After {n} months the money is not back yet.", watched
    )


def channel_sentence(name: str | None, found: Payback, words: Words) -> str:
    """What a newcomer of one channel costs, and when that is back."""
    channel = channel_name(name, words)
    if found.cac is None:
        return words.say("{channel}: nobody is known to have come through it.", channel=channel)
    cost = words.say("{channel}: a new customer costs {cost}.", channel=channel, cost=words.money(found.cac))
    return words.sentences([cost, payback_sentence(found, words)])


def missing_channels_sentence(words: Words) -> str:
    """What is missing where money was spent by channel, and no customer says through which they came."""
    return words.say(
        "Nobody is known to have come through these channels: a list of customers with a column that says how they found "
        "you, in the same words as in the spend, tells what each channel brings."
    )


def referral_sentence(found: Acquisition, words: Words) -> str:
    """How many bring others, and how many were brought; or which file says so."""
    if found.referral_rate is None:
        return words.say(
            "Who recommends you is not known yet: bring in a table of who recommended whom on the Data screen. An empty "
            "one to fill in is there."
        )
    return words.say(
        "{rate} of customers have brought somebody new, and {share} of new customers came by recommendation.",
        rate=words.percent(found.referral_rate, 1),
        share=words.percent(found.referred_share or 0, 1),
    )


def channel_name(name: str | None, words: Words) -> str:
    """A channel of the spend; None: all of them, "": spend without a channel's name."""
    if name is None:
        return words.say("All together")
    return name or words.say("no channel named")
