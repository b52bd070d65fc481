"""The script that Streamlit runs: language, shop, navigation. Everything else lives in `ui/`, `app_pages/` and `loyalty/`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from loyalty.words import LANGUAGES
from ui.look import dress
from ui.sample import fill
from ui.session import choose_language, in_sample, known_span, look_at_sample, now, own_shop, shop, words
from ui.watched import look

ART = Path(__file__).parent / "ui"
st.set_page_config(page_title="Regulars · 回头客", page_icon=str(ART / "icon.svg"), layout="wide")
say = words()
pages = [
    st.Page("app_pages/home.py", title=say.say("Home"), icon=":material/home:", default=True),
    st.Page("app_pages/data.py", title=say.say("Data"), icon=":material/upload_file:"),
    st.Page("app_pages/customers.py", title=say.say("Customers"), icon=":material/group:"),
    st.Page("app_pages/segments.py", title=say.say("Segments"), icon=":material/bubble_chart:"),
    st.Page("app_pages/products.py", title=say.say("Products"), icon=":material/shopping_basket:"),
    st.Page("app_pages/rewards.py", title=say.say("Rewards"), icon=":material/redeem:"),
    st.Page("app_pages/campaigns.py", title=say.say("Campaigns"), icon=":material/campaign:"),
    st.Page("app_pages/results.py", title=say.say("Results"), icon=":material/query_stats:"),
    st.Page("app_pages/settings.py", title=say.say("Settings"), icon=":material/settings:"),
]
page = st.navigation(pages, position="top")
st.logo(str(ART / "logo.svg"), size="large")
dress(say)


def _language_chosen() -> None:
    choose_language(st.session_state["language-choice"])


def top_line() -> None:
    """Which shop, as of when, in which language; the way out of the sample."""
    span = known_span()
    name = say.say("Sample shop") if in_sample() else shop().settings.shop_name or say.say("Your shop")
    as_of = say.say("{shop} · as of {date}", shop=name, date=say.date(span[1])) if span else name
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="top-line"
    ):
        st.caption(as_of, width="content")
        if in_sample() and st.button(say.say("Leave the sample"), key="leave-sample", type="tertiary"):
            look_at_sample(yes=False)
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
    look_at_sample(yes=True)  # opened by an address: links to other screens do not carry it on
    st.query_params["shop"] = "sample"
    if known_span() is None:
        fill(shop(), now(), say)
else:
    look(shop(), now(), say)
top_line()
for fault in own_shop().faults:
    st.warning(say.message(fault.message))
page.run()
