"""How to get a file: where each platform keeps its export, and tables to fill in by hand."""

from __future__ import annotations

import streamlit as st

from loyalty.exports.templates import template
from loyalty.intake.kinds import KINDS
from loyalty.intake.sources import generic
from loyalty.intake.sources.registry import PLATFORMS
from loyalty.words import Words
from ui.show import download, plain


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
    """The download button of one template."""
    download(
        say.say("Download the table"), lambda: template(kind, say), f"{kind}-template.csv", f"template-{kind}"
    )
