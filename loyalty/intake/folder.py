"""Lists the files of a folder and the tables in them, for `import FOLDER` and for the watched folder."""

from __future__ import annotations

import re
from pathlib import Path

from loyalty.intake.tables.archive import table_names

#: Hidden and temporary files of operating systems, spreadsheets and browsers.
_IGNORED = re.compile(
    r"^[.~]|~$|^(thumbs\.db|desktop\.ini)$|\.(tmp|temp|part|partial|crdownload|download|lock)$", re.IGNORECASE
)


def files_in(folder: Path) -> list[Path]:
    """The files of a folder by name, not those of folders within; hidden and temporary ones are left out."""
    files = (path for path in folder.iterdir() if path.is_file())
    return sorted(path for path in files if not _IGNORED.search(path.name))


def tables_at(path: Path) -> list[tuple[Path, str]]:
    """Files to import from `path`, each with the name of a table in it ("" for the file itself).

    A folder gives its files, an archive of several tables one entry a table; an empty folder gives itself.
    """
    files = files_in(path) if path.is_dir() else [path]
    tables: list[tuple[Path, str]] = []
    for file in files or [path]:
        names = table_names(file)
        tables.extend([(file, name) for name in names] if len(names) > 1 else [(file, "")])
    return tables
