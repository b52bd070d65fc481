"""Home's week, goals, forecast and changes; who comes back and how content they are, on Customers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from loyalty.words import words_for
from tests.pages.conftest import START


def texts(app: AppTest) -> str:
    """All that the page says."""
    return "\n".join(element.value for element in (*app.markdown, *app.caption)).replace("\\", "")


def test_home_says_what_the_week_brought(sampled: START) -> None:
    app = sampled()
    week = app.table[0].value
    assert list(week.columns) == ["", "These 7 days", "Week before", "A year ago"]
    assert week[""].tolist() == ["Net revenue", "Orders", "Known customers", "New customers"]
    assert "The 7 days to 30 Jun 2026 brought $2,191: 14% more than the week before" in texts(app)


def test_home_tells_the_months_to_come_and_how(sampled: START) -> None:
    app = sampled()
    tables = {next(iter(frame.value.columns)): frame.value for frame in app.dataframe}
    months, contest = tables["Month"], tables["Method"]
    assert months["Month"].tolist() == [
        "Jul 2026",
        "Aug 2026",
        "Sep 2026",
        "Oct 2026",
        "Nov 2026",
        "Dec 2026",
    ]
    assert contest["Method"][0] == "the same month a year before, with the growth since"
    errors = contest["Error (MASE)"].astype(float).tolist()
    assert errors == sorted(errors)


@pytest.mark.parametrize("view", ["By buyers", "Through what", "By product", "By the year they first bought"])
@pytest.mark.parametrize("periods", ["4 weeks, beside the 4 before", "52 weeks, beside the 52 before"])
def test_what_changed_is_said_for_every_cut(sampled: START, view: str, periods: str) -> None:
    app = sampled()
    app.get_by_key("change-periods").set_value(periods)
    app.get_by_key("change-view").set_value(view).run()
    assert not app.exception
    assert "Most moved: " in texts(app)


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_goal_is_set_seen_and_taken_away(sampled: START, locale: str) -> None:
    say = words_for({"en-GB": "en", "zh-CN": "zh_CN"}[locale], "USD").say
    app = sampled(locale)
    app.get_by_key("goal-save").click().run()
    assert [error.value for error in app.error] == [say("Enter a number first.")]
    app.get_by_key("goal-value-repurchase_within_90").set_value(35.0).run()
    app.get_by_key("goal-save").click().run()
    assert not app.exception
    kept = Path(os.environ["LOYALTY_SHOP"]) / "sample-shop" / "targets.json"
    assert '"value": 0.35' in kept.read_text(encoding="utf-8")
    app.get_by_key("goal-off-repurchase_within_90").click().run()
    assert kept.read_text(encoding="utf-8").strip() == "[]"
    assert not app.exception


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        (
            "Quarter of the first purchase",
            "Of those who first bought in Q1 2026, 34% came back within 90 days",
        ),
        ("Month of the first purchase", "came back within 90 days (range"),
        ("First product", "None stands out"),
        ("First channel", "None stands out"),
        ("How they were won", "None stands out"),
    ],
)
def test_who_comes_back(sampled: START, cut: str, said: str) -> None:
    app = sampled(page="customers")
    app.get_by_key("return-cut").set_value(cut).run()
    assert not app.exception
    assert said in texts(app)


def test_how_content_they_are(sampled: START) -> None:
    """The planted truth: regulars who stopped coming are less content."""
    app = sampled(page="customers")
    app.session_state["customers-tabs"] = "How content they are"
    app.run()
    assert "91% of 400 answers are satisfied" in texts(app)
    assert "Would recommend (NPS): 42 (range 33 to 50, 250 answers)." in texts(app)
    for view in ("By segment", "By product", "Who answers"):
        app.get_by_key("satisfied-view").set_value(view).run()
        assert not app.exception
        if view == "By segment":
            assert "Regulars gone quiet: less content, 84% satisfied against 93% of all others." in texts(app)


def test_what_new_customers_cost(sampled: START) -> None:
    """5,141 were spent while 1,535 first bought, 412 of it on flyers, through which 14 say that they came."""
    app = sampled(page="customers")
    app.session_state["customers-tabs"] = "What they cost"
    app.run()
    said = texts(app)
    assert "A new customer costs $3.35 and is worth" in said
    assert "one costs $27.06." in said
    assert (
        "2.9% of customers have brought somebody new, and 3.9% of new customers came by recommendation."
        in said
    )
    table = next(
        frame.value
        for frame in app.dataframe
        if "Cost of one" in frame.value and "Worth of one" in frame.value
    )
    assert table["Channel"].tolist() == ["All together", "Flyers", "Instagram", "Search ads"]
    assert table["Cost of one"].tolist() == ["$3.35", "$29.43", "$24.36", "$31.05"]
    app.get_by_key("cost-channel").set_value("Flyers").run()
    assert not app.exception
    assert "Flyers: a new customer costs $29.43." in texts(app)


def test_home_lets_more_methods_take_part(sampled: START) -> None:
    app = sampled()
    assert not app.exception
    assert [toggle.label for toggle in app.toggle if toggle.key == "forecast-more"] == [
        "Let ETS and ARIMA take part (takes some seconds)"
    ]
