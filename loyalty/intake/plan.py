"""From a text table and what the owner has said to a plan: which platform, which columns, which order of dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import FEEDBACK_FIELDS, NUMBER_FIELDS, ORDER_FIELDS, STATUSES
from loyalty.intake.cells import value_or_none
from loyalty.intake.dates import ORDERS, order_evidence
from loyalty.intake.errors import BadAnswer, OtherCurrency, UnknownColumn, UnknownField
from loyalty.intake.header import normal
from loyalty.intake.numbers import decimal_evidence, parse_number
from loyalty.intake.reading import Answers, Plan, Question, Reading
from loyalty.intake.sources import generic
from loyalty.intake.sources.base import Source
from loyalty.intake.sources.registry import recognise, source_named
from loyalty.intake.text_table import TextTable
from loyalty.words.message import N_, Message

KINDS = ("orders", "feedback")
ASK_COLUMNS = N_("Which columns hold {missing}?")
ASK_DATES = N_("Dates such as {example}: does the day or the month come first?")
ASK_DATES_MIXED = N_("This file has dates both ways round ({example}). Which way is right? Rows that do not fit are set aside.")
ASK_DECIMAL = N_("Numbers such as {example}: which mark stands before the decimals?")
ASK_STATUS = N_("The status “{value}” is not known: does it mean a paid sale?")
ASK_CURRENCY = N_("This file is in {currencies}. Which one is the shop's currency? Rows in others are set aside.")
A_DATE, AN_AMOUNT, A_SCORE = N_("the date"), N_("the amount or the price"), N_("the score")
TOTAL_PER_LINE = N_("“{column}” differs between rows of one order, so it is read as the amount of each row.")
SEVERAL_EXAMPLES = 3


@dataclass(frozen=True)
class Evidence:
    """What the values of one column prove: each finding with a few examples."""

    found: Mapping[str, tuple[str, ...]]

    @property
    def sure(self) -> list[str]:
        """Findings other than "could be either"."""
        return [finding for finding in self.found if finding != "?"]


def plan(table: TextTable, answers: Answers, home_currency: str = "") -> Plan:
    """How `table` is to be read. Raises UnknownSource, UnknownColumn, UnknownField or BadAnswer for wrong answers."""
    source = _source(table, answers)
    kind = answers.kind or source.kind
    source = generic.SURVEY if kind == "feedback" else source
    fields = _fields(table, source, answers)
    notes: list[Message] = []
    if source is generic.SOURCE:
        fields, notes = _total_or_amounts(table, fields)
    questions = [*_missing(table, kind, fields)]
    values = Distinct(table)
    date_order, ask_dates = _date_order(values, fields, answers)
    decimal, ask_decimal = _decimal(values, fields, source, answers)
    statuses, ask_statuses = _statuses(values, fields, source, answers)
    currency, ask_currency = _currency(values, fields, source, answers, home_currency)
    if not questions:
        questions = [*ask_dates, *ask_decimal, *ask_statuses, *ask_currency]
    reading = Reading(
        source=source,
        kind=kind,
        fields=fields,
        date_order=date_order,
        decimal=decimal,
        channel=answers.channel or (source.name.split("-")[0] if source.signature else "shop"),
        currency=currency,
        statuses=statuses,
        scale=answers.scale or _scale(values, fields, decimal),
    )
    return Plan(reading, tuple(questions), tuple(notes))


class Distinct:
    """The distinct cells of a column over the whole file, gathered once."""

    def __init__(self, table: TextTable) -> None:
        self._table = table
        self._known: dict[str, list[str]] = {}

    def __getitem__(self, column: str) -> list[str]:
        if column not in self._known:
            chunks = [pc.unique(batch.column(column)) for batch in self._table.batches()]
            self._known[column] = pc.unique(pa.chunked_array(chunks, pa.string())).to_pylist()
        return self._known[column]


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
    return {"score", "ordered_at"} <= survey.keys() and not sale.keys() & {"total", "amount", "unit_price", "quantity"}


def _fields(table: TextTable, source: Source, answers: Answers) -> dict[str, str]:
    """Canonical field to column: the platform's, or the owner's, or guessed; the owner's word wins."""
    allowed = FEEDBACK_FIELDS if source.kind == "feedback" else ORDER_FIELDS
    by_name = {normal(column): column for column in reversed(table.columns)}
    if source.signature:
        found = source.columns_of(table.columns)
    elif answers.mapping:
        found = {}
    else:
        found = generic.guess(table.columns, generic.FEEDBACK_WORDS if source.kind == "feedback" else generic.ORDER_WORDS)
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


def _missing(table: TextTable, kind: str, fields: Mapping[str, str]) -> list[Question]:
    """Ask for the columns without which nothing can be read."""
    missing: list[Message] = []
    if "ordered_at" not in fields:
        missing.append(Message(A_DATE))
    if kind == "feedback" and "score" not in fields:
        missing.append(Message(A_SCORE))
    if kind == "orders" and not fields.keys() & {"total", "amount", "unit_price", "goods"}:
        missing.append(Message(AN_AMOUNT))
    if not missing:
        return []
    first, *others = missing
    text = Message(ASK_COLUMNS, {"missing": Message("{a} / {b}", {"a": first, "b": others[0]}) if others else first})
    return [Question("mapping", text, options=table.columns)]


def evidence(cells: Iterable[str], judge: object) -> Evidence:
    """What `judge` finds in distinct cells, with up to three examples a finding."""
    found: dict[str, list[str]] = {}
    for cell in cells:
        finding = judge(cell)  # type: ignore[operator]
        if finding and len(found.setdefault(finding, [])) < SEVERAL_EXAMPLES:
            found[finding].append(cell.strip())
    return Evidence({finding: tuple(examples) for finding, examples in found.items()})


def _chosen(value: str, option: str, known: Sequence[str]) -> str:
    if value not in known:
        raise BadAnswer(value=value, option=option, known=", ".join(known))
    return value


def _date_order(values: Distinct, fields: Mapping[str, str], answers: Answers) -> tuple[str, list[Question]]:
    if answers.date_order:
        return _chosen(answers.date_order.upper(), "date_order", ORDERS), []
    if "ordered_at" not in fields:
        return "", []
    column = fields["ordered_at"]
    proof = evidence(values[column], order_evidence)
    if len(proof.sure) == 1:
        return proof.sure[0], []
    if not proof.found:
        return "", []
    examples = tuple(cell for cells in proof.found.values() for cell in cells)[: 2 * SEVERAL_EXAMPLES]
    shown = ", ".join(cells[0] for cells in proof.found.values())
    text = Message(ASK_DATES_MIXED if proof.sure else ASK_DATES, {"example": shown})
    return "", [Question("date_order", text, column, ("DMY", "MDY"), examples)]


def _decimal(
    values: Distinct, fields: Mapping[str, str], source: Source, answers: Answers
) -> tuple[str, list[Question]]:
    if answers.decimal:
        return _chosen(answers.decimal, "decimal", (".", ",")), []
    if source.fixed_decimal:
        return source.fixed_decimal, []
    columns = [fields[name] for name in (*NUMBER_FIELDS, "score") if name in fields]
    proofs = {column: evidence(values[column], decimal_evidence) for column in columns}
    marks = {mark for proof in proofs.values() for mark in proof.sure}
    if len(marks) == 1:
        return marks.pop(), []
    for column, proof in proofs.items():
        if proof.found:
            examples = tuple(cell for cells in proof.found.values() for cell in cells)
            return ".", [Question("decimal", Message(ASK_DECIMAL, {"example": examples[0]}), column, (".", ","), examples)]
    return ".", []


def _statuses(
    values: Distinct, fields: Mapping[str, str], source: Source, answers: Answers
) -> tuple[dict[str, str], list[Question]]:
    """Meanings of all statuses, and a question for each word that has none."""
    said = {word.casefold(): _chosen(meaning, "status", STATUSES) for word, meaning in answers.statuses.items()}
    known = {**source.statuses, **said}
    if "status" not in fields:
        return known, []
    words = (value_or_none(cell) for cell in values[fields["status"]])
    unknown = [word for word in words if word is not None and word.casefold() not in known]
    questions = [
        Question(f"status:{word}", Message(ASK_STATUS, {"value": word}), fields["status"], STATUSES)
        for word in unknown[:20]
    ]
    return known, questions


def _currency(
    values: Distinct, fields: Mapping[str, str], source: Source, answers: Answers, home: str
) -> tuple[str, list[Question]]:
    """The shop's currency where it has one, else the file's; asked when the file holds several."""
    if home or answers.currency:
        said = answers.currency.upper()
        if home and said and said != home:
            raise OtherCurrency(currency=said, home=home)
        return home or said, []
    if "currency" not in fields:
        return source.currency, []
    words = (value_or_none(cell) for cell in values[fields["currency"]])
    found = sorted({word.upper() for word in words if word})
    if len(found) < 2:
        return found[0] if found else source.currency, []
    text = Message(ASK_CURRENCY, {"currencies": ", ".join(found[:6])})
    return "", [Question("currency", text, fields["currency"], tuple(found[:6]))]


def _scale(values: Distinct, fields: Mapping[str, str], decimal: str) -> int:
    """The highest possible score: 10 where a heading says NPS or a score is 0 or above 5, else 5."""
    if "score" not in fields:
        return 5
    if "nps" in normal(fields["score"]):
        return 10
    scores = [parse_number(cell, decimal) for cell in values[fields["score"]]]
    return 10 if any(isinstance(s, Decimal) and (s == 0 or 5 < s <= 10) for s in scores) else 5
