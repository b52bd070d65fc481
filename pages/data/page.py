"""Data: import files after a check; the history of imports, undo and skipped rows."""

from __future__ import annotations

import streamlit as st

from loyalty.shop.watched_folder import intake_folder
from loyalty.words import Words
from pages.data.file_card import file_card
from pages.data.history import channel_overlap_decisions, history
from pages.data.how_to import how_to
from pages.data.uploads import receive, waiting_files
from ui.exchange_rates import waiting_for_rates
from ui.session import in_sample, now, shop, words
from ui.shop_figures import current_figures
from ui.show import answer, plain

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
    totals = figures.key_figures()
    answer(
        say.say(
            "{orders} orders of {customers} known customers are in",
            orders=say.number(totals.orders),
            customers=say.number(totals.customers),
        ),
        say.say(
            "Up to {date}. Bring in newer exports at any time: nothing is counted twice, nothing is lost.",
            date=say.date(figures.as_of),
        ),
    )


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
    file_card(opened, waiting, number, say)
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
channel_overlap_decisions(opened, say)
history(opened, say)
