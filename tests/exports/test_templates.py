"""Templates come in again without a question, in either language."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from loyalty.exports.templates import KINDS, template
from loyalty.shop import Shop
from loyalty.words import LANGUAGES, words_for


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_needs_no_mapping(tmp_path: Path, language: str, kind: str) -> None:
    file = tmp_path / "template.csv"
    file.write_bytes(template(kind, words_for(language)))
    with Shop.open(tmp_path / "shop") as shop, shop.arriving(file) as arriving:
        assert arriving.plan.questions == ()
        assert arriving.plan.reading.kind == kind
        record = arriving.take_in(dt.datetime(2026, 7, 1))
        assert (record.rows, record.accepted) == (2, 2)
        revenue = shop.database.cursor().execute("SELECT sum(net), count(DISTINCT customer_id) FROM orders").fetchall()
    assert kind == "feedback" or [float(value) for value in revenue[0]] == [2 * 4.5 + 12, 2]
