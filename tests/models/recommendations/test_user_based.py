"""Customers alike, by hand: cosines, temporal frequencies and their nearest neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.recommendations.user_based import fit_tifu_knn, fit_user_knn, temporal_frequencies
from tests.models.recommendations.builders import at, people, shop

BASKETS = ("ann 0 tea milk", "bob 0 tea jam", "cid 0 tea milk jam", "dan 0 salt")


def test_user_knn_adds_up_neighbours_by_cosine() -> None:
    """Ann {tea, milk}: cosine with Bob {tea, jam} is 1/2, with Cid {tea, milk, jam} 2/√6, with Dan 0."""
    data = shop(*BASKETS)
    scores = fit_user_knn(data, neighbours=3).scores(people(data))
    bob, cid = 1 / 2, 2 / np.sqrt(6)
    assert at(data, scores, 0, "jam") == pytest.approx(bob + cid)
    assert at(data, scores, 0, "milk") == pytest.approx(cid)  # her own row does not count
    assert at(data, scores, 0, "salt") == 0


def test_user_knn_keeps_the_nearest_only() -> None:
    data = shop(*BASKETS)
    scores = fit_user_knn(data, neighbours=1).scores(people(data))
    assert at(data, scores, 0, "jam") == pytest.approx(2 / np.sqrt(6))


def test_temporal_frequencies_of_three_baskets_in_two_groups() -> None:
    """Groups of 1 and 2 baskets (the later one larger). Basket weights: .9 within, .7 between, by size and number."""
    data = shop("ann 0 a", "ann 1 b", "ann 2 c")
    weights = temporal_frequencies(data, groups=2).toarray()[0]
    assert weights.tolist() == pytest.approx([1 / 1 * 0.7 / 2, 0.9 / 2 * 1 / 2, 1 / 2 * 1 / 2])


def test_temporal_frequencies_of_fewer_baskets_than_groups() -> None:
    data = shop("ann 0 a", "ann 1 b", "bob 0 a")
    frequencies = temporal_frequencies(data).toarray()
    assert frequencies[0].tolist() == pytest.approx([0.7 / 2, 1 / 2])
    assert frequencies[1].tolist() == [1, 0]


def test_fifteen_baskets_in_seven_groups() -> None:
    """15 = 6 · 2 + 3: the last group has three baskets, its first one .9² / 3 of weight / 7."""
    data = shop(*(f"ann {day} p{day:02d}" for day in range(15)))
    frequencies = temporal_frequencies(data).toarray()[0]
    assert frequencies[12] == pytest.approx(0.9**2 / 3 / 7)
    assert frequencies[11] == pytest.approx(0.7 / 2 / 7)
    assert frequencies[0] == pytest.approx(0.9 / 2 * 0.7**6 / 7)


def test_tifu_knn_is_own_frequency_and_the_mean_of_neighbours() -> None:
    """One basket each: vectors of 1. Nearest to Ann {tea, milk} is Cid (distance 1), not Bob (2) or Dan (3)."""
    data = shop(*BASKETS)
    scores = fit_tifu_knn(data, neighbours=1, own_part=0.7).scores(people(data))
    assert at(data, scores, 0, "tea") == pytest.approx(0.7 * 1 + 0.3 * 1)
    assert at(data, scores, 0, "jam") == pytest.approx(0.3)
    both = fit_tifu_knn(data, neighbours=2, own_part=0.7).scores(people(data))
    assert at(data, both, 0, "jam") == pytest.approx(0.3 * (1 + 1) / 2)
    assert at(data, both, 0, "milk") == pytest.approx(0.7 + 0.3 * 1 / 2)


def test_an_only_customer_has_no_neighbours() -> None:
    data = shop("ann 0 tea", "- 1 milk")
    assert fit_user_knn(data).scores(people(data)).tolist() == [[0, 0]]
    assert fit_tifu_knn(data).scores(people(data))[0].tolist() == pytest.approx([0, 0.7])
