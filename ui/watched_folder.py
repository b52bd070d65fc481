"""The watched folder on the screens: new files come in when a page opens, Home tells of them, Data asks what is unclear."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack

import streamlit as st

from loyalty.intake.decisions import Answers
from loyalty.shop.shop import Shop
from loyalty.shop.watched_folder import Result, import_new_files, intake_folder, pending_files, results
from loyalty.words import Words
from ui.show import card, plain
from ui.uploads import Waiting, open_again

TOLD_FOR = dt.timedelta(days=7)
SHOWN = 8


def look(shop: Shop, stamp: dt.datetime, words: Words) -> None:
    """Take in what is new in the folder, with a bar while it lasts; costs a glance at the folder when nothing is."""
    if not pending_files(shop, stamp):
        return
    bar = st.progress(0.0, text=words.say("New files in the watched folder…"))

    def told(name: str, rows: int) -> None:
        bar.progress(0.5, text=words.say("Taking in {file}: {rows} rows", file=name, rows=words.number(rows)))

    import_new_files(shop, stamp, told)
    bar.empty()


def news(shop: Shop, stamp: dt.datetime, words: Words) -> None:
    """What the folder brought in the last days, on Home; nothing where it brought nothing."""
    found = results(shop, stamp - TOLD_FOR)
    if not found:
        return
    with card(words.say("From the watched folder")):
        for result in found[:SHOWN]:
            st.markdown(
                f"**{plain(result.seen.name)}** :gray[{words.moment(result.seen.seen_at)}] — {plain(fate(result, words))}"
            )
        if len(found) > SHOWN:
            st.caption(words.plural("and {n} more", "and {n} more", len(found) - SHOWN))
        if any(result.needs_answer for result in found) and st.button(
            words.say("Answer"), key="watched-answer"
        ):
            st.switch_page("pages/data/page.py")


def fate(result: Result, words: Words) -> str:
    """What became of one file, in a sentence."""
    if result.message is not None:
        return words.message(result.message)
    record = result.record
    if record is None:
        return ""
    return words.say(
        "{accepted} rows taken in, {duplicates} known already, {rejected} set aside.",
        accepted=words.number(record.accepted),
        duplicates=words.number(record.duplicates),
        rejected=words.number(record.rejected),
    )


def waiting_files(shop: Shop, stamp: dt.datetime, words: Words) -> list[Waiting]:
    """The folder's files that need the owner's word, opened as dropped files are; kept between reruns."""
    kept: dict[tuple[str, int], Waiting] = st.session_state.setdefault("watched-kept", {})
    asking = {(r.seen.name, r.seen.changed_ns): r for r in results(shop, stamp) if r.needs_answer}
    for gone in [key for key, waiting in kept.items() if key not in asking and waiting.record is None]:
        kept.pop(gone).close()
    for key, result in asking.items():
        if key not in kept:
            path = intake_folder(shop) / result.seen.file
            member = result.seen.name.removeprefix(result.seen.file).removeprefix("/")
            kept[key] = Waiting(result.seen.name, ExitStack(), path, member, watched=result.seen.name)
            open_again(shop, kept[key], Answers(), words)
    return list(kept.values())
