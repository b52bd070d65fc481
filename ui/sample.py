"""The sample shop: filled from the project's own files the first time somebody looks at it."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from loyalty.words import Words
from ui.session import SAMPLE_DATA, SAMPLE_FILES


def fill(sample: Shop, stamp: dt.datetime, words: Words) -> None:
    """Bring in all sample files; what an interrupted visit left out comes in now."""
    bar = st.progress(0.0, text=words.say("Preparing the sample shop…"))
    for place, name in enumerate(SAMPLE_FILES):
        with sample.open_import(SAMPLE_DATA / name) as file:
            file.run(stamp)
        bar.progress((place + 1) / len(SAMPLE_FILES), text=words.say("Preparing the sample shop…"))
    if not sample.settings.shop_name:
        sample.save_settings(changed(sample.settings, shop_name="Morning Light Coffee"))
    bar.empty()
