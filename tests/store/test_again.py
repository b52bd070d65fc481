"""Again and again: files that come twice, overlap, arrive late or are taken back leave exactly what they should."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from loyalty.exports.rejected_rows import rejected_csv
from loyalty.intake.decisions import Answers
from loyalty.shop.shop import Shop
from loyalty.store import imports
from loyalty.store.errors import AlreadyUndone, NoSuchImport
from loyalty.words import words_for
from tests.intake.builders import (
    GENERIC,
    LAYOUTS,
    SHOPIFY,
    SQUARE_35,
    STAMP,
    STORY,
    Row,
    bring,
    figures,
    generic_row,
    lines,
    nets,
    save,
    shopify_order,
    shopify_rows,
    square_row,
    text_of,
)

NO_ORDER = Answers(
    mapping={
        "customer_id": "Customer",
        "ordered_at": "Date",
        "product": "Product",
        "quantity": "Qty",
        "unit_price": "Unit Price",
    }
)


def state(shop: Shop) -> dict[str, tuple[int, int]]:
    """What stands, as hashes."""
    return shop.database.fingerprint()


def random_days(seed: int) -> list[list[Row]]:
    """Twelve days of sales in a table of the owner's own; some lines are truly alike, some orders have many."""
    chance = random.Random(seed)
    days: list[list[Row]] = []
    number = 0
    for day in range(1, 13):
        rows: list[Row] = []
        for _ in range(chance.randint(1, 4)):
            number += 1
            own = {
                "Invoice No": str(number),
                "Customer": chance.choice(["Ann", "Bob", "Cid", ""]),
                "Date": f"2025-03-{day:02d} 1{chance.randint(0, 9)}:00",
            }
            for _ in range(chance.randint(1, 4)):
                product, quantity = chance.choice(["Tea", "Mug"]), chance.choice(["1", "2", "-1"])
                rows.append({**generic_row(1, "", product, quantity, "2.50"), **own})
        days.append(rows)
    return days


def square_days(seed: int) -> list[list[Row]]:
    """The same as Square tells it; refunds come on later days under their sale's number."""
    chance = random.Random(seed)
    days: list[list[Row]] = [[] for _ in range(14)]
    for number in range(1, 25):
        day = chance.randint(1, 12)
        for _ in range(chance.randint(1, 3)):
            cells = {"Date": f"2025-03-{day:02d}", "Time": f"1{chance.randint(0, 9)}:00:00"}
            days[day].append(
                square_row(
                    1000 + number, f"C{number % 5}", chance.choice(["Tea", "Mug"]), "1.0", "$4.00", **cells
                )
            )
        if chance.random() < 0.4:
            back = {"Date": f"2025-03-{day + 1:02d}", "Time": "09:00:00", "Event_Type": "Refund"}
            days[day + 1].append(square_row(1000 + number, "", "Tea", "-1.0", "-$4.00", **back))
    return [rows for rows in days if rows]


def shopify_days(seed: int) -> list[list[Row]]:
    """Orders of Shopify, a few a day."""
    chance = random.Random(seed)
    days: list[list[Row]] = []
    for day in range(1, 11):
        rows: list[Row] = []
        for turn in range(chance.randint(1, 3)):
            products = [
                (chance.choice(["Tea", "Mug"]), str(chance.randint(1, 3)), "4.00")
                for _ in range(chance.randint(1, 3))
            ]
            paid = sum(int(quantity) for _, quantity, _ in products) * 4
            email = chance.choice(["ann@example.com", "bob@example.com", ""])
            order = shopify_order(1000 + day, email, *products, Subtotal=f"{paid}.00", Total=f"{paid}.00")
            rows += [{**row, "Name": f"#{day}-{turn}"} for row in order]
        days.append(rows)
    return days


MAKERS: dict[str, tuple[Callable[[int], list[list[Row]]], Sequence[str], Answers | None]] = {
    "numbered": (random_days, GENERIC, None),
    "without numbers": (random_days, GENERIC, NO_ORDER),
    "square": (square_days, SQUARE_35, None),
    "shopify": (shopify_days, SHOPIFY, None),
}


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("seed", range(4))
def test_overlapping_exports_in_any_order_equal_one_whole_export(
    name: str, seed: int, tmp_path: Path
) -> None:
    """Four exports of random stretches of days that overlap and together cover all, in a random order; then undone."""
    make, header, answers = MAKERS[name]
    days, chance = make(seed), random.Random(seed + 100)
    with Shop.open(tmp_path / "whole") as whole:
        bring(whole, save(tmp_path, "whole.csv", text_of(header, itertools.chain(*days))), answers)
        expected, worth = state(whole), figures(whole)
    cuts = sorted(chance.sample(range(1, len(days)), 3))
    stretches = [
        (max(0, a - chance.randint(0, 3)), min(len(days), b + chance.randint(0, 3)))
        for a, b in itertools.pairwise([0, *cuts, len(days)])
    ]
    chance.shuffle(stretches)
    with Shop.open(tmp_path / "parts") as parts:
        states = [state(parts)]
        for place, (first, last) in enumerate(stretches):
            bring(
                parts,
                save(tmp_path, f"{place}.csv", text_of(header, itertools.chain(*days[first:last]))),
                answers,
            )
            states.append(state(parts))
        assert figures(parts) == worth
        assert states[-1] == expected
        again = bring(
            parts, save(tmp_path, "again.csv", text_of([*header, "x"], itertools.chain(*days))), answers
        )
        assert (again.accepted, again.duplicates) == (0, again.rows)
        assert state(parts) == expected
        parts.undo(again.import_id, STAMP)
        for number, before in reversed(list(enumerate(states[:-1], 1))):
            parts.undo(number, STAMP)
            assert state(parts) == before


@pytest.mark.parametrize("name", MAKERS)
def test_undone_in_any_order_the_rest_stands_as_if_nothing_had_been(name: str, tmp_path: Path) -> None:
    """Three overlapping exports, one of them taken back: equal to the other two alone."""
    make, header, answers = MAKERS[name]
    days = make(7)
    parts = [list(itertools.chain(*days[a:b])) for a, b in ((0, 6), (3, 9), (5, len(days)))]
    for gone in range(3):
        with Shop.open(tmp_path / f"two-{gone}") as two:
            for place in range(3):
                if place != gone:
                    bring(two, save(tmp_path, f"{place}.csv", text_of(header, parts[place])), answers)
            expected = state(two)
        with Shop.open(tmp_path / f"three-{gone}") as three:
            for place in range(3):
                bring(
                    three,
                    tmp_path / f"{place}.csv"
                    if place != gone
                    else save(tmp_path, f"{place}.csv", text_of(header, parts[place])),
                    answers,
                )
            full = state(three)
            three.undo(gone + 1, STAMP)
            assert state(three) == expected
            record = bring(three, tmp_path / f"{gone}.csv", answers)
            assert (record.import_id, record.duplicates + record.accepted) == (4, record.rows)
            assert state(three) == full


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_same_file_twice_adds_nothing(name: str, tmp_path: Path, shop: Shop) -> None:
    header, rows, encoding, _ = LAYOUTS[name]
    first = bring(shop, save(tmp_path, "a.csv", text_of(header, rows), encoding))
    before = state(shop)
    with shop.open_import(save(tmp_path, "copy.csv", text_of(header, rows), encoding)) as file:
        assert file.before == first
        again = file.run(STAMP)
    assert (again.import_id, again.accepted, again.duplicates) == (first.import_id, 0, first.rows)
    assert len(imports.history(shop.database)) == 1
    assert state(shop) == before


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_same_rows_in_other_bytes_add_nothing(name: str, tmp_path: Path, shop: Shop) -> None:
    """Another encoding, another order of columns and of orders."""
    header, rows, encoding, _ = LAYOUTS[name]
    bring(shop, save(tmp_path, "a.csv", text_of(header, rows), encoding))
    before = state(shop)
    turned = [column for column in reversed(header) if column]
    moved = [*rows[3:], *rows[:3]]
    again = bring(shop, save(tmp_path, "b.csv", text_of(turned, moved, "\t"), "utf-16"))
    assert (again.accepted, again.duplicates, again.updated) == (0, len(rows), 0)
    assert state(shop) == before


def test_sales_that_are_truly_alike_stay_as_many_as_they_are(tmp_path: Path, shop: Shop) -> None:
    """Three alike in one file are three; two alike in an overlapping file are two of them."""
    sale = generic_row(1, "Ann", "Tea", "1", "5.00")
    for count, answers in ((3, NO_ORDER), (2, NO_ORDER), (4, NO_ORDER)):
        bring(shop, save(tmp_path, f"{count}.csv", text_of(GENERIC, [sale] * count)), answers)
    assert figures(shop) == (1, 4, 20.0, 0, 1)
    bring(
        shop,
        save(tmp_path, "n.csv", text_of([*GENERIC, "x"], [sale] * 3)),
        Answers(mapping={**NO_ORDER.mapping, "order_id": "Invoice No"}, channel="b"),
    )
    assert lines(shop, "00001") == [("Tea", 1.0, 5.0)] * 3


def test_a_later_export_shows_a_refund_and_a_new_status(tmp_path: Path, shop: Shop) -> None:
    """Bob's order is paid now and half of Ann's first order is given back: 19 + 5 + 20 + 12 - 9.50 + 30."""
    bring(shop, save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows())))
    before = state(shop)
    later = shopify_rows()
    later[0] = {**later[0], "Financial Status": "partially_refunded", "Refunded Amount": "9.50"}
    later = [{**row, "Financial Status": "paid"} if row["Name"] == "#1005" else row for row in later]
    record = bring(shop, save(tmp_path, "b.csv", text_of(SHOPIFY, later)))
    assert (record.updated, record.accepted, record.duplicates) == (
        3,
        3,
        len(later) - 3,
    )  # two rows of #1001, one of #1005
    assert figures(shop) == (2, 5, 56.0 - 9.5 + 30.0, 1, 2)
    shop.undo(record.import_id, STAMP)
    assert state(shop) == before


def test_an_older_export_that_comes_late_moves_nothing_back(tmp_path: Path, shop: Shop) -> None:
    """The older one reaches less far and shows #1003 before its refund: nothing changes, and undo finds its way."""
    rows = shopify_rows()
    bring(shop, save(tmp_path, "new.csv", text_of(SHOPIFY, rows)))
    before = state(shop)
    older = [
        {**row, "Financial Status": "paid", "Refunded Amount": "0.00"} if row["Name"] == "#1003" else row
        for row in rows
    ]
    record = bring(
        shop, save(tmp_path, "old.csv", text_of(SHOPIFY, [r for r in older if r["Name"] <= "#1004"]))
    )
    assert (record.accepted, record.duplicates) == (0, 5)
    assert state(shop) == before
    shop.undo(1, STAMP)
    assert nets(shop) == {"#1001": 19.0, "#1002": 5.0, "#1003": 30.0, "#1004": 0.0}


def test_a_line_that_a_later_export_leaves_out_is_gone(tmp_path: Path, shop: Shop) -> None:
    """A platform's export carries the order whole: what is no longer in it was taken off the order."""
    bring(shop, save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows())))
    changed = [row for row in shopify_rows() if row["Lineitem name"] != "Mug, blue" or row["Name"] != "#1001"]
    changed[0] = {
        **shopify_rows()[0],
        **changed[0],
        "Lineitem name": "Jasmine Tea - 50 g",
        "Lineitem price": "5.00",
        "Lineitem quantity": "1",
        "Subtotal": "5.00",
        "Total": "10.90",
    }
    bring(shop, save(tmp_path, "b.csv", text_of(SHOPIFY, changed)))
    assert lines(shop, "#1001") == [("Jasmine Tea - 50 g", 1.0, 5.0)]
    assert nets(shop)["#1001"] == 5.0


def test_a_refund_in_a_later_file_keeps_the_sale_s_day_and_buyer(tmp_path: Path, shop: Shop) -> None:
    sale = square_row(1001, "ANN", "Tea", "1.0", "$9.00")
    back = square_row(1001, "", "Tea", "-1.0", "-$2.00", Event_Type="Refund", Date="2025-03-20")
    bring(shop, save(tmp_path, "a.csv", text_of(SQUARE_35, [sale])))
    bring(shop, save(tmp_path, "b.csv", text_of(SQUARE_35, [back])))
    buyers = (
        shop.database.cursor()
        .execute("SELECT customer_id, ordered_at::VARCHAR, net::DOUBLE FROM orders")
        .fetchall()
    )
    assert buyers == [("square:ANN", "2025-03-01 10:00:00", 7.0)]


def test_an_import_is_undone_once_and_must_exist(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows())))
    undone = shop.undo(1, STAMP)
    assert undone.undone_at == STAMP
    with pytest.raises(AlreadyUndone, match="Import 1 has been undone before"):
        shop.undo(1, STAMP)
    with pytest.raises(NoSuchImport, match="There is no import 9"):
        shop.undo(9, STAMP)
    assert figures(shop) == (0, 0, 0.0, 0, 0)
    assert shop.database.fingerprint()["contacts"][0] == 0


def mended(shop: Shop, import_id: int, folder: Path, wrong: str, right: str) -> Path:
    """The rejected rows of an import as the app writes them, with `wrong` put right."""
    record = imports.import_record(shop.database, import_id)
    text = rejected_csv(
        record.header, imports.rejected_rows(shop.database, import_id), import_id, words_for("en")
    ).decode("utf-8-sig")
    assert wrong in text
    return save(folder, f"mended-{import_id}.csv", text.replace(wrong, right))


CASES = {
    "a line of an order": (GENERIC, [generic_row(1, "Ann", "Mug", "1", "7.00"), generic_row(1, "Ann", "Tea", "one", "5.00")], "one", "1", None),
    "one of three alike": (GENERIC, [generic_row(1, "Ann", "Tea", "1", "5.00")] * 2 + [generic_row(1, "Ann", "Tea", "one", "5.00")], "one", "1", None),
    "one of three alike, unnumbered": (
        GENERIC, [generic_row(1, "Ann", "Tea", "1", "5.00")] * 2 + [generic_row(1, "Ann", "Tea", "one", "5.00")], "one", "1", NO_ORDER,
    ),
    "a later row of a Shopify order": (SHOPIFY, [{**r, "Lineitem price": "five"} if r["Lineitem name"].startswith("Jasmine") and r["Name"] == "#1001" else r for r in shopify_rows()], "five", "5.00", None),
    "the first row of a Shopify order": (SHOPIFY, [{**r, "Subtotal": "many"} if r.get("Subtotal") == "19.00" else r for r in shopify_rows()], "many", "19.00", None),
    "a status": (SHOPIFY, [{**r, "Total": "?"} if r["Name"] == "#1005" else r for r in shopify_rows()], "?", "30.00", None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_mended_rows_come_in_once_and_only_once(case: str, tmp_path: Path) -> None:
    """After mending, the shop is as if the file had been right at first; again, or the right file itself, adds nothing."""
    header, rows, wrong, right, answers = CASES[case]
    sound = text_of(header, rows).replace(wrong, right)
    with Shop.open(tmp_path / "sound") as shop:
        bring(shop, save(tmp_path, "sound.csv", sound), answers)
        expected, worth = state(shop), figures(shop)
    with Shop.open(tmp_path / "mended") as shop:
        first = bring(shop, save(tmp_path, "bad.csv", text_of(header, rows)), answers)
        assert first.rejected >= 1
        path = mended(shop, 1, tmp_path, wrong, right)
        second = bring(shop, path)
        assert (second.accepted, second.rejected) == (first.rejected, 0)
        assert figures(shop) == worth
        assert state(shop) == expected
        again = bring(shop, save(tmp_path, "again.csv", path.read_text("utf-8") + "\n"))
        assert (again.accepted, again.duplicates) == (0, second.rows)
        whole = bring(shop, tmp_path / "sound.csv", answers)
        assert (whole.accepted, whole.duplicates) == (0, len(rows))
        assert figures(shop) == worth
        for import_id in (3, 4, 2):
            shop.undo(import_id, STAMP)
        assert len(imports.rejected_rows(shop.database, 1)) == first.rejected
        shop.undo(1, STAMP)
        assert figures(shop) == (0, 0, 0.0, 0, 0)


def test_the_story_is_the_same_from_every_platform_after_undoing_the_others(
    tmp_path: Path, shop: Shop
) -> None:
    for name in ("shopify", "woocommerce-webtoffee", "generic"):
        header, rows, encoding, _ = LAYOUTS[name]
        bring(shop, save(tmp_path, f"{name}.csv", text_of(header, rows), encoding))
    shop.undo(1, STAMP)
    shop.undo(3, STAMP)
    assert figures(shop) == STORY
