"""Dates of a whole column at once are those that each cell has by itself, or the column is left to the row-by-row reader."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.intake.values.dates import Moment, parse_moment
from loyalty.intake.values.iso_timestamps import iso_moments

OFFSETS = ("", "Z", " +0100", "+01:00", " -03:30", "-0800")


def cells_of(moments: list[dt.datetime], mark: str, offset: str) -> list[str]:
    return [f"{at:%Y-%m-%d}{mark}{at:%H:%M:%S}{offset}" for at in moments]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.lists(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 12, 31)), min_size=1, max_size=5),
    st.sampled_from(" T"),
    st.sampled_from(OFFSETS),
)
def test_a_column_is_read_as_its_cells_are(moments: list[dt.datetime], mark: str, offset: str) -> None:
    cells = [*cells_of(moments, mark, offset), ""]
    read = iso_moments(pa.array(cells))
    assert read is not None
    single = [parse_moment(cell) for cell in cells]
    assert read[0].to_pylist() == [moment.at if isinstance(moment, Moment) else None for moment in single]
    assert read[1].to_pylist() == [moment.offset if isinstance(moment, Moment) else None for moment in single]


@pytest.mark.parametrize(
    "cell",
    [
        "2025-02-30 10:00:00",
        "2025-03-04 24:30:00",
        "1989-12-31 10:00:00",
        "2101-01-01 00:00:00",
        "2025-03-04",
        "04.03.2025 10:00:00",
        "2025-03-04 05:00:00 PM",
        "2025-03-04 10:00:00.250",
        "2025-03-04 10:00",
        "'2025-03-04 10:00:00",
        "x",
    ],
)
def test_one_cell_of_another_form_disables_the_fast_path(cell: str) -> None:
    assert iso_moments(pa.array(["2025-03-04 10:00:00", cell])) is None


def test_an_empty_column_has_nothing_to_read_at_once() -> None:
    assert iso_moments(pa.array(["", ""])) is None
    assert iso_moments(pa.array([], pa.string())) is None
