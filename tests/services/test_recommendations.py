"""From a shop to its lists: planted pairs of the sample shop, the loop from recommendation to weight, small shops."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from loyalty.models.recommendations.bought_together import pairs_of_product
from loyalty.models.recommendations.candidates import RECENT
from loyalty.services.figures import NoSuchCustomer
from loyalty.services.recommendations import (
    ContactRefused,
    NoProductPurchases,
    RecommendationInputs,
    build_recommender,
    eligible_arms,
    evaluate_outcomes,
    load_inputs,
    suggest_for_all,
    suggest_for_customer,
)
from loyalty.shop.shop import Shop
from loyalty.store.recommendations import save_recommendations
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

ROOT = Path(__file__).resolve().parents[2]
AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def sample(sample_orders_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with Shop.open(
        shutil.copytree(sample_orders_folder, tmp_path_factory.mktemp("sample") / "shop")
    ) as opened:
        yield opened


@pytest.fixture(scope="module")
def inputs(sample: Shop) -> RecommendationInputs:
    return load_inputs(sample.database.reader(), AS_OF)


def test_planted_pairs_go_together_first(sample: Shop, inputs: RecommendationInputs) -> None:
    """Each planted pair is the first companion of both its products; no other pair comes near their lift."""
    recommender = build_recommender(inputs, evaluate_outcomes(sample.database.reader(), inputs))
    products = list(inputs.data.products)
    planted = json.loads((ROOT / "sample_data" / "truth" / "pairs.json").read_text(encoding="utf-8"))[
        "planted"
    ]
    for pair in planted:
        for left, right in ((pair["name_a"], pair["name_b"]), (pair["name_b"], pair["name_a"])):
            first = pairs_of_product(recommender.pairs, products.index(left)).iloc[0]
            assert products[int(first["right"])] == right
        both = pairs_of_product(recommender.pairs, products.index(pair["name_a"])).iloc[0]
        assert both["count"] == pair["together"]
        assert both["confidence"] == pytest.approx(pair["confidence_a_to_b"], abs=1e-6)


def test_planted_pairs_are_recommended_with_their_reason(sample: Shop, inputs: RecommendationInputs) -> None:
    """Whoever has the dripper and no filters yet is offered filters, because of the dripper."""
    outcomes = evaluate_outcomes(sample.database.reader(), inputs)
    suggested = suggest_for_all(build_recommender(inputs, outcomes), outcomes, AS_OF, ["discover"])
    had = inputs.frame.dropna(subset=["customer_id"]).groupby("customer_id")["product"].agg(set)
    lacking = {
        who for who, what in had.items() if "Ceramic Dripper" in what and "Paper Filters (100)" not in what
    }
    offered = suggested[
        (suggested["product"] == "Paper Filters (100)") & suggested["customer_id"].isin(lacking)
    ]
    assert len(offered) >= 0.9 * len(lacking) > 10
    because = offered[offered["reason"] == "together"]["because"]
    assert set(because) == {"Ceramic Dripper"}
    assert len(because) >= 0.5 * len(offered)  # of first-timers it may be said that filters bring people back


def test_methods_beat_what_is_popular_on_the_sample_shop(inputs: RecommendationInputs) -> None:
    assert inputs.model_selection.discover != RECENT
    assert inputs.model_selection.days == 60
    names = list(eligible_arms(inputs.model_selection))
    assert names[-1] == RECENT
    assert 2 <= len(names) <= 3


def test_one_customer_reads_the_same_as_among_all(sample: Shop, inputs: RecommendationInputs) -> None:
    outcomes = evaluate_outcomes(sample.database.reader(), inputs)
    recommender = build_recommender(inputs, outcomes)
    everyone = suggest_for_all(recommender, outcomes, AS_OF)
    for customer in inputs.data.customers[::400]:
        one = suggest_for_customer(recommender, outcomes, AS_OF, customer)
        same = everyone[everyone["customer_id"] == customer].reset_index(drop=True)
        pd.testing.assert_frame_equal(one, same, rtol=1e-4)
    with pytest.raises(NoSuchCustomer):
        suggest_for_customer(recommender, outcomes, AS_OF, "nobody")


def test_whoever_wants_nothing_is_left_out(sample: Shop, inputs: RecommendationInputs) -> None:
    outcomes = evaluate_outcomes(sample.database.reader(), inputs)
    recommender = build_recommender(inputs, outcomes)
    first = str(inputs.data.customers[0])
    assert first not in set(suggest_for_all(recommender, outcomes, AS_OF, leave_out=[first])["customer_id"])
    with pytest.raises(ContactRefused, match="does not want to be written to"):
        suggest_for_customer(recommender, outcomes, AS_OF, first, leave_out=[first])


def test_the_loop_from_a_list_to_its_outcome(tmp_path: Path) -> None:
    """Lists of April; in May Ann buys what was recommended, Bob does not: one of two taken, and the belief follows."""
    rows = []
    for number, (customer, day, product) in enumerate(
        [("Ann", "2026-03-01", "Tea"), ("Bob", "2026-03-02", "Tea"), ("Cid", "2026-03-03", "Mug"), ("Ann", "2026-05-02", "Mug"),
         ("Cid", "2026-06-30", "Tea")], start=1,
    ):  # fmt: skip
        rows.append(
            {
                **generic_row(1, "", product, "1", "4.00"),
                "Invoice No": str(number),
                "Customer": customer,
                "Date": day,
            }
        )
    with Shop.open(tmp_path / "shop") as opened:
        bring(opened, save(tmp_path, "a.csv", text_of(GENERIC, rows)))
        april = load_inputs(opened.database.reader(), dt.date(2026, 4, 20))
        outcomes = evaluate_outcomes(opened.database.reader(), april)
        assert outcomes.outcomes.empty
        lists = suggest_for_all(build_recommender(april, outcomes), outcomes, april.as_of, ["discover"])
        assert list(zip(lists["product"], lists["method"], strict=True)) == [("Mug", RECENT)] * 2 + [
            ("Tea", RECENT)
        ]
        save_recommendations(opened.database, lists, dt.datetime(2026, 4, 20, 9))
        june = load_inputs(opened.database.reader(), dt.date(2026, 6, 30))
        after = evaluate_outcomes(opened.database.reader(), june)
        assert after.by_method[["recommended", "decided", "taken"]].to_numpy().tolist() == [[3, 3, 1]]
        before, now = outcomes.posteriors[RECENT], after.posteriors[RECENT]
        assert now[0] + now[1] == pytest.approx(before[0] + before[1] + 3)
        assert after.shares == {RECENT: 1.0}


def test_sales_without_names_or_products(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as opened:
        with pytest.raises(NoProductPurchases):
            load_inputs(opened.database.reader(), AS_OF)
        nobody = {**generic_row(1, "", "Tea", "1", "4.00"), "Customer": ""}
        bring(opened, save(tmp_path, "a.csv", text_of(GENERIC, [nobody])))
        with pytest.raises(NoProductPurchases):
            load_inputs(opened.database.reader(), AS_OF)


def test_one_basket_is_a_shop_too(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as opened:
        bring(
            opened,
            save(
                tmp_path,
                "a.csv",
                text_of(GENERIC, [{**generic_row(1, "", "Tea", "1", "4.00"), "Customer": "Ann"}]),
            ),
        )
        inputs = load_inputs(opened.database.reader(), AS_OF)
        outcomes = evaluate_outcomes(opened.database.reader(), inputs)
        assert len(suggest_for_all(build_recommender(inputs, outcomes), outcomes, AS_OF)) <= 1
