"""The owner's goals, stored as one small JSON file beside the shop's settings."""

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
    """There is no such goal to remove."""

    template = N_("There is no goal for “{metric}”.")


def load_goals(folder: Path) -> tuple[list[Goal], list[OwnerError]]:
    """The goals of the shop in `folder`, and the errors of its file; a bad goal is left out."""
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
    """Set a goal, replacing an earlier one for the same figure; returns all goals. Raises BadGoalsFile."""
    goals = {saved.metric: saved for saved in _readable_goals(folder)} | {goal.metric: goal}
    _save(folder, list(goals.values()))
    return list(goals.values())


def remove_goal(folder: Path, metric: str) -> list[Goal]:
    """Remove a goal; returns the rest. Raises NoSuchGoal, BadGoalsFile."""
    goals = _readable_goals(folder)
    rest = [goal for goal in goals if goal.metric != metric]
    if len(rest) == len(goals):
        raise NoSuchGoal(metric=metric)
    _save(folder, rest)
    return rest


def _readable_goals(folder: Path) -> list[Goal]:
    """The goals of a file that is about to be replaced. Raises BadGoalsFile, as an unreadable file is never replaced."""
    goals, errors = load_goals(folder)
    for error in errors:
        if isinstance(error, BadGoalsFile):
            raise error
    return goals


def _save(folder: Path, goals: Sequence[Goal]) -> None:
    """Replace the file in one step, by writing a second one first."""
    folder.mkdir(parents=True, exist_ok=True)
    second = folder / (FILE + ".new")
    second.write_text(json.dumps([asdict(goal) for goal in goals], indent=2) + "\n", encoding="utf-8")
    second.replace(folder / FILE)
