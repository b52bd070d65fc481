"""Predictions in a real browser, in both languages: from Home to the list of those to write to, and its file."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import Page, expect

from loyalty.words import words_for
from tests.browser.live import Server, act, no_exception, widget
from tests.browser.steps import downloaded


def test_from_home_to_those_worth_contacting(sample_visit: tuple[Page, Server, str]) -> None:
    page, _, language = sample_visit
    say = words_for(language, "USD").say
    act(page, lambda: widget(page, "try-sample").get_by_role("button").click(), timeout_ms=90_000)
    button = widget(page, "home-predictions").get_by_role("button")
    expect(button).to_be_visible(timeout=60_000)
    act(page, lambda: button.click(), timeout_ms=60_000)
    view = widget(page, "predict-view")
    expect(view).to_be_visible(timeout=60_000)
    act(page, lambda: view.get_by_text(say("Worth contacting"), exact=True).click(), timeout_ms=60_000)
    no_exception(page)
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "csv-predictions-away").decode("utf-8-sig"))))
    saved = [float(row[say("A message saves")]) for row in rows]
    assert len(rows) > 10
    assert saved == sorted(saved, reverse=True)
    assert all(row[say("Why")] for row in rows)
