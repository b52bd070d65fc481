"""Plans how a text table is read, with the owner's answers: which platform, which columns, which order of dates."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.decisions import Answers, Plan, Question, Reading
from loyalty.intake.errors import UnknownColumn, UnknownField
from loyalty.intake.evidence import (
    DistinctCells,
    date_order_of,
    decimal_of,
    feedback_kind,
    scale_of,
    statuses_of,
)
from loyalty.intake.heading_words import HEADING_WORDS, guess_columns, kind_by_headings
from loyalty.intake.kinds import Kind, kind_named
from loyalty.intake.sources import generic
from loyalty.intake.sources.base import Source
from loyalty.intake.sources.registry import recognise, source_named
from loyalty.intake.tables.header import normalise_heading
from loyalty.intake.tables.text_table import TextTable
from loyalty.intake.values.currencies import currency_of
from loyalty.words.message import N_, Message

ASK_COLUMNS = N_("Which columns hold {missing}?")
TOTAL_PER_LINE = N_("“{column}” differs between rows of one order, so it is read as the amount of each row.")


def plan(table: TextTable, answers: Answers, home_currency: str = "") -> Plan:
    """How `table` is to be read. Raises UnknownSource, UnknownColumn, UnknownField or BadAnswer for wrong answers."""
    source = _source(table, answers)
    kind = kind_named(answers.kind or source.kind)
    source = source if source.kind == kind.name else generic.BY_KIND[kind.name]
    fields = _fields(table, source, kind, answers)
    notes: list[Message] = []
    if source is generic.SOURCE:
        fields, notes = _total_or_amounts(table, fields)
    questions = [*_missing(table, kind, fields, source)]
    values = DistinctCells(table, source, fields)
    date_order, ask_dates = date_order_of(values, fields, source, answers, kind)
    decimal, ask_decimal = decimal_of(values, fields, source, answers, kind)
    statuses, ask_statuses = statuses_of(values, fields, source, answers, kind)
    currencies, ask_currency = currency_of(values, fields, source, answers, home_currency)
    if not questions:
        questions = [*ask_dates, *ask_decimal, *ask_statuses, *ask_currency]
    scale = answers.scale or (scale_of(values, fields, decimal) if kind.name == "feedback" else 5)
    reading = Reading(
        source=source,
        kind=kind.name,
        fields=fields,
        date_order=date_order,
        decimal=decimal,
        channel=answers.channel or _channel(source, kind),
        currency=currencies.currency,
        currency_field=currencies.field,
        statuses=statuses,
        scale=scale,
        feedback_kind=feedback_kind(fields, scale) if kind.name == "feedback" else "",
    )
    return Plan(reading, tuple(questions), tuple(notes), currencies.codes)


def _channel(source: Source, kind: Kind) -> str:
    """The channel of sales from a file without one: its platform, or the shop itself."""
    if kind.name == "spend":
        return ""
    return source.name.split("-")[0] if source.signature else "shop"


def _source(table: TextTable, answers: Answers) -> Source:
    if answers.source:
        return source_named(answers.source)
    platform = recognise(table.columns)
    if platform and not answers.mapping:
        return platform
    return generic.BY_KIND[kind_named(answers.kind or kind_by_headings(table.columns)).name]


def _fields(table: TextTable, source: Source, kind: Kind, answers: Answers) -> dict[str, str]:
    """Canonical field to column: the platform's, or the owner's, or guessed; the owner's answer wins."""
    by_name = {normalise_heading(column): column for column in reversed(table.columns)}
    if source.signature:
        fields = source.columns_of(table.columns)
    elif answers.mapping:
        fields = {}
    else:
        fields = guess_columns(table.columns, HEADING_WORDS[kind.name])
    for stated, column in answers.mapping.items():
        name = kind.renamed.get(stated, stated)
        if name not in kind.names:
            raise UnknownField(field=stated, known=", ".join(kind.names))
        if not column:
            fields.pop(name, None)
        elif normalise_heading(column) not in by_name:
            raise UnknownColumn(column=column, known=", ".join(table.columns))
        else:
            fields[name] = column if column in table.columns else by_name[normalise_heading(column)]
    return fields


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


def _missing(table: TextTable, kind: Kind, fields: Mapping[str, str], source: Source) -> list[Question]:
    """Ask for the columns without which nothing can be read."""
    needs = [need for need in kind.needs if not (source.completes and "ordered_at" in need.names)]
    missing = [Message(need.what) for need in needs if not fields.keys() & set(need.names)]
    if not missing:
        return []
    first, *others = missing
    text = Message(
        ASK_COLUMNS, {"missing": Message("{a} / {b}", {"a": first, "b": others[0]}) if others else first}
    )
    return [Question("mapping", text, options=table.columns)]
