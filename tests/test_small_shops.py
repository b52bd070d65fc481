"""Small and odd shops: every figure is a number or a plain "not enough yet", never NaN, never a crash."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from loyalty.cli.output import json_value
from loyalty.cli.parser import parse
from loyalty.cli.run import COMMANDS as CALLED
from loyalty.cli.session import Session
from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from loyalty.words import words_for
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

ROOT = Path(__file__).resolve().parents[1]
STAMP = dt.datetime(2026, 1, 2, 3, 4, 5)
LAST = dt.date(2025, 12, 31)
Row = dict[str, str]


def row(number: int, who: str, day: dt.date, price: float, **cells: str) -> Row:
    """One sale of tea or honey."""
    product = "Tea" if number % 3 else "Honey"
    own = {"Invoice No": f"{number:05d}", "Customer": who, "Date": day.isoformat()}
    return {**generic_row(1, "", product, "1", f"{price:.2f}"), **own, **cells}


def living(people: int, price: Callable[[np.random.Generator], float] | None = None) -> list[Row]:
    """`people` customers over two years, who come back now and then until they leave."""
    chance, rows = np.random.default_rng(people), list[Row]()
    for n in range(people):
        day = LAST - dt.timedelta(days=int(chance.integers(730)))
        while day <= LAST:
            cost = float(chance.gamma(4, 5)) + 1 if price is None else price(chance)
            rows.append(row(len(rows) + 1, f"c{n:03d}", day, cost))
            if chance.random() < 0.25:
                break
            day += dt.timedelta(days=1 + int(chance.exponential(50)))
    return rows


def once_each(people: int) -> list[Row]:
    """Everybody bought once."""
    return [row(n + 1, f"c{n:03d}", LAST - dt.timedelta(days=9 * n), 5.0 + n) for n in range(people)]


SHOPS: dict[str, Callable[[], list[Row]]] = {
    "5": lambda: living(5),
    "15": lambda: living(15),
    "30": lambda: living(30),
    "100": lambda: living(100),
    "300": lambda: living(300),
    "one order": lambda: once_each(1),
    "one order each": lambda: once_each(40),
    "one day": lambda: [row(n + 1, f"c{n:03d}", LAST, 5.0) for n in range(30)],
    "all refunded": lambda: [r | {"Refunded": r["Unit Price"], "Status": "refunded"} for r in living(30)],
    "same spend": lambda: living(60, lambda chance: 10.0),
    "nobody named": lambda: [r | {"Customer": ""} for r in living(30)],
    "all for nothing": lambda: [r | {"Unit Price": "0.00"} for r in living(30)],
}
FURTHER = {
    "spend.csv": "Month,Channel,Spend\n2025-06,Ads,30\n2025-12,Ads,20\n2025-12,,6\n2024-01,Flyers,0\n",
    "referrals.csv": "Date,Recommended by,New customer\n2025-01-05,c000,c001\n,c001,c002\n",
    "survey.csv": "Date,Customer,Score\n2025-12-30,c000,5\n2025-12-31,c001,1\n",
}
BROKEN = re.compile(r"\b(nan|inf|infinity|NaN|NaT|None(?! stands out))\b")
COMMANDS = (
    "goals set repurchase_rate --at-least 50%", "kpis", "kpis --from 2025-12-01 --to 2025-12-31", "kpis --by channel",
    "cohorts", "repurchase", "repurchase --by product", "clv", "costs", "forecast", "changes", "satisfaction",
)  # fmt: skip


@pytest.fixture(scope="module", params=list(SHOPS))
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A shop of each sort, the name and the folder; all but one know of spend, recommendations and answers."""
    folder = tmp_path_factory.mktemp("small")
    with Shop.open(folder / "shop") as opened:
        opened.save_settings(changed(opened.settings, currency="USD"))
        bring(opened, save(folder, "orders.csv", text_of(GENERIC, SHOPS[request.param]())))
        for name, text in FURTHER.items() if request.param != "15" else ():
            bring(opened, save(folder, name, text))
    return request.param, folder / "shop"


def test_every_command_gives_figures_or_says_what_is_missing(shop: tuple[str, Path]) -> None:
    name, folder = shop
    found: dict[str, Any] = {}
    with Shop.open(folder) as opened:
        session = Session(opened, words_for("en", "USD"), STAMP, None)
        object.__setattr__(session, "facts", cache(session.facts))  # asked once for all commands
        for command in COMMANDS:
            options = parse(command.split())
            outcome = CALLED[options.command](session, options)
            told = json.dumps(json_value(outcome.document), allow_nan=False)
            said = "\n".join(outcome.lines)
            assert outcome.code == 0
            assert not BROKEN.search(said), f"{command}: {said}"
            assert not BROKEN.search(told), f"{command}: {told}"
            found[command] = json.loads(told)
    check(name, found)


def check(name: str, found: dict[str, Any]) -> None:
    """What is said of each shop."""
    shares = [
        found["kpis"][key]
        for key in ("repurchase_rate", "returning_rate", "anonymous_share", "referral_rate", "csat")
    ]
    assert all(share is None or 0 <= share <= 1 for share in shares)
    if found["clv"]["total"] is None:
        assert found["clv"]["missing"].startswith("Not enough to predict from yet")
    else:
        total = found["clv"]["total"]
        assert 0 <= total["low"] <= total["expected"] <= total["high"]
    if not found["forecast"]["months"]:
        assert "more to go" in found["forecast"]["note"]
    if name in ("all refunded", "nobody named", "all for nothing"):
        assert (found["kpis"]["customers"], found["kpis"]["repurchase_rate"]) == (0, None)
        assert found["costs"]["cac"] is None
    if name == "all refunded":
        assert (found["kpis"]["orders"], found["kpis"]["revenue"]) == (0, 0.0)
    if name == "one order each":
        assert found["kpis"]["repurchase_rate"] == 0.0
        assert found["clv"]["missing"].endswith("20 more than there are so far.")
    if name == "15":
        assert found["costs"]["sentence"].startswith("What a new customer costs is not known yet")
    if name == "300":
        assert found["clv"]["total"]["expected"] > 0
        assert found["costs"]["clv_to_cac"] > 0
        assert "customers" in {one["method"] for one in found["forecast"]["backtest"]["methods"]}


#: The parts of each page, worked out when they are opened.
TABS = {
    "home": ("变化在哪里", "新客与回头客", "逐月看谁回头"),
    "customers": ("Who comes back", "What they will bring", "What they cost", "How content they are"),
}


@pytest.mark.parametrize(("page", "locale"), [("home", "zh-CN"), ("customers", "en-GB")])
def test_the_pages_open(
    shop: tuple[str, Path], page: str, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOYALTY_SHOP", str(shop[1]))
    st.cache_resource.clear()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=240)
    app.context = {"locale": locale}
    app.run()
    if page != "home":
        app.switch_page(f"pages/{page}/page.py").run()
    for tab in TABS[page]:
        app.session_state[f"{page}-tabs"] = tab
        app.run()
        assert_whole(app)


def assert_whole(app: AppTest) -> None:
    """No fault, a title, and no word that stands for a missing number."""
    assert not app.exception
    assert app.title
    texts = [e.value for e in (*app.title, *app.markdown, *app.caption)] + [str(m.value) for m in app.metric]
    assert not [text for text in texts if BROKEN.search(text)]
