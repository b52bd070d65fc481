"""Collects every visible string of the project into the catalogues: `python locale/extract.py`.

Strings are found by the names of the functions they pass through: `say`, `plural` (one, many) and `N_`. Translations
that are there stay; strings that are gone leave; new ones come empty, and a test fails until they are filled.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("loyalty", "ui", "app_pages")
KEYWORDS = {"say": None, "N_": None, "plural": (1, 2)}
DOMAIN = "loyalty"
TRANSLATED = ("zh_CN",)


def extracted() -> Catalog:
    """All strings that the source holds, with the files they stand in."""
    catalogue = Catalog(project="Regulars", domain=DOMAIN, charset="utf-8")
    places = [(ROOT, "app.py"), *((ROOT / folder, "**.py") for folder in FOLDERS)]
    for folder, pattern in places:
        found = extract_from_dir(folder, method_map=[(pattern, "python")], keywords=KEYWORDS, directory_filter=_not_hidden)
        for name, _line, message, comments, context in found:
            inside = (folder / name).relative_to(ROOT).as_posix()
            catalogue.add(message, locations=[(inside, 0)], auto_comments=comments, context=context)
    return catalogue


def _not_hidden(folder: str | Path) -> bool:
    return not Path(folder).name.startswith((".", "__")) and (Path(folder) == ROOT or ROOT / "tests" not in Path(folder).parents)


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
        with path_of(language).open("wb") as out:
            write_po(out, catalogue, width=0, omit_header=False, sort_output=True, include_lineno=False)
        missing = [m.id for m in catalogue if m.id and not all(m.string if isinstance(m.string, tuple) else (m.string,))]
        print(f"{language}: {len(catalogue)} strings, {len(missing)} without a translation")  # noqa: T201


if __name__ == "__main__":
    main()
