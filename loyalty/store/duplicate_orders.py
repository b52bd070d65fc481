"""Sales that are in two channels: matched one to one by number, buyer, amount and day; pure functions on frames.

SALES frame: one row a sale. `order_id` (text), `at` (int64, microseconds of wall time since 1970), `amount` (int64,
millionths: what the buyer paid), `currency`, `person` (customer id or None), `named` (bool: known by an e-mail address,
so that another address is another buyer), `reference` (numbers of orders that a payment says it is for, or None).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Ints

DAY_US = 86_400_000_000
NEAR_DAYS = 1  # payments are dated in UTC, orders on the shop's clocks
NUMBERED_DAYS = 31  # an invoice that names its order may be paid weeks later
SHIFTS = (-17, -11, -5, -3, 3, 5, 11, 17)  # days; none is a week, all are beyond NEAR_DAYS
MIN_ORDERS = 5
DEVIATIONS = 3.0  # standard deviations above chance
MAX_SAMPLE = 20_000  # sales that chance is measured on, at most
_OUT = -2  # a sale that takes no part


@dataclass(frozen=True)
class Overlap:
    """How many sales of a file are in a channel too.

    `matched`: pairs. `sales`: of the file. `compared`: sales of the side that has fewer, within the days that both
    cover. `by_chance`: the share of them that finds a partner when days are shifted (see SHIFTS).
    """

    matched: int
    sales: int
    compared: int
    by_chance: float

    @property
    def likely(self) -> bool:
        """Five pairs or more, half of the smaller side or more, and clearly half of what chance leaves open."""
        beyond = self.matched - self.compared * self.by_chance
        spread = math.sqrt(self.compared * self.by_chance * (1 - self.by_chance))
        many = self.matched >= MIN_ORDERS and 2 * self.matched >= self.compared
        return many and 2 * beyond >= self.compared * (1 - self.by_chance) and beyond >= DEVIATIONS * spread


def order_number(order_id: str) -> str:
    """An order's number as it is compared.

    >>> order_number("#1001"), order_number(" E2026 ")
    ('1001', 'e2026')
    """
    return order_id.strip(" #'\t").casefold()


@dataclass(frozen=True)
class _Side:
    """One side of a comparison, sale by sale. Codes are equal where values are."""

    at: Ints
    rank: Ints  # of the order number, for sales of one moment
    worth: Ints  # code of currency and amount
    people: Ints  # code of these and the buyer
    known: Flags
    named: Flags


def match_orders(ours: pd.DataFrame, theirs: pd.DataFrame) -> Ints:
    """For each sale of `theirs` the place in `ours` of the one that it is, or -1; no place comes twice.

    Amount and currency must be equal. First go sales that name the other's number, then those of the same buyer, then
    those of which one side does not know the buyer; two buyers with different addresses never match. Among equal
    sales the earlier matches the earlier. `ours` and `theirs` are SALES frames; their order does not matter.
    """
    left, right = _sides(ours, theirs)
    return _by_buyer_and_amount(left, right, _by_number(ours, theirs))


def _sides(ours: pd.DataFrame, theirs: pd.DataFrame) -> tuple[_Side, _Side]:
    """Both frames made ready to compare."""
    worth = _codes(ours, theirs, ["currency", "amount"])
    people = _codes(ours, theirs, ["currency", "amount", "person"])
    left, right = (
        _Side(
            frame["at"].to_numpy(dtype=np.int64),
            np.asarray(pd.factorize(frame["order_id"], sort=True)[0], dtype=np.int64),
            worth[side],
            people[side],
            frame["person"].notna().to_numpy(dtype=bool),
            frame["named"].to_numpy(dtype=bool),
        )
        for side, frame in enumerate((ours, theirs))
    )
    return left, right


def _codes(ours: pd.DataFrame, theirs: pd.DataFrame, columns: list[str]) -> tuple[Ints, Ints]:
    """Equal numbers for rows that are equal in `columns`."""
    both = pd.concat([ours[columns], theirs[columns]], ignore_index=True)
    codes = np.asarray(both.groupby(columns, sort=False, dropna=False).ngroup(), dtype=np.int64)
    return codes[: len(ours)], codes[len(ours) :]


def _by_buyer_and_amount(ours: _Side, theirs: _Side, match: Ints, shift: int = 0) -> Ints:
    """`match`, with partners by buyer, amount and day for those that have none (-1); `theirs` moved by `shift` days."""
    match = match.copy()
    free = np.ones(len(ours.at), dtype=bool)
    free[match[match >= 0]] = False
    moved = theirs.at + shift * DAY_US
    all_ours = np.ones(len(ours.at), dtype=bool)
    for codes, our, their_codes, their in (
        (ours.people, ours.known, theirs.people, theirs.known),
        (ours.worth, all_ours, theirs.worth, ~theirs.named),
        (ours.worth, ~ours.named, theirs.worth, theirs.named),
    ):
        left = _in_order(codes, ours.at, ours.rank, np.flatnonzero(free & our))
        right = _in_order(their_codes, moved, theirs.rank, np.flatnonzero((match == -1) & their))
        for place, their_place in _paired(left, right, NEAR_DAYS):
            match[their_place], free[place] = place, False
    return match


def _by_number(ours: pd.DataFrame, theirs: pd.DataFrame) -> Ints:
    """As `match_orders`, only where one sale names the other's number."""
    match = np.full(len(theirs), -1, dtype=np.int64)
    free = np.ones(len(ours), dtype=bool)
    pairs = [*_naming(ours, theirs), *((our, their) for their, our in _naming(theirs, ours))]
    for our, their in pairs:
        if free[our] and match[their] < 0:
            match[their], free[our] = our, False
    return match


def _naming(named: pd.DataFrame, naming: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Ints of sales of `named` whose number one of `naming` gives, and of that one."""
    if not len(named) or naming["reference"].isna().all():
        return
    numbers = naming["reference"].reset_index(drop=True).str.split(" ").explode().dropna()
    back = numbers.index.to_numpy(dtype=np.int64)
    references = naming.iloc[back].assign(number=numbers.to_numpy())
    mine = named.assign(number=[order_number(order_id) for order_id in named["order_id"]])
    codes, reference_codes = _codes(mine, references, ["currency", "amount", "number"])
    left, right = (
        _in_order(
            code,
            side["at"].to_numpy(dtype=np.int64),
            pd.factorize(side["order_id"], sort=True)[0],
            np.arange(len(side)),
        )
        for code, side in ((codes, mine), (reference_codes, references))
    )
    for place, reference_place in _paired(left, right, NUMBERED_DAYS):
        yield place, int(back[reference_place])


#: (code, day, place) of sales, by code, then by time.
_Ordered = list[tuple[int, int, int]]


def _in_order(codes: Ints, at: Ints, rank: Ints, places: Ints) -> _Ordered:
    """The sales at `places` by code, time and order number."""
    order = places[np.lexsort((rank[places], at[places], codes[places]))]
    return list(zip(codes[order].tolist(), (at[order] // DAY_US).tolist(), order.tolist(), strict=True))


def _paired(left: _Ordered, right: _Ordered, days: int) -> Iterator[tuple[int, int]]:
    """Ints in pairs: equal codes, at most `days` calendar days apart, the earlier with the earlier.

    As the windows are equally wide, going through both in order of time leaves as few alone as any way would.
    """
    a = b = 0
    while a < len(left) and b < len(right):
        (code, day, place), (their_code, their_day, their_place) = left[a], right[b]
        if code == their_code and abs(day - their_day) <= days:
            yield place, their_place
            a, b = a + 1, b + 1
        elif (code, day) < (their_code, their_day):
            a += 1
        else:
            b += 1


def overlap(file: pd.DataFrame, others: pd.DataFrame) -> Overlap:
    """How many sales of `file` are among `others`, and how many would be by chance. SALES frames in any order."""
    if len(file) < MIN_ORDERS or len(others) < MIN_ORDERS:
        return Overlap(0, len(file), 0, 0.5)
    (first, last), (others_first, others_last) = _ends(file), _ends(others)
    span = max(first, others_first) - NEAR_DAYS, min(last, others_last) + NEAR_DAYS
    few, many = sorted((file, others), key=lambda frame: int(_within(frame, *span).sum()))
    compared = few[_within(few, *span)].reset_index(drop=True)
    numbered = _by_number(many, compared)
    matched = int((_by_buyer_and_amount(*_sides(many, compared), numbered) >= 0).sum())
    unsure = compared[numbered < 0]
    by_chance = _by_chance(many, unsure) * len(unsure) / max(len(compared), 1)
    return Overlap(matched, len(file), len(compared), by_chance)


def _ends(sales: pd.DataFrame) -> tuple[int, int]:
    """First and last day (days since 1970)."""
    return int(sales["at"].min() // DAY_US), int(sales["at"].max() // DAY_US)


def _within(frame: pd.DataFrame, first: int, last: int) -> Flags:
    """Which sales are of the days `first` to `last` (inclusive, days since 1970)."""
    days = frame["at"].to_numpy(dtype=np.int64) // DAY_US
    return np.asarray((days >= first) & (days <= last))


def _by_chance(many: pd.DataFrame, few: pd.DataFrame) -> float:
    """The share of `few` that finds a partner in `many` on wrong days; one half where nothing can be said.

    Laplace's rule of succession, (hits + 1) / (tries + 2), as a share of exactly 0 or 1 would be too sure.
    """
    if not len(few):
        return 0.5
    recent, (first, last) = few.sort_values(["at", "order_id"]).tail(MAX_SAMPLE), _ends(many)
    reach = max(SHIFTS) + NEAR_DAYS
    near = many[_within(many, _ends(recent)[0] - reach, _ends(recent)[1] + reach)]
    ours, theirs = _sides(near.reset_index(drop=True), recent.reset_index(drop=True))
    days = theirs.at // DAY_US
    hits = tries = 0
    for shift in SHIFTS:
        inside = (days + shift >= first) & (days + shift <= last)
        tries += int(inside.sum())
        hits += int((_by_buyer_and_amount(ours, theirs, np.where(inside, -1, _OUT), shift) >= 0).sum())
    return (hits + 1) / (tries + 2)
