"""Files that are not quite clear, in a real browser: dates are asked, rows are mended, an import goes and comes again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from loyalty.words import words_for
from tests.browser.live import Server, act, widget
from tests.browser.steps import downloaded, drop, go, headline, take

HEAD = "Order,Customer,Date,Total\n"


def counts(text: str) -> list[int]:
    """The numbers of a sentence, in order."""
    digits = "".join(mark if mark.isdigit() else " " for mark in text.replace(",", ""))
    return [int(number) for number in digits.split()]


def test_ambiguous_dates_ask(visit: tuple[Page, Server, str], tmp_path: Path) -> None:
    page, _, language = visit
    say = words_for(language, "USD").say
    path = tmp_path / "sales.csv"
    path.write_text(HEAD + "1,ann,03/04/2025,10.00\n2,ben,05/06/2025,20.00\n", encoding="utf-8")
    go(page, say("Data"))
    drop(page, path)
    button = widget(page, "file-0-take").get_by_role("button")
    expect(button).to_be_disabled()
    asked = widget(page, "file-0-date_order")
    expect(asked).to_contain_text(
        say("Dates such as {example}: does the day or the month come first?", example="03/04/2025")
    )
    act(page, lambda: asked.get_by_text(say("day first (31/12/2025)")).click())
    expect(button).to_be_enabled()
    assert counts(take(page, 0))[:2] == [2, 2]
    go(page, say("Home"))  # the last day with a sale is the fifth of June, not the sixth of May
    assert (
        counts(widget(page, "top-line").inner_text())[:3]
        == ([5, 2025] if language == "en" else [2025, 6, 5])[:3]
    )


def test_rows_set_aside_are_downloaded_mended_and_brought_in(
    visit: tuple[Page, Server, str], tmp_path: Path
) -> None:
    page, _, language = visit
    say = words_for(language, "USD").say
    path = tmp_path / "sales.csv"
    rows = "1,ann,2025-01-31,10.00\n2,ben,2025-02-30,20.00\n3,cat,2025-03-01,3O.00\n"
    path.write_text(HEAD + rows, encoding="utf-8")
    go(page, say("Data"))
    drop(page, path)
    assert counts(take(page, 0))[:4] == [3, 1, 0, 2]
    found = downloaded(page, "rejected-done-1").decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(found)))
    assert [row[:4] for row in cells[1:]] == [
        ["2", "ben", "2025-02-30", "20.00"],
        ["3", "cat", "2025-03-01", "3O.00"],
    ]
    mended = tmp_path / "mended.csv"
    mended.write_text(found.replace("2025-02-30", "2025-02-28").replace("3O.00", "30.00"), encoding="utf-8")
    drop(page, mended)
    assert counts(take(page, 1))[:4] == [2, 2, 0, 0]
    assert counts(headline(page))[0] == 3


def test_an_import_is_undone_and_taken_in_again(visit: tuple[Page, Server, str], tmp_path: Path) -> None:
    page, server, language = visit
    say = words_for(language, "USD").say
    path = tmp_path / "sales.csv"
    path.write_text(HEAD + "1,ann,2025-01-31,10.00\n2,ben,2025-02-01,20.00\n", encoding="utf-8")
    go(page, say("Data"))
    drop(page, path)
    take(page, 0)
    assert counts(headline(page))[0] == 2
    widget(page, "undo-1").get_by_role("button").first.click()
    act(page, lambda: widget(page, "undo-yes-1").get_by_role("button").click())
    expect(page.locator("h1")).to_have_text(say("Drop in a sales export"))
    go(page, say("Home"))  # leaving the page lets go of the dropped file
    go(page, say("Data"))
    drop(page, path)
    assert counts(take(page, 0))[:2] == [2, 2]
    assert counts(headline(page))[0] == 2
    assert "Traceback" not in server.output()
