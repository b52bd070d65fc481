"""Rows that do not fit: each is kept with its line, its text and a reason; the others come in; nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.intake import errors
from loyalty.intake.tables import read_csv
from loyalty.intake.tables.open_file import open_file
from loyalty.shop.shop import Shop
from loyalty.store import imports
from tests.intake.builders import SHOPIFY, STAMP, bring, figures, lines, save, shopify_rows, text_of

HEADER = "order_id,customer,date,product,quantity,price"


def file_with(*bad: str, good: int = 9) -> str:
    """`good` sound rows around the bad ones."""
    valid_lines = [f"{n},c{n},2025-03-{n:02d},Tea,1,{n}.50" for n in range(1, good + 1)]
    return "\n".join([HEADER, *valid_lines[:4], *bad, *valid_lines[4:]]) + "\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("77,x,soon,Tea,1,2.00", "“soon” is not a date that can be read"),
        ("77,x,2025-02-30,Tea,1,2.00", "“2025-02-30” is no day of the calendar when read as YMD"),
        ("77,x,1925-02-03,Tea,1,2.00", "the year of “1925-02-03” is outside 1990–2100"),
        ("77,x,2025-03-04,Tea,one,2.00", "“one” is not a number"),
        ("77,x,2025-03-04,Tea,1,2.00.1", "“2.00.1” does not fit the decimal mark “.”"),
        ("77,x,2025-03-04,Tea,1,", "there is no amount and no price"),
        (",x,2025-03-04,Tea,1,2.00", "the order number is missing"),
        ("77,x,2025-03-04,Tea,1", "the row has 5 cells where the headings have 6; a cell may be missing"),
        (
            "77,x,2025-03-04,Tea,1,2.00,3",
            "the row has 7 cells where the headings have 6; a separator inside a text may lack its quotes",
        ),
        ("77,x,,Tea,1,2.00", "no row of this order holds its date, or the row that does was rejected"),
        ("77,x,2025-03-04,Tea,1,1e15", "1e15 is too large a number"),
    ],
)
def test_each_kind_of_bad_row_is_kept_with_its_reason(
    row: str, reason: str, tmp_path: Path, shop: Shop
) -> None:
    """One bad row in ten."""
    record = bring(shop, save(tmp_path, "sales.csv", file_with(row)))
    assert (record.rows, record.accepted, record.rejected, record.not_records) == (10, 9, 1, 0)
    (rejected_row,) = imports.rejected_rows(shop.database, record.import_id)
    assert (rejected_row.line, ",".join(rejected_row.cells), rejected_row.reason.english()) == (
        6,
        row,
        reason,
    )
    assert figures(shop) == (9, 9, sum(range(1, 10)) + 9 * 0.5, 0, 0)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (",,,,,", "blank"),
        (" , ,,\t,,", "blank"),
        ("Total,,,,9,49.50", "totals"),
        ("合计：,,,,9,49.50", "totals"),
        (",Totals,,,9,49.50", "totals"),
    ],
)
def test_rows_that_are_no_records_are_listed(row: str, kind: str, tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "sales.csv", file_with(row)))
    assert (record.rows, record.accepted, record.rejected, record.not_records) == (10, 9, 0, 1)
    (listed,) = imports.not_records(shop.database, record.import_id)
    assert (listed.line, listed.kind, listed.text) == (6, kind, row)


def test_a_customer_called_total_is_no_line_of_totals(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "sales.csv", file_with("Total,Total,2025-03-04,Tea,1,2.00")))
    assert (record.accepted, record.not_records) == (10, 0)


def test_blank_lines_and_a_footer(tmp_path: Path, shop: Shop) -> None:
    text = file_with("", "", good=3) + "\n3 record(s) downloaded,,\n"
    record = bring(shop, save(tmp_path, "sales.csv", text))
    assert (record.accepted, record.rejected) == (3, 1)


def test_a_quote_closed_rows_later_costs_only_its_own_rows(tmp_path: Path, shop: Shop) -> None:
    """The rows between the two stray marks are read as what they are."""
    bad = (
        '77,x,2025-03-04,"5 inch Tea,1,2.00',
        "78,x,2025-03-04,Tea,1,2.00",
        '79,x,2025-03-04,Tea 7",1,2.00',
    )
    record = bring(shop, save(tmp_path, "sales.csv", file_with(*bad)))
    assert (record.rows, record.accepted, record.rejected) == (12, 10, 2)
    first, second = imports.rejected_rows(shop.database, record.import_id)
    assert (first.line, second.line) == (6, 8)
    assert first.cells == ("77", "x", "2025-03-04", '"5 inch Tea', "1", "2.00")
    assert first.reason.english() == "a quotation mark opens in this row and is closed only on line 8"


def test_a_quote_never_closed_costs_only_its_own_row(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "sales.csv", file_with('77,x,2025-03-04,"Tea,1,2.00')))
    assert (record.rows, record.accepted, record.rejected) == (10, 9, 1)


def test_a_line_break_within_quotes_is_part_of_its_cell(tmp_path: Path, shop: Shop) -> None:
    record = bring(
        shop, save(tmp_path, "sales.csv", file_with('77,x,2025-03-04,"Tea\nloose, ""green""",1,2.00'))
    )
    assert (record.rows, record.accepted, record.rejected) == (10, 10, 0)
    assert lines(shop, "77") == [('Tea\nloose, "green"', 1.0, 2.0)]


def test_an_inch_mark_within_a_cell_is_text(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "sales.csv", file_with('77,x,2025-03-04,5" pot,1,2.00')))
    assert lines(shop, "77") == [('5" pot', 1.0, 2.0)]


@pytest.mark.parametrize("again", [HEADER, "\ufeff" + HEADER, HEADER.replace("order_id", " order_id ")])
def test_repeated_headings_are_no_record(again: str, tmp_path: Path, shop: Shop) -> None:
    """As when exports are put one under the other; no question comes of them. Both readers see it."""
    for place, footer in enumerate(("", "77,x,2025-03-04")):
        name, rows = f"{place}.csv", file_with(again) + footer
        with shop.open_import(save(tmp_path, name, rows)) as file:
            assert file.plan.questions == ()
            record = file.run(STAMP)
        assert (record.accepted + record.duplicates, record.rejected, record.not_records) == (9, place, 1)
        (listed,) = imports.not_records(shop.database, record.import_id)
        assert (listed.line, listed.kind, listed.text) == (6, "header", again)


def test_a_huge_cell_costs_only_its_own_row(tmp_path: Path, shop: Shop) -> None:
    for place, cell in enumerate(("x" * (1 << 20), '"' + "y" * (9 << 20) + '"')):
        text = file_with(f"77,{cell}z,2025-03-04,Tea,1,2.00")
        record = bring(shop, save(tmp_path, f"{place}.csv", text))
        assert (record.rows, record.accepted + record.duplicates, record.rejected) == (10, 9, 1)
        (rejected_row,) = imports.rejected_rows(shop.database, record.import_id)
        assert (rejected_row.line, rejected_row.reason.english()) == (
            6,
            "a cell of this row holds more than a million characters",
        )


def test_text_that_is_called_an_archive_is_read_as_text(tmp_path: Path, shop: Shop) -> None:
    assert bring(shop, save(tmp_path, "sales.csv.gz", file_with())).accepted == 9


def test_more_than_500_columns_are_refused(tmp_path: Path, shop: Shop) -> None:
    def wide(more: int) -> Path:
        names, ones = ",".join(f"c{n}" for n in range(more)), ",".join("1" for _ in range(more))
        lines = [f"{line},{ones if place else names}" for place, line in enumerate(file_with().splitlines())]
        return save(tmp_path, "wide.csv", "\n".join(lines))

    assert bring(shop, wide(494)).accepted == 9
    with pytest.raises(errors.TooLarge) as caught, shop.open_import(wide(495)):
        pass
    assert caught.value.message.english().startswith("“wide.csv” is too large: more rows or columns")


def test_more_than_five_million_rows_are_refused(
    tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_csv, "MAX_ROWS", 8)
    for end in ("", "77,x"):
        with pytest.raises(errors.TooLarge), shop.open_import(save(tmp_path, "long.csv", file_with() + end)):
            pass


def test_repeated_headings_each_keep_their_cells(tmp_path: Path) -> None:
    table = open_file(save(tmp_path, "a.csv", "id,name,name,,name\n1,a,b,c,d\n"), tmp_path)
    assert table.columns == ("id", "name", "name (2)", "column 4", "name (3)")
    assert table.head() == [{"id": "1", "name": "a", "name (2)": "b", "column 4": "c", "name (3)": "d"}]


def test_nul_bytes_within_a_cell_do_no_harm(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "sales.csv", file_with("77,x,2025-03-04,T\0ea,1,2.00")))
    assert (record.accepted, record.rejected) == (10, 0)
    assert lines(shop, "77")[0][1:] == (1.0, 2.0)


def test_a_rejected_row_of_a_large_order_leaves_its_other_rows(tmp_path: Path, shop: Shop) -> None:
    """Shopify keeps the order's cells on its first row: when that is bad, the rest has no date and says so."""
    rows = shopify_rows()
    rows[0] = {**rows[0], "Total": "lots"}
    record = bring(shop, save(tmp_path, "export.csv", text_of(SHOPIFY, rows)))
    assert (record.rows, record.rejected) == (len(rows), 2)
    reasons = [row.reason.english() for row in imports.rejected_rows(shop.database, record.import_id)]
    assert reasons == [
        "“lots” is not a number",
        "no row of this order holds its date, or the row that does was rejected",
    ]
    assert figures(shop) == (2, 3, 56.0 - 19.0, 1, 0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.lists(
        st.sampled_from(
            [
                "1,Ann,2025-03-04,Tea,1,2.00",
                "2,Bob,03/04/2025,Mug,1,1,234",
                '"3,Cid,2025-03-04,Tea,1,2.00',
                "",
                ",,,,,",
                "x",
                '"',
                'a"b,"c\nd",e',
                "Total,,,,,9",
                "\0,\0",
                "4,Dan,2025-13-04,Tea,1,2.00",
                "5,Eve,2025-03-04,Tea,,",
                ",,,",
                '""""",",",',
                "6,Fay,2025-03-04,\u2028Tea,1,3.00",
            ]
        ),
        max_size=12,
    ),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-16", "gb18030"]),
)
def test_every_line_of_any_file_is_accounted_for(
    content: list[str], end: str, encoding: str, tmp_path: Path
) -> None:
    """No crash, and every line with anything on it is a row, a rejection or no record."""
    text = end.join([HEADER, "0,Zed,2025-03-04,Tea,1,2.00", *content]) + end
    table = open_file(save(tmp_path, "any.csv", text, encoding), tmp_path)
    good = sum(batch.num_rows for batch in table.batches())
    assert table.rows == good + len(table.rejected) + len(table.not_records)
    rejected_row = [
        cell for batch in table.batches() for row in batch.to_pylist() for cell in map(str, row.values())
    ]
    rejected_row += [cell for row in table.rejected for cell in row.cells] + [
        row.text for row in table.not_records
    ]
    everything = "".join(rejected_row)
    for word in ("Ann", "Bob", "Cid", "Dan", "Eve", "Fay"):
        assert everything.count(word) == text.count(word)
