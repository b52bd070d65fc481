"""The README and the documentation say what is there: every screen, command, setting, platform and figure."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from docs.write_definitions import TARGET, text
from loyalty.cli.run import COMMANDS
from loyalty.intake.sources.registry import PLATFORMS
from loyalty.shop.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SCREENS_PAGE = (ROOT / "docs" / "screens.md").read_text(encoding="utf-8")
PAGES = ("commands", "definitions", "files", "importing", "measured", "screens")
LINKS = re.compile(r"\]\(([^)#]+)\)")


@pytest.mark.parametrize("name", sorted(path.parent.name for path in (ROOT / "pages").glob("*/page.py")))
def test_every_screen_is_in_the_readme(name: str) -> None:
    assert f"**{name.capitalize()}**" in README
    assert f"**{name.capitalize()}**" in SCREENS_PAGE


@pytest.mark.parametrize("name", [*COMMANDS, "serve"])
def test_every_command_has_its_line(name: str) -> None:
    assert f"`{name} " in COMMANDS_PAGE or f"`{name}`" in COMMANDS_PAGE


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_named(name: str) -> None:
    assert f"`{name}`" in COMMANDS_PAGE


@pytest.mark.parametrize("title", [source.title for source in PLATFORMS])
def test_every_platform_is_in_the_readme(title: str) -> None:
    assert title.split(" (")[0].split(" /")[0] in README


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *(f"docs/{name}.md" for name in PAGES)])
def test_every_link_leads_somewhere(page: str) -> None:
    path = ROOT / page
    targets = LINKS.findall(path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_pictures_are_there() -> None:
    assert (ROOT / "docs" / "home.png").stat().st_size > 10_000


def test_the_definitions_page_is_the_text_of_the_screens() -> None:
    assert TARGET.read_text(encoding="utf-8") == text()
