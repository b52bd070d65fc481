"""Collects every visible string of the project into the catalogues: `python locale/extract.py`.

Strings are found by the names of the functions they pass through: `say`, `plural` (one, many) and `N_`. Translations
are kept; strings that no longer occur are removed; new ones are added empty, and a test fails until they are filled.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("loyalty", "ui", "pages")
KEYWORDS = {"say": 1, "N_": 1, "plural": 2}  # how many of the first arguments are strings to translate
DOMAIN = "loyalty"
TRANSLATED = ("zh_CN",)


def extracted() -> Catalog:
    """All visible strings of the source, with the files they occur in."""
    catalogue = Catalog(project="Regulars", domain=DOMAIN, charset="utf-8")
    files = [ROOT / "app.py", *sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]
    for path in files:
        for strings in _strings(ast.parse(path.read_text(encoding="utf-8"))):
            place = (path.relative_to(ROOT).as_posix(), 0)
            catalogue.add(strings[0] if len(strings) == 1 else strings, locations=[place])
    return catalogue


def _strings(tree: ast.Module) -> Iterator[tuple[str, ...]]:
    """Literal strings of all marked calls. The syntax tree also shows calls inside f-strings, on every Python alike."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            wanted = KEYWORDS.get(getattr(node.func, "attr", getattr(node.func, "id", "")), 0)
            values = [arg.value for arg in node.args[:wanted] if isinstance(arg, ast.Constant)]
            strings = tuple(value for value in values if isinstance(value, str) and value)
            if wanted and len(strings) == wanted:
                yield strings


def path_of(language: str) -> Path:
    """Where a language's catalogue stands."""
    return ROOT / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def load(language: str) -> Catalog:
    """A language's catalogue; an empty one where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Regulars", domain=DOMAIN, charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def main() -> None:
    """Bring every catalogue up to date with the source."""
    template = extracted()
    for language in TRANSLATED:
        catalogue = load(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        out = io.BytesIO()
        write_po(out, catalogue, width=0, omit_header=False, sort_output=True, include_lineno=False)
        lines = out.getvalue().splitlines(keepends=True)
        undated = b"".join(line for line in lines if not line.startswith(b'"POT-Creation-Date'))
        path_of(language).write_bytes(undated)
        shown = [(m.id, m.string if isinstance(m.string, tuple) else (m.string,)) for m in catalogue]
        missing = [id_ for id_, strings in shown if id_ and not all(strings)]
        print(f"{language}: {len(catalogue)} strings, {len(missing)} without a translation")  # noqa: T201


if __name__ == "__main__":
    main()
