"""Search, choose a row, read the story; from an action on Home to its people: in a real browser."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import Page, expect

from loyalty.words import words_for
from tests.browser.live import Server, act, no_exception, settled, widget
from tests.browser.steps import downloaded, go

COLD_MS = 120_000  # the first look at the sample fills it
FIRST_ROW = (15, 52)  # the box of the first row, from the table's corner


def test_search_choose_a_row_and_read_the_story(sample_visit: tuple[Page, Server, str]) -> None:
    page, server, language = sample_visit
    say = words_for(language, "USD").say
    widget(page, "try-sample").get_by_role("button").click()
    expect(widget(page, "do-overdue")).to_be_visible(timeout=COLD_MS)
    settled(page, timeout_ms=COLD_MS)
    widget(page, "do-overdue").get_by_role("button").click()
    expect(widget(page, "csv-customers")).to_be_visible(timeout=COLD_MS)
    settled(page, timeout_ms=COLD_MS)
    overdue = list(csv.reader(io.StringIO(downloaded(page, "csv-customers").decode("utf-8-sig"))))
    everyone = widget(page, "customer-view").get_by_text(say("Everyone"), exact=True)
    act(page, lambda: everyone.click(), timeout_ms=COLD_MS)
    box = widget(page, "customer-search").locator("input")
    box.fill("anouk marsh")
    act(page, lambda: box.press("Enter"), timeout_ms=COLD_MS)
    rows = list(csv.reader(io.StringIO(downloaded(page, "csv-customers").decode("utf-8-sig"))))
    assert rows[0] == overdue[0]
    assert len(overdue) > 10
    assert [row[0] for row in rows[1:]] == ["Anouk Marsh"]
    place = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert place
    act(
        page,
        lambda: page.mouse.click(place["x"] + FIRST_ROW[0], place["y"] + FIRST_ROW[1]),
        timeout_ms=COLD_MS,
    )
    expect(page.get_by_text(say("Usually buys"))).to_be_visible(timeout=COLD_MS)
    lines = widget(page, "story-lines").get_by_test_id("stMarkdown")
    expect(lines).to_have_count(8)
    told = list(csv.reader(io.StringIO(downloaded(page, "csv-story").decode("utf-8-sig"))))
    assert len(told) > 20
    assert told[1][0] > told[-1][0]  # the newest first
    no_exception(page)
    assert "Traceback" not in server.output()
    go(page, say("Home"))
