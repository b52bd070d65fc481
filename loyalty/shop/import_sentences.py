"""Sentences on a dry run, on sales that wait for a rate, and on channels with the same sales, for screens and terminal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from loyalty.intake.sources.registry import channel_title
from loyalty.store.channel_overlap import ChannelPair
from loyalty.store.dry_run import CurrencyTotal, DryRun, RejectionReason
from loyalty.words import Words


@dataclass(frozen=True)
class Waiting:
    """Sales of one currency that no figure counts yet, the first of them in month `since`."""

    currency: str
    sales: int
    since: dt.date


def waiting_by_currency(months: pd.DataFrame) -> list[Waiting]:
    """One entry a currency of the frame that `loyalty.facts.orders.unconverted_sales` gives, by code."""
    return [
        Waiting(str(code), int(rows["sales"].sum()), rows["month"].min().date())
        for code, rows in months.groupby("currency", sort=True)
    ]


def waiting_sentence(waiting: Waiting, words: Words) -> str:
    """The sentence on sales that no figure counts yet, and the rate they wait for."""
    return words.plural(
        "{n} sale in {currency} waits for a rate from {month} on; no figure counts it yet.",
        "{n} sales in {currency} wait for a rate from {month} on; no figure counts them yet.",
        waiting.sales,
        currency=waiting.currency,
        month=words.month(waiting.since),
    )


def total_sentences(dry_run: DryRun, words: Words) -> list[str]:
    """The days that a file covers, its net revenue in each currency, and its sales that are in another channel too."""
    first, last = dry_run.record.data_from, dry_run.record.data_until
    sentences = []
    if first and last:
        sentences.append(words.say("From {first} to {last}.", first=words.date(first), last=words.date(last)))
    sentences += [
        words.sentences(_total_sentences(total, dry_run.home or words.currency, words))
        for total in dry_run.totals
    ]
    if dry_run.duplicates:
        sentences.append(
            words.plural(
                "{n} sale is told by another channel as well and counts once.",
                "{n} sales are told by another channel as well and count once.",
                dry_run.duplicates,
            )
        )
    return sentences


def _total_sentences(total: CurrencyTotal, home: str, words: Words) -> list[str]:
    """Sentences on one currency: number and value of its sales, the rates to `home`, and how many wait."""
    amount = words.money(total.amount, cents=True, currency=total.currency or home)
    if total.currency in ("", home):
        text = words.plural(
            "{n} sale worth {amount}.", "{n} sales worth {amount}.", total.sales, amount=amount
        )
        return [text]
    parts = [
        words.plural(
            "{n} sale in {currency} worth {amount}.",
            "{n} sales in {currency} worth {amount}.",
            total.sales,
            amount=amount,
            currency=total.currency,
        )
    ]
    if total.lowest is not None and total.highest is not None:
        rates = dict.fromkeys(f"{rate.normalize():f}" for rate in (total.lowest, total.highest))
        converted = words.money(total.converted, cents=True, currency=home)
        parts.append(
            words.say(
                "At your rates ({rates}) that is {converted}.", rates="–".join(rates), converted=converted
            )
        )
    if total.waiting and total.waiting_from:
        month = words.month(total.waiting_from)
        if total.waiting == total.sales:
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
                    total.waiting,
                    month=month,
                )
            )
    return parts


def reason_sentences(dry_run: DryRun, words: Words) -> list[str]:
    """Why rows will be rejected, each reason with how many rows it has and its first example."""
    return [_reason_sentence(reason, words) for reason in dry_run.reasons]


def _reason_sentence(reason: RejectionReason, words: Words) -> str:
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


def overlap_sentence(pair: ChannelPair, words: Words) -> str:
    """The decision on two channels, and how many sales it concerns."""
    named = {"channel": channel_title(pair.channel), "other": channel_title(pair.other)}
    if not pair.same:
        return words.say("{channel} and {other} tell different sales: all of them count.", **named)
    decision = words.say("{channel} and {other} tell the same sales.", **named)
    once = words.plural(
        "{n} sale of {channel} is one of {other} and counts once.",
        "{n} sales of {channel} are among those of {other} and count once.",
        pair.once,
        **named,
    )
    alone = words.plural(
        "{n} sale of {channel} has no like anywhere and counts too.",
        "{n} sales of {channel} have no like anywhere and count too.",
        pair.alone,
        **named,
    )
    return words.sentences([decision, once, alone if pair.alone else ""])
