"""Everyone, one person's story and the three actions, on the sample shop's pages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

from loyalty.shop.shop import Shop
from tests.intake.builders import bring, save
from tests.pages.conftest import START

PAGE = "pages/customers/page.py"


def everyone(app: AppTest) -> pd.DataFrame:
    frame: pd.DataFrame = app.dataframe[0].value
    return frame


def test_three_actions_ranked_with_worth_and_assumption(sampled: START) -> None:
    app = sampled()
    assert not app.exception
    buttons = [button for button in app.button if str(button.key).startswith("do-")]
    assert len(buttons) == 3
    told = [text.value for text in app.markdown if "if 1 in " in text.value]
    assert len(told) == 3
    first = [int(text.split("about \\$")[1].split(" ")[0].replace(",", "")) for text in told]
    assert first == sorted(first, reverse=True)
    chinese = sampled("zh-CN")
    assert sum("假设每" in text.value for text in chinese.markdown) == 3


def test_an_action_opens_its_list_of_people(sampled: START) -> None:
    app = sampled()
    app.session_state["sample"] = True  # a link to another page drops the query
    app.button(key="do-overdue").click().run()
    assert not app.exception
    app.switch_page(PAGE).run()
    shown = everyone(app)
    assert 0 < len(shown) < 1_000
    assert (shown["Status"] == "Overdue").all()
    assert (shown["Orders"] >= 2).all()


def test_the_table_has_what_is_to_come(sampled: START) -> None:
    app = sampled().switch_page(PAGE).run()
    shown = everyone(app)
    assert {
        "Last seen",
        "Still a customer",
        "Next order from",
        "Will bring in 12 months",
        "Content (1–5)",
        "Tier",
        "Points",
    } <= set(shown.columns)
    assert shown["Spent"].is_monotonic_decreasing
    chance, dated = shown["Still a customer"], shown["Next order from"].notna()  # shown in whole percent
    assert dated[chance > 0.5].all()
    assert not dated[~(chance >= 0.5)].any()
    assert chance.between(0, 1).all()  # one model for everybody, also after a single order
    assert shown["Content (1–5)"].dropna().between(1, 5).all()


def test_a_search_narrows_the_table(sampled: START) -> None:
    app = sampled().switch_page(PAGE).run()
    app.text_input(key="customer-search").set_value("ANOUK marsh").run()
    assert everyone(app)["Name"].tolist() == ["Anouk Marsh"]
    app.text_input(key="customer-search").set_value("nobody of this name").run()
    assert everyone(app).empty
    assert not app.exception


def test_too_small_a_shop_says_what_is_missing(tmp_path: Path, start: START) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        bring(
            shop,
            save(
                tmp_path, "sales.csv", "Order,Customer,Date,Total\n1,ann,2025-01-01,10\n2,ann,2025-12-01,10\n"
            ),
        )
    app = start().switch_page(PAGE).run()
    assert not app.exception
    assert "Still a customer" not in everyone(app).columns
    assert any("19 more than there are so far" in caption.value for caption in app.caption)


def card() -> None:
    """A script that shows one customer's story alone, as the page does for a chosen row."""
    import streamlit as st

    from pages.customers.story import show_story
    from ui.session import words
    from ui.shop_figures import current_figures

    figures = current_figures()
    assert figures is not None
    show_story(figures, st.session_state["who"], words())


def test_a_story_is_read_and_filtered(sampled: START) -> None:
    shown = everyone(sampled().switch_page(PAGE).run())
    who = shown.loc[shown["Name"] == "Anouk Marsh", "Customer number"].iloc[0]
    app = AppTest.from_function(card, default_timeout=60)
    app.query_params["shop"] = "sample"
    app.session_state["who"] = who
    app.run()
    assert not app.exception
    texts = [text.value for text in app.markdown]
    assert texts[0].startswith("**Next\\: ") or texts[0].startswith("**Next: ")
    assert any("Usually buys" in text for text in texts)
    lines = [text for text in texts if text.startswith(":material/")]
    assert len(lines) == 8  # the first few
    app.toggle[0].set_value(True).run()
    every = [text.value for text in app.markdown if text.value.startswith(":material/")]
    assert every[:8] == lines
    assert f"What happened: {len(every)} entries" in "".join(texts)
    app.button_group[0].set_value(["answer"]).run()
    only = [text.value for text in app.markdown if text.value.startswith(":material/")]
    assert only
    assert all(text.startswith(":material/rate_review:") for text in only)
