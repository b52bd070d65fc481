"""What is bought next: planted sequences, counts by hand, and what only looks like one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.cross_sell.pairs import count_for_most_pairs
from loyalty.models.cross_sell.search import BadWindow, Search, check_survival, find_rules
from loyalty.models.cross_sell.sequences import index_first_purchases, mine_sequences

START = pd.Timestamp("2025-01-01")
Purchase = tuple[str, int, str]  # customer, day, product


def frame(purchases: list[Purchase], until: int = 0) -> pd.DataFrame:
    """Purchases as customer-days; an anonymous sale on day `until` says how far the data reach."""
    rows = [
        (f"{who}|{day}", product, who, START + pd.Timedelta(days=day, hours=9))
        for who, day, product in purchases
    ]
    if until:
        rows.append(("end", "nothing", None, START + pd.Timedelta(days=until)))
    rule_set = pd.DataFrame(rows, columns=["basket", "product", "customer_id", "at"])
    return rule_set.assign(basket=pd.factorize(rule_set["basket"])[0], at=pd.to_datetime(rule_set["at"]))


def planted(n: int = 300) -> list[Purchase]:
    """Everybody starts with a mug or a plate; of mug buyers 30 in 100 buy tea within 60 days, of plate buyers 5."""
    rng = np.random.default_rng(2)
    rule_set: list[Purchase] = []
    for number in range(n):
        who, day = f"c{number}", int(rng.integers(0, 200))
        first = "mug" if number % 2 else "plate"
        rule_set.append((who, day, first))
        if rng.random() < (0.3 if first == "mug" else 0.05):
            rule_set.append((who, day + int(rng.integers(1, 61)), "tea"))
        if rng.random() < 0.2:
            rule_set.append((who, day + int(rng.integers(1, 61)), "soap"))
    return rule_set


def test_a_planted_sequence_is_found_and_nothing_else() -> None:
    rule_set = mine_sequences(frame(planted(), until=400))
    assert [(rule.antecedent, rule.consequent) for rule in rule_set] == [(("mug",), "tea")]
    rule = next(iter(rule_set))
    assert rule.customers == rule.count
    assert 0.2 < rule.confidence < 0.4


def test_counts_by_hand() -> None:
    """Five people buy a, then b on days 60, 61, 1, and c; b twice counts once; day 0 is too early for b before a."""
    purchases = [
        ("p", 0, "a"), ("p", 60, "b"),  # within
        ("q", 0, "a"), ("q", 61, "b"),  # a day too late
        ("r", 0, "b"), ("r", 1, "a"), ("r", 2, "b"),  # b was no news
        ("s", 5, "a"), ("s", 6, "b"), ("s", 7, "b"), ("s", 70, "a"), ("s", 71, "b"),  # once
        ("t", 0, "a"), ("t", 0, "b"),  # the same day is no sequence
    ]  # fmt: skip
    rule_set = mine_sequences(frame(purchases, until=400), min_count=1, all_rules=True)
    rule = next(rule for rule in rule_set if (rule.antecedent, rule.consequent) == (("a",), "b"))
    # first-purchase days: p 0, p 60, q 0, q 61, r 0, r 1, s 5, s 6, t 0
    assert (rule_set.baskets, rule.count, rule.confidence) == (9, 2, 2 / 5)
    assert rule.support == pytest.approx(2 / 9)
    # January holds all but p 60 and q 61: p 0, q 0, r 0, r 1, s 5, s 6, t 0. Without b so far: p 0, q 0, s 5,
    # all with a, two of them followed by b. So 3 * 2 / 3 are to be expected.
    assert rule.lift == pytest.approx(2 / (3 * 2 / 3))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("xyz"), st.integers(0, 40), st.sampled_from("abc")), min_size=1, max_size=25
    ),
    st.integers(1, 15),
)
def test_every_count_is_that_of_a_plain_loop(purchases: list[Purchase], days: int) -> None:
    firsts: dict[tuple[str, str], int] = {}
    for who, day, product in purchases:
        firsts[who, product] = min(day, firsts.get((who, product), day))
    last = max(day for _, day, _ in purchases)
    expected: dict[tuple[str, str], int] = {}
    for (who, a), day in firsts.items():
        for (other, b), later in firsts.items():
            if who == other and day < later <= day + days and day + days <= last:
                expected[a, b] = expected.get((a, b), 0) + 1
    rule_set = mine_sequences(frame(purchases), days, min_count=1, all_rules=True)
    assert {(rule.antecedent[0], rule.consequent): rule.count for rule in rule_set} == expected
    rows = {(who, day) for (who, _), day in firsts.items() if day + days <= last}
    assert rule_set.baskets == len(rows) == len(index_first_purchases(frame(purchases), days).day)


def test_a_new_product_does_not_follow_everything() -> None:
    """In months of its own, new things meet each other: within a month it is no more than chance."""
    rng = np.random.default_rng(3)
    purchases: list[Purchase] = []
    for number in range(1_500):
        start = int(rng.integers(0, 300))
        old_a, old_b = (
            f"{kind}{(start + 15) // 30}" for kind in "ab"
        )  # what the shop sells changes each month
        purchases += [(f"c{number}", start, old_a)]
        if rng.random() < 0.3:
            purchases += [(f"c{number}", start + 5, old_b)]
    rule_set = list(mine_sequences(frame(purchases, until=400), all_rules=True))
    seen = index_first_purchases(frame(purchases, until=400))
    followed = dict(zip(seen.names, np.asarray(seen.later.mean(axis=0)).ravel(), strict=True))
    assert len(rule_set) >= 10
    assert min(rule.confidence / followed[rule.consequent] for rule in rule_set) > 8  # as if time stood still
    assert max(rule.lift for rule in rule_set) < 3  # months and the shop's own do not begin on the same days


def test_channels_are_compared_with_themselves() -> None:
    """At the stall a then b is no more frequent than anything then b at the stall."""
    rng = np.random.default_rng(4)
    rows = []
    for number in range(1_000):
        stall = number % 2 == 0
        products = ("a", "b") if stall else ("x", "y")
        first = products[int(rng.random() < 0.5)]
        day = int(rng.integers(0, 25))
        rows.append((f"c{number}", day, first, stall))
        if rng.random() < 0.3:
            rows.append((f"c{number}", day + 10, "tea" if stall else "coffee", stall))
    purchases = frame([row[:3] for row in rows], until=200)
    channel = pd.Categorical([*("stall" if row[3] else "web" for row in rows), "web"])
    assert len(mine_sequences(purchases).rules) == 4
    assert mine_sequences(purchases.assign(channel=channel)).rules.empty


def test_nothing_and_too_little_are_said() -> None:
    empty = frame([])
    rule_set = mine_sequences(empty)
    assert (rule_set.baskets, len(rule_set.rules)) == (0, 0)
    assert rule_set.note is not None
    assert rule_set.note.english().startswith(
        "No product was followed by another within 60 days for 5 or more"
    )
    assert mine_sequences(frame([("x", 0, "a")])).rules.empty
    assert mine_sequences(frame([("x", 0, "a")], until=5), all_rules=True).baskets == 0


def test_the_least_count_keeps_the_list_short() -> None:
    assert count_for_most_pairs(np.array([9, 8, 3]), max_pairs=5) == 5
    assert count_for_most_pairs(np.arange(1, 101), max_pairs=10) == 91  # 91 … 100 are ten


def test_days_that_make_no_sense_are_refused() -> None:
    for days in (0, -1, 731):
        with pytest.raises(BadWindow):
            find_rules(frame(planted()), Search(kind="window", days=days))


def test_a_lasting_sequence_lasts() -> None:
    rng = np.random.default_rng(7)
    purchases: list[Purchase] = []
    for number in range(4_000):
        who, day, first = f"c{number}", int(rng.integers(0, 500)), ("mug", "plate")[number % 2]
        purchases.append((who, day, first))
        if rng.random() < (0.4 if first == "mug" else 0.05):
            purchases.append((who, day + int(rng.integers(1, 61)), "tea"))
    as_of = dt.date(2025, 1, 1) + dt.timedelta(days=560)
    rule_set = check_survival(frame(purchases, until=560), as_of, Search(kind="window"))
    assert [each.rule.consequent for each in rule_set.rules] == ["tea"]
    assert rule_set.above_chance() == rule_set.half_lift_kept() == len(rule_set.checked) == 1
