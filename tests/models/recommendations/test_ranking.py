"""Lists from scores: the best of all, of one's own, of what is new; what may not be shown never is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models.recommendations.interactions import binary_matrix, encode_interactions
from loyalty.models.recommendations.ranking import sample_evenly, top_k, top_lists
from tests.models.recommendations.builders import frame, noisy, people, shop


@dataclass(frozen=True)
class Given:
    """Scores that are simply given."""

    table: np.ndarray

    def scores(self, rows: np.ndarray) -> np.ndarray:
        return self.table[rows].astype(np.float32)


BASKETS = ("ann 0 a b", "bob 0 c", "cid 0 a b c d")


def test_every_own_and_new() -> None:
    data = shop(*BASKETS)
    lists = top_lists(Given(np.array([[0.1, 0.4, 0.3, 0.2]] * 3)), data, people(data), 2)
    assert lists.every.tolist() == [[1, 2], [1, 2], [1, 2]]
    assert lists.own.tolist() == [[1, 0], [2, -1], [1, 2]]
    assert lists.new.tolist() == [[2, 3], [1, 3], [-1, -1]]
    assert lists.own_scores[0].tolist() == pytest.approx([0.4, 0.1], abs=1e-4)


def test_popularity_breaks_ties_and_little_else() -> None:
    data = shop(*BASKETS, "- 1 d", "- 2 d")
    lists = top_lists(
        Given(np.array([[0.5, 0.5, 0.5, 0.5], [0.5, 0.501, 0.5, 0.5], [1, 1, 1, 1]])), data, people(data), 4
    )
    assert lists.every[0, 0] == 3  # d is in three baskets
    assert lists.every[1, 0] == 1


def test_what_is_not_allowed_or_never_sold_is_on_no_list() -> None:
    data = shop(*BASKETS)
    lists = top_lists(Given(np.ones((3, 4))), data, people(data), 4, np.array([True, False, True, True]))
    for columns_of_list in (lists.every, lists.own, lists.new):
        assert 1 not in columns_of_list


def test_what_no_channel_of_theirs_sells_is_left_out_of_lists_but_not_of_tests() -> None:
    rows = frame("ann 0 web1", "bob 1 stall1", "cid 2 web2")
    rows["channel"] = ["web", "stall", "web"]
    data = encode_interactions(rows)
    scores = Given(np.ones((3, 3)))
    shown = top_lists(scores, data, people(data), 3, np.ones(3, dtype=bool)).every
    assert sorted(data.products[shown[0][shown[0] >= 0]]) == ["web1", "web2"]
    assert (top_lists(scores, data, people(data), 3).every >= 0).all()


def test_no_rows() -> None:
    lists = top_lists(Given(np.ones((3, 4))), shop(*BASKETS), np.zeros(0, dtype=np.int64), 3)
    assert lists.every.shape == lists.own_scores.shape == (0, 3)


def test_best_of_fewer_columns_than_asked_for() -> None:
    columns, values = top_k(np.array([[1.0, 3.0]], dtype=np.float32), 4)
    assert columns.tolist() == [[1, 0, -1, -1]]
    assert values[0, :2].tolist() == [3, 1]


def test_the_binary_matrix_has_a_row_for_each_buyer() -> None:
    data = shop("ann 0 a", "ann 5 b c", "bob 1 c")
    assert binary_matrix(data)[np.array([1])].toarray().tolist() == [[0, 0, 1]]


def test_a_sample_is_even_and_keeps_all_when_it_can() -> None:
    assert sample_evenly(np.arange(5), 9).tolist() == [0, 1, 2, 3, 4]
    assert sample_evenly(np.arange(9), 3).tolist() == [0, 4, 8]


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_scores_never_rise_and_lists_are_parts_of_what_they_say(seed: int, k: int) -> None:
    data = encode_interactions(noisy(8, 6, 2, seed))
    table = np.random.default_rng(seed).random((data.buyers, len(data.products)))
    lists = top_lists(Given(table), data, people(data), k)
    before = {row: set(data.item[data.buyer == row]) for row in people(data)}
    for row in people(data):
        own, new = (
            set(columns_of_list[row][columns_of_list[row] >= 0]) for columns_of_list in (lists.own, lists.new)
        )
        assert own <= before[row]
        assert not new & before[row]
        assert set(lists.every[row][lists.every[row] >= 0]) <= own | new
        assert len(own) == min(k, len(before[row]))
    for values in (lists.own_scores, lists.new_scores):
        assert (values[:, 1:] <= values[:, :-1]).all()
