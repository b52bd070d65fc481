"""Scores, bands, names and groups: every score lands, every name is said once, small shops are no trouble."""

from __future__ import annotations

import collections
import datetime as dt
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from loyalty.models.segments.names import MOVE_NAMES, level, name_from_key, name_groups
from loyalty.models.segments.rfm import BANDS, band, profiles, scores
from loyalty.models.segments.segmentation import (
    METHODS,
    BadGroupCount,
    Segmentation,
    UnknownMethod,
    clustering,
    firmness_label,
    segment,
    stability_sentence,
)
from loyalty.words import Words, words_for

AS_OF = dt.date(2025, 6, 30)
SHOP_SIZES = (0, 1, 2, 3, 4, 5, 9, 30)


def shop(silent: list[int], orders: list[int], revenue: list[float]) -> pd.DataFrame:
    """Customers by days since the last purchase, purchases and net revenue."""
    last = pd.Timestamp(AS_OF) - pd.to_timedelta(pd.Series(silent, dtype="int64"), unit="D")
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(len(silent))],
            "last_at": last.astype("datetime64[ns]") + pd.Timedelta(hours=17),
            "orders": pd.Series(orders, dtype="int64"),
            "revenue": pd.Series(revenue, dtype="float64"),
        }
    )


def three_crowds(n: int = 120) -> tuple[pd.DataFrame, list[int]]:
    """Three well-separated kinds of customer, `n` of each: loyal, new, gone."""
    rng = np.random.default_rng(4)
    silent = np.concatenate([rng.integers(3, 12, n), rng.integers(3, 12, n), rng.integers(300, 500, n)])
    orders = np.concatenate([rng.integers(15, 30, n), np.ones(n), rng.integers(1, 3, n)]).astype(int)
    customers = shop(silent.tolist(), orders.tolist(), (orders * rng.uniform(18, 22, 3 * n)).tolist())
    return customers, [0] * n + [1] * n + [2] * n


def random_shop(n: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    orders = rng.geometric(0.5, n)
    revenue = orders * rng.lognormal(3.5, 0.6, n)
    return shop(rng.exponential(120, n).astype(int).tolist(), orders.tolist(), revenue.tolist())


def sound(segmentation: Segmentation, customers: pd.DataFrame) -> None:
    """What holds for every result."""
    words = Words()
    assert segmentation.members["customer_id"].tolist() == customers["customer_id"].tolist()
    assert sum(group.customers for group in segmentation.segments) == len(customers)
    assert segmentation.k == len(segmentation.segments) == segmentation.members["segment"].nunique()
    assert len({words.message(group.name) for group in segmentation.segments}) == segmentation.k
    assert all(words.message(group.description) for group in segmentation.segments)
    if len(customers) and customers["revenue"].sum() > 0:
        assert sum(group.share_of_revenue or 0 for group in segmentation.segments) == pytest.approx(1)


def test_every_score_falls_in_one_band_and_no_band_is_empty() -> None:
    landed = collections.Counter(band(*score) for score in itertools.product(range(1, 6), repeat=3))
    assert sum(landed.values()) == 125
    assert landed.keys() == BANDS.keys()


def test_bands_mean_what_they_say() -> None:
    assert band(5, 5, 5) == band(4, 4, 4) == "best"
    assert band(5, 1, 1) == "new_faces"
    assert band(5, 1, 5) == "big_spenders"
    assert band(2, 5, 5) == "quiet_regulars"
    assert band(1, 1, 4) == "quiet_big_spenders"
    assert band(1, 3, 3) == "gone_quiet"


def test_quintiles_are_equal_fifths_and_ties_share_a_score() -> None:
    assert scores(pd.Series(range(10))).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert scores(pd.Series([7] * 6)).tolist() == [3] * 6
    # ranks 1, 2½, 2½, 4, 5 less ½, of 5: .1, .4, .4, .7, .9
    assert scores(pd.Series([1, 2, 2, 3, 9])).tolist() == [1, 2, 2, 4, 5]
    assert scores(pd.Series([1, 2])).tolist() == [3, 3]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40))
def test_scores_never_contradict_the_values(values: list[int]) -> None:
    score = scores(pd.Series(values))
    order = np.argsort(values, kind="stable")
    assert (np.diff(score[order]) >= 0).all()
    assert score.min() >= 1
    assert score.max() <= 5
    assert len(set(zip(values, score.tolist(), strict=True))) == len(set(values))
    assert scores(pd.Series(values[::-1])).tolist() == score[::-1].tolist()


def test_one_purchase_scores_one_however_many_have_just_one() -> None:
    members = profiles(shop([1] * 10, [1] * 9 + [2], [10.0] * 10), AS_OF)
    assert members["f"].tolist() == [1] * 9 + [5]


def test_profiles_count_whole_days_and_the_recent_score_high() -> None:
    members = profiles(shop([0, 10, 20, 30, 40], [1] * 5, [1.0] * 5), AS_OF)
    assert members["recency_days"].tolist() == [0, 10, 20, 30, 40]
    assert members["r"].tolist() == [5, 4, 3, 2, 1]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.lists(st.tuples(*[st.floats(-3, 3)] * 3), max_size=10), st.sets(st.sampled_from([-1, -2])))
def test_every_profile_lands_on_one_name_in_both_languages(
    groups: list[tuple[float, float, float]], apart: set[int]
) -> None:
    named = name_groups(dict(enumerate(groups)) | dict.fromkeys(apart, (0.0, 0.0, 0.0)))
    whole = len(groups) + len(apart)
    assert len(named) == len({key for key, _, _ in named.values()}) == whole
    for words in (words_for("en"), words_for("zh_CN")):
        assert len({words.message(name) for _, name, _ in named.values()}) == whole
        assert all(words.message(text) for _, _, text in named.values())
        assert all("{" not in words.message(part) for _, *parts in named.values() for part in parts)
    chinese = words_for("zh_CN")
    sentences = [chinese.message(part) for _, *parts in named.values() for part in parts]
    assert not any(letter.isascii() and letter.isalpha() for text in sentences for letter in text)


def test_a_key_tells_its_name_when_its_group_is_gone() -> None:
    assert name_from_key("best").english() == "Best customers"
    assert name_from_key("quiet_regulars_2").english() == "Regulars gone quiet, group 2"
    assert name_from_key("bought_once").english() == "Came once"
    assert {key: name_from_key(key).english() for key in MOVE_NAMES} == {
        "moved_up": "Moved up",
        "slipped": "Slipped",
    }
    assert words_for("zh_CN").message(name_from_key("best_1")) == "最佳顾客（第 1 群）"
    assert name_from_key("something_else").english() == "something_else"


def test_groups_of_one_band_are_told_apart_by_what_differs_most() -> None:
    named = name_groups({0: (-1, 1, 1.0), 1: (-1, 1.1, 2.5), 2: (2, -1, -1)})
    words = Words()
    assert {label: (key, words.message(name)) for label, (key, name, _) in named.items()} == {
        0: ("best_2", "Best customers, lowest spend"),
        1: ("best_1", "Best customers, highest spend"),
        2: ("gone_quiet", "Gone quiet"),
    }


def test_levels_are_symmetric() -> None:
    assert [level(z) for z in (-0.8, -0.3, 0, 0.3, 0.8)] == [1, 2, 3, 4, 5]


def test_kmeans_finds_three_crowds_names_them_and_is_firm() -> None:
    customers, crowd = three_crowds()
    segmentation = segment(customers, AS_OF)
    sound(segmentation, customers)
    assert (segmentation.method, segmentation.k, segmentation.note) == ("kmeans", 3, None)
    assert adjusted_rand_score(crowd, segmentation.members["segment"]) == 1.0
    assert segmentation.members["segment"].iloc[[0, 120, 240]].tolist() == ["best", "new_faces", "gone_quiet"]
    assert segmentation.stability is not None
    assert segmentation.stability > 0.99
    assert segmentation.silhouette is not None
    assert segmentation.silhouette > 0.7
    assert all(group.firmness is not None and group.firmness > 0.99 for group in segmentation.segments)
    best = segmentation.segments[0]
    members = segmentation.members[segmentation.members["segment"] == "best"]
    assert best.recency_days == members["recency_days"].median()
    assert best.frequency == members["frequency"].mean()
    assert best.monetary == members["monetary"].mean()


def test_the_same_seed_gives_the_same_groups() -> None:
    customers = random_shop(400)
    one, other = segment(customers, AS_OF, seed=3), segment(customers, AS_OF, seed=3)
    pd.testing.assert_frame_equal(one.members, other.members)
    assert (one.stability, one.silhouette) == (other.stability, other.silhouette)


def test_scaling_money_changes_no_band() -> None:
    customers = random_shop(200)
    richer = customers.assign(revenue=customers["revenue"] * 1000)
    assert (
        segment(customers, AS_OF, "rfm").members["segment"].tolist()
        == segment(richer, AS_OF, "rfm").members["segment"].tolist()
    )


def test_below_three_hundred_bands_are_used_and_why_is_said() -> None:
    segmentation = segment(random_shop(299), AS_OF)
    assert (segmentation.method, segmentation.stability, segmentation.silhouette) == ("rfm", None, None)
    assert segmentation.note is not None
    assert segmentation.note.params == {"enough": 300, "customers": 299}
    assert segment(random_shop(300), AS_OF).method == "kmeans"
    assert segment(random_shop(299), AS_OF, "rfm").note is None
    assert segment(random_shop(40), AS_OF, k=3).method == "kmeans"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("method", [None, *METHODS])
@pytest.mark.parametrize("n", SHOP_SIZES)
def test_small_shops_are_no_trouble(n: int, method: str | None) -> None:
    customers = random_shop(n)
    sound(segment(customers, AS_OF, method), customers)
    alike = shop([5] * n, [1] * n, [9.0] * n)
    segmentation = segment(alike, AS_OF, method)
    sound(segmentation, alike)
    assert segmentation.k <= 1


def test_nobody_gives_a_sentence() -> None:
    segmentation = segment(random_shop(0), AS_OF)
    assert (segmentation.segments, len(segmentation.members)) == ((), 0)
    assert segmentation.note is not None


@pytest.mark.filterwarnings("error")
def test_refunds_beyond_revenue_do_not_break_the_scale() -> None:
    customers = shop([1, 50, 90, 200, 5, 9], [3, 1, 2, 1, 9, 1], [0.0, -5.0, -50.0, 0.0, 0.0, -1.0])
    for method in METHODS:
        segmentation = segment(customers, AS_OF, method)
        sound(segmentation, customers)
        assert all(group.share_of_revenue is None for group in segmentation.segments)


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 10), st.integers(10, 60))
def test_k_is_what_was_asked_for(k: int, n: int) -> None:
    customers = random_shop(n)
    segmentation = segment(customers, AS_OF, "kmeans", k)
    sound(segmentation, customers)
    assert segmentation.k == k


def test_the_elbow_stays_within_three_and_six() -> None:
    for seed in range(5):
        x = clustering.features(profiles(random_shop(200, seed), AS_OF))
        assert 3 <= clustering.elbow(x, 0) <= 6
    blobs = np.repeat(np.eye(3) * 50, 40, axis=0) + np.random.default_rng(0).normal(0, 0.1, (120, 3))
    assert clustering.elbow(blobs, 0) == 3


def test_density_leaves_the_odd_ones_out() -> None:
    customers, crowd = three_crowds()
    odd = shop([5], [900], [9e6])
    both = pd.concat([customers, odd.assign(customer_id="odd")], ignore_index=True)
    segmentation = segment(both, AS_OF, "density")
    sound(segmentation, both)
    assert segmentation.members["segment"].iloc[-1] == "scattered"
    assert adjusted_rand_score(crowd, segmentation.members["segment"].iloc[:-1]) > 0.8


def test_a_mixture_tells_a_tight_crowd_from_a_wide_one_where_kmeans_cuts_through() -> None:
    rng = np.random.default_rng(6)
    x = np.concatenate([rng.normal(0, 0.15, (150, 3)), rng.normal(0, 3, (150, 3))])
    crowd = np.repeat([0, 1], 150)
    segmentation = clustering.mixture(x, 2, seed=0)
    assert adjusted_rand_score(crowd, segmentation.labels) > 0.95
    assert adjusted_rand_score(crowd, clustering.kmeans(x, 2, seed=0).labels) < 0.2
    assert segmentation.stability is not None
    assert segmentation.firmness is not None
    assert 0.5 < segmentation.stability < 0.95  # some refits start badly, and that is said
    assert len(segmentation.firmness) == 2


def test_a_mixture_chooses_its_own_number() -> None:
    customers, crowd = three_crowds()
    segmentation = segment(customers, AS_OF, "mixture")
    sound(segmentation, customers)
    assert segmentation.k in range(3, 7)
    assert adjusted_rand_score(crowd, segmentation.members["segment"]) > 0.8
    assert segment(customers, AS_OF, "mixture", 3).k == 3


def test_dbscan_finds_crowds_by_the_knee_of_distances() -> None:
    rng = np.random.default_rng(2)
    blobs = np.concatenate([rng.normal(at, 0.2, (100, 3)) for at in (0, 4, 8)])
    segmentation = clustering.dbscan(np.concatenate([blobs, [[2.0, -6.0, 9.0]]]), seed=0)
    assert segmentation.labels[-1] == -1
    assert adjusted_rand_score(np.repeat([0, 1, 2], 100), segmentation.labels[:-1]) > 0.9
    assert 0.05 < clustering.knee_distance(blobs) < 1.0


def test_mistakes_have_names() -> None:
    with pytest.raises(UnknownMethod, match="kmeans, rfm, density, dbscan, mixture"):
        segment(random_shop(5), AS_OF, "magic")
    for k in (1, 0, 11):
        with pytest.raises(BadGroupCount, match="between 2 and 10"):
            segment(random_shop(5), AS_OF, "kmeans", k)


def test_firmness_of_a_group_in_a_word() -> None:
    sentences = [firmness_label(value).english() for value in (1.0, 0.85, 0.84, 0.6, 0.59)]
    assert sentences == ["firm", "firm", "fairly firm", "fairly firm", "loose"]


def test_firmness_in_words() -> None:
    sentences = [stability_sentence(stability).english().split(":")[0] for stability in (0.95, 0.7, 0.3)]
    assert sentences == ["Firm", "Fairly firm", "Loose"]
