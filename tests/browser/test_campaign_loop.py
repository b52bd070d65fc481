"""The loop that closes: files in, rules tuned and adopted, a list drawn, its coupon file, next month's export, the result read. In both languages."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from loyalty.words import words_for
from tests.browser.live import Server, act, widget
from tests.browser.steps import bring, downloaded, drop, go, headline, take

PEOPLE = 400
HEAD = "Order number,E-mail,Date,Product,Total,Currency,Coupon code\n"


def mail(n: int) -> str:
    return f"person{n}@example.com"


def past(today: dt.date) -> str:
    """Everybody bought once within the last months."""
    return HEAD + "".join(
        f"{n},{mail(n)},{today - dt.timedelta(days=1 + n % 90)},Tea,20.00,USD,\n" for n in range(PEOPLE)
    )


def listed() -> str:
    return "E-mail,Name,Agrees to e-mail\n" + "".join(f"{mail(n)},Person {n},yes\n" for n in range(PEOPLE))


def next_month(today: dt.date, rows: list[dict[str, str]], address: str, code: str) -> str:
    """Six of ten who were written to buy with their code, one of ten held back without; one sale on the last day."""
    sent = {row[address]: row[code] for row in rows}
    held = [mail(n) for n in range(PEOPLE) if mail(n) not in sent]
    buys = [(who, sent[who]) for who in list(sent)[: len(sent) * 6 // 10]] + [
        (who, "") for who in held[: len(held) // 5]
    ]
    lines = [
        f"N{i},{who},{today + dt.timedelta(days=1 + i % 20)},Tea,18.00,USD,{used}\n"
        for i, (who, used) in enumerate(buys)
    ]
    return (
        HEAD
        + "".join(lines)
        + f"N-last,stranger@example.com,{today + dt.timedelta(days=40)},Tea,20.00,USD,\n"
    )


def test_a_campaign_from_the_list_to_its_result(visit: tuple[Page, Server, str], tmp_path: Path) -> None:
    page, server, language = visit
    say = words_for(language, "USD").say
    today = dt.date.today()  # noqa: DTZ011 - the app in the browser reads the computer's clock
    files = {"past.csv": past(today), "people.csv": listed()}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    go(page, say("Data"))
    bring(page, tmp_path / "past.csv", 0)
    go(page, say("Settings"))  # leaving the page lets go of the dropped file
    go(page, say("Data"))
    drop(page, tmp_path / "people.csv")
    take(page, 0)
    go(page, say("Rewards"))
    act(page, lambda: widget(page, "adopt").get_by_role("button").click(), timeout_ms=60_000)
    expect(widget(page, "adopt").get_by_role("button")).to_be_disabled(
        timeout=30_000
    )  # these rules are in force now
    go(page, say("Campaigns"))
    assert headline(page) == say("You may write to {n} of {all} customers", n=PEOPLE, all=PEOPLE)
    act(page, lambda: widget(page, "campaign-create").get_by_role("button").click(), timeout_ms=60_000)
    expect(widget(page, "campaign-file")).to_be_visible(timeout=30_000)
    rows = list(
        csv.DictReader(io.StringIO(downloaded(page, "campaign-file").decode("utf-8-sig"), newline=""))
    )
    assert len({row[say("Coupon code")] for row in rows}) == len(rows)
    assert PEOPLE / 2 <= len(rows) < PEOPLE
    (tmp_path / "next.csv").write_text(
        next_month(today, rows, say("E-mail"), say("Coupon code")), encoding="utf-8"
    )
    go(page, say("Data"))
    bring(page, tmp_path / "next.csv", 0)
    go(page, say("Results"))
    expect(page.locator("h1")).to_contain_text("±", timeout=30_000)
    expect(page.get_by_role("region", name=say("Every outcome with its range"))).to_be_visible()
    act(page, lambda: widget(page, "result-learn").get_by_role("button").click())
    expect(page.get_by_role("region", name=say("What to offer next"))).to_be_visible()
    act(page, lambda: widget(page, "result-forget").get_by_role("button").click())
    expect(widget(page, "result-learn")).to_be_visible()
    assert "Traceback" not in server.output()
