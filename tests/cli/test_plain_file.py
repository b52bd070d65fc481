"""Columns of a plain file: as they are mapped, without a spreadsheet's wrappings, numbers in their order."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from loyalty.cli.plain_file import in_order, read_columns
from loyalty.intake.errors import UnknownColumn
from tests.intake.builders import save


def test_wanted_fields_come_from_their_columns(tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", 'Kunde,basket,Artikel\n="007",1,Tee\n,2,Milch\n')
    rows = read_columns(
        path, {"customer_id": "Kunde", "product": "Artikel"}, ["customer_id", "basket", "product"]
    )
    assert rows["customer_id"].iloc[0] == "007"
    assert rows["customer_id"].isna().tolist() == [False, True]
    assert rows["product"].tolist() == ["Tee", "Milch"]


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", "who,what\nann,tea\n")
    with pytest.raises(UnknownColumn, match="basket"):
        read_columns(path, {}, ["basket"])


def test_ten_comes_after_nine() -> None:
    assert in_order(pd.Series(["10", "9", None])).tolist()[:2] == [10, 9]
    assert in_order(pd.Series(["b10", "9"])).tolist() == ["b10", "9"]
