"""Suggestions on screen: per product, for all, what is never shown, how good they are, one customer's lists."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import START

HAN = re.compile(r"[\u4e00-\u9fff]")


def products(app: AppTest, tab: str) -> AppTest:
    app.switch_page("pages/products/page.py").run()
    app.session_state["products-tabs"] = tab
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info))


def test_a_product_has_its_companions_and_takers(sampled: START) -> None:
    app = products(sampled(), "For whom what")
    app.selectbox("offer-product").select("Ceramic Dripper").run()
    assert "Of 100 orders with it, 60 also hold Paper Filters (100)." in said(app)
    takers = app.dataframe[-1].value
    assert len(takers) > 20
    assert list(takers.columns) == ["Name", "Why", "List", "Status"]
    assert set(takers["List"]) <= {"Buy again", "New to them"}


def test_in_chinese(sampled: START) -> None:
    app = products(sampled("zh-CN"), "给谁推荐什么")
    assert HAN.search(said(app))
    assert "每 100 单含它的订单中" in said(app)


def test_how_good_they_are(sampled: START) -> None:
    app = products(sampled(), "How good the suggestions are")
    table = app.dataframe[-1].value
    assert {"Buy again", "EASE", "User-based", "Hybrid"} <= set(table["Method"])
    assert "Who speaks for what is new" in said(app)
    assert "Nothing yet." in said(app)


@pytest.fixture
def own(start: START) -> AppTest:
    """A sample shop of the test's own, as something is written to it."""
    return start(sample=True)


def test_never_suggested_and_sent_out(own: AppTest) -> None:
    app = products(own, "For whom what")
    app.multiselect("offers-never").select("Gift Box").run()
    app.selectbox("offer-product").select("Ceramic Dripper").run()
    assert "Gift Box" not in app.selectbox("offer-product").options
    app.button("offers-sent").click().run()
    assert "Kept." in app.success[0].value
    app.button("offers-sent").click().run()
    assert "kept today already" in app.success[0].value
    assert not app.exception


@pytest.mark.parametrize(
    ("locale", "heads"), [("en-GB", ("Buy again", "New to them")), ("zh-CN", ("再次购买", "还没买过"))]
)
def test_a_customers_two_lists(sampled: START, locale: str, heads: tuple[str, str]) -> None:
    app = sampled(locale, page="customers")
    app.session_state["customers-0"] = {"selection": {"rows": [2], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    for head in heads:
        assert f"**{head}**" in said(app)
    own = [element.value for element in app.markdown]
    lists = own[
        min(place for place, text in enumerate(own) if any(f"**{head}**" in text for head in heads)) :
    ]
    reasons = [text for text in lists if ":gray[" in text and "  \n" in text]
    assert len(reasons) == 10
