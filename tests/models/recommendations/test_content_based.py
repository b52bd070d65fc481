"""Names and categories: what is alike is near, and codes say nothing."""

from __future__ import annotations

import numpy as np
import pytest

from loyalty.models.recommendations.content_based import content_features, fit_content, has_descriptive_names
from loyalty.models.recommendations.interactions import encode_interactions
from tests.models.recommendations.builders import at, frame, people, shop


def texts(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def test_names_alike_are_near_and_rows_have_length_one() -> None:
    features = content_features(texts("Red Ceramic Mug", "Blue Ceramic Mug", "Silk Scarf"), texts("", "", ""))
    near = (features @ features.T).toarray()
    assert near.diagonal() == pytest.approx([1, 1, 1])
    assert near[0, 1] > 0.4 > near[0, 2]


def test_chinese_names_are_alike_by_their_characters() -> None:
    features = content_features(texts("手冲咖啡壶", "手冲咖啡滤纸", "羊毛围巾"), texts("", "", ""))
    near = (features @ features.T).toarray()
    assert near[0, 1] > 0.2 > near[0, 2]


def test_a_shared_category_brings_products_together() -> None:
    names, none = texts("abc", "def", "ghi"), texts("", "", "")
    apart = content_features(names, none)
    together = content_features(names, texts("Tea", "Tea", "Cups"))
    assert (apart @ apart.T).toarray()[0, 1] == 0
    assert (together @ together.T).toarray()[0, 1] > 0.1
    assert (together @ together.T).toarray()[0, 2] == 0


def test_a_product_hardly_sold_is_reached_by_its_name() -> None:
    data = shop("ann 0 green-tea-sencha", "bob 0 wool-scarf", "- 1 green-tea-matcha", "- 1 wool-hat")
    scores = fit_content(data).scores(people(data))
    assert at(data, scores, 0, "green-tea-matcha") > at(data, scores, 0, "wool-hat")
    assert at(data, scores, 1, "wool-hat") > at(data, scores, 1, "green-tea-matcha")


def test_numbers_say_nothing_unless_there_are_categories() -> None:
    assert has_descriptive_names(shop("ann 0 tea", "ann 1 milk"))
    codes = frame("ann 0 85123 9", "bob 0 71053A")
    assert not has_descriptive_names(encode_interactions(codes))
    assert has_descriptive_names(encode_interactions(codes.assign(category="Lights")))
    assert not has_descriptive_names(shop())
