"""Headings: found below a preamble, compared by their letters alone, numbered when they repeat."""

from __future__ import annotations

from pathlib import Path

import pytest

from loyalty.intake.heading_words import guess_columns
from loyalty.intake.sources.registry import SIGNATURES, recognise
from loyalty.intake.tables.header import find_delimiter, find_header, normalise_heading, unique_names
from loyalty.intake.tables.open_file import open_file
from tests.intake.builders import LAYOUTS, save


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Order ID", "order_id"),
        ("联系电话 ", "联系电话"),
        ("Ｎａｍｅ", "name"),
        ("Order #", "order"),
        ("E-Mail", "email"),
        ("收货人/提货人", "收货人提货人"),
        ("Price ($)", "price$"),
    ],
)
def test_headings_are_compared_without_their_dress(one: str, other: str) -> None:
    assert normalise_heading(one) == normalise_heading(other)


def test_repeated_and_empty_headings_get_names_of_their_own() -> None:
    assert unique_names(["a", "a", "", "a (2)", "a"]) == ("a", "a (2)", "column 3", "a (2) (2)", "a (3)")
    assert unique_names(["x\0", " x "]) == ("x", "x (2)")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_cuts_evenly(mark: str) -> None:
    assert (
        find_delimiter(
            [mark.join(("id", "name", "note")), mark.join(("1", "a b", "x")), mark.join(("2", "c", "1.5"))]
        )
        == mark
    )


def test_a_comma_within_texts_does_not_win_over_semicolons() -> None:
    assert find_delimiter(["id;name;sum", "1;Tea, green;1,50", "2;Tea, black;2,50"]) == ";"


@pytest.mark.parametrize("mark", [";", ","])
def test_rows_longer_than_the_headings_do_not_hide_them(mark: str, tmp_path: Path) -> None:
    """Some shops end their rows with one separator too many."""
    text = "\n".join(
        mark.join(row) for row in (("id", "name", "sum"), ("1", "a", "2", ""), ("2", "b", "3", ""))
    )
    table = open_file(save(tmp_path, "a.csv", text), tmp_path)
    assert (table.columns, table.rows, table.rejected) == (("id", "name", "sum"), 2, ())


def test_a_supported_platform_is_recognised_below_any_preamble() -> None:
    header, _, _, _ = LAYOUTS["youzan"]
    rows = [["店铺", "x", "y", "z"], *[["导出", "a", "b", "c"]] * 9, list(header), ["E1"] * len(header)]
    assert find_header(rows, SIGNATURES) == 10


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_platform_is_recognised_by_its_headings_alone(name: str) -> None:
    header, _, _, _ = LAYOUTS[name]
    source = recognise(list(reversed(header)))
    assert (source.name if source else "generic") == name.removesuffix("-2017")


def test_headings_are_matched_to_fields() -> None:
    retail = [
        "InvoiceNo",
        "StockCode",
        "Description",
        "Quantity",
        "InvoiceDate",
        "UnitPrice",
        "CustomerID",
        "Country",
    ]
    assert guess_columns(retail) == {
        "order_id": "InvoiceNo",
        "product_id": "StockCode",
        "product": "Description",
        "quantity": "Quantity",
        "ordered_at": "InvoiceDate",
        "unit_price": "UnitPrice",
        "customer_id": "CustomerID",
    }
    assert guess_columns(["订单编号", "下单时间", "实付金额", "手机号", "商品名称", "数量"]) == {
        "order_id": "订单编号",
        "ordered_at": "下单时间",
        "total": "实付金额",
        "phone": "手机号",
        "product": "商品名称",
        "quantity": "数量",
    }
    assert guess_columns(["Bestellnummer", "Datum", "Betrag", "E-Mail"]) == {
        "order_id": "Bestellnummer",
        "ordered_at": "Datum",
        "amount": "Betrag",
        "email": "E-Mail",
    }
