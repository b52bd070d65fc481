"""Fisher's tail and lift bounds against scipy and worked figures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import hypergeom

from loyalty.measure.satisfaction import wilson
from loyalty.models.cross_sell.significance import fisher_upper_tail, lift_low, shrunk_lift


def test_the_lady_tasting_tea() -> None:
    # Fisher (1935): 8 cups, 4 with milk first; 3 or more right by chance: (16 + 1) / 70
    assert fisher_upper_tail([3, 4], [4, 4], [4, 4], 8) == pytest.approx([17 / 70, 1 / 70])


@pytest.mark.parametrize("baskets", [30, 5_000])
def test_the_tail_is_scipys(baskets: int) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.integers(1, baskets, (2, 300))
    anywhere = rng.integers(np.maximum(0, a + b - baskets), np.minimum(a, b) + 1)
    for count in (anywhere, rng.hypergeometric(a, baskets - a, b)):
        expected = hypergeom.sf(count - 1, baskets, a, b)
        assert fisher_upper_tail(count, a, b, baskets) == pytest.approx(expected, rel=1e-8, abs=1e-10)


def test_tiny_probabilities_keep_their_digits() -> None:
    tail = fisher_upper_tail([90], [100], [100], 10_000)
    assert tail == pytest.approx(hypergeom.sf([89], 10_000, 100, 100), rel=1e-8)
    assert tail[0] < 1e-100


def test_each_tail_may_have_a_number_of_baskets_of_its_own() -> None:
    both = fisher_upper_tail([3, 90], [4, 100], [4, 100], [8, 10_000])
    assert both == pytest.approx([17 / 70, hypergeom.sf(89, 10_000, 100, 100)])


def test_lift_low_is_wilsons_bound_over_the_consequents_share() -> None:
    low, _ = wilson(19, 21)
    assert lift_low([19], [21], [792], 9835) == pytest.approx([low * 9835 / 792])


def test_shrinking_pulls_rare_pairs_to_one() -> None:
    assert shrunk_lift([2, 200], [0.5, 50]) == pytest.approx([7 / 5.5, 205 / 55])
