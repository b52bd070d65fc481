"""Which ids are one person, worked by hand, and what holds for any links and choices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.store.connected_ids import JOIN, LINKS, SPLIT, Choice, resolve, shared_aliases

STAMP = dt.datetime(2026, 1, 1)
#: An id's first letter is its kind.
KINDS = {"e": "email", "p": "phone", "n": "number", "s": "square", "j": "jd"}
Pair = tuple[str, str] | tuple[str, str, int]


def links(*pairs: Pair, named: Sequence[str] = ()) -> pa.Table:
    """Links (alias, other[, layout]); `named`: ids that stand beside themselves."""
    rows = [*((*pair, 0)[:3] for pair in pairs), *((name, name, 0) for name in named)]
    cells = [(a, KINDS[a[0]], b, KINDS[b[0]], layout) for a, b, layout in rows]
    return pa.Table.from_pylist([dict(zip(LINKS.names, row, strict=True)) for row in cells], LINKS)


def people(table: pa.Table) -> dict[str, str]:
    """alias to customer_id."""
    return dict(zip(table["alias"].to_pylist(), table["customer_id"].to_pylist(), strict=True))


def join(number: int, alias: str, other: str) -> Choice:
    return Choice(number, JOIN, alias, other, STAMP)


def split(number: int, alias: str) -> Choice:
    return Choice(number, SPLIT, alias, None, STAMP)


def test_a_phone_joins_two_addresses_and_the_smallest_address_is_the_person() -> None:
    assert people(resolve(links(("e2", "p1"), ("e1", "p1"), ("e9", "p9")), [])) == {
        "e2": "e1",
        "p1": "e1",
        "p9": "e9",
    }


def test_a_phone_goes_before_an_account_and_an_address_before_both() -> None:
    """The kind counts more than the order of the ids."""
    assert people(resolve(links(("p2", "j1")), [])) == {"j1": "p2"}
    assert people(resolve(links(("p2", "j1"), ("e3", "p2")), [])) == {"j1": "e3", "p2": "e3"}


def test_without_links() -> None:
    assert resolve(links(), []).num_rows == 0
    assert shared_aliases(links()) == []


def test_a_phone_beside_four_addresses_is_a_shop_s_own_and_beside_three_a_family_s() -> None:
    three = [(f"e{n}", "p1") for n in range(3)]
    assert people(resolve(links(*three), [])) == {"e1": "e0", "e2": "e0", "p1": "e0"}
    assert shared_aliases(links(*three)) == []
    four = [*three, ("e3", "p1")]
    assert people(resolve(links(*four), [])) == {}
    (key,) = shared_aliases(links(*four))
    assert (key.alias, key.kind, key.beside, key.count, key.clash) == ("p1", "phone", "email", 4, False)


def test_the_same_phone_with_and_without_its_country_is_one_when_addresses_are_counted() -> None:
    """p1 stands beside two, p2 beside two others: four."""
    table = links(("e1", "p1"), ("e2", "p1"), ("e3", "p2"), ("e4", "p2"), ("p1", "p2"))
    assert people(resolve(table, [])) == {}
    assert [(key.alias, key.count) for key in shared_aliases(table)] == [("p1", 4), ("p2", 4)]
    fewer = links(("e1", "p1"), ("e2", "p2"), ("p1", "p2"))
    assert people(resolve(fewer, [])) == {"e2": "e1", "p1": "e1", "p2": "e1"}


def test_an_account_beside_many_is_shared_too_but_an_address_may_have_many_accounts() -> None:
    """A till's account that every sale goes under; Stripe, which opens an account for each purchase."""
    till = links(*[(f"e{n}", "s1") for n in range(4)])
    assert people(resolve(till, [])) == {}
    stripe = links(*[("e1", f"s{n}") for n in range(9)])
    assert people(resolve(stripe, [])) == {f"s{n}": "e1" for n in range(9)}
    walk_in = links(*[("e1", f"p{n}") for n in range(4)])
    assert [key.alias for key in shared_aliases(walk_in)] == ["e1"]


def test_two_tables_that_number_different_people_alike_join_nobody() -> None:
    """Number 7 is e1 in one table and e2 in another; number 8 has changed its address within one table."""
    table = links(("e1", "n7", 1), ("e2", "n7", 2), ("e3", "n8", 1), ("e4", "n8", 1))
    assert people(resolve(table, [])) == {"e4": "e3", "n8": "e3"}
    (key,) = shared_aliases(table)
    assert (key.alias, key.count, key.clash) == ("n7", 2, True)


def test_two_tables_that_agree_on_one_address_mean_the_same_person() -> None:
    table = links(("e1", "n7", 1), ("e1", "n7", 2), ("e2", "n7", 2), ("p1", "n7", 1), ("p2", "n7", 2))
    assert set(people(resolve(table, [])).values()) == {"e1"}
    other_kinds = links(("e1", "n7", 1), ("p1", "n7", 2))
    assert people(resolve(other_kinds, [])) == {"n7": "e1", "p1": "e1"}


def test_a_split_takes_one_id_off_and_what_hangs_on_it_alone() -> None:
    table = links(("e1", "p1"), ("e2", "p1"), named=["e2", "p1"])
    assert people(resolve(table, [split(1, "e2")])) == {"p1": "e1"}
    assert people(resolve(table, [split(1, "p1")])) == {}


def test_a_join_holds_where_nothing_links_and_where_a_key_is_shared() -> None:
    table = links(*[(f"e{n}", "p1") for n in range(4)], named=["e0", "e9", "p1"])
    assert people(resolve(table, [join(1, "e9", "e0")])) == {"e9": "e0"}
    assert people(resolve(table, [join(1, "p1", "e0")])) == {"p1": "e0"}


def test_the_later_choice_counts() -> None:
    table = links(named=["e1", "e2", "e3"])
    assert people(resolve(table, [join(1, "e2", "e1"), split(2, "e2")])) == {}
    assert people(resolve(table, [split(1, "e2"), join(2, "e2", "e1")])) == {"e2": "e1"}
    taken_back = Choice(2, SPLIT, "e2", None, STAMP, undone_at=STAMP)
    assert people(resolve(table, [join(1, "e2", "e1"), taken_back])) == {"e2": "e1"}


IDS = [f"{letter}{n}" for letter in "epns" for n in range(6)]
PAIRS = st.tuples(
    st.sampled_from([i for i in IDS if i[0] in "ep"]),
    st.sampled_from([i for i in IDS if i[0] in "pns"]),
    st.integers(0, 1),
)


@st.composite
def shops(draw: st.DrawFn) -> tuple[list[tuple[str, str, int]], list[Choice]]:
    pairs = draw(st.lists(PAIRS, min_size=1, max_size=25))
    drawn = draw(st.lists(st.tuples(st.booleans(), st.sampled_from(IDS), st.sampled_from(IDS)), max_size=5))
    choices = [join(n, a, b) if joins else split(n, a) for n, (joins, a, b) in enumerate(drawn)]
    return [pair for pair in pairs if pair[0] != pair[1]], choices


def slowly(pairs: list[tuple[str, str, int]], choices: list[Choice], apart: set[str]) -> set[frozenset[str]]:
    """The same by merging sets, one link after the other."""
    joins: list[tuple[str, str]] = []
    for choice in choices:
        if choice.other is not None:
            joins.append((choice.alias, choice.other))
        else:
            apart = apart | {choice.alias}
            joins = [pair for pair in joins if choice.alias not in pair]
    sets = {name: {name} for name in IDS}
    for a, b in [*(pair[:2] for pair in pairs if not apart & set(pair[:2])), *joins]:
        both = sets[a] | sets[b]
        sets |= dict.fromkeys(both, both)
    return {frozenset(group) for group in sets.values()}


@given(shops(), st.randoms(use_true_random=False))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_people_are_the_components_in_any_order_of_links(shop: tuple, chance: object) -> None:
    """Each id stands for a representative that stands for itself, and people are counted by the components."""
    pairs, choices = shop
    table = links(*pairs, named=IDS)
    merged = people(resolve(table, choices))
    groups = slowly(pairs, choices, {key.alias for key in shared_aliases(table)})
    assert len({merged.get(name, name) for name in IDS}) == len(groups)
    assert all(len({merged.get(name, name) for name in group}) == 1 for group in groups)
    assert not set(merged) & set(merged.values())
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = resolve(links(*shuffled, *shuffled, named=IDS[::-1]), choices)
    assert people(again) == merged
