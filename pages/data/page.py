"""Data: files in, with a look before they are taken in; the history, undo and rejected rows."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from loyalty.errors import OwnerError
from loyalty.exports.templates import template
from loyalty.intake.decisions import Answers
from loyalty.intake.decode import ENCODINGS
from loyalty.intake.kinds import KINDS
from loyalty.intake.sources import generic
from loyalty.intake.sources.registry import PLATFORMS
from loyalty.shop.import_sentences import overlap_sentence
from loyalty.shop.watched_folder import intake_folder
from loyalty.store import channel_overlap, imports
from loyalty.store.imports import ImportRecord
from loyalty.words import Words
from pages.data.dry_run import examination, rows_to_mend
from pages.data.questions import asked, columns, preview_table
from pages.data.uploads import Waiting, examine, open_again, receive, take_in, waiting_files
from ui.exchange_rates import waiting_for_rates
from ui.session import in_sample, now, shop, words
from ui.shop_figures import current_figures
from ui.show import answer, download, plain, shown_table

COUNTED_AT_ONCE = 200_000  # rows of a file that is counted without being asked to

say = words()
opened = shop()


def headline(say: Words) -> None:
    """What is in the shop so far."""
    figures = current_figures()
    if figures is None:
        answer(
            say.say("Drop in a sales export"),
            say.say("Any platform, any time, again and again: nothing is counted twice, nothing is lost."),
        )
        return
    found = figures.key_figures()
    answer(
        say.say(
            "{orders} orders of {customers} known customers are in",
            orders=say.number(found.orders),
            customers=say.number(found.customers),
        ),
        say.say(
            "Up to {date}. Bring in newer exports at any time: nothing is counted twice, nothing is lost.",
            date=say.date(figures.as_of),
        ),
    )


def counted(record: ImportRecord, say: Words) -> str:
    """How the rows of a file fared, in a sentence that adds up."""
    numbers = {
        "rows": say.number(record.rows),
        "accepted": say.number(record.accepted),
        "duplicates": say.number(record.duplicates),
        "rejected": say.number(record.rejected),
        "others": say.number(record.not_records),
    }
    sales = record.kind == "orders"
    if sales:
        text = say.say(
            "{rows} rows: {accepted} taken in, {duplicates} known already, {rejected} set aside, {others} that are no sales (totals, blanks).",
            **numbers,
        )
    else:
        text = say.say(
            "{rows} rows: {accepted} taken in, {duplicates} known already, {rejected} set aside, {others} that say nothing (totals, blanks).",
            **numbers,
        )
    if not record.updated:
        return text
    n = record.updated
    changed = (
        say.plural("{n} row changed an earlier order.", "{n} rows changed earlier orders.", n)
        if sales
        else say.plural("{n} row changed what was known.", "{n} rows changed what was known.", n)
    )
    return say.sentences([text, changed])


def show_file(waiting: Waiting, number: int, say: Words) -> None:
    """One dropped file: what it is, what is unclear, how it will be read, and the button."""
    key = f"file-{number}"
    with st.container(border=True, key=key):
        st.markdown(f"**{plain(waiting.name)}**")
        if waiting.problem is not None:
            st.error(say.message(waiting.problem.message))
        if waiting.record is not None:
            done(waiting.record, say)
        if waiting.arriving is None:
            return
        if waiting.running:
            waiting.running = False
            st.info(say.say("Stopped. Nothing of this file was taken in."))
        undecided = decide(waiting, key, say)
        if waiting.arriving.before is not None:
            st.info(
                say.say(
                    "This very file was brought in before (import {id}); nothing is added. To read it differently, undo that import first.",
                    id=waiting.arriving.before.import_id,
                )
            )
            return
        if st.button(say.say("Take it in"), type="primary", key=f"{key}-take", disabled=undecided):
            take_in(waiting, now(), say)
            st.rerun()


def decide(waiting: Waiting, key: str, say: Words) -> bool:
    """Show and ask; True while something is still open."""
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
    said = asked(arriving, key, say)
    needs_columns = any(q.key == "mapping" for q in arriving.plan.questions)
    if needs_columns:
        st.warning(say.message(arriving.plan.questions[0].text))
    with st.expander(say.say("Read it differently"), expanded=needs_columns):
        said, again = differently(waiting, said, key, say)
    if again or said != arriving.answers:
        try:
            if said.encoding != waiting.said.encoding:
                open_again(opened, waiting, said, say)
            else:
                arriving.answer(said)
        except OwnerError as problem:
            st.error(say.message(problem.message))
            return True
        st.rerun()
    if not arriving.plan.questions:
        preview(waiting, key, say)
    return bool(arriving.questions) or waiting.problem is not None


def differently(waiting: Waiting, said: Answers, key: str, say: Words) -> tuple[Answers, bool]:
    """Everything that was found out by itself, open to change."""
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
        mapping = columns(arriving, f"{key}-{kind}", say)
        if mapping != dict(reading.fields):
            changes |= {"kind": kind, "mapping": mapping}
    return replace(said, **changes), bool(changes)  # type: ignore[arg-type]  # keys are names of fields


def preview(waiting: Waiting, key: str, say: Words) -> None:
    """The first rows as they will be read, then what taking in the whole file would do."""
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
        examine(waiting, now(), say)
    if arriving.examined is not None:
        examination(arriving, arriving.examined, key, say)
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


def done(record: ImportRecord, say: Words) -> None:
    """What became of a file."""
    st.success(counted(record, say))
    rejected_download(record, say, f"done-{record.import_id}")


def rejected_download(record: ImportRecord, say: Words, key: str) -> None:
    """The rows that were set aside, to be mended and brought in again."""
    if not record.rejected:
        return
    rows_to_mend(record, imports.rejected_rows(opened.database, record.import_id), say, f"rejected-{key}")


def history(say: Words) -> None:
    """Every import, with its rows set aside and its undo."""
    records = imports.history(opened.database)
    if not records:
        return
    st.subheader(say.say("History"), anchor=False)
    for record in records:
        with st.container(border=True):
            text, button = st.columns([4, 1], vertical_alignment="center")
            when = say.moment(record.imported_at) if record.imported_at else ""
            title = f"**{record.import_id} · {plain(record.file_name)}** :gray[{when}]"
            text.markdown(f"~~{title}~~" if record.undone_at else title)
            state = (
                say.say("Undone on {when}.", when=say.moment(record.undone_at))
                if record.undone_at
                else counted(record, say)
            )
            text.caption(state)
            if record.undone_at:
                continue
            with button, st.popover(say.say("Undo"), width="stretch", key=f"undo-{record.import_id}"):
                st.markdown(
                    say.say(
                        "Takes back everything this file brought: {accepted} rows. Other files stay. You can bring it in again.",
                        accepted=say.number(record.accepted),
                    )
                )
                if st.button(say.say("Undo this import"), key=f"undo-yes-{record.import_id}", type="primary"):
                    opened.undo(record.import_id, now())
                    st.rerun()
            with text:
                rejected_download(record, say, f"history-{record.import_id}")


def told_twice(say: Words) -> None:
    """What was decided on pairs of channels, and the way back."""
    found = channel_overlap.decisions(opened.database)
    if not found:
        return
    st.subheader(say.say("The same sale through two doors"), anchor=False)
    for door in found:
        with st.container(border=True):
            text, button = st.columns([4, 1], vertical_alignment="center")
            text.markdown(plain(overlap_sentence(door, say)))
            label = say.say("Count all of them") if door.same else say.say("Count them once")
            if button.button(label, key=f"door-{door.channel}-{door.other}", width="stretch"):
                channel_overlap.set_decision(
                    opened.database, door.channel, door.other, same=not door.same, stamp=now()
                )
                st.rerun()


def how_to(say: Words) -> None:
    """Where each platform keeps its export, and tables to fill in by hand."""
    with st.expander(say.say("How to get the file from your platform")):
        for source in (*PLATFORMS, generic.SOURCE):
            st.markdown(f"**{say.say(source.title)}** — {say.say(source.how_to_export)}")
            if source.buyer_note:
                st.caption(plain(say.say(source.buyer_note)))
    with st.expander(say.say("Tables to fill in by hand")):
        st.markdown(
            say.say(
                "Sales without a platform, and what no platform exports. Each table has two rows to show how; delete them, fill in "
                "your own, and drop the file here. Its first line says what it is: leave it as it stands."
            )
        )
        for kind in KINDS.values():
            text, button = st.columns([3, 1], vertical_alignment="center")
            title = say.say(kind.title)
            text.markdown(f"**{title[:1].upper()}{title[1:]}** — {say.say(kind.row)}")
            text.caption(
                plain(say.listing([say.say(field.title) for field in kind.fields if field.examples]))
            )
            with button:
                template_download(kind.name, say)


def template_download(kind: str, say: Words) -> None:
    """The button of one table."""
    made = template(kind, say)
    download(say.say("Download the table"), lambda: made, f"{kind}-template.csv", f"template-{kind}")


headline(say)
waiting_for_rates(say, expanded=True)
if in_sample():
    st.info(say.say("This is the sample shop. Leave it (top right) to bring in your own files."))
uploads = st.file_uploader(
    say.say("Sales exports, lists of customers, surveys, visits, recommendations, marketing spend"),
    type=["csv", "txt", "tsv", "xlsx", "xls", "ods", "gz", "zip"],
    accept_multiple_files=True,
    key="uploads",
    label_visibility="collapsed",
)
for number, waiting in enumerate([*receive(opened, uploads or [], say), *waiting_files(opened, now(), say)]):
    show_file(waiting, number, say)
how_to(say)
if not in_sample():
    st.caption(
        plain(
            say.say(
                "Files that you put into the folder {folder} come in by themselves when you open a page.",
                folder=str(intake_folder(opened)),
            )
        )
    )
told_twice(say)
history(say)
