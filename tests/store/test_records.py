"""Feedback, events, referrals and spend: imported twice, overlapping, late, corrected and undone, like sales."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from loyalty.shop.shop import Shop
from loyalty.store import imports
from tests.intake.builders import STAMP, bring, save, text_of
from tests.store.kinds import KINDS
from tests.store.test_again import mended, state


def read(shop: Shop, query: str) -> list[tuple[object, ...]]:
    """Rows of the store."""
    return shop.database.cursor().execute(query).fetchall()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_overlapping_files_in_any_order_equal_one_whole_file(kind: str, seed: int, tmp_path: Path) -> None:
    """Four stretches of days that overlap and together cover all, in a random order; then undone, one by one."""
    made, chance = KINDS[kind], random.Random(seed + 100)
    days = made.days(seed)
    with Shop.open(tmp_path / "whole") as whole:
        record = bring(whole, save(tmp_path, "whole.csv", text_of(made.header, itertools.chain(*days))))
        assert (record.accepted, record.rejected) == (record.rows, 0)
        expected = state(whole)
        assert expected[made.table][0] > 5
    cuts = sorted(chance.sample(range(1, len(days)), 3))
    stretches = [
        (max(0, a - chance.randint(0, 3)), min(len(days), b + chance.randint(0, 3)))
        for a, b in itertools.pairwise([0, *cuts, len(days)])
    ]
    chance.shuffle(stretches)
    with Shop.open(tmp_path / "parts") as parts:
        states = [state(parts)]
        for place, (first, last) in enumerate(stretches):
            path = save(tmp_path, f"{place}.csv", text_of(made.header, itertools.chain(*days[first:last])))
            record = bring(parts, path)
            assert record.rows == record.accepted + record.duplicates
            states.append(state(parts))
        assert states[-1] == expected
        for import_id in range(len(stretches), 0, -1):
            parts.undo(import_id, STAMP)
            assert state(parts) == states[import_id - 1]


@pytest.mark.parametrize("kind", KINDS)
def test_an_undone_file_is_as_if_it_had_never_come(kind: str, tmp_path: Path) -> None:
    made = KINDS[kind]
    days = made.days(7)
    parts = [list(itertools.chain(*days[a:b])) for a, b in ((0, 6), (3, 9), (6, 12))]
    files = [save(tmp_path, f"{n}.csv", text_of(made.header, rows)) for n, rows in enumerate(parts)]
    for gone in range(3):
        with Shop.open(tmp_path / f"two-{gone}") as two:
            for place, path in enumerate(files):
                if place != gone:
                    bring(two, path)
            expected = state(two)
        with Shop.open(tmp_path / f"three-{gone}") as three:
            for path in files:
                bring(three, path)
            full = state(three)
            three.undo(gone + 1, STAMP)
            assert state(three) == expected
            record = bring(three, files[gone])
            assert (record.import_id, record.duplicates + record.accepted) == (4, record.rows)
            assert (
                kind == "spend" or state(three) == full
            )  # of a month's spend the last file to come is right


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_in_other_bytes_add_nothing(kind: str, tmp_path: Path, shop: Shop) -> None:
    made = KINDS[kind]
    rows = list(itertools.chain(*made.days(3)))
    first = bring(shop, save(tmp_path, "a.csv", text_of(made.header, rows)))
    before = state(shop)
    moved = text_of([*reversed(made.header)], [*rows[5:], *rows[:5]], ";")
    again = bring(shop, save(tmp_path, "b.csv", moved, "utf-16"))
    assert (again.kind, again.rows) == (first.kind, first.rows)
    assert (again.accepted, again.duplicates, again.updated) == (0, len(rows), 0)
    assert state(shop) == before


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_are_alike_stay_as_many_as_they_are(kind: str, tmp_path: Path, shop: Shop) -> None:
    """Two in one file, three in the next, two again: three of them. Of spend, the last file's two."""
    made = KINDS[kind]
    row = {**made.days(1)[0][0], made.sound[0]: made.sound[1]}
    for count, mark in ((2, ","), (3, ","), (2, ";")):
        bring(shop, save(tmp_path, f"{count}{mark}.csv", text_of(made.header, [row] * count, mark)))
    if kind == "spend":
        assert read(shop, "SELECT amount::DOUBLE FROM spend") == [(2 * 15.0,)]
    elif kind == "referrals":
        assert read(shop, "SELECT count(*) FROM referrals") == [
            (1,)
        ]  # two people, however often it is stated
    else:
        assert read(shop, f"SELECT count(*) FROM {made.table}") == [(3,)]


@pytest.mark.parametrize("spoilt_rows", [(0,), (1,), (0, 2)])
@pytest.mark.parametrize("kind", KINDS)
def test_mended_rows_come_in_once_and_only_once(
    kind: str, spoilt_rows: tuple[int, ...], tmp_path: Path
) -> None:
    """After mending, the shop is as if the file had been right at first; again, or the right file itself, adds nothing."""
    made = KINDS[kind]
    like = {**made.days(1)[0][0], made.sound[0]: made.sound[1]}
    sound = [dict(like), dict(like), dict(like), *itertools.chain(*made.days(5)[3:])]
    spoilt = [{**row, made.sound[0]: made.spoilt} if n in spoilt_rows else row for n, row in enumerate(sound)]
    with Shop.open(tmp_path / "sound") as shop:
        bring(shop, save(tmp_path, "sound.csv", text_of(made.header, sound)))
        expected = state(shop)
    with Shop.open(tmp_path / "mended") as shop:
        first = bring(shop, save(tmp_path, "bad.csv", text_of(made.header, spoilt)))
        assert first.rejected == len(spoilt_rows)
        path = mended(shop, 1, tmp_path, made.spoilt, made.sound[1])
        second = bring(shop, path)
        assert (second.accepted, second.rejected) == (first.rejected, 0)
        assert state(shop) == expected
        again = bring(shop, save(tmp_path, "again.csv", path.read_text("utf-8") + "\n"))
        assert (again.accepted, again.duplicates) == (0, second.rows)
        whole = bring(shop, tmp_path / "sound.csv")
        assert (whole.accepted, whole.duplicates) == (0, len(sound))
        assert state(shop) == expected
        for import_id in (4, 3, 2, 1):
            shop.undo(import_id, STAMP)
        assert {rows for rows, _ in state(shop).values()} == {0}


def test_a_corrected_month_of_spend_replaces_the_earlier_one(tmp_path: Path, shop: Shop) -> None:
    bring(
        shop,
        save(tmp_path, "a.csv", "Month,Channel,Spend\n2026-03,Ads,100\n2026-03,Flyers,20\n2026-04,Ads,50\n"),
    )
    before = state(shop)
    record = bring(
        shop,
        save(
            tmp_path,
            "b.csv",
            "Month,Channel,Spend\n2026-03,Ads,60\n2026-03,Ads,30\n2026-04,Ads,50\n2026-05,Ads,5\n",
        ),
    )
    assert (record.accepted, record.updated, record.duplicates) == (3, 2, 1)
    assert read(shop, "SELECT month::VARCHAR, channel, amount::DOUBLE FROM spend ORDER BY 1, 2") == [
        ("2026-03-01", "Ads", 60.0 + 30),
        ("2026-03-01", "Flyers", 20.0),
        ("2026-04-01", "Ads", 50.0),
        ("2026-05-01", "Ads", 5.0),
    ]
    shop.undo(record.import_id, STAMP)
    assert state(shop) == before


def test_the_same_bytes_again_are_recognised(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", "Time,Customer,Event\n2026-03-01,K-1,view\n")
    first = bring(shop, path)
    with shop.open_import(path) as file:
        assert file.before == first
        assert file.run(STAMP).duplicates == 1
    shop.undo(first.import_id, STAMP)
    assert bring(shop, path).accepted == 1


def test_a_dry_run_of_any_kind_changes_nothing(tmp_path: Path, shop: Shop) -> None:
    before = state(shop)
    for kind, made in KINDS.items():
        rows = list(itertools.chain(*made.days(2)))
        with shop.open_import(save(tmp_path, f"{kind}.csv", text_of(made.header, rows))) as file:
            record = file.run(STAMP, dry_run=True)
        assert (record.accepted, record.rows) == (len(rows), len(rows))
    assert state(shop) == before
    assert imports.history(shop.database) == []
