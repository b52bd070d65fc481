"""In the browser: from settings to the points of the sample shop, and a file of balances for a platform."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import Page, expect

from tests.browser.live import Server, act, no_exception, settled, widget
from tests.browser.steps import downloaded, go, headline


def test_settings_the_programme_and_a_file_of_balances(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/?shop=sample")
    settled(page, timeout_ms=90_000)
    go(page, "Rewards")
    expect(widget(page, "adopt")).to_be_visible(timeout=90_000)
    views = widget(page, "rewards-view")
    act(page, lambda: views.get_by_text("The programme", exact=True).click())
    expect(widget(page, "save-version")).to_be_visible(timeout=30_000)
    no_exception(page)
    act(page, lambda: views.get_by_text("Points", exact=True).click())
    expect(widget(page, "get-points")).to_be_visible(timeout=60_000)
    no_exception(page)
    assert "points are out" in headline(page)
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "get-points").decode("utf-8-sig"))))
    assert len(rows) > 1500
    assert sum(int(row["Points"]) for row in rows) > 100_000
