"""The questions a file leaves open, as controls: columns, order of dates, decimal mark, statuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from loyalty.arriving import SAME_SALE, Arriving
from loyalty.intake.canonical import FEEDBACK_FIELDS, STATUSES
from loyalty.intake.reading import Answers, Question
from loyalty.words import N_, Words

FIELD_NAMES: Mapping[str, str] = {
    "order_id": N_("Order number"),
    "customer_id": N_("Customer number"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "name": N_("Name"),
    "ordered_at": N_("Date"),
    "total": N_("What was paid for the order"),
    "amount": N_("Amount of the row"),
    "unit_price": N_("Price of one piece"),
    "quantity": N_("Quantity"),
    "product": N_("Product"),
    "product_id": N_("Product number"),
    "category": N_("Category"),
    "status": N_("Status"),
    "refunded": N_("Refunded"),
    "discount": N_("Discount"),
    "shipping": N_("Shipping"),
    "tax": N_("Tax"),
    "currency": N_("Currency"),
    "coupon_code": N_("Coupon code"),
    "score": N_("Score"),
    "comment": N_("Comment"),
}
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
    "orders": N_("sales"),
    "feedback": N_("answers of a survey"),
}


def asked(arriving: Arriving, key: str, words: Words) -> Answers:
    """Controls for all open questions, the columns among them; what the owner has chosen so far."""
    said = arriving.answers
    for question in arriving.plan.questions:
        if question.key != "mapping":
            said = _asked(question, said, f"{key}-{question.key}", words)
    return said


def asked_of_channels(arriving: Arriving, key: str, words: Words) -> Answers:
    """Controls for the questions about other channels that an examination has raised; what the owner has chosen so far."""
    said = arriving.answers
    for question in arriving.questions:
        if question.key.startswith(SAME_SALE):
            said = _asked(question, said, f"{key}-{question.key}", words)
    return said


def _asked(question: Question, said: Answers, key: str, words: Words) -> Answers:
    """One question as a row of choices."""
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
        return said
    if question.key.startswith("status:"):
        return replace(said, statuses={**said.statuses, question.key.removeprefix("status:"): chosen})
    if question.key.startswith(SAME_SALE):
        return replace(said, same_sale={**said.same_sale, question.key.removeprefix(SAME_SALE): chosen})
    return replace(said, **{question.key: chosen})  # type: ignore[arg-type]  # a key is the name of a field


def columns(arriving: Arriving, key: str, words: Words) -> dict[str, str]:
    """One choice a field: which column of the file holds it. Returns the whole mapping."""
    reading = arriving.plan.reading
    fields = FEEDBACK_FIELDS if reading.kind == "feedback" else tuple(FIELD_NAMES)[:20]
    none = words.say("– none –")
    mapping: dict[str, str] = {}
    grid = st.columns(4)
    for place, name in enumerate(fields):
        options = [none, *arriving.table.columns]
        present = reading.fields.get(name)
        chosen = grid[place % 4].selectbox(
            words.say(FIELD_NAMES[name]),
            options,
            index=options.index(present) if present in options else 0,
            key=f"{key}-{name}",
        )
        if chosen != none:
            mapping[name] = chosen
    return mapping


def preview_table(arriving: Arriving, words: Words) -> pd.DataFrame:
    """The first rows as they will be read, under the owner's words; rows of unknown buyers say so."""
    rows, _ = arriving.preview()
    shown = [name for name in ("line", "order_id", "ordered_at", "answered_at", "status", "product", "quantity", "unit_price",
             "amount", "goods", "total", "refunded", "score", "comment") if any(row.get(name) is not None for row in rows)]  # fmt: skip
    names = {**{n: words.say(t) for n, t in FIELD_NAMES.items()}, "line": words.say("Line"), "answered_at": words.say("Date"),
             "goods": words.say("Goods")}  # fmt: skip
    frame = pd.DataFrame([{names[n]: _shown(row.get(n)) for n in shown} for row in rows[:20]])
    if "status" in shown:
        meanings = {name: words.say(OPTION_NAMES[name]) for name in STATUSES}
        frame[names["status"]] = [meanings.get(str(row.get("status")), "") for row in rows[:20]]
    if rows:
        frame[words.say("Buyer")] = [
            words.say("known") if row.get("customer_id") else words.say("unknown") for row in rows[:20]
        ]
    return frame


def _shown(value: object) -> object:
    """A value as it is read: numbers without trailing zeros, dates without a midnight."""
    if value is None:
        return ""
    text = str(value)
    if "." in text and text.replace(".", "").replace("-", "").isdigit():
        return text.rstrip("0").rstrip(".")
    return text.removesuffix(" 00:00:00")
