"""What everybody buys: of all time, of late, in season."""

from __future__ import annotations

import pytest

from loyalty.models.recommendations.interactions import counts
from loyalty.models.recommendations.popularity import (
    fit_own_history,
    fit_popular,
    fit_recent,
    recent_counts,
    relative_to_highest,
    season_factor,
)
from tests.models.recommendations.builders import at, people, shop

BASKETS = ("ann 0 tea", "bob 0 tea", "cid 0 tea jam", "ann 80 milk", "bob 99 milk jam", "- 100 jam")


def test_popular_counts_baskets_of_known_and_unknown_alike() -> None:
    data = shop(*BASKETS)
    assert counts(data).tolist() == [3, 2, 3]
    assert fit_popular(data).scores(people(data))[1].tolist() == pytest.approx([1, 2 / 3, 1])


def test_recent_is_the_last_thirty_days_with_all_time_for_ties() -> None:
    data = shop(*BASKETS)
    assert recent_counts(data).tolist() == [2, 2, 0]  # jam on 99 and 100, milk on 80 and 99
    scores = fit_recent(data).scores(people(data))
    assert at(data, scores, 0, "jam") > at(data, scores, 0, "milk") > at(data, scores, 0, "tea") > 0


def test_recent_without_dates_is_each_buyers_last_basket() -> None:
    assert recent_counts(shop(*BASKETS, dated=False)).tolist() == [3, 2, 1]


def test_own_history_counts_and_popularity_fills_up() -> None:
    data = shop("ann 0 tea", "ann 1 tea milk", "bob 2 jam", "bob 3 jam", "cid 4 jam")
    scores = fit_own_history(data).scores(people(data))
    # jam 3 baskets, tea 2, milk 1: half a share on top of one's own counts
    assert at(data, scores, 0, "tea") == pytest.approx(2 + 0.5 * 2 / 3)
    assert at(data, scores, 0, "milk") == pytest.approx(1 + 0.5 * 1 / 3)
    assert at(data, scores, 0, "jam") == pytest.approx(0 + 0.5)


def test_season_is_what_sells_now_over_what_is_usual() -> None:
    """Two products with 4 baskets each: one sold on the last day, the other 30 days (one half-life) before that."""
    data = shop(*["- 0 old"] * 4, *["- 30 new"] * 4)
    late = 4 * 0.5 ** (1 / 30)
    usual = (late + late / 2) / 2  # each has half of all lines
    new, old = season_factor(data)
    assert new == pytest.approx((late + 3) / (usual + 3))
    assert old == pytest.approx((late / 2 + 3) / (usual + 3))
    assert season_factor(shop("ann 1 tea", dated=False)).tolist() == [1.0]


def test_shares_of_nothing() -> None:
    assert relative_to_highest(counts(shop())).tolist() == []
