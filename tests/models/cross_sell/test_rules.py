"""Rules against mlxtend, against brute force, and on baskets worked by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlxtend.frequent_patterns import association_rules, fpgrowth

from loyalty.models.cross_sell import candidates
from loyalty.models.cross_sell.candidates import classic_rules, family_size, rules_by_arrays, rules_by_mlxtend
from loyalty.models.cross_sell.itemsets import mine_itemsets, support_count
from loyalty.models.cross_sell.rules import BadConfidence, BadLength, BadSupport, Rule, mine_rules
from loyalty.models.cross_sell.sentences import rule_sentence, rules_table
from loyalty.words import Words

Key = tuple[tuple[str, ...], str]


def random_baskets(seed: int, n: int = 400) -> pd.DataFrame:
    """Baskets of 10 products; a brings b along, and b with c brings d."""
    rng = np.random.default_rng(seed)
    table = rng.random((n, 10)) < rng.uniform(0.1, 0.4, 10)
    table[:, 1] |= table[:, 0] & (rng.random(n) < 0.6)
    table[:, 3] |= table[:, 1] & table[:, 2] & (rng.random(n) < 0.7)
    basket, product = np.nonzero(table)
    return pd.DataFrame({"basket": basket, "product": [f"p{i}" for i in product]})


def by_key(rules: pd.DataFrame) -> dict[Key, tuple[float, ...]]:
    """Support, confidence and lift of each rule."""
    values = zip(rules["support"], rules["confidence"], rules["lift"], strict=True)
    return dict(zip(zip(rules["antecedent"], rules["consequent"], strict=True), values, strict=True))


def oracle(frame: pd.DataFrame, min_support: float, min_confidence: float) -> dict[Key, tuple[float, ...]]:
    """The same from mlxtend alone."""
    table = pd.crosstab(frame["basket"], frame["product"]).astype(bool)
    sets = fpgrowth(table, min_support, use_colnames=True)
    if not (sets["itemsets"].map(len) >= 2).any():
        return {}
    expected = association_rules(sets, min_threshold=min_confidence)
    expected = expected[expected["consequents"].map(len) == 1]
    expected["antecedent"] = [tuple(sorted(side)) for side in expected["antecedents"]]
    expected["consequent"] = [next(iter(side)) for side in expected["consequents"]]
    return by_key(expected)


BASKETS = st.lists(st.frozensets(st.sampled_from("abcdefg"), min_size=1), min_size=1, max_size=40)


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
@settings(max_examples=60, deadline=None, derandomize=True)
@given(BASKETS, st.integers(1, 6), st.sampled_from([0.0, 0.25, 0.5, 2 / 3, 0.8, 1.0]))
def test_any_baskets_give_the_rules_of_mlxtend(
    baskets: list[frozenset[str]], count: int, min_confidence: float
) -> None:
    """The same rules with the same support, confidence and lift, at thresholds that many rules just reach."""
    rows = [(number, product) for number, basket in enumerate(baskets) for product in basket]
    frame = pd.DataFrame(rows, columns=["basket", "product"])
    min_support = min(count / len(baskets), 1.0)
    mined = by_key(
        rules_by_arrays(mine_itemsets(frame, support_count(min_support, len(baskets))), min_confidence)
    )
    expected = oracle(frame, min_support - 1e-9, min_confidence - 1e-12)
    assert mined.keys() == expected.keys()
    for key, values in expected.items():
        assert mined[key] == pytest.approx(values)


@pytest.mark.parametrize("limit", [0, 10**9])
def test_the_classic_list_is_mlxtends(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MLXTEND_SPLITS", limit)  # 0: counts looked up in arrays
    frame = random_baskets(1)
    mined = by_key(mine_rules(frame, 0.02, 0.37, all_rules=True).rules)
    expected = oracle(frame, 0.02, 0.37)
    assert len(expected) > 50
    assert mined.keys() == expected.keys()
    for key, values in expected.items():
        assert mined[key] == pytest.approx(values)


def test_both_ways_give_the_same_frame() -> None:
    itemsets = mine_itemsets(random_baskets(9), 8)
    keys = ["antecedent", "consequent"]
    one, other = (
        way(itemsets, 0.3).sort_values(keys, ignore_index=True) for way in (rules_by_mlxtend, rules_by_arrays)
    )
    pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-12)
    assert family_size(itemsets) == len(rules_by_arrays(itemsets, 0.0))


def test_long_sets_do_not_wait_for_two_to_the_power_of_them() -> None:
    frame = pd.DataFrame(
        list(itertools.product(range(3), [f"p{i}" for i in range(14)])), columns=["basket", "product"]
    )
    frame = pd.concat([frame, pd.DataFrame({"basket": [9], "product": ["p0"]})])
    # Each of 14 products is the consequent of 2 ** 13 - 1 antecedents; the 13 of p0 alone reach only 3 in 4.
    assert len(classic_rules(mine_itemsets(frame, 3), 0.9)) == 14 * (2**13 - 1) - 13


def test_a_longer_rule_must_beat_its_shorter_ones() -> None:
    frame = random_baskets(3)
    itemsets = mine_itemsets(frame, 8)
    confidence = {key: values[1] for key, values in by_key(rules_by_arrays(itemsets, 0.0)).items()}
    expected = {
        (side, last)
        for (side, last), own in confidence.items()
        if all(
            confidence[part, last] < own - 1e-12
            for length in range(1, len(side))
            for part in itertools.combinations(side, length)
        )
    }
    assert by_key(rules_by_arrays(itemsets, 0.0, improving_only=True)).keys() == expected
    assert 0 < len(expected) < len(confidence)


def test_what_is_shown_passes_every_filter_and_comes_in_order() -> None:
    rule_set = mine_rules(random_baskets(0), 0.02, 0.2)
    rules = rule_set.rules
    assert len(rules) > 0
    assert (rules["lift"] > 1).all()
    assert (rules["q_value"] <= 0.05).all()
    assert (rules["count"] >= 8).all()
    assert rules["shrunk_lift"].is_monotonic_decreasing
    assert (rules["lift_low"] < rules["lift"]).all()
    assert (("p0",), "p1") in by_key(rules)


def test_chance_alone_gives_next_to_nothing() -> None:
    tried, shown = 0, 0
    for seed in range(8):
        basket, product = np.nonzero(np.random.default_rng(seed).random((500, 30)) < 0.15)
        frame = pd.DataFrame({"basket": basket, "product": product.astype(str)})
        tried += len(mine_rules(frame, 0.01, 0.1, all_rules=True).rules)
        shown += len(mine_rules(frame, 0.01, 0.1).rules)
    assert tried > 8_000
    assert shown <= 8


def by_hand() -> pd.DataFrame:
    """100 baskets: 25 droppers, 12 of them with filters; 15 filters in all; tea in the other 72."""
    sets = [["dripper", "filters"]] * 12 + [["dripper"]] * 13 + [["filters"]] * 3 + [["tea"]] * 72
    return pd.DataFrame(
        [(i, name) for i, names in enumerate(sets) for name in names], columns=["basket", "product"]
    )


def test_one_rule_by_hand() -> None:
    rule_set = mine_rules(by_hand(), 0.05, 0.4)
    rule = next(rule for rule in rule_set if rule.antecedent == ("dripper",))
    assert (rule_set.baskets, rule_set.min_support_used, rule_set.note) == (100, 0.05, None)
    assert (rule.consequent, rule.count, rule.support) == ("filters", 12, 12 / 100)
    assert rule.confidence == 12 / 25
    assert rule.lift == pytest.approx((12 / 25) / (15 / 100))
    assert rule.shrunk_lift == pytest.approx((12 + 5) / (25 * 15 / 100 + 5))
    assert rule.customers is None
    assert rule_sentence(rule, Words()) == (
        "Of 100 baskets with dripper, 48 also hold filters: 1.9 times as often as by chance."
    )


def test_a_household_is_not_a_rule() -> None:
    frame = by_hand()
    one_buyer = frame.assign(customer_id="me")
    assert mine_rules(one_buyer, 0.05, 0.4).rules.empty
    four = frame.assign(customer_id=[str(basket % 4) for basket in frame["basket"]])
    assert mine_rules(four, 0.05, 0.4).rules.empty
    six = frame.assign(customer_id=[str(basket % 6) for basket in frame["basket"]])
    assert [rule.customers for rule in mine_rules(six, 0.05, 0.4)] == [6, 6]
    nobody = frame.assign(customer_id=None)
    assert [rule.customers for rule in mine_rules(nobody, 0.05, 0.4)] == [12, 12]


def test_too_many_combinations_are_said() -> None:
    rule_set = mine_rules(random_baskets(0), 0.01, 0.1, max_itemsets=40)
    assert rule_set.min_support_used > 0.01
    assert rule_set.note is not None
    assert rule_set.note.params["asked"] == 5
    assert rule_set.note.params["count"] == round(rule_set.min_support_used * rule_set.baskets)


@pytest.mark.parametrize("names", [[], ["a"], ["a", "b"]])
def test_too_little_is_said_and_not_raised(names: list[str]) -> None:
    frame = pd.DataFrame(
        {"basket": pd.Series([1] * len(names), dtype="int64"), "product": pd.Series(names, dtype=object)}
    )
    rule_set = mine_rules(frame)
    assert rule_set.rules.empty
    assert rule_set.note is not None
    assert rules_table(rule_set, Words()).shape == (0, 11)
    assert len(mine_rules(frame, all_rules=True).rules) == (2 if len(names) == 2 else 0)


def test_the_longest_rule_can_be_limited() -> None:
    rule_set = mine_rules(random_baskets(0), 0.02, 0.1, max_len=2, all_rules=True)
    assert set(rule_set.rules["antecedent"].map(len)) == {1}


def test_wrong_thresholds_are_refused() -> None:
    for support in (0, -0.1, 1.5, float("nan")):
        with pytest.raises(BadSupport):
            mine_rules(by_hand(), support)
    with pytest.raises(BadConfidence, match="between 0 and 1"):
        mine_rules(by_hand(), 0.1, 50)
    with pytest.raises(BadLength):
        mine_rules(by_hand(), 0.1, 0.5, max_len=1)


def test_the_table_keeps_numbers_as_numbers() -> None:
    table = rules_table(mine_rules(by_hand(), 0.05, 0.4), Words())
    assert table.columns[0] == "If the order holds"
    row = table[table["Then offer"] == "filters"].iloc[0]
    assert (row.iloc[0], row["Orders with both"]) == ("dripper", 12)
    assert row["Share of those orders that also hold the offer"] == 12 / 25


@pytest.mark.parametrize(
    ("lift", "words"),
    [(0.5, "less often than"), (1.02, "about as often as"), (2.04, "2.0 times as often as")],
)
def test_how_a_lift_is_read(lift: float, words: str) -> None:
    rule = Rule(("a", "b"), "c", 0.1, 0.304, lift, 10, 0.4, 0.01, lift, None)
    assert rule_sentence(rule, Words()) == f"Of 100 baskets with a, b, 30 also hold c: {words} by chance."
