"""What a list can show before it is sent."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.campaigns.power import (
    control_group_choices,
    control_group_size,
    detectable_share,
    people_needed,
    power_of_shares,
    suggested_choice,
)


def test_the_textbook_s_sample_size() -> None:
    """Fleiss, Levin & Paik (2003), table A.4 without its correction: .10 against .15 at 80 % takes 686 each."""
    assert people_needed(0.10, 0.05) == 2 * 686
    assert power_of_shares(0.10, 0.05, 686, 686) == pytest.approx(0.8, abs=0.001)


def test_a_smaller_control_group_takes_more_people() -> None:
    assert people_needed(0.1, 0.05, 0.2) > people_needed(0.1, 0.05, 0.5)
    people = people_needed(0.1, 0.05, 0.2)
    assert power_of_shares(0.1, 0.05, people * 4 // 5, people // 5) == pytest.approx(0.8, abs=0.005)


def test_four_hundred_customers_cannot_show_five_points() -> None:
    """The issue's own case: nobody could see it, however many are held back."""
    offered = control_group_choices(400, base=0.10, effect=0.05, gain_each=1.0)
    assert not any(choice.seen for choice in offered)
    assert suggested_choice(offered).share == 0.2
    assert people_needed(0.10, 0.05) == 1372
    assert min(choice.detectable or 1 for choice in offered) > 0.05


def test_the_smallest_share_that_shows_it_is_suggested() -> None:
    offered = control_group_choices(4000, base=0.10, effect=0.05, gain_each=2.0)
    best = suggested_choice(offered)
    assert best.seen
    assert not any(choice.seen for choice in offered if choice.share < best.share)
    assert best.cost == 2.0 * best.held_back


def test_power_by_simulation() -> None:
    random = np.random.default_rng(5)
    a, b = random.binomial(500, 0.2, 4000) / 500, random.binomial(200, 0.1, 4000) / 200
    pooled = (500 * a + 200 * b) / 700
    z = (a - b) / np.sqrt(pooled * (1 - pooled) * (1 / 500 + 1 / 200))
    assert (np.abs(z) > 1.96).mean() == pytest.approx(power_of_shares(0.1, 0.1, 500, 200), abs=0.025)


def test_the_detectable_effect_is_the_one_with_the_power() -> None:
    least = detectable_share(0.1, 800, 200)
    assert least is not None
    assert power_of_shares(0.1, least, 800, 200) == pytest.approx(0.8, abs=1e-4)
    assert detectable_share(0.99, 10, 10) is None


def test_no_control_group_in_small_lists() -> None:
    assert (control_group_size(20, 0.2), control_group_size(25, 0.2), control_group_size(8, 0.5)) == (0, 5, 0)
