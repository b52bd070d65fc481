"""Rules of earlier sales in later ones, on sales made by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from loyalty.models.cross_sell.rule_survival import check_rules, survival_sentence
from loyalty.models.cross_sell.rules import mine_rules
from loyalty.models.cross_sell.search import Search, check_survival, find_rules
from loyalty.words import words_for

START = dt.date(2025, 1, 1)
CUTOFF = START + dt.timedelta(days=200)


def sales(days: range, *orders: tuple[str, ...]) -> list[tuple[int, str, str, pd.Timestamp]]:
    """Each order once a day, by another customer each; the basket's number is made of day and place."""
    return [
        (day * 100 + place, product, f"c{day}-{place}", pd.Timestamp(START) + pd.Timedelta(days=day))
        for day in days
        for place, order in enumerate(orders)
        for product in order
    ]


def frame(*parts: list[tuple[int, str, str, pd.Timestamp]]) -> pd.DataFrame:
    rows = [row for part in parts for row in part]
    return pd.DataFrame(rows, columns=["basket", "product", "customer_id", "at"])


@pytest.fixture
def shop() -> pd.DataFrame:
    """Until the cutoff tea with honey, cup with saucer, ink with pen; then tea with honey, cup and saucer apart, no ink."""
    return frame(
        sales(
            range(200), ("tea", "honey"), ("cup", "saucer"), ("ink", "pen"), ("soap",), ("soap",), ("soap",)
        ),
        sales(range(200, 290), ("tea", "honey"), ("cup",), ("saucer",), ("pen",), ("soap",), ("soap",)),
    )


def test_what_lasts_and_what_does_not(shop: pd.DataFrame) -> None:
    outcome = check_rules(shop, CUTOFF, lambda early: mine_rules(early, 0.05, 0.1))
    later = {frozenset((*each.rule.antecedent, each.rule.consequent)): each for each in outcome.rules}
    assert later.keys() == {frozenset(pair) for pair in (("tea", "honey"), ("cup", "saucer"), ("ink", "pen"))}
    held = later[frozenset(("tea", "honey"))]
    # 90 days of 6 orders: 90 hold tea, 90 honey, 90 both; by chance 90 * 90 / 540 = 15
    assert (held.count, held.expected, held.lift) == (90, 90 * 90 / 540, 6.0)
    assert held.due == pytest.approx(200 / 1200 * 540)
    assert later[frozenset(("cup", "saucer"))].lift == 0
    assert later[frozenset(("ink", "pen"))].lift == 0  # not sold any more counts as not held, not as unknown
    assert len(outcome.checked) == 3
    assert (outcome.above_chance(), outcome.half_lift_kept()) == (1, 1)


def test_what_was_gone_before_the_cutoff_is_not_asked(shop: pd.DataFrame) -> None:
    old = frame(sales(range(60), ("vinyl", "sleeve")))
    both = pd.concat([old.assign(basket=old["basket"] + 50), shop], ignore_index=True)
    outcome = check_rules(both, CUTOFF, lambda early: mine_rules(early, 0.02, 0.1))
    assert len(outcome.rules) == 3
    rules = find_rules(shop, Search())  # ink was last sold 91 days before the end
    assert {rule.consequent for rule in rules} == {"tea", "honey", "cup", "saucer"}
    assert {rule.consequent for rule in find_rules(shop, Search(all_rules=True))} > {"ink"}


def test_the_sentence_says_how_many(shop: pd.DataFrame) -> None:
    outcome = check_survival(shop, START + dt.timedelta(days=289), Search())
    assert outcome.cutoff == CUTOFF
    assert survival_sentence(outcome).english() == (
        "Of the 3 rules from before that your own last three months can check, 1 still held: bought together "
        "more often than by chance."
    )
    pairs = [(f"l{n}", f"r{n}") for n in range(10)]
    steady = frame(sales(range(290), *pairs))
    outcome = check_survival(steady, START + dt.timedelta(days=289), Search())
    assert survival_sentence(outcome).english().startswith("Rules like these kept holding 100% of the time")
    assert "100%" in words_for("zh_CN").message(survival_sentence(outcome))
    short = frame(sales(range(40), ("tea", "honey"), ("soap",)))
    assert survival_sentence(check_survival(short, START + dt.timedelta(days=39), Search())).english() == (
        "Whether rules like these last cannot be told yet: your last three months hold too few orders to check one."
    )
