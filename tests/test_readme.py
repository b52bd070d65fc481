"""The README and the documentation say what is there: every screen, command, setting, platform and figure."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from docs.write_definitions import TARGET, text
from loyalty.cli.run import COMMANDS
from loyalty.intake.sources.registry import PLATFORMS
from loyalty.shop.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(path.parent.name for path in (ROOT / "pages").glob("*/page.py")))
def test_every_screen_is_in_the_readme(name: str) -> None:
    assert f"**{name.capitalize()}**" in README


@pytest.mark.parametrize("name", [*COMMANDS, "serve"])
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`{name} " in README or f"`{name}`" in README


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("title", [source.title for source in PLATFORMS])
def test_every_platform_is_in_the_readme(title: str) -> None:
    assert title.split(" (")[0].split(" /")[0] in README


def test_the_pictures_are_there() -> None:
    assert (ROOT / "docs" / "home.png").stat().st_size > 10_000


def test_the_definitions_page_is_the_text_of_the_screens() -> None:
    assert TARGET.read_text(encoding="utf-8") == text()
