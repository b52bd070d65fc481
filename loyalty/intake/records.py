"""Canonical columns of every kind but sales: customers, answers, acts, referrals, spend; and extra columns of sales.

Each function takes the mapped text columns as the platform's module prepared them, and notes faults in `bad` by row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MEDIA, MONEY
from loyalty.intake.contact_columns import ContactReader
from loyalty.intake.decisions import Reading
from loyalty.intake.kinds import KINDS
from loyalty.intake.sources.base import Columns
from loyalty.intake.values.cell_values import UNKNOWN_WORD, Parser
from loyalty.intake.values.cells import value_or_none
from loyalty.intake.values.columns import Faults, map_distinct, out_of_range, require
from loyalty.intake.vocabulary import CONSENT_WORDS
from loyalty.words.message import N_, Message

NO_DATE = N_("the date is missing")
NO_ANSWER = N_("there is no score and no text")
SCORE_RANGE = N_("the score {score} is not between 0 and {scale}")
NO_PERSON = N_("no e-mail address, phone or customer number tells who this is")
NO_ACT = N_("it does not say what was done")
LESS_THAN_NO_TIME = N_("the time spent is below 0")
NO_REFERRER = N_("no e-mail address, phone or customer number tells who recommended")
NO_REFERRED = N_("no e-mail address, phone or customer number tells who was recommended")
THEMSELVES = N_("somebody is said to have recommended you to themselves")
NO_MONTH = N_("the month is missing")
NO_EXPENSE = N_("the amount is missing")
REVIEW_SCALE = 5


@dataclass(frozen=True)
class Batch:
    """One batch of mapped text columns, with the reading and parsers that apply to it."""

    text: Columns
    rows: int
    reading: Reading
    parser: Parser
    contacts: ContactReader
    faults: Faults

    def contact_columns(
        self, number: str = "customer_id", email: str = "email", phone: str = "phone"
    ) -> Columns:
        """customer_id, email and phone of the person that these columns name."""
        names = {"customer_id": number, "email": email, "phone": phone}
        text = {name: self.text[column] for name, column in names.items() if column in self.text}
        return self.contacts.columns(text, self.rows)

    def constant(self, value: object, kind: pa.DataType) -> pa.Array:
        """The same value on every row."""
        return pa.array([value] * self.rows, kind)


def record_columns(batch: Batch) -> Columns:
    """Canonical columns of a batch of any kind but sales, but for `line` and `mended_import`."""
    return _BUILDERS[batch.reading.kind](batch, _parsed(batch))


def _parsed(batch: Batch) -> Columns:
    """All columns but those that name people, each read by its type."""
    columns: Columns = {}
    for field in KINDS[batch.reading.kind].fields:
        if field.name not in batch.text:
            continue
        cells = batch.text[field.name]
        if field.type == "number":
            columns[field.name] = batch.parser.number(cells, batch.faults)
        elif field.type == "moment":
            columns[field.name], _ = batch.parser.moment(cells, batch.faults)
        elif field.type == "birthday":
            columns[field.name] = batch.parser.birthday(cells, batch.faults)
        elif field.type == "month":
            columns[field.name] = batch.parser.month(cells, batch.faults)
        elif field.type == "word":
            columns[field.name] = batch.parser.word(cells, batch.faults)
        elif field.type == "text":
            columns[field.name] = map_distinct(cells, value_or_none, pa.string())
    return columns


def _customers(batch: Batch, columns: Columns) -> Columns:
    """A customer needs a contact or number; consents are given (true), refused (false) or not stated (missing)."""
    columns = {**columns, **batch.contact_columns()}
    for medium in MEDIA:
        if f"consent_{medium}" in columns:
            columns[f"consent_{medium}"] = consent_values(columns[f"consent_{medium}"])
    require(columns["customer_id"], NO_PERSON, batch.faults)
    return columns


def consent_values(words: pa.Array) -> pa.Array:
    """Meanings of `loyalty.intake.vocabulary.CONSENT` as true, false or missing."""
    is_stated = pc.is_in(words, value_set=pa.array(["yes", "no"]))
    return pc.if_else(is_stated, pc.equal(words, "yes"), pa.scalar(None, pa.bool_()))


def _feedback(batch: Batch, columns: Columns) -> Columns:
    """An answer has a date, and a score within its scale or a text."""
    reading = batch.reading
    kind = columns.get("kind", batch.constant(None, pa.string()))
    kinds = pc.fill_null(kind, reading.feedback_kind)
    default_scale = 5 if "kind" in columns and reading.scale == 10 else reading.scale
    scale = pc.if_else(pc.equal(kinds, "nps"), 10, default_scale)
    score = columns.get("score", batch.constant(None, MONEY))
    require(columns["answered_at"], NO_DATE, batch.faults)
    comment = columns.get("comment", batch.constant(None, pa.string()))
    require(pc.coalesce(pc.cast(score, pa.string()), comment), NO_ANSWER, batch.faults)
    _check_score_range(score, scale, batch.faults)
    return {
        **columns,
        **batch.contact_columns(),
        "kind": kinds,
        "score": score,
        "scale": pc.cast(scale, pa.int32()),
    }


def _check_score_range(score: pa.Array, scale: pa.Array, faults: Faults) -> None:
    """Note scores outside their scale."""
    for row in np.flatnonzero(out_of_range(score, scale)):
        shown = f"{score[row].as_py().normalize():f}"  # without trailing zeros
        faults.setdefault(int(row), Message(SCORE_RANGE, {"score": shown, "scale": scale[row].as_py()}))


def _events(batch: Batch, columns: Columns) -> Columns:
    """A table without a column of acts is one of visits."""
    kind = columns.get("kind", batch.constant("view", pa.string()))
    require(columns["happened_at"], NO_DATE, batch.faults)
    require(kind, NO_ACT, batch.faults)
    if "seconds" in columns:
        below_zero = pc.fill_null(pc.less(pc.cast(columns["seconds"], pa.float64()), 0.0), False)
        for row in np.flatnonzero(below_zero.to_numpy(zero_copy_only=False)):
            batch.faults.setdefault(int(row), Message(LESS_THAN_NO_TIME))
    return {**columns, **batch.contact_columns(), "kind": kind}


def _referrals(batch: Batch, columns: Columns) -> Columns:
    """Both people must be named, and differ."""
    sides = {
        side: batch.contact_columns(side, f"{side}_email", f"{side}_phone")["customer_id"]
        for side in ("referrer", "referred")
    }
    require(sides["referrer"], NO_REFERRER, batch.faults)
    require(sides["referred"], NO_REFERRED, batch.faults)
    same = pc.fill_null(pc.equal(sides["referrer"], sides["referred"]), False)
    for row in np.flatnonzero(same.to_numpy(zero_copy_only=False)):
        batch.faults.setdefault(int(row), Message(THEMSELVES))
    return {**columns, "referrer_id": sides["referrer"], "referred_id": sides["referred"]}


def _spend(batch: Batch, columns: Columns) -> Columns:
    """Money of a month, in whatever currency; without a column of channels it belongs to the channel of the reading."""
    require(columns["month"], NO_MONTH, batch.faults)
    require(columns["amount"], NO_EXPENSE, batch.faults)
    channel = columns.get("channel", batch.constant(None, pa.string()))
    currency = batch.constant(None, pa.string())
    if batch.reading.currency_field in batch.text:
        currency = batch.parser.currency(batch.text[batch.reading.currency_field], batch.faults)
    if batch.reading.currency:
        currency = pc.fill_null(currency, batch.reading.currency)
    return {**columns, "channel": pc.fill_null(channel, batch.reading.channel), "currency": currency}


_BUILDERS: Mapping[str, Callable[[Batch, Columns], Columns]] = {
    "customers": _customers,
    "feedback": _feedback,
    "events": _events,
    "referrals": _referrals,
    "spend": _spend,
}


def extra_sale_columns(text: Columns, parser: Parser, faults: Faults) -> Columns:
    """Extra columns of sales: the buyer's consents and acquisition channel, and their review."""
    columns: Columns = {}
    for name in ("consent_email", "consent_sms"):
        if name in text:
            columns[name] = consent_values(parser.word(text[name], faults, UNKNOWN_WORD, CONSENT_WORDS))
    for name in ("acquired_via", "comment"):
        if name in text:
            columns[name] = map_distinct(text[name], value_or_none, pa.string())
    if "score" in text:
        columns["score"] = parser.number(text["score"], faults)
        _check_score_range(columns["score"], pa.array([REVIEW_SCALE] * len(columns["score"])), faults)
    return columns
