"""The questions a file leaves open, as controls: columns, order of dates, decimal mark, statuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from loyalty.intake.decisions import Answers, Question
from loyalty.intake.kinds import KINDS
from loyalty.shop.file_import import SAME_SALE, FileImport
from loyalty.words import N_, Words

IN_A_ROW = 4
OPTION_NAMES: Mapping[str, str] = {
    "DMY": N_("day first (31/12/2025)"),
    "MDY": N_("month first (12/31/2025)"),
    "YMD": N_("year first (25/12/31)"),
    ".": N_("a point (1,234.56)"),
    ",": N_("a comma (1.234,56)"),
    "paid": N_("a paid sale"),
    "unpaid": N_("not paid yet"),
    "cancelled": N_("cancelled"),
    "refunded": N_("refunded in full"),
    "same": N_("the same sales: count them once"),
    "different": N_("different sales: count all of them"),
    "yes": N_("yes, they agree"),
    "no": N_("no, they do not"),
    "unknown": N_("nobody knows"),
    "csat": N_("satisfaction"),
    "nps": N_("would recommend"),
    "review": N_("a review"),
    "view": N_("looked at something"),
    "search": N_("searched"),
    "cart": N_("put into the cart"),
    "like": N_("liked or saved"),
    "comment": N_("commented"),
    "share": N_("shared"),
    "other": N_("something else"),
}


def ask_questions(arriving: FileImport, key: str, words: Words) -> Answers:
    """Controls for all open questions, the columns among them; what the owner has chosen so far."""
    answers = arriving.answers
    for question in arriving.plan.questions:
        if question.key != "mapping":
            answers = _ask(question, answers, arriving.plan.reading.kind, f"{key}-{question.key}", words)
    return answers


def ask_about_channels(arriving: FileImport, key: str, words: Words) -> Answers:
    """Controls for the questions about other channels that a dry run raised; what the owner has chosen so far."""
    answers = arriving.answers
    for question in arriving.questions:
        if question.key.startswith(SAME_SALE):
            answers = _ask(question, answers, arriving.plan.reading.kind, f"{key}-{question.key}", words)
    return answers


def _ask(question: Question, answers: Answers, kind: str, key: str, words: Words) -> Answers:
    """One question as a row of choices; words are those of the file's `kind`."""
    if question.examples:
        st.caption(
            words.say(
                "Seen in “{column}”: {examples}",
                column=question.column,
                examples=words.listing(list(question.examples)),
            )
        )
    chosen = st.segmented_control(
        words.message(question.text),
        list(question.options),
        format_func=lambda option: words.say(OPTION_NAMES[option]) if option in OPTION_NAMES else option,
        key=key,
    )
    if not chosen:
        return answers
    if question.key.startswith("status:"):
        meanings = {**answers.statuses, question.key.removeprefix("status:"): chosen}
        return replace(answers, kind=kind, statuses=meanings)
    if question.key.startswith(SAME_SALE):
        return replace(answers, same_sale={**answers.same_sale, question.key.removeprefix(SAME_SALE): chosen})
    return replace(answers, **{question.key: chosen})  # type: ignore[arg-type]  # a key is the name of a field


def column_choices(arriving: FileImport, key: str, words: Words) -> dict[str, str]:
    """One choice a field of the file's kind: which column holds it. Returns the whole mapping."""
    reading = arriving.plan.reading
    none = words.say("– none –")
    mapping: dict[str, str] = {}
    fields = KINDS[reading.kind].fields
    cells = [cell for _ in range(0, len(fields), IN_A_ROW) for cell in st.columns(IN_A_ROW)]
    for cell, wanted in zip(cells, fields, strict=False):
        options = [none, *arriving.table.columns]
        present = reading.fields.get(wanted.name)
        chosen = cell.selectbox(
            words.say(wanted.title),
            options,
            index=options.index(present) if present in options else 0,
            key=f"{key}-{wanted.name}",
            help=words.say(wanted.what),
        )
        if chosen != none:
            mapping[wanted.name] = chosen
    return mapping


def preview_table(arriving: FileImport, words: Words) -> pd.DataFrame:
    """The first rows as they will be read, under the reader's headings; people without an id are shown as unknown."""
    kind = arriving.plan.reading.kind
    rows = arriving.preview()[0][:20]
    shown = [name for name in _preview_columns(kind) if any(row.get(name) is not None for row in rows)]
    names = _preview_names(kind, words)
    frame = pd.DataFrame([{names[name]: _cell(name, row.get(name), words) for name in shown} for row in rows])
    for column, title in _PEOPLE[kind] if rows else ():
        people = [words.say("known") if row.get(column) else words.say("unknown") for row in rows]
        frame[words.say(title)] = people
    return frame


#: Columns of ids in the rows of a kind, and who these are; lists of customers show whom they name.
_PEOPLE: Mapping[str, Sequence[tuple[str, str]]] = {
    "orders": [("customer_id", N_("Buyer"))],
    "customers": [],
    "feedback": [("customer_id", N_("Customer"))],
    "events": [("customer_id", N_("Customer"))],
    "referrals": [("referrer_id", N_("Recommended by")), ("referred_id", N_("New customer"))],
    "spend": [],
}
_ORDER_COLUMNS = (
    "line",
    "order_id",
    "ordered_at",
    "status",
    "product",
    "quantity",
    "unit_price",
    "amount",
    "goods",
    "total",
    "refunded",
    "currency",
    "score",
    "comment",
)


def _preview_columns(kind: str) -> Sequence[str]:
    """Columns of canonical rows that a preview shows; a scale says little."""
    if kind == "orders":
        return _ORDER_COLUMNS
    ids = {"mended_import", "referrer_id", "referred_id", "scale"}
    return [
        name
        for name in KINDS[kind].rows.names
        if name not in ids and (name != "customer_id" or kind == "customers")
    ]


def _preview_names(kind: str, words: Words) -> dict[str, str]:
    """Headings of a preview: those of the kind's own columns, and of what rows hold besides."""
    besides = {"line": N_("Line"), "score": N_("Score"), "comment": N_("Comment")}
    fields = {column.name: column.title for column in KINDS[kind].fields}
    named = {**besides, **fields, "customer_id": N_("Customer")}
    return {name: words.say(title) for name, title in named.items()}


def _cell(name: str, value: object, words: Words) -> object:
    """A value as it is read: words by their meaning, numbers without trailing zeros, dates without a midnight."""
    if isinstance(value, bool):
        return words.say(OPTION_NAMES["yes" if value else "no"])
    if name in ("status", "kind"):
        return words.say(OPTION_NAMES[str(value)]) if value else ""
    if name == "month" and isinstance(value, dt.datetime):
        return words.month(value.date())
    return _shown(value)


def _shown(value: object) -> object:
    """Numbers without trailing zeros, dates without a midnight."""
    if value is None:
        return ""
    text = str(value)
    if "." in text and text.replace(".", "").replace("-", "").isdigit():
        return text.rstrip("0").rstrip(".")
    return text.removesuffix(" 00:00:00")
