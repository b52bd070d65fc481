"""What groups are made of besides the three figures: columns, weights, sentences, and those set apart."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from loyalty.models.segments.clustering import features
from loyalty.models.segments.features import (
    TRAITS,
    Extras,
    UnknownTrait,
    add_traits,
    extra_features,
    standardise,
)
from loyalty.models.segments.rfm import profiles
from loyalty.models.segments.segmentation import segment

AS_OF = dt.date(2025, 6, 30)


def customers(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Customers by days since the first purchase, days since the last, and days with a purchase; 10.00 each."""
    day = pd.Timestamp(AS_OF)
    return pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(len(rows))],
            "first_at": [day - pd.Timedelta(days=first) for first, _, _ in rows],
            "last_at": [day - pd.Timedelta(days=last) for _, last, _ in rows],
            "orders": [days for _, _, days in rows],
            "days": [days for _, _, days in rows],
            "revenue": [10.0 * days for _, _, days in rows],
        }
    )


def traits(frame: pd.DataFrame, extras: Extras) -> pd.DataFrame:
    return add_traits(profiles(frame, AS_OF), frame, AS_OF, extras)


def test_tenure_gap_and_order_value_by_hand() -> None:
    members = traits(customers([(100, 10, 4), (30, 30, 1)]), Extras())
    assert members["tenure_days"].tolist() == [100, 30]
    assert members["gap_days"].tolist()[0] == (100 - 10) / 3
    assert np.isnan(members["gap_days"].tolist()[1])
    assert members["order_value"].tolist() == [10.0, 10.0]


def test_shares_and_satisfaction_join_by_customer() -> None:
    shares = pd.DataFrame({"customer_id": ["c0", "c0"], "category": ["Tea", "Cups"], "share": [0.75, 0.25]})
    scores = pd.DataFrame({"customer_id": ["c1"], "satisfaction": [0.5]})
    members = traits(
        customers([(9, 9, 1), (5, 5, 1)]), Extras(("categories", "satisfaction"), shares, scores)
    )
    assert members["share of Tea"].tolist() == [0.75, 0.0]
    assert members["share of Cups"].tolist() == [0.25, 0.0]
    assert members["satisfaction"].tolist()[1] == 0.5
    assert np.isnan(members["satisfaction"].tolist()[0])


def test_each_trait_weighs_as_much_as_one_figure() -> None:
    rng = np.random.default_rng(1)
    frame = customers([(int(last + 50), int(last), 2) for last in rng.integers(1, 300, 200)])
    names = [f"k{n}" for n in range(4)]
    raw = rng.dirichlet(np.ones(4), 200)
    shares = pd.DataFrame(
        {"customer_id": np.repeat(frame["customer_id"], 4), "category": names * 200, "share": raw.ravel()}
    )
    members = traits(frame, Extras(("categories",), shares))
    columns = np.column_stack(extra_features(members, ("categories",)))
    assert columns.shape == (200, 4)
    assert (columns**2).sum(axis=1).mean() == pytest.approx(1.0)  # as much as one standardised figure
    assert features(members, ("tenure",)).shape == (200, 4)
    assert features(members)[:, 0].std() == pytest.approx(1.0)


def test_what_is_unknown_stands_in_the_middle() -> None:
    values = standardise(np.array([1.0, 3.0, np.nan]))
    assert values.tolist() == [-1.0, 1.0, 0.0]
    assert standardise(np.array([np.nan, np.nan])).tolist() == [0.0, 0.0]
    assert standardise(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]


def test_sentences_say_what_is_typical() -> None:
    frame = customers([(400, 5, 20)] * 40 + [(400, 300, 3)] * 40)
    shares = pd.DataFrame(
        {
            "customer_id": frame["customer_id"],
            "category": ["Tea"] * 40 + ["Cups"] * 40,
            "share": 1.0,
        }
    )
    scores = pd.DataFrame({"customer_id": ["c0", "c1"], "satisfaction": [0.5, 1.0]})
    segmentation = segment(frame, AS_OF, "kmeans", 2, extras=Extras(TRAITS, shares, scores))
    sentences = {
        segment.key: [text.english() for text in segment.traits] for segment in segmentation.segments
    }
    assert sentences["best"] == [
        "First bought 400 days ago (median).",
        f"Usually {round(395 / 19)} days from one purchase to the next.",
        "Tea is 100% of what they buy; overall it is 50%.",
        "Satisfaction 75 of 100, from 2 who were asked.",
    ]


def test_with_the_gap_those_who_bought_once_are_a_segment_of_their_own() -> None:
    rng = np.random.default_rng(3)
    again = [(int(300 + n), int(rng.integers(1, 20)), 15) for n in range(60)]
    lapsed = [(int(600 + n), int(rng.integers(300, 350)), 4) for n in range(60)]
    once = [(days, days, 1) for days in rng.integers(1, 600, 100).tolist()]
    segmentation = segment(customers([*again, *lapsed, *once]), AS_OF, "kmeans", 3, extras=Extras(("gap",)))
    apart = next(segment for segment in segmentation.segments if segment.key == "bought_once")
    assert (apart.customers, apart.frequency, apart.firmness) == (100, 1.0, None)
    assert apart.name.english() == "Came once"
    assert segmentation.k == 3
    assert segmentation.members["segment"].iloc[:120].value_counts().tolist() == [60, 60]
    nobody_again = segment(customers(once), AS_OF, extras=Extras(("gap",)))
    assert [group.key for group in nobody_again.segments] == ["bought_once"]


def test_what_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownTrait, match="tenure, gap, categories, satisfaction"):
        Extras(("shoe size",))
