"""Lists of customers: the last that tells of somebody is right, consents by medium and moment, undo to the state before."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.shop.shop import Shop
from tests.intake.builders import STAMP, bring, save, text_of
from tests.store.test_again import mended, state

HEADER = [
    "E-mail",
    "Name",
    "Birthday",
    "City",
    "Tags",
    "Agrees to e-mail",
    "Agrees to text messages",
    "Consent given on",
    "Customer since",
]
Row = dict[str, str]


def person(who: str, **cells: str) -> Row:
    """A row about somebody."""
    return {"E-mail": f"{who}@example.com", **{name.replace("_", " "): cell for name, cell in cells.items()}}


def read(shop: Shop, query: str) -> list[tuple[object, ...]]:
    """Rows of the store."""
    return shop.database.cursor().execute(query).fetchall()


def listed(shop: Shop, folder: Path, name: str, rows: list[Row]) -> tuple[int, int, int, int]:
    """Bring a list in: rows accepted, known, changed, rejected."""
    record = bring(shop, save(folder, name, text_of(HEADER, rows)))
    return record.accepted, record.duplicates, record.updated, record.rejected


def test_the_last_list_is_right_and_what_it_leaves_out_stays(tmp_path: Path, shop: Shop) -> None:
    first = [
        person("ann", Name="Ann", City="Bath", Tags="vip", Customer_since="2025-02-01"),
        person("ben", Name="Ben"),
    ]
    later = [
        person("ann", City="York", Customer_since="2025-03-01"),
        person("ben", Name="Ben"),
        person("cleo"),
    ]
    assert listed(shop, tmp_path, "a.csv", first) == (2, 0, 0, 0)
    before = state(shop)
    assert listed(shop, tmp_path, "b.csv", later) == (2, 1, 1, 0)  # Ann moved, Ben is known, Cleo is new
    customers_query = "SELECT name, city, tags, first_seen::DATE::VARCHAR FROM customers LEFT JOIN contacts USING (customer_id) ORDER BY email"
    assert read(shop, customers_query) == [
        ("Ann", "York", "vip", "2025-02-01"),
        ("Ben", None, None, None),
        (None, None, None, None),
    ]
    shop.undo(2, STAMP)
    assert state(shop) == before
    shop.undo(1, STAMP)
    assert {rows for rows, _ in state(shop).values()} == {0}


def test_an_earlier_list_under_another_name_restores_its_values(tmp_path: Path, shop: Shop) -> None:
    """York, then Bath again: the last file is right, whatever stood before, so its row changes something."""
    listed(shop, tmp_path, "a.csv", [person("ann", City="Bath")])
    listed(shop, tmp_path, "b.csv", [person("ann", City="York")])
    assert listed(shop, tmp_path, "c.csv", [person("ann", City="Bath"), {}]) == (1, 0, 1, 0)
    assert read(shop, "SELECT city FROM customers") == [("Bath",)]


def test_of_two_rows_about_one_person_the_later_is_right(tmp_path: Path, shop: Shop) -> None:
    rows = [person("ann", City="Bath", Tags="a"), person("ann", City="York"), person("ANN", City="York")]
    assert listed(shop, tmp_path, "a.csv", rows) == (2, 1, 0, 0)
    assert read(shop, "SELECT city, tags FROM customers") == [("York", "a")]


def consent(shop: Shop, medium: str = "email") -> object:
    """The one consent there is."""
    ((granted,),) = read(shop, f"SELECT granted FROM consents WHERE medium = '{medium}'")
    return granted


def test_consents_count_by_their_date(tmp_path: Path, shop: Shop) -> None:
    header = "Agrees to e-mail"
    rows = [{"E-mail": "ann@example.com", header: "yes", "Consent given on": "2025-03-01"}]
    bring(shop, save(tmp_path, "a.csv", text_of(HEADER, rows)))
    assert consent(shop) is True
    for name, answer, day, expected in (
        ("b.csv", "no", "2025-04-01", False),
        ("c.csv", "yes", "2025-03-15", False),  # an older yes that comes late
        ("d.csv", "yes", "2025-05-01", True),
        ("e.csv", "no", "", False),  # told without a date: as of the import
    ):
        rows = [{"E-mail": "ann@example.com", header: answer, "Consent given on": day}]
        bring(shop, save(tmp_path, name, text_of(HEADER, rows)))
        assert consent(shop) is expected
    shop.undo(5, STAMP)
    assert consent(shop) is True


def test_of_two_answers_of_one_moment_the_refusal_counts(tmp_path: Path, shop: Shop) -> None:
    ann_in_march = {"E-mail": "ann@example.com", "Consent given on": "2025-03-01"}
    rows = [{**ann_in_march, "Agrees to e-mail": "no"}, {**ann_in_march, "Agrees to e-mail": "yes"}]
    bring(shop, save(tmp_path, "a.csv", text_of(HEADER, rows)))
    assert consent(shop) is False


def test_without_an_answer_there_is_no_consent(tmp_path: Path, shop: Shop) -> None:
    rows = [person("ann", Name="Ann"), {"E-mail": "ben@example.com", "Agrees to text messages": "unknown"}]
    bring(shop, save(tmp_path, "a.csv", text_of(HEADER, rows)))
    assert read(shop, "SELECT * FROM consents") == []


def random_lists(seed: int) -> list[list[Row]]:
    """Four lists about five people."""
    chance = random.Random(seed)
    answers = ("yes", "no", "", "unknown")
    return [
        [
            {
                "E-mail": f"p{chance.randint(1, 5)}@example.com",
                "City": chance.choice(["Bath", "York", ""]),
                "Birthday": chance.choice(["1985-03-15", "--07-04", ""]),
                "Agrees to e-mail": chance.choice(answers),
                "Agrees to text messages": chance.choice(answers),
                "Consent given on": chance.choice(["2025-03-01", "2025-04-01", ""]),
                "Customer since": chance.choice(["2024-01-01", "2025-01-01", ""]),
            }
            for _ in range(chance.randint(1, 6))
        ]
        for _ in range(4)
    ]


@given(st.integers(0, 10_000), st.permutations(range(4)))
@settings(deadline=None, derandomize=True, max_examples=12)
def test_whatever_is_undone_the_others_stand_as_if_alone(
    tmp_path_factory: pytest.TempPathFactory, seed: int, order: list[int]
) -> None:
    """Four lists come in; they go in any order: after each, the shop is what the rest alone would have made."""
    folder = tmp_path_factory.mktemp("lists")
    files = [save(folder, f"{n}.csv", text_of(HEADER, rows)) for n, rows in enumerate(random_lists(seed))]
    with Shop.open(folder / "all") as shop:
        for path in files:
            record = bring(shop, path)
            assert record.rows == record.accepted + record.duplicates + record.rejected + record.not_records
        left = set(range(4))
        for gone in order[:3]:
            shop.undo(gone + 1, STAMP)
            left.remove(gone)
            with Shop.open(folder / f"without-{'-'.join(map(str, sorted(left)))}") as rest:
                for n in sorted(left):
                    bring(rest, files[n])
                assert state(shop) == state(rest)


def test_the_same_list_in_other_bytes_adds_nothing(tmp_path: Path, shop: Shop) -> None:
    rows = [person(f"p{n}", Name=f"P {n}", City="Bath", Birthday="--03-04", Tags="x") for n in range(30)]
    rows = [{**row, "Agrees to e-mail": "yes", "Consent given on": "2025-03-01"} for row in rows]
    listed(shop, tmp_path, "a.csv", rows)
    before = state(shop)
    again = bring(
        shop, save(tmp_path, "b.csv", text_of([*reversed(HEADER)], [*rows[9:], *rows[:9]], ";"), "gb18030")
    )
    assert (again.accepted, again.duplicates, again.updated) == (0, 30, 0)
    assert state(shop) == before


def test_mended_people_come_in_once(tmp_path: Path) -> None:
    sound = [
        person("ann", Birthday="1985-03-15"),
        person("ben", Birthday="--07-04"),
        person("cleo", Birthday="1990-01-02"),
    ]
    spoilt = [{**row, "Birthday": "in spring"} if row["E-mail"].startswith("ben") else row for row in sound]
    with Shop.open(tmp_path / "sound") as shop:
        listed(shop, tmp_path, "sound.csv", sound)
        expected = state(shop)
    with Shop.open(tmp_path / "mended") as shop:
        assert listed(shop, tmp_path, "bad.csv", spoilt) == (2, 0, 0, 1)
        path = mended(shop, 1, tmp_path, "in spring", "--07-04")
        record = bring(shop, path)
        assert (record.kind, record.accepted, record.rejected) == ("customers", 1, 0)
        assert state(shop) == expected
        whole = bring(shop, tmp_path / "sound.csv")
        assert (whole.accepted, whole.duplicates) == (0, 3)


def test_personal_data_are_in_the_contacts_alone(tmp_path: Path, shop: Shop) -> None:
    """No table that figures read holds a name, an address or a birthday."""
    rows = [
        person("ann", Name="Ann Reed", Birthday="1985-03-15", City="Bath"),
        person("ben", Name="Ben Lake", City="York"),
    ]
    listed(shop, tmp_path, "a.csv", rows)
    for table in ("customers", "consents", "customer_versions", "consent_versions"):
        cells = list(itertools.chain(*read(shop, f"SELECT * FROM {table}")))
        assert not [
            cell for cell in cells if any(word in str(cell) for word in ("ann@", "Reed", "1985", "Ben"))
        ]
