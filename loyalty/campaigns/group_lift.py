"""Lift of each group of a table against its control group: an experiment run elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.campaigns.errors import NoSuchGroup, NotANumberHere, OneGroupOnly
from loyalty.campaigns.lift import Lift, outcome_lift
from loyalty.columns import Flags, Floats

MOST_NAMED = 12


@dataclass(frozen=True)
class Experiment:
    """Lifts by outcome: of all groups but the control together, and of each (`groups`: name → outcome → lift)."""

    control: str
    together: dict[str, Lift]
    groups: dict[str, dict[str, Lift]]


def measure_experiment(
    rows: pd.DataFrame, group: str, control: str, outcomes: Sequence[str], *, treated: str = "", seed: int = 0
) -> Experiment:
    """Lift of each group of `rows` against the rows whose `group` is `control`; `treated` limits it to one group.

    `rows`: one row a customer, cells as text. Outcomes that are 0 or 1 throughout are shares, others means; a blank is 0.
    Raises NoSuchGroup, OneGroupOnly, NotANumberHere.
    """
    names = rows[group].fillna("").astype(str)
    groups = sorted(set(names))
    for value in (control, *([treated] if treated else [])):
        if value not in groups:
            raise NoSuchGroup(value=value, column=group, known=", ".join(groups[:MOST_NAMED]))
    others = [treated] if treated else [name for name in groups if name not in (control, "")]
    if not [name for name in others if name != control]:
        raise OneGroupOnly(value=control)
    values = {name: numeric_column(rows[name], name) for name in outcomes}
    inside = {name: (names == name).to_numpy() for name in (*others, control)}

    def lifts(of: Flags) -> dict[str, Lift]:
        return {name: outcome_lift(y[of], y[inside[control]], seed=seed) for name, y in values.items()}

    any_of = np.logical_or.reduce([inside[name] for name in others])
    return Experiment(control, lifts(any_of), {name: lifts(inside[name]) for name in others})


def numeric_column(column: pd.Series, name: str) -> Floats:
    """Cells as numbers, blanks as 0. Raises NotANumberHere."""
    values = pd.to_numeric(column.fillna("0"), errors="coerce")
    wrong = np.flatnonzero(values.isna().to_numpy())
    if len(wrong):
        raise NotANumberHere(text=column.iloc[wrong[0]], column=name, line=int(wrong[0]) + 1)
    return values.to_numpy(dtype=np.float64)
