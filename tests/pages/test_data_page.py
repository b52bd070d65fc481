"""The Data page: files dropped, questions answered, rows set aside, imports undone."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from loyalty.intake.kinds import KINDS
from tests.pages.conftest import START

SALES = "Order,Customer,Date,Total\n1,ann,{a},10.00\n2,ben,{b},20.00\n3,ann,{c},30.00\n"


def data_page(start: START) -> AppTest:
    """The Data page of an empty shop."""
    return start(page="data")


def drop(app: AppTest, name: str, text: str) -> AppTest:
    """Drop a file on the page."""
    app.file_uploader(key="uploads").upload(name, text.encode())
    return app.run()


def test_a_clear_file_is_taken_in_and_undone(start: START) -> None:
    app = drop(data_page(start), "sales.csv", SALES.format(a="2025-01-31", b="2025-02-01", c="2025-03-01"))
    app.button(key="file-0-take").click().run()
    assert not app.exception
    assert app.title[0].value == "3 orders of 2 known customers are in"
    assert (
        app.success[0].value
        == "3 rows: 3 taken in, 0 known already, 0 set aside, 0 that are no sales (totals, blanks)."
    )
    app.button(key="undo-yes-1").click().run()
    assert app.title[0].value == "Drop in a sales export"


def test_ambiguous_dates_are_asked_and_remembered(start: START) -> None:
    app = drop(data_page(start), "sales.csv", SALES.format(a="03/04/2025", b="05/06/2025", c="07/08/2025"))
    assert app.button(key="file-0-take").disabled
    app.get_by_key("file-0-date_order").set_value("DMY").run()
    assert not app.button(key="file-0-take").disabled
    app.button(key="file-0-take").click().run()
    assert "Up to 7 Aug 2025" in app.markdown[0].value
    again = drop(
        data_page(start),
        "next.csv",
        SALES.format(a="01/09/2025", b="02/09/2025", c="03/09/2025").replace("\n1", "\n4"),
    )
    assert not again.button(key="file-0-take").disabled


def test_rows_that_cannot_be_read_are_set_aside_with_their_reason(start: START) -> None:
    app = drop(data_page(start), "sales.csv", SALES.format(a="2025-01-31", b="soon", c="2025-03-01"))
    assert any("line 3" in warning.value and "soon" in warning.value for warning in app.warning)
    app.button(key="file-0-take").click().run()
    assert (
        app.success[0].value
        == "3 rows: 2 taken in, 0 known already, 1 set aside, 0 that are no sales (totals, blanks)."
    )


def test_columns_that_cannot_be_guessed_are_chosen_by_hand(start: START) -> None:
    app = drop(data_page(start), "odd.csv", "a,b,c\nx1,2025-01-31,10\nx2,2025-02-01,20\n")
    assert app.button(key="file-0-take").disabled
    app.selectbox(key="file-0-orders-ordered_at").select("b").run()
    app.selectbox(key="file-0-orders-total").select("c").run()
    assert not app.exception
    app.button(key="file-0-take").click().run()
    assert app.title[0].value == "2 orders of 0 known customers are in"


def test_garbage_gets_its_sentence(start: START) -> None:
    app = drop(data_page(start), "notes.csv", "Dear diary\ntoday nobody came\n")
    assert not app.exception
    assert "looks like plain text" in app.error[0].value


def test_a_file_that_stands_already_adds_nothing(start: START) -> None:
    text = SALES.format(a="2025-01-31", b="2025-02-01", c="2025-03-01")
    app = drop(data_page(start), "sales.csv", text)
    app.button(key="file-0-take").click().run()
    again = drop(data_page(start), "copy.csv", text)
    assert "brought in before (import 1)" in again.info[0].value


def test_every_table_of_an_archive_is_shown(start: START) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("jan.csv", SALES.format(a="2025-01-01", b="2025-01-02", c="2025-01-03"))
        archive.writestr(
            "feb.csv",
            SALES.format(a="2025-02-01", b="2025-02-02", c="2025-02-03")
            .replace("\n", "\n9")
            .removesuffix("9"),
        )
    app = data_page(start)
    app.file_uploader(key="uploads").upload("year.zip", packed.getvalue())
    app.run()
    assert not app.exception
    app.button(key="file-0-take").click().run()
    app.button(key="file-1-take").click().run()
    assert [text.value for text in app.success] == [
        "3 rows: 3 taken in, 0 known already, 0 set aside, 0 that are no sales (totals, blanks)."
    ] * 2
    assert app.title[0].value.startswith("6 orders")


def test_the_preview_says_what_a_status_means(start: START) -> None:
    app = drop(
        data_page(start), "sales.csv", "Order,Date,Total,Status\n1,2025-01-01,5,Paid\n2,2025-01-02,6,Void\n"
    )
    assert list(app.dataframe[0].value["Status"]) == ["a paid sale", "cancelled"]


def test_the_watched_folder_brings_files_in_and_asks_what_is_unclear(start: START, tmp_path: Path) -> None:
    folder = tmp_path / "shop" / "intake"
    folder.mkdir(parents=True)
    for name, text in (
        ("clear.csv", SALES.format(a="2025-01-31", b="2025-02-01", c="2025-03-01")),
        ("unclear.csv", "Order,Customer,Date,Total\n7,eve,03/04/2025,10.00\n"),
    ):
        (folder / name).write_text(text)
        os.utime(folder / name, (1_700_000_000, 1_700_000_000))
    app = start()
    assert not app.exception
    said = " ".join(block.value for block in app.markdown)
    assert "3 rows taken in" in said
    assert "It needs a word from you" in said
    app.switch_page("pages/data/page.py").run()
    assert app.title[0].value == "3 orders of 2 known customers are in"
    app.get_by_key("file-0-date_order").set_value("DMY").run()
    app.button(key="file-0-take").click().run()
    assert not app.exception
    assert app.title[0].value == "4 orders of 3 known customers are in"


def test_a_list_of_customers_is_shown_as_it_will_be_read(start: START) -> None:
    app = drop(
        data_page(start),
        "people.csv",
        "Email,Birthday,Newsletter,City\nann@example.com,1985-03-15,yes,Bath\nben@example.com,,gladly,\n",
    )
    assert app.selectbox(key="file-0-kind").value == "customers"
    assert app.button(key="file-0-take").disabled
    app.get_by_key("file-0-status:gladly").set_value("no").run()
    shown = app.dataframe[0].value
    assert shown.to_dict("list") == {
        "Line": ["2", "3"],
        "Customer": list(shown["Customer"]),
        "E-mail": ["ann@example.com", "ben@example.com"],
        "Birthday": ["1985-03-15", ""],
        "City": ["Bath", ""],
        "Agrees to e-mail": ["yes, they agree", "no, they do not"],
    }
    app.button(key="file-0-take").click().run()
    assert not app.exception
    assert (
        app.success[0].value
        == "2 rows: 2 taken in, 0 known already, 0 set aside, 0 that say nothing (totals, blanks)."
    )


def test_another_kind_is_chosen_and_its_columns_with_it(start: START) -> None:
    """What was taken for sales is one of visits: the columns of visits are offered, those of sales are forgotten."""
    app = drop(data_page(start), "log.csv", "who,what,at,note\nann@example.com,peeked,2026-03-01,x\n")
    assert app.selectbox(key="file-0-kind").value == "orders"
    app.selectbox(key="file-0-orders-ordered_at").select("at").run()
    app.selectbox(key="file-0-kind").select("events").run()
    assert not app.exception
    assert app.button(key="file-0-take").disabled
    app.selectbox(key="file-0-events-happened_at").select("at").run()
    app.selectbox(key="file-0-events-email").select("who").run()
    app.selectbox(key="file-0-events-kind").select("what").run()
    app.get_by_key("file-0-status:peeked").set_value("view").run()
    assert not app.exception
    assert app.dataframe[0].value[["What they did", "Customer"]].to_dict("list") == {
        "What they did": ["looked at something"],
        "Customer": ["known"],
    }
    app.button(key="file-0-take").click().run()
    assert app.success[0].value.startswith("1 rows: 1 taken in")
    again = drop(data_page(start), "next.csv", "who,what,at,note\nben@example.com,Peeked,2026-03-02,y\n")
    assert again.selectbox(key="file-0-kind").value == "events"
    assert not again.button(key="file-0-take").disabled


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_every_kind_has_a_table_to_fill_in(start: START, locale: str) -> None:
    app = start(locale, page="data")
    offered = {button.key for button in app.get("download_button")}
    assert {f"template-{kind}" for kind in KINDS} <= offered
    assert not app.exception


def test_spend_and_recommendations_stand_on_home(start: START) -> None:
    app = drop(data_page(start), "sales.csv", SALES.format(a="2025-01-31", b="2025-02-01", c="2025-03-01"))
    app.button(key="file-0-take").click().run()
    home = app.switch_page("pages/home/page.py").run()
    assert "Referral rate" not in {metric.label for metric in home.metric}
    app = drop(
        data_page(start),
        "spend.csv",
        "Month,Channel,Spend\n2025-01,Ads,30\n2025-02,Ads,50\n2025-02,Flyers,10\n",
    )
    app.button(key="file-0-take").click().run()
    app = drop(data_page(start), "told.csv", "Date,Recommended by,New customer\n2025-02-01,ann,ben\n")
    app.button(key="file-0-take").click().run()
    home = app.switch_page("pages/home/page.py").run()
    assert not home.exception
    values = {metric.label: (metric.value, metric.delta) for metric in home.metric}
    assert values["Referral rate"] == ("50.0%", "1 customer brought others")
    assert values["Came by recommendation"] == ("50.0%", "")
    assert values["Cost of a new customer"] == ("$45.00", "\\$90.00 for 2 new customers")
