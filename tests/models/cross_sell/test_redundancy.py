"""Longer rules must say more than their shorter ones, by more than chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.models.cross_sell.rules import mine_rules


def shop(extra: float) -> pd.DataFrame:
    """4,000 baskets: 30 of 100 with a hold c, whatever else; `extra` more where b is there too."""
    rng = np.random.default_rng(5)
    a, b = rng.random(4_000) < 0.3, rng.random(4_000) < 0.4
    c = rng.random(4_000) < np.where(a, 0.3 + extra * b, 0.05)
    basket, product = np.nonzero(np.column_stack([a, b, c]))
    return pd.DataFrame({"basket": basket, "product": np.array(list("abc"))[product]})


def rules(frame: pd.DataFrame) -> set[tuple[tuple[str, ...], str]]:
    mined = mine_rules(frame, 0.01, 0.1)
    return {(rule.antecedent, rule.consequent) for rule in mined}


def test_a_companion_that_changes_nothing_is_left_out() -> None:
    assert rules(shop(0.0)) == {(("a",), "c"), (("c",), "a")}


def test_a_companion_that_matters_stays() -> None:
    assert (("a", "b"), "c") in rules(shop(0.3))


def test_the_classic_list_keeps_both() -> None:
    mined = mine_rules(shop(0.0), 0.01, 0.1, all_rules=True)
    assert (("a", "b"), "c") in {(rule.antecedent, rule.consequent) for rule in mined}
