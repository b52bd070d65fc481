"""Rows done and time left, with a clock that is moved by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest

from loyalty.words import words_for
from pages.data import progress
from pages.data.progress import READING, Pace, share_done, shown_on


@pytest.mark.parametrize(
    ("step", "rows", "share"),
    [
        ("understanding", 0, 0.0),
        ("understanding", 500, READING / 2),
        ("understanding", 1000, READING),
        ("storing", 0, READING),
        ("storing", 500, (1 + READING) / 2),
        ("storing", 1200, 1.0),
    ],
)
def test_storing_goes_on_where_reading_ends(step: str, rows: int, share: float) -> None:
    assert share_done(step, rows, 1000) == pytest.approx(share)


def test_a_file_without_rows_divides_by_nothing() -> None:
    assert share_done("understanding", 0, 0) == 0


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_time_left_follows_the_pace_since_the_first_word() -> None:
    """A tenth in 10 s: nine tenths take 90 s, which is two minutes at the most. Half in 40 s: 40 s more. All: none."""
    clock = Clock()
    pace = Pace(clock)
    assert pace.left(0.0) is None
    clock.now += 10
    assert pace.left(0.1) == dt.timedelta(minutes=2)
    clock.now += 30
    assert pace.left(0.5) == dt.timedelta(seconds=40)
    clock.now += 36
    assert pace.left(0.95) == dt.timedelta(seconds=5)


def test_what_was_done_before_the_first_word_does_not_hasten_the_rest() -> None:
    """Rows were read already: from 0.35 to 0.675, half of what was left, in 20 s; the other half takes as long."""
    clock = Clock()
    pace = Pace(clock)
    assert pace.left(0.35) is None
    clock.now += 20
    assert pace.left(0.675) == dt.timedelta(seconds=20)


def test_nothing_is_guessed_in_the_first_seconds_or_at_a_standstill() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.left(0.1)
    clock.now += 1
    assert pace.left(0.5) is None
    clock.now += 60
    assert pace.left(0.1) is None


@dataclass
class Bar:
    """What a bar was told."""

    shown: list[tuple[float, str]] = field(default_factory=list)

    def progress(self, share: float, text: str) -> None:
        self.shown.append((share, text))


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        (
            "en",
            "sales.csv: 0 of 2,000 rows read",
            "sales.csv: 1,000 of 2,000 rows stored, about 10 seconds left",
        ),
        ("zh_CN", "sales.csv：已读取 0 / 2,000 行", "sales.csv：已保存 1,000 / 2,000 行，大约还需 10秒钟"),
    ],
)
def test_the_bar_says_rows_and_time(
    language: str, first: str, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0.675 in 18 s, so 0.325 takes 8.7 s."""
    clock, bar = Clock(), Bar()
    monkeypatch.setattr(progress, "Pace", lambda: Pace(clock))
    told = shown_on(bar, "sales.csv", 2000, words_for(language))  # type: ignore[arg-type]
    told("understanding", 0)
    clock.now += 18
    told("storing", 1000)
    assert bar.shown == [(0.0, first), (pytest.approx(0.675), last)]
