"""What an examination found, which sales wait for a rate, and what was decided on two channels: in sentences, the same on
screens and in a terminal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from loyalty.intake.sources.registry import channel_title
from loyalty.store.channel_overlap import Door
from loyalty.store.dry_run import Examined, Reason, Worth
from loyalty.words import Words


@dataclass(frozen=True)
class Waiting:
    """Sales of one currency that no figure counts yet, the first of them in month `since`."""

    currency: str
    sales: int
    since: dt.date


def waiting_by_currency(months: pd.DataFrame) -> list[Waiting]:
    """One entry a currency of the frame that `loyalty.facts.orders.waiting` gives, by code."""
    return [
        Waiting(str(code), int(rows["sales"].sum()), rows["month"].min().date())
        for code, rows in months.groupby("currency", sort=True)
    ]


def waiting_sentence(found: Waiting, words: Words) -> str:
    """Says that sales are left out, and what brings them in."""
    return words.plural(
        "{n} sale in {currency} waits for a rate from {month} on; no figure counts it yet.",
        "{n} sales in {currency} wait for a rate from {month} on; no figure counts them yet.",
        found.sales,
        currency=found.currency,
        month=words.month(found.since),
    )


def worth_sentences(found: Examined, words: Words) -> list[str]:
    """The days that a file covers, what its sales are worth in each currency, and those told by another channel."""
    first, last = found.record.data_from, found.record.data_until
    told = []
    if first and last:
        told.append(words.say("From {first} to {last}.", first=words.date(first), last=words.date(last)))
    told += [words.sentences(_worth(worth, found.home or words.currency, words)) for worth in found.worth]
    if found.once:
        told.append(
            words.plural(
                "{n} sale is told by another channel as well and counts once.",
                "{n} sales are told by another channel as well and count once.",
                found.once,
            )
        )
    return told


def _worth(worth: Worth, home: str, words: Words) -> list[str]:
    """One currency: how many sales, worth how much, at which rates to `home`, and how many wait."""
    amount = words.money(worth.amount, cents=True, currency=worth.currency or home)
    if worth.currency in ("", home):
        text = words.plural(
            "{n} sale worth {amount}.", "{n} sales worth {amount}.", worth.sales, amount=amount
        )
        return [text]
    parts = [
        words.plural(
            "{n} sale in {currency} worth {amount}.",
            "{n} sales in {currency} worth {amount}.",
            worth.sales,
            amount=amount,
            currency=worth.currency,
        )
    ]
    if worth.lowest is not None and worth.highest is not None:
        rates = dict.fromkeys(f"{rate.normalize():f}" for rate in (worth.lowest, worth.highest))
        converted = words.money(worth.converted, cents=True, currency=home)
        parts.append(
            words.say(
                "At your rates ({rates}) that is {converted}.", rates="–".join(rates), converted=converted
            )
        )
    if worth.waiting and worth.waiting_from:
        month = words.month(worth.waiting_from)
        if worth.waiting == worth.sales:
            parts.append(
                words.say(
                    "A rate from {month} on is missing: nothing of this is counted until you enter it.",
                    month=month,
                )
            )
        else:
            parts.append(
                words.plural(
                    "{n} of them waits for a rate from {month} on.",
                    "{n} of them wait for a rate from {month} on.",
                    worth.waiting,
                    month=month,
                )
            )
    return parts


def reason_sentences(found: Examined, words: Words) -> list[str]:
    """Why rows will be set aside, each reason with how many rows it has and its first example."""
    return [_reason(reason, words) for reason in found.reasons]


def _reason(reason: Reason, words: Words) -> str:
    first = reason.examples[0]
    example = words.say("line {line}: {reason}", line=first.line, reason=words.message(first.reason))
    if reason.rows == 1:
        return example
    return words.plural(
        "{example} (and {n} row more with a fault of this kind)",
        "{example} (and {n} rows more with a fault of this kind)",
        reason.rows - 1,
        example=example,
    )


def door_sentence(door: Door, words: Words) -> str:
    """What was decided on two channels, and what came of it."""
    named = {"channel": channel_title(door.channel), "other": channel_title(door.other)}
    if not door.same:
        return words.say("{channel} and {other} tell different sales: all of them count.", **named)
    said = words.say("{channel} and {other} tell the same sales.", **named)
    once = words.plural(
        "{n} sale of {channel} is one of {other} and counts once.",
        "{n} sales of {channel} are among those of {other} and count once.",
        door.once,
        **named,
    )
    alone = words.plural(
        "{n} sale of {channel} has no like anywhere and counts too.",
        "{n} sales of {channel} have no like anywhere and count too.",
        door.alone,
        **named,
    )
    return words.sentences([said, once, alone if door.alone else ""])
