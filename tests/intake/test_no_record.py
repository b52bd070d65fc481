"""A platform's word on which rows are no sales: they are listed, counted, and have no say in how the file is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from loyalty.intake import plan
from loyalty.intake.sources.base import Columns, Source, signature
from loyalty.shop.shop import Shop
from loyalty.store import imports
from tests.intake.builders import bring, figures, save

HEADER = "Ref,Kind,When,Gross,State"
SALES = ["1,sale,2025-03-04,5.00,paid", "2,sale,2025-03-05,7.00,paid"]
OTHERS = ['P1,payout,03/04/2025,"1.234,56",on its way', "F1,fee,,soon,", ",payout,2025-03-05,3.00,paid"]


def _is_sale(columns: Columns) -> pa.Array:
    return pc.equal(columns["kind"], "sale")


def _prepare(columns: Columns) -> Columns:
    """Uses its own column up, as platforms' modules do."""
    columns.pop("kind")
    return columns


TINY = Source(
    name="tiny",
    title="Tiny",
    signature=signature("Ref", "Kind", "When", "Gross", "State"),
    fields={
        "order_id": ("Ref",),
        "kind": ("Kind",),
        "ordered_at": ("When",),
        "goods": ("Gross",),
        "status": ("State",),
    },
    statuses={"paid": "paid"},
    how_to_export="",
    prepare=_prepare,
    is_record=_is_sale,
)


@pytest.fixture(autouse=True)
def amazon_with_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "recognise", lambda header: TINY)


def test_rows_that_are_no_sales_are_listed_and_counted(tmp_path: Path, shop: Shop) -> None:
    """No question comes of their dates, numbers and statuses, and none of them is rejected."""
    text = "\n".join([HEADER, OTHERS[0], SALES[0], *OTHERS[1:], SALES[1]]) + "\n"
    record = bring(shop, save(tmp_path, "tiny.csv", text))
    assert (record.rows, record.accepted, record.rejected, record.not_records) == (5, 2, 0, 3)
    listed = imports.not_records(shop.database, record.import_id)
    assert [(row.line, row.kind) for row in listed] == [(2, "other"), (4, "other"), (5, "other")]
    assert listed[1].text == "F1,fee,,soon,"
    assert figures(shop)[1:3] == (2, 12.0)


def test_a_file_of_other_rows_alone_changes_no_figure(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "tiny.csv", "\n".join([HEADER, *OTHERS]) + "\n"))
    assert (record.rows, record.accepted, record.not_records) == (3, 0, 3)
    assert figures(shop)[1:3] == (0, 0.0)


def test_blank_rows_and_bad_sales_keep_their_own_kind(tmp_path: Path, shop: Shop) -> None:
    text = "\n".join([HEADER, SALES[0], ",,,,", "3,sale,soon,1.00,paid"]) + "\n"
    record = bring(shop, save(tmp_path, "tiny.csv", text))
    assert (record.accepted, record.rejected, record.not_records) == (1, 1, 1)
    assert [row.kind for row in imports.not_records(shop.database, record.import_id)] == ["blank"]


def test_a_platform_s_own_order_of_dates_needs_no_question(
    tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "recognise", lambda header: replace(TINY, fixed_date_order="MDY"))
    record = bring(shop, save(tmp_path, "tiny.csv", f"{HEADER}\n1,sale,03/04/2025,5.00,paid\n"))
    assert record.date_order == "MDY"
    assert str(record.data_from) == "2025-03-04 00:00:00"
