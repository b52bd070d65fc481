"""Every page opens, empty and full, in both languages, and says its answer."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from loyalty.words import words_for
from tests.pages.conftest import ROOT, START

PAGES = sorted(path.parent.name for path in (ROOT / "pages").glob("*/page.py"))
LOCALES = {"en-GB": "en", "zh-CN": "zh_CN"}
HAN = re.compile(r"[\u4e00-\u9fff]")


def open_page(app: AppTest, name: str) -> AppTest:
    """Another page of the running app."""
    return app.switch_page(f"pages/{name}/page.py").run()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_teaches_while_the_shop_is_empty(start: START, locale: str) -> None:
    app = start(locale)
    for name in PAGES:
        open_page(app, name)
        assert not app.exception, name
        assert len(app.title) == 1, name
        assert bool(HAN.search(app.title[0].value)) == (locale == "zh-CN"), name


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_answers_for_the_sample_shop(sampled: START, locale: str) -> None:
    app = sampled(locale)
    for name in PAGES:
        open_page(app, name)
        assert not app.exception, name
        assert not app.error, name
        assert bool(HAN.search(app.title[0].value)) == (locale == "zh-CN"), name


def test_home_shows_the_figures_of_the_sample_shop(sampled: START) -> None:
    truth = json.loads((ROOT / "sample_data" / "truth" / "figures.json").read_text(encoding="utf-8"))["both"]
    app = sampled()
    values = {metric.label: metric.value for metric in app.metric}
    assert values["Repurchase rate"] == f"{100 * truth['repurchase_rate']:.1f}%"
    assert values["Net revenue"] == f"${float(truth['net_revenue']):,.0f}"
    assert values["Average order value"] == f"${float(truth['net_revenue']) / truth['purchases']:.2f}"
    assert values["Satisfied (4–5 of 5)"] == "91%"
    further = json.loads((ROOT / "sample_data" / "truth" / "further.json").read_text(encoding="utf-8"))
    assert values["Referral rate"] == f"{100 * further['referral_rate']:.1f}%"
    assert values["Came by recommendation"] == f"{100 * further['referred_share']:.1f}%"
    assert values["Cost of a new customer"] == f"${further['cac']}"


def test_a_period_changes_the_figures(sampled: START) -> None:
    app = sampled()
    whole = {metric.label: metric.value for metric in app.metric}
    app.get_by_key("home-period").set_value("Last 90 days").run()
    part = {metric.label: metric.value for metric in app.metric}
    assert part["Net revenue"] != whole["Net revenue"]
    assert (
        part["Come back within 90 days"] == whole["Come back within 90 days"]
    )  # a figure of all first purchases


def test_definitions_stand_behind_the_figures(sampled: START) -> None:
    for metric in sampled().metric:
        assert len(metric.help or "") > 20, metric.label


def test_the_language_is_remembered(start: START) -> None:
    app = start("en-GB")
    app.selectbox(key="language-choice").select("zh_CN").run()
    say = words_for("zh_CN").say
    assert app.title[0].value == say("Know who comes back, and give them a reason to")
    assert start("en-GB").title[0].value == say("Know who comes back, and give them a reason to")


def test_settings_are_kept(start: START) -> None:
    app = open_page(start(), "settings")
    app.text_input(key="set-name").set_value("Tea & Co")
    app.selectbox(key="set-currency").select("EUR")
    app.number_input(key="set-margin").set_value(40.0)
    app.button(key="set-save").click().run()
    assert not app.exception
    kept = json.loads((Path(os.environ["LOYALTY_SHOP"]) / "settings.json").read_text(encoding="utf-8"))
    assert (kept["shop_name"], kept["currency"], kept["margin"]) == ("Tea & Co", "EUR", 0.4)


def test_sliders_move_the_tiers_at_once(sampled: START) -> None:
    app = open_page(sampled(), "rewards")
    before = app.dataframe[0].value.set_index("Tier")["Customers"]
    slider = next(s for s in app.slider if s.key and s.key.endswith("-gold"))
    slider.set_value(200.0).run()
    after = app.dataframe[0].value.set_index("Tier")["Customers"]
    assert after["Gold"] > before["Gold"]
    assert after.sum() == before.sum() == 1535


def test_rules_follow_their_thresholds(sampled: START) -> None:
    app = open_page(sampled(), "products")
    assert app.title[0].value == "Offer Paper Filters (100) with Ceramic Dripper"
    few = app.dataframe[0].value
    assert len(few) == 6  # the three planted pairs, both ways
    app.slider(key="rule-confidence-order").set_value(50).run()
    fewer = app.dataframe[0].value
    assert len(fewer) == 3
    assert fewer["Share of those orders that also hold the offer"].min() >= 50  # in percent


def test_the_number_of_groups_can_be_chosen(sampled: START) -> None:
    app = open_page(sampled(), "segments")
    app.get_by_key("segment-method").set_value("kmeans").run()
    app.get_by_key("segment-k").set_value(5).run()
    assert not app.exception
    assert any("5 groups" in text.value for text in app.markdown)


def test_a_list_of_coupons_and_the_offer_behind_it_are_kept(start: START) -> None:
    app = open_page(start(sample=True), "rewards")
    groups = app.multiselect(key="coupon-segments")
    groups.select(groups.options[0]).run()
    value = next(box for box in app.number_input if box.key and box.key.endswith("-value"))
    value.set_value(15.0).run()
    app.button(key="make-coupons").click().run()
    assert not app.exception
    coupons = app.dataframe[-1].value
    assert len(coupons) == 104  # of 143 members 39 said no to messages
    assert coupons["Coupon code"].is_unique
    assert set(coupons["Value"].astype(float)) == {15.0}
    groups.select(groups.options[0]).run()
    kept = next(box for box in app.number_input if box.key and box.key.endswith("-value"))
    assert kept.value == 15.0
