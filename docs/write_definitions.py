"""Writes docs/definitions.md from the same text that stands behind every figure on the screen: run it after a change."""

from __future__ import annotations

from pathlib import Path

from loyalty.measure.definitions import DEFINITIONS
from loyalty.words import LANGUAGES, words_for

TARGET = Path(__file__).with_name("definitions.md")
INTRODUCTION = """# What every figure means · 每个数字的含义

This page is written by `python -m docs.write_definitions` from `loyalty/measure/definitions.py`, the very text behind each
figure's ⓘ in the app; a test fails when the two differ. All figures are as of one day (the last day with a sale, unless
another is asked for) and rest on net paid orders.
"""


def text() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for name, (title, meaning) in DEFINITIONS.items():
        parts.append(
            f"## {' · '.join(words_for(language).say(title) for language in LANGUAGES)}\n\n`{name}`\n"
        )
        parts.extend(words_for(language).say(meaning) + "\n" for language in LANGUAGES)
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
