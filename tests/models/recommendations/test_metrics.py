"""Recall, NDCG, hit, coverage, novelty, diversity against arithmetic by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse

from loyalty.models.recommendations.metrics import coverage, diversity, hit, hits, ndcg, novelty, recall
from tests.models.recommendations.builders import shop

LISTS = np.array([[4, 0, 2], [1, 3, -1]])
TRUTH = sparse.csr_matrix(np.array([[1, 1, 1, 1, 0], [0, 0, 1, 0, 0]]))  # {0, 1, 2, 3} and {2}


def test_hits() -> None:
    assert hits(LISTS, TRUTH).tolist() == [[False, True, True], [False, False, False]]


def test_recall_and_hit() -> None:
    assert recall(LISTS, TRUTH).tolist() == [2 / 4, 0 / 1]
    assert hit(LISTS, TRUTH).tolist() == [1, 0]
    assert recall(LISTS[:, :2], TRUTH).tolist() == [1 / 4, 0]


def test_ndcg_against_the_whole_basket() -> None:
    """Right on places 2 and 3; the ideal list has all four products on top, also where only three are shown."""
    gain = 1 / math.log2(3) + 1 / math.log2(4)
    ideal = sum(1 / math.log2(place + 1) for place in (1, 2, 3, 4))
    assert ndcg(LISTS, TRUTH).tolist() == pytest.approx([gain / ideal, 0])


def test_a_perfect_list() -> None:
    truth = sparse.csr_matrix(np.array([[0, 1, 1, 0, 0]]))
    lists = np.array([[2, 1, 0]])
    assert (recall(lists, truth)[0], ndcg(lists, truth)[0], hit(lists, truth)[0]) == (1, pytest.approx(1), 1)


def test_a_missing_place_never_counts() -> None:
    """Column -1 + width would be the last product of the row before."""
    truth = sparse.csr_matrix(np.array([[0, 0, 1], [1, 0, 0]]))
    assert hits(np.array([[-1, 0], [-1, 1]]), truth).any() == np.False_


def test_coverage() -> None:
    assert coverage(LISTS, 10) == 5 / 10
    assert coverage(LISTS[:0], 10) == 0


def test_novelty_is_surprise_in_bits() -> None:
    """Of four buyers all have tea, one has salt: 0 and 2 bits."""
    data = shop("ann 0 tea salt", "bob 0 tea", "cid 0 tea", "- 0 tea")
    salt, tea = 0, 1
    assert novelty(np.array([[tea]]), data) == 0
    assert novelty(np.array([[tea, salt]]), data) == pytest.approx((0 + 2) / 2)
    assert novelty(np.array([[-1]]), data) == 0


def test_diversity_is_one_less_the_cosine_of_buyers() -> None:
    """Tea (3 buyers) and milk (2) share 2: cosine 2/√6; tea and salt share none."""
    data = shop("ann 0 tea milk", "bob 0 tea milk", "cid 0 tea", "dan 0 salt")
    milk, salt, tea = range(3)
    assert diversity(np.array([[tea, milk]]), data) == pytest.approx(1 - 2 / math.sqrt(6))
    assert diversity(np.array([[tea, salt]]), data) == 1
    both = (1 - 2 / math.sqrt(6) + 1) / 2
    assert diversity(np.array([[tea, milk], [salt, tea]]), data) == pytest.approx(both)
    assert diversity(np.array([[tea, -1]]), data) == 0
