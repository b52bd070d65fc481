"""What a customer will buy again, by hand: fading, rebuying, and the strength of what is popular."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.recommendations.interactions import counts, encode_interactions
from loyalty.models.recommendations.popularity import relative_to_highest
from loyalty.models.recommendations.repeat_purchase import (
    DECAY,
    DEFAULT_STRENGTH,
    REBUY_SHRINK,
    STRENGTHS,
    best_strength,
    fit_repeat_purchase,
    own_purchases,
    rebuy_factor,
)
from tests.models.recommendations.builders import at, noisy, people, shop


def test_purchases_fade_with_every_basket() -> None:
    """One basket of tea two baskets ago, one of milk now; nobody ever bought twice, so no product rebuys sooner."""
    data = shop("ann 0 tea", "ann 1 jam", "ann 2 milk", dated=False)
    own = own_purchases(data).toarray()
    assert at(data, own, 0, "tea") == pytest.approx(DECAY**2)
    assert at(data, own, 0, "jam") == pytest.approx(DECAY)
    assert at(data, own, 0, "milk") == pytest.approx(1)


def test_rebuying_is_the_shrunk_share_of_buyers_who_came_again_for_it() -> None:
    """Beans: 2 buyers had time, both bought again. Dripper: 2 had time, none did. Mean: 2 of 4."""
    data = shop(
        "ann 0 beans dripper",
        "ann 1 beans",
        "bob 0 beans dripper",
        "bob 1 beans",
        "cid 3 dripper",
        dated=False,
    )
    beans, dripper = rebuy_factor(data)
    mean = 2 / 4
    assert beans == pytest.approx(np.sqrt((2 + REBUY_SHRINK * mean) / (2 + REBUY_SHRINK) / mean))
    assert dripper == pytest.approx(np.sqrt((0 + REBUY_SHRINK * mean) / (2 + REBUY_SHRINK) / mean))


def test_the_score_is_own_purchases_and_what_is_popular() -> None:
    data = shop("ann 0 tea", "bob 0 milk", "cid 0 milk", dated=False)
    scores = fit_repeat_purchase(data, strength=0.5).scores(people(data))
    assert at(data, scores, 0, "tea") == pytest.approx(1 + 0.5 * 1 / 2)
    assert at(data, scores, 0, "milk") == pytest.approx(0.5)
    assert relative_to_highest(counts(data)).tolist() == [1, 0.5]


def test_the_strength_is_found_on_the_shops_own_past() -> None:
    """Customers who always buy the same want little of what is popular; a shop with too few people decides nothing."""
    loyal = shop(*(f"c{n:02d} {day} own{n} own{n}b" for day in (0, 10, 20) for n in range(40)))
    assert best_strength(loyal) == STRENGTHS[0]
    assert best_strength(shop("ann 0 tea", "ann 1 tea")) == DEFAULT_STRENGTH


def test_the_strength_follows_popularity_where_nobody_has_a_taste() -> None:
    """Everybody's next basket is the bestseller, whatever they had before: a strong prior finds it among many."""
    firsts = [f"c{n:02d} 0 " + " ".join(f"x{n}-{k}" for k in range(12)) for n in range(40)]
    data = shop(*firsts, *(f"c{n:02d} 9 hit" for n in range(40)), *(["- 1 hit"] * 30), dated=False)
    assert best_strength(data) > STRENGTHS[0]


def test_scores_of_a_real_looking_shop_are_finite() -> None:
    data = encode_interactions(noisy(30, 10, 4))
    assert np.isfinite(fit_repeat_purchase(data).scores(people(data))).all()
