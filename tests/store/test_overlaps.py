"""Exports month by month, overlapping, in any order, make the shop that one whole export makes; taken back in any order too.

Orders change between the exports: they are paid, given back in part or whole, called off. An export shows each order as
it stood on the day it was made. Two things are presumed, as in a shop that sells daily: each export reaches as far as its
day (its last sale is of that day), and the last state of each order is in one of the exports.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.shop.shop import Shop
from tests.intake.builders import SHOPIFY, SQUARE_35, STAMP, TAOBAO, Row, bring, save, text_of
from tests.intake.sources.orders import Order, settled
from tests.intake.sources.payment_writers import square_item
from tests.intake.sources.writers import shopify, taobao

BEGIN = dt.datetime(2025, 1, 1)
MADE_ON = (30, 60, 90)  # days on which exports are made
State = dict[str, tuple[int, int]]
#: What may become of an order, each later than the one before, and how much of its goods is given back by then.
LIVES: Sequence[Sequence[tuple[str, float]]] = (
    (("paid", 0),),
    (("unpaid", 0), ("paid", 0)),
    (("unpaid", 0), ("cancelled", 0)),
    (("paid", 0), ("part", 0.25), ("part", 0.5)),
    (("paid", 0), ("part", 0.25), ("refunded", 1)),
    (("unpaid", 0), ("paid", 0), ("refunded", 1)),
    (("paid", 0), ("cancelled", 0)),
)


@dataclass(frozen=True)
class Life:
    """An order and what became of it: (day, fate, back), the first on the day it was made."""

    order: Order
    turns: tuple[tuple[int, str, Decimal], ...]

    @property
    def day(self) -> int:
        """When it was made."""
        return self.turns[0][0]

    def seen(self, day: int) -> Order:
        """The order as it stood at the end of a day."""
        _, fate, back = [turn for turn in self.turns if turn[0] <= day][-1]
        return replace(self.order, fate=fate, back=back)


@dataclass(frozen=True)
class Year:
    """Lives, exports (first day of sales, day it is made), the orders in which they come in and are taken back."""

    lives: list[Life]
    exports: list[tuple[int, int]]
    come: list[int]
    go: list[int]


def life(number: int, day: int, turns: Sequence[tuple[int, str, float]], items: int) -> Life:
    at = BEGIN + dt.timedelta(days=day, hours=23, minutes=number % 60)
    goods = tuple((("Tea", "Mug, blue", "礼盒")[n], n + 1, Decimal("4.95")) for n in range(items))
    buyer = number % 4 if number % 5 else None
    whole = Order(number, at, buyer, f"Ann {buyer}", goods, Decimal(0), Decimal(4), "paid", Decimal(0))
    rows_of_life = [
        (when, fate, (whole.goods * Decimal(str(share))).quantize(Decimal("0.01")))
        for when, fate, share in turns
    ]
    return Life(whole, tuple(rows_of_life))


@st.composite
def years(draw: st.DrawFn) -> Year:
    """A dozen orders; one is paid on each day of an export. What would become of an order after its last export is left out."""
    starts = [0, *(day - draw(st.integers(0, 45)) for day in MADE_ON[:-1])]
    exports = list(zip(starts, MADE_ON, strict=True))
    days = [*MADE_ON, *draw(st.lists(st.integers(0, MADE_ON[-1]), min_size=4, max_size=9))]
    lives = []
    for number, day in enumerate(days, 1):
        fates = draw(
            st.sampled_from([fates for fates in LIVES if number > len(MADE_ON) or fates[0][0] == "paid"])
        )
        later = sorted(draw(st.integers(day, MADE_ON[-1])) for _ in fates[1:])
        last = max(made for start, made in exports if start <= day <= made)
        turns = [(when, *fate) for when, fate in zip([day, *later], fates, strict=True) if when <= last]
        lives.append(life(1000 + number, day, turns, draw(st.integers(1, 3))))
    order = st.permutations(range(len(exports)))
    return Year(lives, exports, draw(order), draw(order))


def whole_orders(write: Callable[[Order], list[Row]]) -> Callable[[Sequence[Life], int, int], list[Row]]:
    """An export of orders made from `start` on, as they stand on the day `made`."""

    def rows(lives: Sequence[Life], start: int, made: int) -> list[Row]:
        shown = [settled(one.seen(made)) for one in lives if start <= one.day <= made]
        return [row for order in shown for row in write(order)]

    return rows


def square_rows(lives: Sequence[Life], start: int, made: int) -> list[Row]:
    """An export of movements: sales, and what was given back on a later day, in the export of that day."""
    results: list[Row] = []
    for one in lives:
        given = Decimal(0)
        for day, fate, back in one.turns:
            at = BEGIN + dt.timedelta(days=day, hours=23, minutes=59)
            if start <= one.day <= made and fate == "paid":
                results += [
                    square_item(one.order, name, n, n * price, "Payment")
                    for name, n, price in one.order.items
                ]
            if start <= day <= made and back > given:
                moved = replace(one.order, at=at)
                results.append(square_item(moved, "Tea", -1, given - back, "Refund"))
            given = back
    return results


LAYOUTS: Mapping[str, tuple[Sequence[str], Callable[[Sequence[Life], int, int], list[Row]], str]] = {
    "shopify": (SHOPIFY, whole_orders(shopify), "utf-8"),
    "taobao": (TAOBAO, whole_orders(taobao), "gb18030"),
    "square": (SQUARE_35, square_rows, "utf-8"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_overlapping_exports_in_any_order_equal_one_whole_export(name: str, tmp_path: Path) -> None:
    header, rows, encoding = LAYOUTS[name]
    turn = itertools.count()

    def states(
        folder: Path, files: Sequence[Path], come: Sequence[int], go: Sequence[int] = ()
    ) -> dict[frozenset[int], State]:
        """What stands after each import, then after each undo, by which exports stand."""
        with Shop.open(folder) as shop:
            results = {frozenset[int](): shop.database.fingerprint()}
            imports = {}
            for place in come:
                imports[place] = bring(shop, files[place]).import_id
                results[frozenset(imports)] = shop.database.fingerprint()
            for place in go:
                shop.undo(imports.pop(place), STAMP)
                before = results.setdefault(frozenset(imports), shop.database.fingerprint())
                assert before == shop.database.fingerprint()
        return results

    @settings(deadline=None, derandomize=True, max_examples=4, database=None)
    @given(years())
    def equal(year: Year) -> None:
        folder = tmp_path / str(next(turn))
        files = [
            save(folder, f"{place}.csv", text_of(header, rows(year.lives, *export)), encoding)
            for place, export in enumerate([*year.exports, (0, MADE_ON[-1])])
        ]
        whole = states(folder / "whole", files, [len(year.exports)])
        parts = states(folder / "parts", files, year.come, year.go)
        others = states(folder / "others", files, year.go[::-1])
        assert parts[frozenset(year.come)] == whole[frozenset([len(year.exports)])]
        for standing, state in others.items():
            assert parts[standing] == state

    equal()
