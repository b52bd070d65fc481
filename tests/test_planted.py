"""What was planted in the sample shop is found: its pairs, first and alone; its kinds of customer."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import ibis
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from loyalty.facts import baskets as basket_facts
from loyalty.models.cross_sell.basket_index import index_baskets
from loyalty.models.cross_sell.bundles import BundleTerms, find_bundles
from loyalty.models.cross_sell.search import Search, find_rules
from loyalty.models.segments.segmentation import Segmentation
from loyalty.services.figures import facts, movement_since, segment_extras, segmentation
from loyalty.shop.shop import Shop
from ui.session import SAMPLE_DATA

AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def con(sample_shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ibis.BaseBackend]:
    with Shop.open(shutil.copytree(sample_shop_folder, tmp_path_factory.mktemp("planted") / "shop")) as shop:
        yield shop.database.reader()


@pytest.fixture(scope="module")
def planted() -> set[frozenset[str]]:
    """The three planted pairs by name."""
    pairs = json.loads((SAMPLE_DATA / "truth" / "pairs.json").read_text(encoding="utf-8"))["planted"]
    return {frozenset((pair["name_a"], pair["name_b"])) for pair in pairs}


@pytest.mark.parametrize("kind", ["order", "day"])
def test_the_planted_pairs_come_first_and_nothing_else_comes(
    con: ibis.BaseBackend, planted: set[frozenset[str]], kind: str
) -> None:
    search = Search(kind=kind, max_len=4)
    found = list(find_rules(basket_facts.baskets(con, AS_OF, search.basket_kind), search))
    assert len(found) == 6  # each pair both ways
    assert {frozenset((*rule.antecedent, rule.consequent)) for rule in found} == planted
    lifts = [rule.shrunk_lift for rule in found]
    assert lifts == sorted(lifts, reverse=True)


def test_among_all_rules_of_two_the_planted_ones_lead(
    con: ibis.BaseBackend, planted: set[frozenset[str]]
) -> None:
    found = list(find_rules(basket_facts.baskets(con, AS_OF), Search(max_len=2, all_rules=True)))
    assert len(found) > 30
    assert {frozenset((*rule.antecedent, rule.consequent)) for rule in found[:6]} == planted


def test_no_sequence_was_planted_and_none_is_found(con: ibis.BaseBackend) -> None:
    found = find_rules(basket_facts.baskets(con, AS_OF, "day"), Search(kind="window"))
    assert found.baskets > 1_000
    assert found.rules.empty


def test_the_bundles_are_the_planted_pairs(con: ibis.BaseBackend, planted: set[frozenset[str]]) -> None:
    baskets = basket_facts.baskets(con, AS_OF)
    year = index_baskets(baskets[baskets["at"] > pd.Timestamp(AS_OF) - pd.Timedelta(days=364)])
    prices = basket_facts.prices(con, AS_OF).set_index("product")["price"]
    found = find_bundles(find_rules(baskets, Search(max_len=4)), year, dict(prices.items()), BundleTerms(0.6))
    assert {frozenset(bundle.products) for bundle in found} == planted
    assert all(bundle.extra_profit is not None and bundle.extra_profit > 0 for bundle in found)
    assert found[0].apart == 28.0 + 7.5


@pytest.fixture(scope="module")
def kinds(con: ibis.BaseBackend) -> pd.Series:
    """The planted kind of each customer, as far as it can show: whoever bought on one day only is "once".

    Of the 518 planted as occasional, 69 have bought once so far; no figure could tell them from those who tried
    once or bought one gift.
    """
    truth = pd.read_csv(SAMPLE_DATA / "truth" / "truth_customers.csv", keep_default_na=False)
    contacts = con.table("contacts").select("customer_id", "email").execute()
    by_email = contacts.dropna(subset=["email"]).set_index("email")["customer_id"]
    online = truth["channel"] == "shopify"
    truth["customer_id"] = truth["key"].map(by_email).where(online, "square:" + truth["key"])
    kind = (
        truth.dropna(subset=["customer_id"]).drop_duplicates("customer_id").set_index("customer_id")["type"]
    )
    customers = facts(con, AS_OF).customers.set_index("customer_id")
    known = kind.reindex(customers.index)
    return known.where(customers["days"] > 1, "once").dropna()


def rand(found: Segmentation, kinds: pd.Series) -> float:
    segment = found.members.set_index("customer_id")["segment"].loc[kinds.index]
    return float(adjusted_rand_score(kinds, segment))


@pytest.mark.parametrize("k", [None, 5, 6])
def test_the_planted_kinds_of_customer_are_recovered(
    con: ibis.BaseBackend, kinds: pd.Series, k: int | None
) -> None:
    known = facts(con, AS_OF)
    assert len(kinds) >= len(known.customers) - 1
    found = segmentation(known, "kmeans", k, segment_extras(con, AS_OF, ("gap",)))
    assert rand(found, kinds) >= 0.8
    assert found.stability is not None
    assert found.stability > 0.6


def test_planted_regulars_do_not_slip_and_lapsed_ones_are_one_group(
    con: ibis.BaseBackend, kinds: pd.Series
) -> None:
    names = ("gap",)
    found = segmentation(facts(con, AS_OF), "kmeans", None, segment_extras(con, AS_OF, names))
    moved = movement_since(con, found, names, AS_OF - dt.timedelta(days=91))
    assert sum(moved.counts().values()) == len(found.members)
    ways = moved.transitions.set_index("customer_id")
    steady = ways.loc[kinds.index[kinds == "regular"], "change"]
    assert (steady == "down").mean() < 0.1
    gone = ways.loc[kinds.index[kinds == "lapsed_regular"]]
    assert (gone["now"] == gone["now"].mode()[0]).mean() > 0.8  # they are one group, and stay in it
    assert (gone["change"] == "same").mean() > 0.8
