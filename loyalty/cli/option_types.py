"""Types of option values: dates, mappings of fields to columns, lists of names."""

from __future__ import annotations

import argparse
import datetime as dt

from loyalty.intake.values.dates import EARLIEST, LATEST


def day(text: str) -> dt.date:
    """A date in ISO form."""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-06-30") from None
    if not EARLIEST <= date.year <= LATEST:
        raise argparse.ArgumentTypeError(f"{text} is not between the years {EARLIEST} and {LATEST}")
    return date


def same_sale(text: str) -> dict[str, str]:
    """`channel=yes,channel=no` as answers to "are these the same sales?"."""
    meanings = {"yes": "same", "no": "different", "same": "same", "different": "different"}
    answers = mapping(text)
    for channel, word in answers.items():
        if word.casefold() not in meanings:
            raise argparse.ArgumentTypeError(f"{channel}={word}: write {channel}=yes or {channel}=no")
    return {channel: meanings[word.casefold()] for channel, word in answers.items()}


def mapping(text: str) -> dict[str, str]:
    """`field=Column,field=Column` as a dictionary."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if not all(sign for _, sign, _ in pairs):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form field=Column,field=Column")
    return {name.strip(): value.strip() for name, _, value in pairs}


def names(text: str) -> tuple[str, ...]:
    """`one,two` as a tuple."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
