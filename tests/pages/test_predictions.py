"""Predictions on the pages: the line on Home, the lists, the contest that runs while one goes on, costs."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from loyalty.models.predictions import candidates
from loyalty.shop.shop import Shop
from tests.intake.builders import SHOPIFY, bring, save, shopify_rows, text_of
from tests.pages.conftest import START
from ui.background import jobs

QUICK = ("recency", "bg_nbd", "logistic", "average")


def told(app: AppTest) -> str:
    """All running text of the page."""
    return "\n".join(text.value for text in (*app.markdown, *app.caption))


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The table on the page that has a column of that name."""
    return next(shown.value for shown in app.dataframe if column in shown.value.columns)


def test_who_will_buy_and_who_is_slipping_away(sampled: START) -> None:
    home = sampled()
    assert not home.exception
    line = next(text.value for text in home.markdown if "will buy within 90 days" in text.value)
    app = home.switch_page("pages/customers/page.py").run()
    assert not app.exception
    assert line in told(app)  # the same figures on both pages
    everyone = table(app, "Orders to come")
    chance = everyone["Buys within 90 days"]
    assert chance.is_monotonic_decreasing
    assert everyone["Why"].str.len().min() > 10
    app.multiselect(key="predict-steps").set_value(["remind"]).run()
    shown = table(app, "Orders to come")
    assert set(shown["What to do"]) == {"later than their habit: a friendly reminder is enough"}
    assert len(shown) < len(everyone) or len(everyone) == 200
    app.get_by_key("predict-view").set_value("away").run()
    assert not app.exception
    away = table(app, "A message saves")
    assert away["A message saves"].is_monotonic_decreasing
    assert "worth a message" in told(app)
    app.button(key="write-predict-away").click().run()
    assert not app.exception
    assert app.session_state["audience"].key == "worth_contacting"
    assert len(app.session_state["audience"].customer_ids) == len(away)
    assert app.title[0].value.startswith("You may write to")
    assert app.selectbox(key="campaign-audience").value == "chosen"
    assert len(away) > int(
        next(
            re.findall(r"^(\d+) p", text.value)[0]
            for text in app.markdown
            if "can be written to." in text.value
        )
    )
    assert "We have not seen you for a while." in app.code[0].value  # what the first on the list will read
    app.selectbox(key="campaign-audience").set_value("worth_contacting").run()
    assert not app.exception


def test_model_selection_runs_and_the_record_is_shown(
    sampled: START, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = tuple(candidates.BY_NAME[name] for name in QUICK)
    monkeypatch.setattr("loyalty.services.predictions.CANDIDATES", quick)
    app = sampled(page="customers")
    app.get_by_key("predict-view").set_value("right").run()
    assert not app.exception
    app.button(key="predict-try").click().run()
    assert not app.exception
    for _ in range(3000):
        if not any(job.running for job in jobs()._jobs.values()):
            break
        time.sleep(0.1)
    app.run()
    assert not app.exception
    text = told(app)
    assert "methods were tried on your own past, from 4 earlier days" in text
    assert "put the right one first" in text
    assert "were overdue; " in text
    best = table(app, "Log loss")["Log loss"]
    assert best.is_monotonic_increasing
    before = table(app, "stayed away")
    app.number_input(key="predict-message").set_value(50.0).run()
    assert not app.exception
    after = table(app, "stayed away")
    assert after["came"].sum() == before["came"].sum()
    assert after.loc[0, "stayed away"] < before.loc[0, "stayed away"]  # dearer messages name fewer
    jobs()._jobs.clear()  # as when the app was closed and opened again
    app.run()
    assert not app.exception
    chosen = next(
        text for text in app.markdown if text.value.startswith("**As of 30 Jun 2026 the methods were tried")
    )
    assert re.search(r"“.+” was chosen\. It is used until 28 Sep 2026\.", chosen.value)
    assert app.button(key="predict-try")


def test_a_shop_of_a_few_days_gets_a_sentence(start: START, tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows())))
    app = start(page="customers")
    assert not app.exception
    assert "There is nothing to predict from yet" in told(app)


def test_in_chinese(sampled: START) -> None:
    app = sampled("zh-CN", page="customers")
    assert not app.exception
    assert "天内购买" in told(app)
