"""The pages Campaigns and Results: a list is drawn, kept, and shown as what it is; too small a list is said."""

from __future__ import annotations

from tests.pages.conftest import START
from tests.pages.test_pages import open_page


def test_a_list_is_drawn_and_waits_for_its_sales(start: START) -> None:
    app = open_page(start(sample=True), "campaigns")
    assert app.title[0].value == "You may write to 694 of 1,535 customers"
    app.selectbox(key="campaign-audience").set_value("everyone").run()
    assert "an effect of 5 points cannot be seen: it would take 2,042" in app.warning[0].value
    app.text_input(key="campaign-name").set_value("Autumn")
    app.button(key="campaign-create").click().run()
    assert not app.exception
    people = next(each.value for each in app.dataframe if "Coupon code" in each.value.columns)
    assert len(people) == 341 - 68
    assert people["Coupon code"].is_unique
    assert people["Message"].str.contains("10% off").all()
    open_page(app, "results")
    assert app.title[0].value.startswith("It is too early to tell what “Autumn” brings")
    open_page(app, "campaigns")
    app.button(key="campaign-cancel").click().run()
    assert any("This campaign was taken back." in each.value for each in app.caption)


def test_a_wrong_place_in_the_message_is_said(sampled: START) -> None:
    app = open_page(sampled(), "campaigns")
    area = app.text_area[0]
    area.set_value("Hello {nmae}").run()
    assert "{nmae}" in app.error[0].value


def test_text_messages_are_counted_and_nobody_was_asked(sampled: START) -> None:
    app = open_page(sampled(), "campaigns")
    app.get_by_key("campaign-medium").set_value("sms").run()
    assert "Nobody is left to write to" in app.error[0].value
