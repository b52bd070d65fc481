"""People who buy X often take Y: counted by basket, with enough buyers behind it."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.recommendations.bought_together import (
    basket_matrix,
    closest_owned,
    find_pairs,
    pairs_of_product,
)
from loyalty.models.recommendations.interactions import Interactions, binary_matrix
from tests.models.recommendations.builders import shop

PAIRS = [f"c{n} {n} dripper filters" for n in range(6)]
REST = [f"- {n} filters" for n in range(4)] + [f"- {n} beans" for n in range(20)]


def named(data: Interactions, product: str) -> list[tuple[str, int, float, float]]:
    table = pairs_of_product(find_pairs(data), list(data.products).index(product))
    return [
        (str(data.products[right]), int(count), float(confidence), float(lift))
        for right, count, confidence, lift in table.itertuples(index=False)
    ]


def test_count_confidence_and_shrunk_lift() -> None:
    """30 baskets: 6 with both, 6 drippers, 10 filters; by chance 6 · 10 / 30 = 2: lift (6 + 5) / (2 + 5)."""
    data = shop(*PAIRS, *REST)
    assert named(data, "dripper") == [("filters", 6, 1.0, pytest.approx(11 / 7))]
    assert named(data, "filters") == [("dripper", 6, 0.6, pytest.approx(11 / 7))]
    assert named(data, "beans") == []


def test_one_household_is_no_reason() -> None:
    """The same six baskets of one customer: a habit of hers."""
    assert named(shop(*(f"ann {n} dripper filters" for n in range(6)), *REST), "dripper") == []


def test_what_one_person_buys_over_time_does_not_go_together() -> None:
    apart = [f"c{n} {day} {what}" for n in range(8) for day, what in ((n, "dripper"), (n + 50, "filters"))]
    assert named(shop(*apart, *REST), "dripper") == []


def test_baskets_as_rows() -> None:
    data = shop("ann 0 a b", "ann 1 b", "- 2 a")
    assert sorted(basket_matrix(data).toarray().tolist()) == [[0, 1], [1, 0], [1, 1]]


def test_the_strongest_of_what_a_customer_has() -> None:
    data = shop(*PAIRS, *REST, "zoe 40 dripper beans")
    pairs = find_pairs(data)
    lift_to = pairs.lift.T.tocsr()
    filters, dripper = (list(data.products).index(name) for name in ("filters", "dripper"))
    row = np.array([list(data.customers).index("zoe")] * 2)
    best = closest_owned(lambda some: lift_to[some], binary_matrix(data), row, np.array([filters, dripper]))
    assert best.tolist() == [dripper, -1]  # a dripper goes with filters, which Zoe lacks


def test_nothing_at_all() -> None:
    assert len(find_pairs(shop()).left) == 0
    assert len(find_pairs(shop("ann 0 tea")).left) == 0
