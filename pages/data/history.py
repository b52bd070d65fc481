"""What was imported so far, with its skipped rows and its undo, and what was decided on sales of two channels."""

from __future__ import annotations

import streamlit as st

from loyalty.shop.import_sentences import overlap_sentence
from loyalty.shop.shop import Shop
from loyalty.store import channel_overlap, imports
from loyalty.store.imports import ImportRecord
from loyalty.words import Words
from pages.data.dry_run import skipped_rows_download
from ui.session import now
from ui.show import plain


def import_summary(record: ImportRecord, say: Words) -> str:
    """What happened to the rows of a file, in a sentence whose numbers add up."""
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


def rejected_download(shop: Shop, record: ImportRecord, say: Words, key: str) -> None:
    """A download of the skipped rows, to correct and import again."""
    if not record.rejected:
        return
    skipped_rows_download(
        record, imports.rejected_rows(shop.database, record.import_id), say, f"rejected-{key}"
    )


def history(shop: Shop, say: Words) -> None:
    """All imports, each with its skipped rows and its undo."""
    records = imports.history(shop.database)
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
                else import_summary(record, say)
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
                    shop.undo(record.import_id, now())
                    st.rerun()
            with text:
                rejected_download(shop, record, say, f"history-{record.import_id}")


def channel_overlap_decisions(shop: Shop, say: Words) -> None:
    """Decisions on sales reported by two channels, each of which can be reversed."""
    pairs = channel_overlap.decisions(shop.database)
    if not pairs:
        return
    st.subheader(say.say("The same sale through two doors"), anchor=False)
    for pair in pairs:
        with st.container(border=True):
            text, button = st.columns([4, 1], vertical_alignment="center")
            text.markdown(plain(overlap_sentence(pair, say)))
            label = say.say("Count all of them") if pair.same else say.say("Count them once")
            if button.button(label, key=f"door-{pair.channel}-{pair.other}", width="stretch"):
                channel_overlap.set_decision(
                    shop.database, pair.channel, pair.other, same=not pair.same, stamp=now()
                )
                st.rerun()
