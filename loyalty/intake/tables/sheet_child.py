"""Run in a process of its own: turns one spreadsheet into CSV text, within limits that the parent sets.

Imports nothing but python-calamine, so that the memory limit means the spreadsheet's own hunger.
Usage: python sheet_child.py SPREADSHEET OUT.csv MEMORY_BYTES MAX_ROWS MAX_COLUMNS
"""

from __future__ import annotations

import csv
import datetime as dt
import sys


def text_of(cell: object) -> str:
    """A typed cell as text: whole floats without ".0", dates in ISO, everything else as it is."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.timedelta):
        return str(cell)
    return str(cell)


def main(source: str, target: str, memory: int, max_rows: int, max_columns: int) -> int:
    """Write the first sheet that has cells; exit code 3: too many rows or columns, 4: nothing in it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(source)
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.end is None:
            continue
        if sheet.end[0] >= max_rows or sheet.end[1] >= max_columns:
            return 3
        with open(target, "w", encoding="utf-8", newline="") as out:  # noqa: PTH123 - stays free of imports
            writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
            for row in sheet.iter_rows():
                writer.writerow([text_of(cell).replace("\r\n", " ").replace("\n", " ") for cell in row])
        return 0
    return 4


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], *(int(a) for a in sys.argv[3:6])))
