"""The fast and the row-by-row reader agree on every well-formed file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loyalty.intake.tables.header import unique_names
from loyalty.intake.tables.read_csv import _read_fast
from loyalty.intake.tables.row_by_row_csv import read_row_by_row
from loyalty.intake.tables.row_writer import RowWriter
from loyalty.intake.tables.table_layout import find_layout
from loyalty.intake.tables.text_table import schema_of

CELL = st.text(alphabet=st.sampled_from("ab1,;\"\n\r é茶\t'="), max_size=6)


def table_of(path: Path, reader: object) -> tuple[bool, list[list[object]], int, int]:
    """Whether a reader could, its rows with their lines, and how many rows it rejected or listed as no records."""
    layout = find_layout(path, "a.csv", [], ",")
    columns = unique_names(layout.header)
    target = path.with_suffix(".arrow")
    with pa.OSFile(str(target), "wb") as out, pa.ipc.new_file(out, schema_of(columns)) as writer:
        row_writer = RowWriter(columns, layout.header, writer, lambda rows: None)
        done = reader(path, layout, row_writer)  # type: ignore[operator]
    rows = pa.ipc.open_file(str(target)).read_all().to_pylist() if done else []
    return done, [list(row.values()) for row in rows], len(row_writer.rejected), len(row_writer.not_records)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8),
    end=st.sampled_from(["\n", "\r\n"]),
)
@example(rows=[["a\nb", "1", '"'], ["", "", "x"]], end="\n")
@example(rows=[["", "", ""], ["1", "2", "3"]], end="\r\n")
def test_both_readers_give_the_same_rows(rows: list[list[str]], end: str, tmp_path: Path) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "name", "note"], *rows])
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode())
    done, fast, _, _ = table_of(path, _read_fast)
    done_row_by_row, rows_read, rejected, blank = table_of(path, read_row_by_row)
    assert done_row_by_row
    if (
        done
    ):  # the careful reader leaves rows of empty cells out; those that the fast one keeps are left out later
        assert [row for row in fast if any(str(cell).strip() for cell in row[:-1])] == rows_read
        assert rejected == 0
        assert len(fast) == len(rows_read) + blank
    if not any("\n" in cell or "\r" in cell for row in rows for cell in row):
        assert done
        assert [row[:-1] for row in rows_read] == [row for row in rows if any(cell.strip() for cell in row)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(st.text(alphabet='ab \n"é', max_size=5), min_size=3, max_size=3), min_size=1, max_size=8
    )
)
def test_quoted_line_breaks_are_kept_in_their_cells(rows: list[list[str]], tmp_path: Path) -> None:
    """Without separators in its cells no row can be taken for several."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["id", "name", "note"], *rows])
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode())
    _, rows_read, rejected, _ = table_of(path, read_row_by_row)
    assert [row[:-1] for row in rows_read] == [row for row in rows if any(cell.strip() for cell in row)]
    assert rejected == 0
