"""An experiment from a table of text cells."""

from __future__ import annotations

import pandas as pd
import pytest

from loyalty.campaigns.errors import NoSuchGroup, NotANumberHere, OneGroupOnly
from loyalty.campaigns.group_lift import measure_experiment

ROWS = pd.DataFrame(
    {
        "arm": ["none"] * 10 + ["a"] * 10 + ["b"] * 5,
        "bought": ["1", *["0"] * 9, *["1"] * 4, *["0"] * 6, *["1"] * 2, None, "0", "0"],
        "spent": ["12.5", *["0"] * 9, *["10"] * 4, *["0"] * 6, *["5"] * 2, "0", "0", "0"],
    }
)


def test_each_group_beside_the_control() -> None:
    experiment = measure_experiment(ROWS, "arm", "none", ["bought", "spent"])
    assert set(experiment.groups) == {"a", "b"}
    assert experiment.groups["a"]["bought"].lift == pytest.approx(4 / 10 - 1 / 10)
    assert experiment.groups["b"]["bought"].lift == pytest.approx(2 / 5 - 1 / 10)
    assert experiment.groups["a"]["spent"].lift == pytest.approx(4.0 - 1.25)
    assert experiment.together["bought"].treated == pytest.approx(6 / 15)
    assert experiment.together["bought"].n_treated == 15


def test_one_group_alone() -> None:
    experiment = measure_experiment(ROWS, "arm", "none", ["bought"], treated="b")
    assert set(experiment.groups) == {"b"}
    assert experiment.together == experiment.groups["b"]


def test_mistakes_are_named() -> None:
    with pytest.raises(NoSuchGroup, match="There are: a, b, none"):
        measure_experiment(ROWS, "arm", "control", ["bought"])
    with pytest.raises(OneGroupOnly):
        measure_experiment(ROWS[ROWS["arm"] == "none"], "arm", "none", ["bought"])
    with pytest.raises(NotANumberHere, match="“none” in the column “arm” is not a number \\(row 1\\)"):
        measure_experiment(ROWS, "arm", "none", ["arm"])
