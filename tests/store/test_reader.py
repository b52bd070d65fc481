"""The reader of the store: nothing is asked or compiled twice, and no shop or table is taken for another."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ibis
import pandas as pd
import pytest

from loyalty.facts.customers import customers
from loyalty.shop.shop import Shop
from loyalty.store.reader import CompiledQueries, Reader
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

DAY = dt.date(2030, 1, 1)


def shop_of(folder: Path, who: str, price: str) -> Shop:
    folder.mkdir()
    opened = Shop.open(folder / "shop")
    bring(
        opened,
        save(folder, "a.csv", text_of(GENERIC, [{**generic_row(1, "", "Tea", "1", price), "Customer": who}])),
    )
    return opened


def test_two_shops_have_their_own_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop_of(tmp_path / "one", "ann", "4.00") as one, shop_of(tmp_path / "other", "bob", "9.00") as other:
        first = customers(one.database.reader(), DAY)
        compiled: list[object] = []
        monkeypatch.setattr(CompiledQueries, "add", lambda _, key, sql: compiled.append((key, sql)))
        second = customers(other.database.reader(), DAY)
        again = customers(one.database.reader(), DAY)
        assert compiled == []  # the same question, of another shop, and once more
        assert (first["revenue"].tolist(), second["revenue"].tolist()) == ([4.0], [9.0])
        pd.testing.assert_frame_equal(first, again)
        assert customers(one.database.reader(), dt.date(1999, 1, 1)).empty
        assert len(compiled) == 1  # another day is another question


def test_tables_in_memory_are_never_confused(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as opened:
        con = opened.database.reader()
        for number in (1, 2):
            table = ibis.memtable(pd.DataFrame({"a": [number]}))
            assert con.execute(table.mutate(b=table.a * 10))["b"].tolist() == [10 * number]


def test_a_reader_sees_what_was_written_since(tmp_path: Path) -> None:
    with shop_of(tmp_path / "one", "ann", "4.00") as one:
        con = one.database.reader()
        assert isinstance(con, Reader)
        count = con.table("orders").count()
        assert con.execute(count) == 1
        bring(
            one,
            save(
                tmp_path,
                "b.csv",
                text_of(
                    GENERIC,
                    [{**generic_row(2, "", "Tea", "1", "5.00"), "Customer": "cyd", "Invoice No": "77"}],
                ),
            ),
        )
        assert con.execute(count) == 2
        assert con.execute(con.table("orders").count()) == 2


def test_the_oldest_query_is_dropped() -> None:
    queries = CompiledQueries(2)
    for name in ("a", "b"):
        queries.add(name, name.upper())
    assert queries.get("a") == "A"  # the latest now
    queries.add("c", "C")
    assert [queries.get(name) for name in ("a", "b", "c")] == ["A", None, "C"]
