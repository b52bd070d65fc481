"""What docs/files.md says of files is what the code reads: the page is made from the same table."""

from __future__ import annotations

import pytest

from docs.write_files import TARGET, text
from loyalty.intake.kinds import KINDS
from loyalty.intake.sources.registry import PLATFORMS


def test_the_page_of_layouts_is_made_from_the_code() -> None:
    assert TARGET.read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_kind_is_in_its_table(kind: str) -> None:
    section = text().split(f"`--kind {kind}`")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(KINDS[kind].names)
    assert all(len(row.split(" | ")) == 4 for row in rows)


def test_every_platform_is_listed() -> None:
    assert all(f"| `{source.name}` |" in text() for source in PLATFORMS)
