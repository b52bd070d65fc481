"""What a person does on the screens, as steps that tests share."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.browser.live import act, no_exception, settled, widget


def go(page: Page, title: str) -> None:
    """To another screen by the navigation on top."""
    act(page, lambda: page.get_by_role("link", name=title, exact=True).first.click())
    no_exception(page)


def headline(page: Page) -> str:
    """The page's answer."""
    return page.locator("h1").first.inner_text()


def opened_list(page: Page, box: Locator) -> Locator:
    """The options of a list box, open: clicked again when what the page was still drawing has closed it."""
    options = page.get_by_role("option")
    for _ in range(4):
        box.get_by_role("combobox").click()
        with suppress(TooLate):
            options.first.wait_for(timeout=500)
            break
    expect(options.first).to_be_visible()
    return options


def downloaded(page: Page, key: str) -> bytes:
    """What a download button gives."""
    with page.expect_download() as waiting:
        widget(page, key).get_by_role("button").click()
    return Path(waiting.value.path()).read_bytes()


def bring(page: Page, path: Path, number: int) -> int:
    """Drop a file, look, take it in; the number of orders that the page then names."""
    chooser = widget(page, "uploads").locator('input[type="file"]')
    act(page, lambda: chooser.set_input_files(str(path)))
    no_exception(page)
    act(page, lambda: widget(page, f"file-{number}-take").get_by_role("button").click(), timeout_ms=60_000)
    expect(widget(page, f"file-{number}-take")).to_have_count(0, timeout=30_000)
    settled(page)
    expect(widget(page, f"file-{number}").get_by_test_id("stAlert")).to_be_visible()
    return max(int(number.replace(",", "")) for number in re.findall(r"[\d,]+", headline(page)))


def drop(page: Page, path: Path) -> None:
    """Drop a file on the Data page."""
    chooser = widget(page, "uploads").locator('input[type="file"]')
    act(page, lambda: chooser.set_input_files(str(path)))
    no_exception(page)


def take(page: Page, number: int) -> str:
    """Take in the file at a place of the list; what the page says of it."""
    act(page, lambda: widget(page, f"file-{number}-take").get_by_role("button").click(), timeout_ms=60_000)
    expect(widget(page, f"file-{number}-take")).to_have_count(0, timeout=30_000)
    settled(page)
    return widget(page, f"file-{number}").get_by_test_id("stAlert").first.inner_text()
