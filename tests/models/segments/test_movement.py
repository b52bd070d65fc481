"""Groups keep their identity, and everybody's way between them is counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from loyalty.models.segments.features import Extras
from loyalty.models.segments.movement import CHANGES, track_movement
from loyalty.models.segments.segmentation import Segmentation, segment
from loyalty.words import Message
from tests.models.segments.test_segmentation import AS_OF, random_shop, shop

SINCE = AS_OF - dt.timedelta(days=90)


def crowds(loyal: int, new: int, gone: int, seed: int) -> pd.DataFrame:
    """Loyal customers first, then new ones, then those long gone."""
    rng = np.random.default_rng(seed)
    silent = np.concatenate(
        [rng.integers(3, 12, loyal), rng.integers(3, 12, new), rng.integers(300, 500, gone)]
    )
    orders = np.concatenate([rng.integers(15, 30, loyal), np.ones(new), rng.integers(1, 3, gone)]).astype(int)
    spent = orders * rng.uniform(18, 22, loyal + new + gone)
    return shop(silent.tolist(), orders.tolist(), spent.tolist())


def named(customers: pd.DataFrame, first: int = 0) -> pd.DataFrame:
    return customers.assign(customer_id=[f"c{first + n}" for n in range(len(customers))])


@pytest.fixture
def moved_crowds() -> tuple[Segmentation, Segmentation]:
    """Then 120 loyal, 120 new, 120 gone. Since then 20 loyal ones left, 30 new ones became loyal, 40 joined."""
    before = named(crowds(120, 120, 120, 1))
    now = pd.concat(
        [
            named(crowds(100, 0, 0, 2)),
            named(crowds(0, 0, 20, 3), 100),
            named(crowds(30, 0, 0, 4), 120),
            named(crowds(0, 90, 0, 5), 150),
            named(crowds(0, 0, 120, 6), 240),
            named(crowds(0, 40, 0, 7), 360),
        ],
        ignore_index=True,
    )
    return segment(now, AS_OF), segment(before, AS_OF)


def test_everybodys_way_by_hand(moved_crowds: tuple[Segmentation, Segmentation]) -> None:
    movement = track_movement(*moved_crowds, SINCE)
    assert movement.counts() == {"up": 30, "down": 20, "same": 100 + 90 + 120, "new": 40}
    flows = {(row.before, row.now): row.customers for row in movement.flows.itertuples()}
    assert flows == {
        ("best", "best"): 100,
        ("best", "gone_quiet"): 20,
        ("new_faces", "best"): 30,
        ("new_faces", "new_faces"): 90,
        ("gone_quiet", "gone_quiet"): 120,
    }
    assert movement.order == ("best", "new_faces", "gone_quiet")
    assert all(distance < 0.3 for distance in movement.distances.values())
    transitions = movement.transitions.set_index("customer_id")
    assert transitions.loc["c110"].tolist() == ["best", "gone_quiet", "down"]
    assert transitions.loc["c370", "before"] is None


def test_a_group_that_changed_its_name_keeps_its_identity() -> None:
    """The same people under another name, as when a level moves a little: today's name stands on both sides."""
    then = segment(named(crowds(120, 120, 120, 1)), AS_OF)
    renamed = then.members.assign(segment=then.members["segment"].replace("new_faces", "occasional"))
    groups = tuple(
        replace(group, key="occasional", name=Message("Occasional buyers"))
        if group.key == "new_faces"
        else group
        for group in then.segments
    )
    movement = track_movement(replace(then, segments=groups, members=renamed), then, SINCE)
    assert movement.counts() == {"up": 0, "down": 0, "same": 360, "new": 0}
    assert set(movement.names) == {"best", "occasional", "gone_quiet"}
    assert movement.distances["occasional"] == 0


def test_a_group_that_is_gone_has_no_counterpart() -> None:
    """Then a crowd of big spenders and two more; today only the two."""
    rng = np.random.default_rng(8)
    rich = named(
        shop(rng.integers(3, 12, 100).tolist(), [60] * 100, rng.uniform(90_000, 110_000, 100).tolist())
    )
    rest = named(crowds(0, 150, 150, 9), 100)
    then = segment(pd.concat([rich, rest], ignore_index=True), AS_OF)
    today = segment(rest, AS_OF, "kmeans", 2)
    movement = track_movement(today, then, SINCE)
    lost = [key for key in movement.names if key.startswith("was_")]
    assert len(lost) == 1
    assert movement.names[lost[0]].english().endswith("(earlier)")
    assert movement.order[0] == lost[0]


def test_the_same_day_moves_nobody() -> None:
    customers = random_shop(400)
    for method in ("kmeans", "rfm", "mixture", "density"):
        segmentation = segment(customers, AS_OF, method)
        moved = track_movement(segmentation, segmentation, AS_OF)
        assert moved.counts() == {"up": 0, "down": 0, "same": 400, "new": 0}
        assert set(moved.distances.values()) == {0.0}
        assert set(moved.order) == {s.key for s in segmentation.segments}


def test_parts_sum_to_the_whole() -> None:
    for seed in range(3):
        today, then = segment(random_shop(350, seed), AS_OF), segment(random_shop(320, seed + 9), SINCE)
        movement = track_movement(today, then, SINCE)
        assert sum(movement.counts().values()) == 350
        assert set(movement.transitions["change"]) <= set(CHANGES)
        assert movement.flows["customers"].sum() == 320  # all of then are customers today
        assert movement.transitions["now"].tolist() == today.members["segment"].tolist()
        mapped = movement.transitions.dropna(subset=["before"])
        segment_before = then.members.set_index("customer_id")["segment"]
        pairs = set(zip(segment_before.loc[mapped["customer_id"]], mapped["before"], strict=True))
        assert len({was for was, _ in pairs}) == len({key for _, key in pairs}) == len(pairs)  # one to one


def test_nobody_then_or_now() -> None:
    nobody, some = segment(random_shop(0), AS_OF), segment(random_shop(20), AS_OF)
    assert track_movement(some, nobody, SINCE).counts() == {"up": 0, "down": 0, "same": 0, "new": 20}
    empty = track_movement(nobody, some, SINCE)
    assert empty.counts() == {"up": 0, "down": 0, "same": 0, "new": 0}
    assert empty.flows.empty


def test_those_who_bought_once_stay_what_they_are() -> None:
    rng = np.random.default_rng(2)
    silent = rng.integers(1, 300, 200)
    customers = shop(silent.tolist(), [1] * 100 + [5] * 100, rng.uniform(10, 200, 200).tolist())
    customers = customers.assign(
        first_at=customers["last_at"] - pd.to_timedelta([0] * 100 + [200] * 100, unit="D"),
        days=customers["orders"],
    )
    then = segment(customers, AS_OF, "kmeans", 4, extras=Extras(("gap",)))
    movement = track_movement(then, then, SINCE)
    assert "bought_once" in movement.order
    assert movement.counts()["same"] == 200
