"""The file of goals: saved, changed, removed, and never replaced when it cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loyalty.measure.goals import Goal
from loyalty.services.goals import FILE, BadGoalsFile, NoSuchGoal, load_goals, remove_goal, set_goal


def test_goals_are_saved(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    assert load_goals(folder) == ([], [])
    first, second = Goal("repurchase_within_90", "at_least", 0.35), Goal("gap", "at_most", 20.0)
    assert set_goal(folder, first) == [first]
    assert set_goal(folder, second) == [first, second]
    assert load_goals(folder) == ([first, second], [])
    changed = Goal("repurchase_within_90", "at_least", 0.4)
    assert set_goal(folder, changed) == [changed, second]
    assert remove_goal(folder, "gap") == [changed]
    assert load_goals(folder) == ([changed], [])
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_a_missing_goal(tmp_path: Path) -> None:
    with pytest.raises(NoSuchGoal, match="“gap”"):
        remove_goal(tmp_path, "gap")


@pytest.mark.parametrize("text", ["{]", '{"metric": "aov"}', "[1, 2]", "\x00"])
def test_a_file_that_cannot_be_read_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    goals, (fault,) = load_goals(tmp_path)
    assert goals == []
    assert isinstance(fault, BadGoalsFile)
    with pytest.raises(BadGoalsFile):
        set_goal(tmp_path, Goal("aov", "at_least", 10.0))
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text


def test_a_bad_goal_is_reported_and_the_others_load(tmp_path: Path) -> None:
    rows = [
        {"metric": "aov", "direction": "at_least", "value": 10},
        {"metric": "luck", "direction": "at_least", "value": 1},
        {"metric": "gap"},
    ]
    (tmp_path / FILE).write_text(json.dumps(rows), encoding="utf-8")
    goals, faults = load_goals(tmp_path)
    assert goals == [Goal("aov", "at_least", 10.0)]
    assert len(faults) == 2
