"""Writes docs/files.md, the layout of each kind of file, from the same table that reads them: run it after a change."""

from __future__ import annotations

from pathlib import Path

from loyalty.intake.kinds import KINDS, Kind
from loyalty.intake.sources.registry import PLATFORMS
from loyalty.words import LANGUAGES, words_for

TARGET = Path(__file__).with_name("files.md")
INTRODUCTION = """# Files that can be brought in · 可以导入的文件

This page is written by `python -m docs.write_files` from `loyalty/intake/kinds.py`, which also reads the files and makes the
tables to fill in by hand (on the Data page, in either language); a test fails when the two differ.

Exports of the platforms at the end of this page are recognised by their headings and need none of this. Any other CSV or
Excel file is read by its headings: columns may stand in any order, and columns that are not listed are left alone. What
the headings leave open is asked; `--kind` and `--map column=Heading` say it on the command line. The kinds are told apart
by their headings as well: a file with a birthday and no amount is a list of customers.

For every kind: a row that cannot be read is set aside with its reason and can be mended and brought in again; the same
file again adds nothing; dates that could be either way round are asked once; an import can be undone. Customers are known
by e-mail, else phone, else customer number, never by name.
"""


def text() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_section(kind) for kind in KINDS.values()), _platforms()])


def _section(kind: Kind) -> str:
    """One kind: what a row is, what a file must have, its columns."""
    said = [words_for(language) for language in LANGUAGES]
    needs = [" or ".join(f"`{name}`" for name in need.names) for need in kind.needs]
    lines = [
        f"## {' · '.join(words.say(kind.title) for words in said)}",
        f"\n`--kind {kind.name}`. One row is {kind.row}. It must have {'; and '.join(needs)}.\n",
        "| column | headings | what it holds | example |",
        "|---|---|---|---|",
    ]
    for field in kind.fields:
        headings = ", ".join(words.say(field.title) for words in said)
        examples = ", ".join(f"`{example}`" for example in dict.fromkeys(field.examples) if example)
        lines.append(f"| `{field.name}` | {headings} | {field.what} | {examples} |")
    return "\n".join(lines) + "\n"


def _platforms() -> str:
    """Which platforms' own files there are, by kind."""
    lines = [
        "## Platforms' own files · 平台导出的文件\n",
        "| platform | `--source` | what it holds |",
        "|---|---|---|",
    ]
    for source in PLATFORMS:
        kinds = ", ".join((source.kind, *source.also))
        lines.append(f"| {source.title} | `{source.name}` | {kinds} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
