"""The Rewards page: settings with what they bring, the programme edited and kept, points used and put into the books."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from loyalty.rewards.programme.rules import Discount, Gift
from loyalty.services.figures import facts, programme, save_programme
from loyalty.shop.shop import Shop
from tests.campaigns.builders import LAST, PEOPLE, STAMP, agreed, fill
from tests.pages.conftest import START
from tests.pages.test_pages import open_page


def view(app: AppTest, name: str) -> AppTest:
    """One of the page's three views."""
    app.get_by_key("rewards-view").set_value(name).run()
    assert not app.exception
    return app


def test_a_programme_is_chosen_changed_saved_and_its_points_used(start: START) -> None:
    app = open_page(start(sample=True), "rewards")
    assert any("You would have to believe" in text.value for text in app.markdown)
    assert any("expected to" in text.value for text in app.markdown)
    assert any("stays after the cost of goods" in text.value for text in app.markdown)
    assert any("anyway and get" in text.value for text in app.markdown)
    off = next(box for box in app.number_input if str(box.key).startswith("spend-off"))
    off.set_value(off.max).run()
    assert [text.value for text in app.warning] == ["It must take off less than the order it asks for."]
    view(app, "rules")
    assert app.title[0].value.startswith("No programme is saved yet")
    app.button(key="ready-online_shop").click().run()
    assert any("You are looking at a proposal" in text.value for text in app.info)
    review = next(box for box in app.number_input if box.key and box.key.endswith("-review"))
    review.set_value(77).run()
    next(box for box in app.radio if box.key and box.key.endswith("-when")).set_value("always").run()
    app.button(key="save-version").click().run()
    assert not app.exception
    assert not app.error
    assert app.title[0].value.startswith("“Points club” holds from")
    kept = json.loads(app.code[0].value)
    assert (kept["earning"]["review"], kept["expiry"]["kind"], len(kept["gifts"])) == (77, "rolling", 3)
    view(app, "try")
    promised = next(t.value for t in app.dataframe if "Times a year" in t.value.columns)
    assert {"birthday", "Welcome", "products and days with other points"} <= set(promised["What for"])
    assert promised.loc[promised["What for"] == "birthday", "Cost a year"].item() != "$0"
    assert any(text.value.startswith("Of the cost, ") for text in app.markdown)
    view(app, "points")
    assert "points are out" in app.title[0].value
    balances = next(t.value for t in app.dataframe if "Take off now" in t.value.columns)
    fullest = balances.iloc[0]
    app.text_input(key="points-find").set_value(str(fullest["Customer id"])).run()
    box = next(b for b in app.number_input if b.key and b.key.startswith("use-"))
    used = int(box.value)
    app.button(key="points-use").click().run()
    assert not app.exception
    story = next(t.value for t in app.dataframe if "On account" in t.value.columns)
    entry = story[story["What"] == "used"].iloc[0]
    assert entry["Points"] == -used
    assert any(
        f"-{used}" in str(option) or f"{used}" in str(option) for option in app.selectbox(key="moves").options
    )
    app.button(key="post").click().run()
    assert not app.exception
    postings = next(t.value for t in app.dataframe if list(t.value.columns) == ["When", "Entries", "Points"])
    assert len(postings) == 1


def test_gifts_and_standing_discounts_reach_people(
    start: START, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.rewards.coupons.now", lambda: STAMP)
    with Shop.open(tmp_path / "shop") as shop:
        fill(shop, tmp_path)
        known = facts(shop.database.reader(), LAST)
        rules = replace(
            programme(shop, known.customers, [])[0],
            gifts=(Gift("birthday", "percent", Decimal(15), days_before=3, valid_days=14),),
            discounts=(Discount("Old friends", "long_standing", "percent", Decimal(5), after_days=100),),
        )
        save_programme(shop, rules, STAMP)
    app = open_page(start(), "rewards")
    due = sum(1 for n in range(PEOPLE) if agreed(n))  # all in July
    assert any(f"Gift: birthday {due}" in text.value for text in app.markdown)
    discounts = next(t.value for t in app.dataframe if "What it takes off" in t.value.columns)
    assert discounts["Discount"].tolist() == ["Old friends"]
    assert int(discounts["Customers"].item()) > 0
    promised = next(t.value for t in app.dataframe if "Times a year" in t.value.columns)
    assert promised["What for"].tolist() == ["Old friends"]  # no birthday came since a first order
    app.button(key="make-gifts").click().run()
    assert not app.exception
    assert any("left out, as they said no" in text.value for text in app.info)
    table = next(t.value for t in app.dataframe if "Coupon code" in t.value.columns)
    assert len(table) == due
    assert any(text.value == "Nobody whose day comes within 30 days lacks a coupon." for text in app.markdown)
    assert set(table["Segment"]) == {"Gift: birthday"}


def test_in_chinese(sampled: START) -> None:
    app = open_page(sampled("zh-CN"), "rewards")
    for name in ("rules", "points"):
        view(app, name)
        assert not app.error
