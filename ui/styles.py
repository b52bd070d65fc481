"""CSS beyond the theme: the width of the page, and the uploader's texts in the reader's language."""

from __future__ import annotations

import json

import streamlit as st

from loyalty.words import Words

_PAGE = """
.stMainBlockContainer {max-width: 1120px; padding-top: 4.5rem;}
[data-testid="stMetricValue"] > div {white-space: normal;}
[data-testid="stMetricDelta"] > div {white-space: normal; overflow: visible; text-overflow: clip;}
"""
_UPLOADER = """
[data-testid="stFileUploaderDropzone"] button p {font-size: 0;}
[data-testid="stFileUploaderDropzone"] button p::after {font-size: 1rem; content: %s;}
[data-testid="stFileUploaderDropzoneInstructions"] {font-size: 0;}
[data-testid="stFileUploaderDropzoneInstructions"] * {font-size: 0;}
[data-testid="stFileUploaderDropzoneInstructions"]::after {font-size: .875rem; content: %s;}
"""


def apply_styles(words: Words) -> None:
    """Apply the styles to the page."""
    choose = json.dumps(words.say("Choose files"), ensure_ascii=False)
    drop = json.dumps(words.say("or drop them here · CSV, Excel · up to 200 MB each"), ensure_ascii=False)
    st.html(f"<style>{_PAGE}{_UPLOADER % (choose, drop)}</style>")
