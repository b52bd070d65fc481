"""One table in many dresses: whatever encoding, separator or container, the same rows come out."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest
import xlsxwriter

from loyalty.intake.decisions import Answers
from loyalty.intake.tables.open_file import open_file
from loyalty.shop.shop import Shop
from tests.intake.builders import bring, save

HEADER = ("订单编号", "顾客", "日期", "商品", "数量", "单价")
ROWS = (
    ("00123", "王小明", "2025-03-04 10:00:00", "茉莉花茶", "2", "1234.50"),
    ("1e5", "NA", "2025-03-05 11:30:00", "马克杯", "1", "12.00"),
    ("00123", "王小明", "2025-03-04 10:00:00", "勺子", "3", "0.75"),
)
TEXT = "\n".join(",".join(cells) for cells in (HEADER, *ROWS)) + "\n"
TRADITIONAL = TEXT.translate(str.maketrans("订单编号顾日期数量单价马", "訂單編號顧日期數量單價馬"))


def canonical(shop: Shop) -> list[tuple[object, ...]]:
    """Everything that was understood of every line."""
    return (
        shop.database.cursor()
        .execute(
            """SELECT order_id, customer_id, ordered_at, product, quantity::DOUBLE, unit_price::DOUBLE, amount::DOUBLE
            FROM order_lines JOIN orders USING (channel, order_id) ORDER BY order_id, product"""
        )
        .fetchall()
    )


EXPECTED = [
    ("00123", "王小明", dt.datetime(2025, 3, 4, 10), "勺子", 3.0, 0.75, 2.25),
    ("00123", "王小明", dt.datetime(2025, 3, 4, 10), "茉莉花茶", 2.0, 1234.5, 2469.0),
    ("1e5", "NA", dt.datetime(2025, 3, 5, 11, 30), "马克杯", 1.0, 12.0, 12.0),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_every_encoding_gives_the_same_rows(encoding: str, tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "sales.csv", TEXT, encoding))
    assert canonical(shop) == EXPECTED


@pytest.mark.parametrize("encoding", ["big5", "cp932"])
def test_far_eastern_encodings_asked_for_give_the_same_rows(
    encoding: str, tmp_path: Path, shop: Shop
) -> None:
    text = TRADITIONAL.replace("馬", "杯").replace("單價", "单价".translate(str.maketrans("单价", "單價")))
    mapping = dict(
        zip(
            ("order_id", "customer_id", "ordered_at", "product", "quantity", "unit_price"),
            text.split("\n")[0].split(","),
            strict=True,
        )
    )
    bring(shop, save(tmp_path, "sales.csv", text, encoding), Answers(encoding=encoding, mapping=mapping))
    numbers = [row[:1] + row[2:3] + row[4:] for row in canonical(shop)]
    assert numbers == [row[:1] + row[2:3] + row[4:] for row in EXPECTED]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tabs.tsv", TEXT.replace(",", "\t")),
        ("pipes.txt", TEXT.replace(",", "|")),
        ("crlf.csv", TEXT.replace("\n", "\r\n")),
        ("old-mac.csv", TEXT.replace("\n", "\r")),
        ("no-end.csv", TEXT.rstrip("\n")),
        ("sep.csv", "sep=,\n" + TEXT),
        ("preamble.csv", "我的店铺 报表\n导出时间：2025-04-01\n\n" + TEXT),
        (
            "semicolons.csv",
            TEXT.replace(",", ";")
            .replace("1234.50", "1.234,50")
            .replace("12.00", "12,00")
            .replace("0.75", "0,75"),
        ),
    ],
)
def test_every_layout_of_text_gives_the_same_rows(name: str, text: str, tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, name, text))
    assert canonical(shop) == EXPECTED


def test_a_gzipped_file_gives_the_same_rows(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "sales.csv.gz", gzip.compress(TEXT.encode("gb18030"), mtime=0)))
    assert canonical(shop) == EXPECTED
    assert record.encoding == "gb18030"


def test_a_spreadsheet_gives_the_same_rows(tmp_path: Path, shop: Shop) -> None:
    """Ids typed as text, numbers as numbers, dates as dates: the first sheet that has cells counts."""
    path = tmp_path / "sales.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("empty")
        page, moment = book.add_worksheet("sales"), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        page.write_row(0, 0, HEADER)
        for place, (order, who, at, what, count, price) in enumerate(ROWS, 1):
            page.write_string(place, 0, order)
            page.write_string(place, 1, who)
            page.write_datetime(place, 2, dt.datetime.fromisoformat(at), moment)
            page.write_string(place, 3, what)
            page.write_number(place, 4, float(count))
            page.write_number(place, 5, float(price))
    record = bring(shop, path)
    assert canonical(shop) == EXPECTED
    assert record.encoding == "xlsx"


def test_dates_typed_as_days_and_serials_are_the_same_day(tmp_path: Path, shop: Shop) -> None:
    """45720 is Excel's number of 2025-03-04; .4375 of a day is 10:30."""
    path = tmp_path / "sales.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "d.m.yyyy"})
        page.write_row(0, 0, ("order_id", "date", "total"))
        page.write_row(1, 0, (1, 45720, 5.1))
        page.write_row(2, 0, (2, 45720.4375, 5.25))
        page.write_number(3, 0, 3)
        page.write_datetime(3, 1, dt.datetime(2025, 3, 4), day)
        page.write_number(3, 2, 0.1 + 0.2)
    bring(shop, path)
    rows_read = shop.database.cursor().execute(
        "SELECT order_id, ordered_at, net::VARCHAR FROM orders ORDER BY order_id"
    )
    assert rows_read.fetchall() == [
        ("1", dt.datetime(2025, 3, 4), "5.100000"),
        ("2", dt.datetime(2025, 3, 4, 10, 30), "5.250000"),
        ("3", dt.datetime(2025, 3, 4), "0.300000"),
    ]


def test_a_formula_without_a_value_is_no_zero(tmp_path: Path, shop: Shop) -> None:
    """A workbook that no spreadsheet has ever calculated: its formulas are empty cells, and the row is rejected."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("order_id", "date", "total"), ("1", "2025-03-04", 5), ("2", "2025-03-04", "=C2*2")):
        sheet.append(row)
    book.save(tmp_path / "formulas.xlsx")
    record = bring(shop, tmp_path / "formulas.xlsx")
    assert (record.accepted, record.rejected) == (1, 1)


def test_lines_are_numbered_as_an_editor_shows_them(tmp_path: Path) -> None:
    table = open_file(save(tmp_path, "a.csv", "Report\n\nid,x\n1,2\n3\n4,5\n"), tmp_path)
    assert [(row.line, row.cells) for row in table.rejected] == [(5, ("3",))]
    assert [(row.line, row.kind, row.text) for row in table.not_records] == [(1, "preamble", "Report")]
    lines = [line for batch in table.batches() for line in batch.column(batch.num_columns - 1).to_pylist()]
    assert lines == [4, 6]
    assert table.rows == 4  # the preamble, two good rows and a broken one; the header is no row
