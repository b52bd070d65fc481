"""The same sales in two channels: worked matches, what must never match, and how seldom chance alone is taken for an overlap."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.store.duplicate_orders import DAY_US, Overlap, match_orders, overlap

COLUMNS = ["order_id", "at", "amount", "currency", "person", "named", "reference"]
Tuple = tuple[object, ...]


def frame(*rows: Tuple) -> pd.DataFrame:
    """SALES from (order_id, day, amount[, person[, reference]]); a person whose name begins with @ has no address."""
    full = []
    for number, day, amount, *more in rows:
        person, reference = (*more, None, None)[:2]
        named = person is not None and not str(person).startswith("@")
        full.append(
            (
                number,
                int(float(str(day)) * DAY_US),
                int(float(str(amount)) * 1_000_000),
                "EUR",
                person,
                named,
                reference,
            )
        )
    table = pd.DataFrame(full, columns=COLUMNS)
    return table.assign(
        **{
            name: table[name].astype(object).where(table[name].notna(), None)
            for name in ("person", "reference")
        }
    )


def matched_ids(ours: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, str]:
    """Their order number to ours, for those that have a partner."""
    matches = match_orders(ours, theirs)
    return {
        theirs["order_id"].iloc[at]: ours["order_id"].iloc[place]
        for at, place in enumerate(matches)
        if place >= 0
    }


WORKED: dict[str, tuple[Sequence[Tuple], Sequence[Tuple], dict[str, str]]] = {
    "equal amounts on one day": ([("1", 5, 10), ("2", 5, 20)], [("a", 5, 20), ("b", 5, 10)], {"a": "2", "b": "1"}),
    "a day apart, for the zones": ([("1", 5.9, 10)], [("a", 6.1, 10)], {"a": "1"}),
    "two days apart": ([("1", 5, 10)], [("a", 7, 10)], {}),
    "another amount": ([("1", 5, 10)], [("a", 5, 10.01)], {}),
    "each once only": ([("1", 5, 10)], [("a", 5, 10), ("b", 5, 10)], {"a": "1"}),
    "the same buyer before others": ([("1", 5, 10, "ann"), ("2", 5.1, 10, "bob")], [("a", 5, 10, "bob"), ("b", 5.1, 10, "ann")], {"a": "2", "b": "1"}),
    "another address is another buyer": ([("1", 5, 10, "ann")], [("a", 5, 10, "bob")], {}),
    "one side does not know": ([("1", 5, 10, "ann"), ("2", 5, 20)], [("a", 5, 10), ("b", 5, 20, "bob")], {"a": "1", "b": "2"}),
    "an id is no address": ([("1", 5, 10, "ann")], [("a", 5, 10, "@cus_7")], {"a": "1"}),
    "the known go first": ([("1", 5, 10, "ann"), ("2", 5.1, 10)], [("a", 5, 10), ("b", 5.2, 10, "ann")], {"b": "1", "a": "2"}),
    "evening sales are told a day later": ([("1", 1.9, 10), ("2", 2.9, 10), ("3", 3.9, 10)], [("a", 2, 10), ("b", 3, 10), ("c", 4, 10)], {"a": "1", "b": "2", "c": "3"}),
    "a number says it, whoever pays, weeks later": ([("#1001", 5, 10, "ann"), ("#1002", 5, 10, "bob")], [("a", 5, 10, "ann", "1002"), ("b", 25, 10, "cid", "wc-1001 1001")], {"a": "#1002", "b": "#1001"}),
    "a number with another amount says nothing": ([("#1001", 5, 10)], [("a", 5, 11, None, "1001")], {}),
    "ours may name theirs": ([("1", 5, 10, "ann", "tx9")], [("TX9", 9, 10, "bob")], {"TX9": "1"}),
    "nothing": ([], [("a", 5, 10)], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", WORKED)
def test_worked_examples(case: str) -> None:
    ours, theirs, expected = WORKED[case]
    assert matched_ids(frame(*ours), frame(*theirs)) == expected
    assert matched_ids(frame(*reversed(ours)), frame(*reversed(theirs))) == expected


def test_currencies_never_match() -> None:
    assert matched_ids(frame(("1", 5, 10)), frame(("a", 5, 10)).assign(currency="USD")) == {}


rows = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.integers(1, 3),
        st.sampled_from([None, "ann", "bob", "@x"]),
        st.sampled_from([None, "n1", "n3"]),
    ),
    max_size=9,
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(ours=rows, theirs=rows, seed=st.integers(0, 99))
def test_pairs_are_one_to_one_lawful_and_blind_to_order(
    ours: list[Tuple], theirs: list[Tuple], seed: int
) -> None:
    left = [(f"N{n}", *row) for n, row in enumerate(ours)]
    right = [(f"t{n}", *row) for n, row in enumerate(theirs)]
    matches = matched_ids(frame(*left), frame(*right))
    assert len(set(matches.values())) == len(matches)
    mine, yours = {str(row[0]): row for row in left}, {str(row[0]): row for row in right}
    for their, our in matches.items():
        (_, day, amount, person, _), (_, other_day, other_amount, other_person, _) = mine[our], yours[their]
        assert amount == other_amount
        named = {
            str(person)[0].isalpha() and person is not None,
            str(other_person)[0].isalpha() and other_person is not None,
        }
        by_number = (
            str(yours[their][4]).casefold() == our.casefold()
            or str(mine[our][4]).casefold() == their.casefold()
        )
        assert by_number or (
            abs(int(str(day)) - int(str(other_day))) <= 1 and (named != {True} or person == other_person)
        )
    chance = random.Random(seed)
    chance.shuffle(left)
    chance.shuffle(right)
    assert matched_ids(frame(*left), frame(*right)) == matches


def shop_of(seed: int, sales: int = 120, prices: int = 400, days: int = 90, people: int = 0) -> list[Tuple]:
    """Sales of a made-up shop: so many prices, so many days, buyers known where there are `people`."""
    chance = random.Random(seed)
    return [
        (
            f"{seed}-{n}",
            chance.uniform(0, days),
            chance.randint(1, prices) / 4,
            f"p{chance.randint(1, people)}" if people else None,
        )
        for n in range(sales)
    ]


def told_again(sales: Sequence[Tuple], share: float = 1.0, seed: int = 0) -> list[Tuple]:
    """Payments of a share of them, some hours later."""
    chance = random.Random(seed)
    return [
        (f"p{number}", day + chance.uniform(0, 0.5), amount, who)
        for number, day, amount, who in sales
        if chance.random() < share
    ]  # type: ignore[operator]


ASKED: dict[str, tuple[Callable[[], tuple[Sequence[Tuple], Sequence[Tuple]]], bool]] = {
    "all payments": (lambda: (shop_of(1), told_again(shop_of(1))), True),
    "a few payments": (lambda: (shop_of(1), told_again(shop_of(1))[:6]), True),
    "four are too few": (lambda: (shop_of(1), told_again(shop_of(1))[:4]), False),
    "a third is paid so, and nothing else": (lambda: (shop_of(1), told_again(shop_of(1), 0.33)), True),
    "a third of the payments are of this shop": (lambda: (shop_of(1)[:40], [*told_again(shop_of(1)[:40]), *shop_of(2, 80)]), True),
    "one price for everything, buyers unknown": (lambda: (shop_of(1, prices=1), shop_of(2, prices=1)), False),
    "one price, the same buyers": (lambda: (shop_of(1, prices=1, people=60), told_again(shop_of(1, prices=1, people=60))), True),
    "few prices and many sales a day": (lambda: (shop_of(3, 900, prices=4, days=60), shop_of(4, 900, prices=4, days=60)), False),
    "two shops of one owner with one price list": (lambda: (shop_of(5, 300, prices=40), shop_of(6, 300, prices=40)), False),
    "other years": (lambda: (shop_of(1), [(n, float(str(day)) + 700, a, w) for n, day, a, w in told_again(shop_of(1))]), False),
}  # fmt: skip


@pytest.mark.parametrize("case", ASKED)
def test_the_owner_is_asked_where_it_is_no_chance(case: str) -> None:
    make, expected = ASKED[case]
    ours, theirs = (frame(*rows) for rows in make())
    assert overlap(theirs, ours).likely == expected
    assert overlap(ours, theirs).likely == expected


@pytest.mark.parametrize("prices", [10, 40, 400])
def test_shops_that_have_nothing_in_common_are_hardly_ever_taken_for_one(prices: int) -> None:
    """40 pairs of shops with the same price list; sales of the one are not those of the other."""
    asked = [
        overlap(frame(*shop_of(2 * n, 60, prices)), frame(*shop_of(2 * n + 1, 60, prices))).likely
        for n in range(40)
    ]
    assert sum(asked) == 0


def test_numbers_prove_what_prices_cannot() -> None:
    """One price, many a day, nobody known: amounts alone say nothing, the order numbers of the payments do."""
    ours = shop_of(7, 400, prices=1, days=30)
    payments = told_again(ours)
    named = [(*row, number) for row, (number, *_) in zip(payments, ours, strict=True)]
    assert not overlap(frame(*payments), frame(*ours)).likely
    assert overlap(frame(*named), frame(*ours)).likely


def test_the_parts_of_an_overlap() -> None:
    """Ten payments, eight of them of ten orders; none of them would be matched by chance: (0 + 1) / (tries + 2)."""
    ours = frame(*((str(n), 4 * n, 10 + n) for n in range(10)))
    theirs = frame(*((f"p{n}", 4 * n, 10 + n if n < 8 else 99) for n in range(10)))
    matches = overlap(theirs, ours)
    assert (matches.matched, matches.sales, matches.compared) == (8, 10, 10)
    within = sum(0 <= 4 * n + shift <= 36 for shift in (-17, -11, -5, -3, 3, 5, 11, 17) for n in range(10))
    assert matches.by_chance == pytest.approx(1 / (within + 2))
    assert Overlap(5, 5, 5, 0.6).likely is False
    assert Overlap(5, 5, 5, 0.02).likely is True
    assert Overlap(5, 11, 11, 0.02).likely is False
