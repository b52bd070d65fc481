"""The owner's goals, kept as one small JSON file beside the shop's settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from loyalty.errors import OwnerError
from loyalty.measure.goals import Goal, checked_goal
from loyalty.words import N_

FILE = "targets.json"


class BadGoalsFile(OwnerError):
    """The file of goals cannot be read."""

    template = N_("The file “{file}” with your goals cannot be read; it is left as it is.")


class NoSuchGoal(OwnerError):
    """A goal to be removed that was never set."""

    template = N_("There is no goal for “{metric}”.")


def load_goals(folder: Path) -> tuple[list[Goal], list[OwnerError]]:
    """The goals of the shop in `folder`, and what was wrong in the file; a bad goal is left out."""
    path = folder / FILE
    if not path.exists():
        return [], []
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return [], [BadGoalsFile(file=FILE)]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return [], [BadGoalsFile(file=FILE)]
    goals: dict[str, Goal] = {}
    errors: list[OwnerError] = []
    for row in rows:
        try:
            goal = checked_goal(str(row.get("metric")), str(row.get("direction")), row.get("value"))
        except OwnerError as fault:
            errors.append(fault)
        else:
            goals[goal.metric] = goal
    return list(goals.values()), errors


def set_goal(folder: Path, goal: Goal) -> list[Goal]:
    """Set a goal, in the place of an earlier one for the same figure; returns all. Raises BadGoalsFile."""
    goals = {saved.metric: saved for saved in _known(folder)} | {goal.metric: goal}
    _save(folder, list(goals.values()))
    return list(goals.values())


def remove_goal(folder: Path, metric: str) -> list[Goal]:
    """Take a goal away; returns the rest. Raises NoSuchGoal, BadGoalsFile."""
    goals = _known(folder)
    rest = [goal for goal in goals if goal.metric != metric]
    if len(rest) == len(goals):
        raise NoSuchGoal(metric=metric)
    _save(folder, rest)
    return rest


def _known(folder: Path) -> list[Goal]:
    """The goals to write over; a file that cannot be read is never written over."""
    goals, errors = load_goals(folder)
    for error in errors:
        if isinstance(error, BadGoalsFile):
            raise error
    return goals


def _save(folder: Path, goals: Sequence[Goal]) -> None:
    """Write the file whole: a second one, then over the first."""
    folder.mkdir(parents=True, exist_ok=True)
    second = folder / (FILE + ".new")
    second.write_text(json.dumps([asdict(goal) for goal in goals], indent=2) + "\n", encoding="utf-8")
    second.replace(folder / FILE)
