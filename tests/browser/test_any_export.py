"""Files that are not quite clear, in a real browser: dates are asked, rows are mended, an import goes and comes again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
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


def test_import_undo_mended_rows_and_ambiguous_dates(visit: tuple[Page, Server, str], tmp_path: Path) -> None:
    """In one shop: an import is undone and taken in again; rows set aside are mended; dates that may be two are asked."""
    page, server, language = visit
    say = words_for(language, "USD").say
    go(page, say("Data"))
    import_undo_and_import_again(page, say, tmp_path)
    rows_set_aside_are_mended(page, tmp_path)
    go(page, say("Settings"))  # leaving the page lets go of the dropped files
    go(page, say("Data"))
    ambiguous_dates_ask(page, say, tmp_path)
    go(page, say("Home"))  # the last day with a sale is the fifth of June, not the sixth of May
    assert (
        counts(widget(page, "top-line").inner_text())[:3]
        == ([5, 2025] if language == "en" else [2025, 6, 5])[:3]
    )
    assert "Traceback" not in server.output()


def import_undo_and_import_again(page: Page, say: Callable[..., str], folder: Path) -> None:
    path = folder / "first.csv"
    path.write_text(HEAD + "1,ann,2025-01-31,10.00\n2,ben,2025-02-01,20.00\n", encoding="utf-8")
    drop(page, path)
    take(page, 0)
    assert counts(headline(page))[0] == 2
    undo(page, 1)
    expect(page.locator("h1")).to_have_text(say("Drop in a sales export"))
    go(page, say("Settings"))  # leaving the page lets go of the dropped file
    go(page, say("Data"))
    drop(page, path)
    assert counts(take(page, 0))[:2] == [2, 2]
    assert counts(headline(page))[0] == 2
    undo(page, 2)
    expect(page.locator("h1")).to_have_text(say("Drop in a sales export"))


def undo(page: Page, number: int) -> None:
    widget(page, f"undo-{number}").get_by_role("button").first.click()
    act(page, lambda: widget(page, f"undo-yes-{number}").get_by_role("button").click())


def rows_set_aside_are_mended(page: Page, folder: Path) -> None:
    path = folder / "sales.csv"
    rows = "1,ann,2025-01-31,10.00\n2,ben,2025-02-30,20.00\n3,cat,2025-03-01,3O.00\n"
    path.write_text(HEAD + rows, encoding="utf-8")
    drop(page, path)
    assert counts(take(page, 1))[:4] == [3, 1, 0, 2]
    rejected = downloaded(page, "rejected-done-3").decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(rejected)))
    assert [row[:4] for row in cells[1:]] == [
        ["2", "ben", "2025-02-30", "20.00"],
        ["3", "cat", "2025-03-01", "3O.00"],
    ]
    mended = folder / "mended.csv"
    mended.write_text(
        rejected.replace("2025-02-30", "2025-02-28").replace("3O.00", "30.00"), encoding="utf-8"
    )
    drop(page, mended)
    assert counts(take(page, 2))[:4] == [2, 2, 0, 0]
    assert counts(headline(page))[0] == 3


def ambiguous_dates_ask(page: Page, say: Callable[..., str], folder: Path) -> None:
    path = folder / "ambiguous.csv"
    path.write_text(HEAD + "11,ann,03/04/2025,10.00\n12,ben,05/06/2025,20.00\n", encoding="utf-8")
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
