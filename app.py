"""The script that Streamlit runs: language, shop, navigation. Everything else lives in `ui/`, `pages/` and `loyalty/`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from loyalty.words import LANGUAGES
from ui.automatic_imports import fill_sample, import_watched_folder
from ui.session import choose_language, in_sample, now, own_shop, sales_span, shop, show_sample, words
from ui.styles import apply_styles

ART = Path(__file__).parent / "ui"
st.set_page_config(page_title="Regulars · 回头客", page_icon=str(ART / "icon.svg"), layout="wide")
say = words()
pages = [
    st.Page(
        f"pages/{room}/page.py", title=title, icon=f":material/{icon}:", url_path=room, default=room == "home"
    )
    for room, title, icon in (
        ("home", say.say("Home"), "home"),
        ("data", say.say("Data"), "upload_file"),
        ("customers", say.say("Customers"), "group"),
        ("segments", say.say("Segments"), "bubble_chart"),
        ("products", say.say("Products"), "shopping_basket"),
        ("rewards", say.say("Rewards"), "redeem"),
        ("campaigns", say.say("Campaigns"), "campaign"),
        ("results", say.say("Results"), "query_stats"),
        ("settings", say.say("Settings"), "settings"),
    )
]
page = st.navigation(pages, position="top")
st.logo(str(ART / "logo.svg"), size="large")
apply_styles(say)


def _language_chosen() -> None:
    choose_language(st.session_state["language-choice"])


def top_line() -> None:
    """Show the shop, the as-of date and the language, and the button to leave the sample."""
    span = sales_span()
    name = say.say("Sample shop") if in_sample() else shop().settings.shop_name or say.say("Your shop")
    as_of = say.say("{shop} · as of {date}", shop=name, date=say.date(span[1])) if span else name
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="top-line"
    ):
        st.caption(as_of, width="content")
        if in_sample() and st.button(say.say("Leave the sample"), key="leave-sample", type="tertiary"):
            show_sample(yes=False)
            st.rerun()
        st.selectbox(
            say.say("Language"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(say.language),
            format_func=LANGUAGES.__getitem__,
            key="language-choice",
            on_change=_language_chosen,
            label_visibility="collapsed",
            width=130,
        )


if in_sample():
    show_sample(yes=True)  # opened by an address: links to other screens do not carry it on
    st.query_params["shop"] = "sample"
    if sales_span() is None:
        fill_sample(shop(), now(), say)
else:
    import_watched_folder(shop(), now(), say)
top_line()
for fault in own_shop().faults:
    st.warning(say.message(fault.message))
page.run()
