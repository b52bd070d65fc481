"""The card of a dropped file: what it is, open questions, a preview, and the import button."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from loyalty.errors import OwnerError
from loyalty.intake.decisions import Answers
from loyalty.intake.kinds import KINDS
from loyalty.intake.tables.decode import ENCODINGS
from loyalty.shop.shop import Shop
from loyalty.store.imports import ImportRecord
from loyalty.words import Words
from pages.data.dry_run import dry_run_result
from pages.data.history import import_summary, rejected_download
from pages.data.questions import ask_questions, column_choices, preview_table
from pages.data.uploads import PendingFile, import_file, reopen, run_dry_run
from ui.session import now
from ui.show import plain, shown_table

COUNTED_AT_ONCE = 200_000  # rows of a file that is counted without being asked to


def file_card(shop: Shop, waiting: PendingFile, number: int, say: Words) -> None:
    """One dropped file: what it is, open questions, a preview, and the import button."""
    key = f"file-{number}"
    with st.container(border=True, key=key):
        st.markdown(f"**{plain(waiting.name)}**")
        if waiting.problem is not None:
            st.error(say.message(waiting.problem.message))
        if waiting.record is not None:
            import_result(shop, waiting.record, say)
        if waiting.arriving is None:
            return
        if waiting.running:
            waiting.running = False
            st.info(say.say("Stopped. Nothing of this file was taken in."))
        undecided = reading_form(shop, waiting, key, say)
        if waiting.arriving.before is not None:
            st.info(
                say.say(
                    "This very file was brought in before (import {id}); nothing is added. To read it differently, undo that import first.",
                    id=waiting.arriving.before.import_id,
                )
            )
            return
        if st.button(say.say("Take it in"), type="primary", key=f"{key}-take", disabled=undecided):
            import_file(waiting, now(), say)
            st.rerun()


def reading_form(shop: Shop, waiting: PendingFile, key: str, say: Words) -> bool:
    """Show how the file is read and ask what is open; True while a question is open."""
    arriving = waiting.arriving
    assert arriving is not None
    reading = arriving.plan.reading
    st.caption(
        say.say(
            "Read as {source} · {rows} rows · encoding {encoding} · columns cut at “{delimiter}” · decimals after “{decimal}”",
            source=say.say(reading.source.title),
            rows=say.number(arriving.table.rows),
            encoding=arriving.table.encoding,
            delimiter={"\t": "Tab"}.get(arriving.table.delimiter, arriving.table.delimiter),
            decimal=reading.decimal,
        )
    )
    if reading.source.buyer_note:
        st.caption(plain(say.say(reading.source.buyer_note)))
    if not arriving.table.certain:
        st.warning(
            say.say(
                "The encoding is a guess. If names below look wrong, choose another one under “Read it differently”."
            )
        )
    if notes := arriving.notes():
        st.info("\n\n".join(plain(say.message(note)) for note in notes))
    answers = ask_questions(arriving, key, say)
    needs_columns = any(q.key == "mapping" for q in arriving.plan.questions)
    if needs_columns:
        st.warning(say.message(arriving.plan.questions[0].text))
    with st.expander(say.say("Read it differently"), expanded=needs_columns):
        answers, again = reading_changes(waiting, answers, key, say)
    if again or answers != arriving.answers:
        try:
            if answers.encoding != waiting.answers.encoding:
                reopen(shop, waiting, answers, say)
            else:
                arriving.answer(answers)
        except OwnerError as problem:
            st.error(say.message(problem.message))
            return True
        st.rerun()
    if not arriving.plan.questions:
        preview(waiting, key, say)
    return bool(arriving.questions) or waiting.problem is not None


def reading_changes(waiting: PendingFile, answers: Answers, key: str, say: Words) -> tuple[Answers, bool]:
    """Controls to change what was detected; returns the answers and whether something changed."""
    arriving = waiting.arriving
    assert arriving is not None
    reading = arriving.plan.reading
    changes: dict[str, object] = {}
    first, second, third = st.columns(3)
    kind = first.selectbox(
        say.say("What the rows are"),
        list(KINDS),
        index=list(KINDS).index(reading.kind),
        format_func=lambda name: say.say(KINDS[name].title),
        key=f"{key}-kind",
    )
    encodings = list(dict.fromkeys([arriving.table.encoding, *ENCODINGS]))
    encoding = second.selectbox(say.say("Encoding"), encodings, key=f"{key}-encoding")
    if encoding != arriving.table.encoding:
        changes["encoding"] = encoding
    if reading.kind in ("orders", "spend"):
        of_sales, of_spend = (
            say.say("Channel these sales were made on"),
            say.say("Channel of rows that name none"),
        )
        label = of_sales if reading.kind == "orders" else of_spend
        channel = third.text_input(label, value=reading.channel, key=f"{key}-channel-of-{reading.kind}")
        if channel != reading.channel:
            changes["channel"] = channel
    if kind != reading.kind:
        changes |= {"kind": kind, "mapping": {}, "statuses": {}}
    elif not reading.source.signature:
        mapping = column_choices(arriving, f"{key}-{kind}", say)
        if mapping != dict(reading.fields):
            changes |= {"kind": kind, "mapping": mapping}
    return replace(answers, **changes), bool(changes)  # type: ignore[arg-type]  # keys are names of fields


def preview(waiting: PendingFile, key: str, say: Words) -> None:
    """The first rows as they will be read, then the dry run of the whole file."""
    arriving = waiting.arriving
    assert arriving is not None
    table = preview_table(arriving, say)
    if not table.empty:
        st.markdown(f"**{say.say('The first rows, as they will be read')}**")
        shown_table(
            table,
            say.say("The first rows, as they will be read"),
            f"{key}-preview",
            height=210 if len(table) > 5 else "auto",
        )
    if arriving.before is not None:
        return
    if arriving.table.rows <= COUNTED_AT_ONCE or st.button(
        say.say("Count before taking in"), key=f"{key}-count"
    ):
        run_dry_run(waiting, now(), say)
    if arriving.examined is not None:
        dry_run_result(arriving, arriving.examined, key, say)
        return
    _, rejected = arriving.preview()
    if rejected:
        text = say.plural(
            "Among them, {n} row will be set aside:", "Among them, {n} rows will be set aside:", len(rejected)
        )
        reasons = [
            say.say("line {line}: {reason}", line=row.line, reason=say.message(row.reason))
            for row in rejected[:5]
        ]
        st.warning(text + "\n\n" + "\n\n".join(plain(reason) for reason in reasons))


def import_result(shop: Shop, record: ImportRecord, say: Words) -> None:
    """The result of an import."""
    st.success(import_summary(record, say))
    rejected_download(shop, record, say, f"done-{record.import_id}")
