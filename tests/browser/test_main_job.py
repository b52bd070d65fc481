"""The owner's main job in a real browser, in both languages: sample shop, every screen, coupons; a file of one's own."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from loyalty.words import words_for
from tests.browser.live import (
    LANGUAGES,
    ROOT,
    Server,
    act,
    close_page,
    no_exception,
    open_page,
    settled,
    widget,
)
from tests.browser.steps import bring, downloaded, go, headline, opened_list

SCREENS = ("Home", "Data", "Customers", "Segments", "Products", "Rewards", "Campaigns", "Results", "Settings")


def test_from_an_empty_home_to_a_coupon_list(visit: tuple[Page, Server, str]) -> None:
    page, server, language = visit
    say = words_for(language, "USD").say
    assert headline(page) == say("Know who comes back, and give them a reason to")
    act(page, lambda: widget(page, "try-sample").get_by_role("button").click(), timeout_ms=60_000)
    expect(page.locator("h1")).to_have_text(re.compile(r"\b38\b.*\b32\b"), timeout=30_000)
    for screen in SCREENS:
        go(page, say(screen))
        assert len(headline(page)) > 1
    go(page, say("Rewards"))
    option = opened_list(page, widget(page, "coupon-segments")).nth(1)  # the first is "all of them"
    act(page, lambda: (option.click(), page.keyboard.press("Escape")))
    act(page, lambda: widget(page, "make-coupons").get_by_role("button").click())
    rows = list(csv.DictReader(io.StringIO(downloaded(page, "get-csv").decode("utf-8-sig"))))
    codes = [row[say("Coupon code")] for row in rows]
    assert (
        len(rows) == len(set(codes)) == 104
    )  # of the 143 members of the first segment 39 said no to messages
    assert all(re.fullmatch(r"[2-9A-Z]{5}(-[2-9A-Z]{5}){2}", code) for code in codes)
    assert all(row[say("Reason")] for row in rows)
    woo = downloaded(page, "get-woo").decode("utf-8")
    assert [row["coupon_code"] for row in csv.DictReader(io.StringIO(woo))] == codes
    assert "Traceback" not in server.output()


def test_a_shopify_file_changes_the_figures(visit: tuple[Page, Server, str], tmp_path: Path) -> None:
    page, _, language = visit
    say = words_for(language, "USD").say
    lines = (
        (ROOT / "sample_data" / "shopify_orders.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    )
    orders = [number for number, line in enumerate(lines) if re.match(r"#\d+,[^,]+@|#\d+,,[a-z]", line)]
    newer, older = orders[300], orders[900]
    first, second = tmp_path / "june.csv", tmp_path / "may.csv"
    first.write_text("".join(lines[:newer]), encoding="utf-8")
    second.write_text("".join([lines[0], *lines[orders[200] : older]]), encoding="utf-8")
    go(page, say("Data"))
    seen = [bring(page, first, 0)]
    go(page, say("Home"))
    before = page.get_by_test_id("stMetricValue").all_inner_texts()
    go(page, say("Data"))
    seen.append(bring(page, second, 0))
    go(page, say("Home"))
    after = page.get_by_test_id("stMetricValue").all_inner_texts()
    assert seen[0] > 100
    assert seen[1] > seen[0] + 300
    assert before != after
    assert len(before) == len(after) == 8


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def test_every_screen_fits_a_phone(browser: Browser, server: Server, language: str) -> None:
    page = open_page(browser, server, {**PHONE, "locale": LANGUAGES[language]})
    page.goto(f"{server.url}/?shop=sample")
    expect(page.locator("h1")).to_have_text(re.compile(r"\b38\b.*\b32\b"), timeout=60_000)
    settled(page)
    say = words_for(language, "USD").say
    for screen in SCREENS:
        menu = page.get_by_test_id("stExpandSidebarButton")
        if menu.is_visible():
            menu.click()
        act(page, page.get_by_role("link", name=say(screen), exact=True).first.click)
        no_exception(page)
        width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert width <= 390, f"{screen} is {width} wide"
    close_page(page)
