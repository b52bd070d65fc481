"""The file of goals: kept, changed, taken away, and never written over when it cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loyalty.measure.goals import Goal
from loyalty.services.goals import FILE, BadTargetsFile, NoSuchGoal, load, put, remove


def test_goals_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    assert load(folder) == ([], [])
    first, second = Goal("repurchase_within_90", "at_least", 0.35), Goal("gap", "at_most", 20.0)
    assert put(folder, first) == [first]
    assert put(folder, second) == [first, second]
    assert load(folder) == ([first, second], [])
    changed = Goal("repurchase_within_90", "at_least", 0.4)
    assert put(folder, changed) == [changed, second]
    assert remove(folder, "gap") == [changed]
    assert load(folder) == ([changed], [])
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_a_goal_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoSuchGoal, match="“gap”"):
        remove(tmp_path, "gap")


@pytest.mark.parametrize("text", ["{]", '{"metric": "aov"}', "[1, 2]", "\x00"])
def test_a_file_that_cannot_be_read_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    goals, (fault,) = load(tmp_path)
    assert goals == []
    assert isinstance(fault, BadTargetsFile)
    with pytest.raises(BadTargetsFile):
        put(tmp_path, Goal("aov", "at_least", 10.0))
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text


def test_a_bad_goal_is_reported_and_the_rest_stands(tmp_path: Path) -> None:
    rows = [
        {"metric": "aov", "direction": "at_least", "value": 10},
        {"metric": "luck", "direction": "at_least", "value": 1},
        {"metric": "gap"},
    ]
    (tmp_path / FILE).write_text(json.dumps(rows), encoding="utf-8")
    goals, faults = load(tmp_path)
    assert goals == [Goal("aov", "at_least", 10.0)]
    assert len(faults) == 2
