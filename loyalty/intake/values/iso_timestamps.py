"""Parses whole columns of ISO timestamps at once; `dates` reads every other form."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MOMENT
from loyalty.intake.values.columns import map_distinct
from loyalty.intake.values.dates import EARLIEST, LATEST, offset_of

_ISO = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2} ?(Z|[+-]\d{2}:?\d{2})?$"
_SECONDS = 19  # characters of 2025-03-04 10:00:00


def iso_moments(cells: pa.Array) -> tuple[pa.Array, pa.Array] | None:
    """Wall times (timestamp[us]) and offsets from UTC (int16, minutes; null where none is given) of text cells.

    None where any cell that is not empty is written otherwise, or names no day of a calendar from 1990 to 2100.
    """
    filled = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
    if not pc.all(pc.match_substring_regex(filled, _ISO)).as_py():
        return None
    try:
        at = pc.cast(pc.utf8_slice_codeunits(filled, 0, _SECONDS), MOMENT)
    except pa.ArrowInvalid:  # 31 February, or half past 25
        return None
    years = pc.min_max(pc.year(at))
    if years["min"].as_py() < EARLIEST or years["max"].as_py() > LATEST:
        return None
    return at, map_distinct(pc.utf8_slice_codeunits(filled, _SECONDS), offset_of, pa.int16())
