"""Rejected rows as a file to correct in a spreadsheet and import again."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from loyalty.exports.table import to_csv
from loyalty.intake.canonical import MENDED_IMPORT, MENDED_LINE, MENDED_REASON
from loyalty.intake.tables.text_table import RejectedRow
from loyalty.words import Words


def rejected_csv(header: Sequence[str], rows: Sequence[RejectedRow], import_id: int, words: Words) -> bytes:
    """The rows under their file's own headings, then the import, the line and the reason of each.

    Cells beyond the headings are joined into the last one, missing cells are empty: no text is lost.
    """
    headings = [name for name in header if name not in (MENDED_IMPORT, MENDED_LINE, MENDED_REASON)]
    width = len(headings)
    fitted = [_fitted(row.cells, width) for row in rows]
    frame = pd.DataFrame(fitted, columns=list(headings), dtype="object")
    frame[MENDED_IMPORT] = [str(import_id)] * len(rows)
    frame[MENDED_LINE] = [str(row.line) for row in rows]
    frame[MENDED_REASON] = [words.message(row.reason) for row in rows]
    return to_csv(frame)


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    """Exactly `width` cells with all of the row's text."""
    if len(cells) > width:
        return [*cells[: width - 1], ",".join(cells[width - 1 :])]
    return [*cells, *[""] * (width - len(cells))]
