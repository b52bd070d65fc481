"""Automatic imports: the files of the sample shop, and new files in the watched folder."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from loyalty.shop.watched_folder import import_new_files, pending_files
from loyalty.words import Words
from ui.session import SAMPLE_DATA, SAMPLE_FILES


def fill_sample(sample: Shop, stamp: dt.datetime, words: Words) -> None:
    """Import all sample files, and those that an interrupted visit left out."""
    bar = st.progress(0.0, text=words.say("Preparing the sample shop…"))
    for place, name in enumerate(SAMPLE_FILES):
        with sample.open_import(SAMPLE_DATA / name) as file:
            file.run(stamp)
        bar.progress((place + 1) / len(SAMPLE_FILES), text=words.say("Preparing the sample shop…"))
    if not sample.settings.shop_name:
        sample.save_settings(changed(sample.settings, shop_name="Morning Light Coffee"))
    bar.empty()


def import_watched_folder(shop: Shop, stamp: dt.datetime, words: Words) -> None:
    """Import new files of the watched folder, with a progress bar; only lists the folder when there are none."""
    if not pending_files(shop, stamp):
        return
    bar = st.progress(0.0, text=words.say("New files in the watched folder…"))

    def show_rows(name: str, rows: int) -> None:
        bar.progress(0.5, text=words.say("Taking in {file}: {rows} rows", file=name, rows=words.number(rows)))

    import_new_files(shop, stamp, show_rows)
    bar.empty()
