"""Logs without separators and without headings: every row is one, under columns named by their place."""

from __future__ import annotations

from pathlib import Path

from loyalty.intake.decisions import Answers
from loyalty.intake.tables.space_separated import is_spaced
from loyalty.shop.shop import Shop
from tests.intake.builders import STAMP, save

LOG = " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n 00021 0002 19970101  3   63.34\r\n"
COLUMNS = {"customer_id": "column 2", "ordered_at": "column 3", "total": "column 5"}


def test_prose_and_separated_tables_are_no_log(tmp_path: Path) -> None:
    for text in (
        "one two three\nfour five\n",
        "a b,c d\ne f,g h\n",
        "one two\nthree four\n",
        "alone it stands\n",
    ):
        assert not is_spaced(save(tmp_path, "a.txt", text))
    assert is_spaced(save(tmp_path, "a.txt", LOG))


def test_a_log_without_headings_loses_no_row(tmp_path: Path) -> None:
    path = save(tmp_path, "log.txt", LOG)
    with Shop.open(tmp_path / "shop") as shop:
        with shop.open_import(path) as file:
            assert file.table.columns == ("column 1", "column 2", "column 3", "column 4", "column 5")
            assert file.table.rows == 3
            assert [question.key for question in file.plan.questions] == ["mapping"]
        with shop.open_import(path, Answers(mapping=COLUMNS)) as file:
            record = file.run(STAMP)
        rows = shop.database.cursor().execute(
            "SELECT customer_id, strftime(ordered_at, '%Y-%m-%d'), net::DOUBLE FROM orders ORDER BY 1, 2"
        )
        assert rows.fetchall() == [
            ("0001", "1997-01-01", 29.33),
            ("0001", "1997-01-18", 29.73),
            ("0002", "1997-01-01", 63.34),
        ]
    assert (record.rows, record.accepted, record.rejected, record.not_records) == (3, 3, 0, 0)


def test_a_separated_table_without_headings_loses_no_row_either(tmp_path: Path) -> None:
    path = save(tmp_path, "bare.csv", "1001,2025-01-31,10.00\n1002,2025-02-01,20.00\n")
    with Shop.open(tmp_path / "shop") as shop, shop.open_import(path) as file:
        assert file.table.rows == 2
        assert file.table.head()[0] == {"column 1": "1001", "column 2": "2025-01-31", "column 3": "10.00"}


def test_a_rejected_row_of_a_log_has_its_own_line_number(tmp_path: Path) -> None:
    path = save(tmp_path, "log.txt", LOG.replace("19970118", "19971318"))
    with Shop.open(tmp_path / "shop") as shop, shop.open_import(path, Answers(mapping=COLUMNS)) as file:
        file.run(STAMP)
        assert [row.line for row in file.rows()[0].rejected] == [2]
