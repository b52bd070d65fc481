"""Files read back by other readers: the csv module and openpyxl."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from loyalty.exports import table
from loyalty.exports.errors import TextTooLongForExcel, TooManyRowsForExcel
from loyalty.exports.formula_guard import restore
from loyalty.exports.table import to_csv, to_xlsx


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def sheet_of(data: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def mixed() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": ["00123", "张伟", 'He said "hi", twice\r\nand left'],
            "orders": [3, 0, 12],
            "spent": [0.1 + 0.2, 1234.5, float("nan")],
            "price": [Decimal("12.50"), Decimal("-3"), None],
            "first": pd.to_datetime(["2025-01-31", "2024-02-29", None]),
            "at": pd.to_datetime(["2025-01-31 09:05:00", "2024-02-29 00:00:00", None]),
            "due": [dt.date(2026, 1, 2), None, dt.date(2026, 12, 31)],
            "member": [True, False, True],
        }
    )


def test_csv_bytes_to_the_letter() -> None:
    frame = pd.DataFrame({"name": ["Ann", "a,b", 'say "x"'], "paid": [1.0, 2.5, -3.25]})
    assert to_csv(frame) == b'\xef\xbb\xbfname,paid\r\nAnn,1\r\n"a,b",2.5\r\n"say ""x""",-3.25\r\n'
    assert to_csv(frame, bom=False).startswith(b"name,")


def test_csv_cells() -> None:
    assert rows_of(to_csv(mixed(), digits={"spent": 2})) == [
        ["id", "orders", "spent", "price", "first", "at", "due", "member"],
        ["00123", "3", "0.30", "12.50", "2025-01-31", "2025-01-31 09:05:00", "2026-01-02", "TRUE"],
        ["张伟", "0", "1234.50", "-3", "2024-02-29", "2024-02-29 00:00:00", "", "FALSE"],
        ['He said "hi", twice\r\nand left', "12", "", "", "", "", "2026-12-31", "TRUE"],
    ]


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0.1 + 0.2, None, "0.3"),
        (3.0, None, "3"),
        (1e-9, None, "0.000000001"),
        (1e16, None, "10000000000000000"),
        (-0.0, None, "0"),
        (2.675, 2, "2.68"),
        (0.125, 2, "0.13"),
        (-0.004, 2, "0.00"),
        (1999.999, 0, "2000"),
        (1e300, 2, "1" + "0" * 300),
        (Decimal("1E+3"), None, "1000"),
        (Decimal("0.10"), None, "0.10"),
        (np.float64(0.5), None, "0.5"),
        (np.int64(7), None, "7"),
        (12345678901234567890, None, "12345678901234567890"),
        (True, None, "TRUE"),
        (np.bool_(False), None, "FALSE"),
        (pd.NA, None, ""),
        (pd.NaT, None, ""),
        (Decimal("NaN"), None, ""),
        (float("inf"), None, "∞"),
        (dt.datetime(2025, 1, 1, 8, tzinfo=dt.UTC), None, "2025-01-01 08:00:00+00:00"),
    ],
)
def test_one_value(value: object, places: int | None, text: str) -> None:
    frame = pd.DataFrame({"key": ["k"], "v": pd.Series([value], dtype=object)})
    assert rows_of(to_csv(frame, digits={} if places is None else {"v": places}))[1] == ["k", text]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20))
def test_money_in_cents_survives_exactly(cents: list[int]) -> None:
    frame = pd.DataFrame({"paid": [c / 100 for c in cents]})
    written = [row[0] for row in rows_of(to_csv(frame, digits={"paid": 2}))[1:]]
    assert [Decimal(text) * 100 for text in written] == cents
    assert all(len(text.split(".")[1]) == 2 for text in written)


def test_xlsx_cells_are_typed() -> None:
    sheet = sheet_of(to_xlsx(mixed(), sheet="Who: all", digits={"spent": 2}))
    assert sheet.title == "Who  all"
    head, first, second, third = sheet.iter_rows()
    assert [cell.value for cell in head] == list(mixed().columns)
    assert all(cell.font.bold for cell in head)
    assert [cell.value for cell in first] == [
        *("00123", 3, 0.3, 12.5, dt.datetime(2025, 1, 31), dt.datetime(2025, 1, 31, 9, 5)),
        *(dt.datetime(2026, 1, 2), True),
    ]
    assert [cell.data_type for cell in first] == ["s", "n", "n", "n", "d", "d", "d", "b"]
    assert [cell.number_format for cell in first[2:7]] == [
        *("0.00", "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd"),
    ]
    assert second[6].value is None
    assert (
        third[0].value == 'He said "hi", twice_x000D_\nand left'
    )  # how XLSX writes a CR; openpyxl leaves it
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:H4"


def test_xlsx_keeps_what_excel_would_round() -> None:
    frame = pd.DataFrame(
        {"order": [35153131473293579, 123], "day": [dt.date(1850, 1, 1), dt.date(2025, 1, 1)]}
    )
    sheet = sheet_of(to_xlsx(frame))
    assert [cell.value for cell in sheet["A"]] == ["order", "35153131473293579", 123]
    assert [cell.value for cell in sheet["B"]] == ["day", "1850-01-01", dt.datetime(2025, 1, 1)]


def test_xlsx_widths_fit_the_text_and_chinese_counts_double() -> None:
    frame = pd.DataFrame({"a": ["x" * 20], "b": ["张" * 20], "c": ["x" * 500], "d": ["x"]})
    sheet = sheet_of(to_xlsx(frame))
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABCD"]
    assert widths == [23, 43, 61, 9]  # 20 + 2, 40 + 2, at most 60, at least 8; Excel adds its margin


def test_the_same_table_gives_the_same_bytes() -> None:
    assert to_xlsx(mixed()) == to_xlsx(mixed())
    assert to_csv(mixed()) == to_csv(mixed())
    later = to_xlsx(mixed(), stamp=dt.datetime(2026, 1, 1))
    assert later != to_xlsx(mixed())
    assert load_workbook(io.BytesIO(later)).properties.created == dt.datetime(2026, 1, 1)


def test_empty_tables_keep_their_header() -> None:
    empty = mixed().iloc[:0]
    assert rows_of(to_csv(empty)) == [list(empty.columns)]
    assert [cell.value for cell in sheet_of(to_xlsx(empty))[1]] == list(empty.columns)
    assert to_csv(pd.DataFrame()) == b"\xef\xbb\xbf\r\n"
    assert sheet_of(to_xlsx(pd.DataFrame())).max_row == 1


def test_columns_of_one_name_stay_apart() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    assert rows_of(to_csv(frame)) == [["a", "a"], ["1", "2"]]


def test_links_stay_text() -> None:
    frame = pd.DataFrame({"url": ["https://shop.example/x"]})
    assert sheet_of(to_xlsx(frame))["A2"].hyperlink is None


def test_what_excel_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TextTooLongForExcel, match="row 2 of “note” has 32768"):
        to_xlsx(pd.DataFrame({"note": ["short", "x" * 32768]}))
    monkeypatch.setattr(table, "MOST_ROWS", 2)
    with pytest.raises(TooManyRowsForExcel, match="has 3"):
        to_xlsx(mixed())


def test_the_apps_own_readers_restore_every_text() -> None:
    texts = [
        "00123",
        "'s",
        "=1+1",
        "\t=1",
        "\0@x",
        "two\r\nlines",
        "_x0041_",
        "a\x0bb",
        "张伟",
        "1e5",
        "NA",
        "+86139",
    ]
    frame = pd.DataFrame({"text": texts, "n": range(len(texts))})
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(frame)))
    from_xlsx = [row[0] for row in book.get_sheet_by_index(0).to_python()[1:]]
    from_csv = [row[0] for row in rows_of(to_csv(frame))[1:]]
    assert [restore(str(text)) for text in from_xlsx] == texts
    assert [restore(text) for text in from_csv] == texts
