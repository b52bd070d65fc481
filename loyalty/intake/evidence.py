"""Detects a file's date order, decimal mark, statuses and score scale from its cells; what stays open is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.decisions import Answers, Question
from loyalty.intake.errors import BadAnswer
from loyalty.intake.kinds import Kind
from loyalty.intake.not_records import not_sales
from loyalty.intake.sources.base import Source
from loyalty.intake.tables.header import normalise_heading
from loyalty.intake.tables.text_table import TextTable
from loyalty.intake.values.cells import value_or_none
from loyalty.intake.values.dates import ORDERS, Moment, order_evidence, parse_moment
from loyalty.intake.values.numbers import decimal_evidence, parse_number
from loyalty.intake.values.partial_dates import birthday_evidence
from loyalty.words.message import N_, Message

ASK_DATES = N_("Dates such as {example}: does the day or the month come first?")
ASK_DATES_MIXED = N_(
    "This file has dates both ways round ({example}). Which way is right? Rows that do not fit are set aside."
)
ASK_DECIMAL = N_("Numbers such as {example}: which mark stands before the decimals?")
SEVERAL_EXAMPLES = 3
CELLS_PER_CHUNK = 50_000
MAX_QUESTIONS = 20  # questions about words at a time
_REVIEWS = ("review", "rezension", "评价", "点评", "晒单")
MAX_YEAR_SPAN = 12  # a shop's export spans fewer years than this, two-digit days more


@dataclass(frozen=True)
class Evidence:
    """What the values of one column prove: each finding with a few examples."""

    findings: Mapping[str, tuple[str, ...]]

    @property
    def certain(self) -> list[str]:
        """Findings other than "could be either"."""
        return [finding for finding in self.findings if finding != "?"]


class DistinctCells:
    """The distinct cells of a column over the whole file, collected once, without rows that are no sales.

    They are returned a chunk at a time, as a long file has millions of them.
    """

    def __init__(self, table: TextTable, source: Source, fields: Mapping[str, str]) -> None:
        self._table, self._source, self._fields = table, source, fields
        self._cells: dict[str, pa.Array] = {}

    def __getitem__(self, column: str) -> Iterator[str]:
        if column not in self._cells:
            chunks = [pc.unique(self._only_sales(batch).column(column)) for batch in self._table.batches()]
            self._cells[column] = pc.unique(pa.chunked_array(chunks, pa.string()))
        cells = self._cells[column]
        return (
            cell
            for at in range(0, len(cells), CELLS_PER_CHUNK)
            for cell in cells.slice(at, CELLS_PER_CHUNK).to_pylist()
        )

    def _only_sales(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """`batch` without the rows that the platform's module says are no sales."""
        if self._source.is_record is None:
            return batch
        text = {name: batch.column(column) for name, column in self._fields.items()}
        return batch.filter(pa.array(~not_sales(self._source, text, batch.num_rows)))


def evidence(cells: Iterable[str], judge: Callable[[str], str | None]) -> Evidence:
    """What `judge` finds in distinct cells, with up to three examples a finding."""
    findings: dict[str, list[str]] = {}
    for cell in cells:
        finding = judge(cell)
        if finding and len(findings.setdefault(finding, [])) < SEVERAL_EXAMPLES:
            findings[finding].append(cell.strip())
    return Evidence({finding: tuple(examples) for finding, examples in findings.items()})


def _checked_choice(value: str, option: str, choices: Sequence[str]) -> str:
    if value not in choices:
        raise BadAnswer(value=value, option=option, known=", ".join(choices))
    return value


def date_order_of(
    values: DistinctCells, fields: Mapping[str, str], source: Source, answers: Answers, kind: Kind
) -> tuple[str, list[Question]]:
    """The order of day and month: stated, the platform's, proven by the cells, or asked; "" when no date depends on it."""
    if answers.date_order:
        return _checked_choice(answers.date_order.upper(), "date_order", ORDERS), []
    if source.fixed_date_order:
        return source.fixed_date_order, []
    evidence, seen_in = _date_evidence(values, fields, kind)
    if evidence.certain == ["DMY"] and (year_first := _year_first(values[seen_in["DMY"]])) != "no":
        if year_first == "yes":
            return "YMD", []
        column = seen_in["DMY"]
        text = Message(ASK_DATES, {"example": evidence.findings["DMY"][0]})
        return "", [Question("date_order", text, column, ("DMY", "YMD"), evidence.findings["DMY"])]
    if len(evidence.certain) == 1:
        return evidence.certain[0], []
    if not evidence.findings:
        return "", []
    examples = tuple(cell for cells in evidence.findings.values() for cell in cells)[: 2 * SEVERAL_EXAMPLES]
    shown = ", ".join(cells[0] for cells in evidence.findings.values())
    text = Message(ASK_DATES_MIXED if evidence.certain else ASK_DATES, {"example": shown})
    return "", [Question("date_order", text, next(iter(seen_in.values())), ("DMY", "MDY"), examples)]


def _date_evidence(
    values: DistinctCells, fields: Mapping[str, str], kind: Kind
) -> tuple[Evidence, dict[str, str]]:
    """What all columns of dates prove together, and the first column that each finding is from."""
    findings: dict[str, tuple[str, ...]] = {}
    seen_in: dict[str, str] = {}
    for name in kind.of_type("moment", "month", "birthday"):
        if name in fields:
            judge = birthday_evidence if name in kind.of_type("birthday") else order_evidence
            for finding, examples in evidence(values[fields[name]], judge).findings.items():
                findings.setdefault(finding, examples)
                seen_in.setdefault(finding, fields[name])
    return Evidence(findings), seen_in


def _year_first(cells: Iterable[str]) -> str:
    """Whether two-digit dates such as 25/03/04 begin with their year: "yes", "no", or "?" when it could be either.

    The years of a shop's export lie close together, days spread over a whole month: a reading that spans decades, or
    that gives no calendar day, is wrong.
    """
    years: dict[str, set[int]] = {"DMY": set(), "YMD": set()}
    for cell in cells:
        for order, order_years in years.items():
            moment = parse_moment(cell, order)
            if isinstance(moment, Moment):
                order_years.add(moment.at.year)
            elif moment is not None and order == "YMD":
                return "no"
    if years["DMY"] == years["YMD"]:
        return "no"  # four-digit years: both readings are the same
    wide = {
        order: not order_years or max(order_years) - min(order_years) > MAX_YEAR_SPAN
        for order, order_years in years.items()
    }
    return "?" if wide["DMY"] == wide["YMD"] else "yes" if wide["DMY"] else "no"


def decimal_of(
    values: DistinctCells, fields: Mapping[str, str], source: Source, answers: Answers, kind: Kind
) -> tuple[str, list[Question]]:
    """The decimal mark: stated, the platform's, proven by the cells, or asked."""
    if answers.decimal:
        return _checked_choice(answers.decimal, "decimal", (".", ",")), []
    if source.fixed_decimal:
        return source.fixed_decimal, []
    columns = [fields[name] for name in kind.of_type("number") if name in fields]
    proofs = {column: evidence(values[column], decimal_evidence) for column in columns}
    marks = {mark for proof in proofs.values() for mark in proof.certain}
    if len(marks) == 1:
        return marks.pop(), []
    for column, proof in proofs.items():
        if proof.findings:
            examples = tuple(cell for cells in proof.findings.values() for cell in cells)
            return ".", [
                Question(
                    "decimal", Message(ASK_DECIMAL, {"example": examples[0]}), column, (".", ","), examples
                )
            ]
    return ".", []


def statuses_of(
    values: DistinctCells, fields: Mapping[str, str], source: Source, answers: Answers, kind: Kind
) -> tuple[dict[str, str], list[Question]]:
    """Meanings of all words (statuses, consents, acts), and a question for each word that has none."""
    stated = {
        word.casefold(): _checked_choice(meaning, "status", kind.choices)
        for word, meaning in answers.statuses.items()
    }
    meanings = {**kind.words, **source.statuses, **stated}
    questions: dict[str, Question] = {}
    for column in (fields[name] for name in kind.of_type("word") if name in fields):
        for word in map(value_or_none, values[column]):
            if word is not None and word.casefold() not in meanings:
                text = Message(kind.ask, {"value": word})
                questions.setdefault(word, Question(f"status:{word}", text, column, kind.choices))
    return meanings, list(questions.values())[:MAX_QUESTIONS]


def scale_of(values: DistinctCells, fields: Mapping[str, str], decimal: str) -> int:
    """The highest possible score: 10 where a heading says NPS or a score is 0 or above 5, else 5."""
    if "score" not in fields:
        return 5
    if "nps" in normalise_heading(fields["score"]):
        return 10
    scores = [parse_number(cell, decimal) for cell in values[fields["score"]]]
    return 10 if any(isinstance(s, Decimal) and (s == 0 or 5 < s <= 10) for s in scores) else 5


def feedback_kind(fields: Mapping[str, str], scale: int) -> str:
    """What the rows of a file without a column for it are: "review", "nps" or "csat".

    Reviews name a product, or have a heading with a word for reviews; answers from 0 to 10 are NPS.
    """
    if "product" in fields or any(
        word in normalise_heading(column) for column in fields.values() for word in _REVIEWS
    ):
        return "review"
    return "nps" if scale == 10 else "csat"
