"""Tables to fill in by hand come in again without a question, in either language."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from loyalty.exports.templates import template
from loyalty.intake.kinds import KINDS
from loyalty.shop.shop import Shop
from loyalty.words import LANGUAGES, words_for

#: What the two example rows of each table leave behind, as text.
LEFT = {
    "orders": ("SELECT sum(net)::DOUBLE, count(DISTINCT customer_id) FROM orders", [(2 * 4.5 + 12, 2)]),
    "customers": (
        "SELECT name, birthday, city, acquired_via, tags, first_seen::DATE::VARCHAR FROM contacts JOIN customers USING (customer_id) ORDER BY 1",
        [
            ("Ann Reed", "1985-03-15", "Brookmere", "Instagram", "wholesale", "2026-02-27"),
            ("Ben Lake", "--07-04", "Fernhollow", "a friend", None, "2026-03-02"),
        ],
    ),
    "feedback": ("SELECT kind, sum(score)::INT, min(scale) FROM feedback GROUP BY 1", [("csat", 9, 5)]),
    "events": (
        "SELECT kind, product, seconds FROM events ORDER BY 1",
        [("like", "Cup", None), ("view", "Tea", 40.0)],
    ),
    "referrals": (
        "SELECT count(*), count(DISTINCT referrer_id), count(DISTINCT referred_id) FROM referrals",
        [(2, 1, 2)],
    ),
    "spend": (
        "SELECT month::VARCHAR, channel, amount::DOUBLE FROM spend ORDER BY 2",
        [("2026-03-01", "Flyers", 35.5), ("2026-03-01", "Instagram", 120.0)],
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_needs_no_mapping(tmp_path: Path, language: str, kind: str) -> None:
    file = tmp_path / "template.csv"
    file.write_bytes(template(kind, words_for(language)))
    with Shop.open(tmp_path / "shop") as shop, shop.open_import(file) as arriving:
        assert arriving.plan.questions == ()
        assert arriving.plan.reading.kind == kind
        record = arriving.run(dt.datetime(2026, 7, 1))
        assert (record.rows, record.accepted) == (2, 2)
        query, expected = LEFT[kind]
        assert shop.database.cursor().execute(query).fetchall() == expected


def test_two_consents_of_the_template_are_as_stated(tmp_path: Path) -> None:
    file = tmp_path / "template.csv"
    file.write_bytes(template("customers", words_for("en")))
    with Shop.open(tmp_path / "shop") as shop:
        with shop.open_import(file) as file_import:
            file_import.run(dt.datetime(2026, 7, 1))
        result = shop.database.cursor().execute(
            "SELECT medium, granted, stated_at::DATE::VARCHAR, source FROM consents ORDER BY 1, 3"
        )
        assert result.fetchall() == [
            ("email", True, "2026-03-01", "sign-up form"),
            ("email", False, "2026-03-02", "till"),
            ("sms", False, "2026-03-01", "sign-up form"),
            ("sms", False, "2026-03-02", "till"),
        ]
