"""From a text table and what the owner has said to a plan: which platform, which columns, which order of dates."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import FEEDBACK_FIELDS, ORDER_FIELDS
from loyalty.intake.currencies import currency_of
from loyalty.intake.errors import UnknownColumn, UnknownField
from loyalty.intake.findings import Distinct, date_order_of, decimal_of, scale_of, statuses_of
from loyalty.intake.header import normal
from loyalty.intake.reading import Answers, Plan, Question, Reading
from loyalty.intake.sources import generic
from loyalty.intake.sources.base import Source
from loyalty.intake.sources.registry import recognise, source_named
from loyalty.intake.text_table import TextTable
from loyalty.words.message import N_, Message

KINDS = ("orders", "feedback")
ASK_COLUMNS = N_("Which columns hold {missing}?")
A_DATE, AN_AMOUNT, A_SCORE = N_("the date"), N_("the amount or the price"), N_("the score")
TOTAL_PER_LINE = N_("“{column}” differs between rows of one order, so it is read as the amount of each row.")


def plan(table: TextTable, answers: Answers, home_currency: str = "") -> Plan:
    """How `table` is to be read. Raises UnknownSource, UnknownColumn, UnknownField or BadAnswer for wrong answers."""
    source = _source(table, answers)
    kind = answers.kind or source.kind
    source = generic.SURVEY if kind == "feedback" else source
    fields = _fields(table, source, answers)
    notes: list[Message] = []
    if source is generic.SOURCE:
        fields, notes = _total_or_amounts(table, fields)
    questions = [*_missing(table, kind, fields, source)]
    values = Distinct(table, source, fields)
    date_order, ask_dates = date_order_of(values, fields, source, answers)
    decimal, ask_decimal = decimal_of(values, fields, source, answers)
    statuses, ask_statuses = statuses_of(values, fields, source, answers)
    money, ask_currency = currency_of(values, fields, source, answers, home_currency)
    if not questions:
        questions = [*ask_dates, *ask_decimal, *ask_statuses, *ask_currency]
    reading = Reading(
        source=source,
        kind=kind,
        fields=fields,
        date_order=date_order,
        decimal=decimal,
        channel=answers.channel or (source.name.split("-")[0] if source.signature else "shop"),
        currency=money.currency,
        currency_field=money.field,
        statuses=statuses,
        scale=answers.scale or scale_of(values, fields, decimal),
    )
    return Plan(reading, tuple(questions), tuple(notes), money.found)


def _source(table: TextTable, answers: Answers) -> Source:
    if answers.source:
        return source_named(answers.source)
    known = recognise(table.columns)
    if known and not answers.mapping:
        return known
    if answers.kind == "feedback" or (not answers.kind and _looks_like_survey(table)):
        return generic.SURVEY
    return generic.SOURCE


def _looks_like_survey(table: TextTable) -> bool:
    """A score, a date, and nothing that a sale would have."""
    survey = generic.guess(table.columns, generic.FEEDBACK_WORDS)
    sale = generic.guess(table.columns)
    return {"score", "ordered_at"} <= survey.keys() and not sale.keys() & {
        "total",
        "amount",
        "unit_price",
        "quantity",
    }


def _fields(table: TextTable, source: Source, answers: Answers) -> dict[str, str]:
    """Canonical field to column: the platform's, or the owner's, or guessed; the owner's word wins."""
    allowed = FEEDBACK_FIELDS if source.kind == "feedback" else ORDER_FIELDS
    by_name = {normal(column): column for column in reversed(table.columns)}
    if source.signature:
        found = source.columns_of(table.columns)
    elif answers.mapping:
        found = {}
    else:
        found = generic.guess(
            table.columns, generic.FEEDBACK_WORDS if source.kind == "feedback" else generic.ORDER_WORDS
        )
    for name, column in answers.mapping.items():
        if name not in allowed:
            raise UnknownField(field=name, known=", ".join(allowed))
        if not column:
            found.pop(name, None)
        elif normal(column) not in by_name:
            raise UnknownColumn(column=column, known=", ".join(table.columns))
        else:
            found[name] = column if column in table.columns else by_name[normal(column)]
    return found


def _total_or_amounts(table: TextTable, fields: dict[str, str]) -> tuple[dict[str, str], list[Message]]:
    """A "total" that differs between rows of one order is the amount of each row."""
    if not {"order_id", "total"} <= fields.keys() or fields.keys() & {"amount", "unit_price"}:
        return fields, []
    order, total = fields["order_id"], fields["total"]
    pairs = pa.concat_tables(
        pa.table({"o": batch.column(order), "t": batch.column(total)}).group_by(["o", "t"]).aggregate([])
        for batch in table.batches()
    )
    filled = pairs.filter(pc.not_equal(pc.utf8_trim_whitespace(pairs["t"]), ""))
    counts = filled.group_by(["o", "t"]).aggregate([]).group_by("o").aggregate([("t", "count")])
    if not counts.num_rows or (pc.max(counts["t_count"]).as_py() or 0) < 2:
        return fields, []
    changed = {name: column for name, column in fields.items() if name != "total"}
    return {**changed, "amount": total}, [Message(TOTAL_PER_LINE, {"column": total})]


def _missing(table: TextTable, kind: str, fields: Mapping[str, str], source: Source) -> list[Question]:
    """Ask for the columns without which nothing can be read."""
    missing: list[Message] = []
    if "ordered_at" not in fields and not source.completes:
        missing.append(Message(A_DATE))
    if kind == "feedback" and "score" not in fields:
        missing.append(Message(A_SCORE))
    if kind == "orders" and not fields.keys() & {"total", "amount", "unit_price", "goods"}:
        missing.append(Message(AN_AMOUNT))
    if not missing:
        return []
    first, *others = missing
    text = Message(
        ASK_COLUMNS, {"missing": Message("{a} / {b}", {"a": first, "b": others[0]}) if others else first}
    )
    return [Question("mapping", text, options=table.columns)]
