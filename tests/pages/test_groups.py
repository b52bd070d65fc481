"""The views of Segments and Products: the map, who moved, who is where, one click to coupons; rules, bundles; a tiny shop."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from loyalty.facts.events import consents
from loyalty.shop.shop import Shop
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of
from tests.pages.conftest import START, opened

HAN = re.compile(r"[\u4e00-\u9fff]")


def page(app: AppTest, name: str, tab: str = "") -> AppTest:
    app.switch_page(f"pages/{name}/page.py").run()
    if tab:
        app.session_state[f"{name}-tabs"] = tab
        app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info))


def test_the_map_says_how_its_axes_go_together(sampled: START) -> None:
    app = page(sampled(), "segments")
    assert "The higher “days since the last purchase”, the lower “net revenue so far”" in said(app)
    app.selectbox(key="segment-x").set_value("frequency").run()
    assert "The higher “number of orders”, the higher “net revenue so far”" in said(app)


def test_profiles_are_beside_the_shops_mean(sampled: START) -> None:
    assert "Best customers spend 5.0 times as much as the shop's mean" in said(
        page(sampled(), "segments", "How groups differ")
    )


def test_who_moved_up_and_who_slipped(sampled: START) -> None:
    app = page(sampled(), "segments", "Who moved")
    found = re.search(r"\*\*(\d+) moved up, (\d+) slipped, ([\d,]+) stayed, (\d+) are new\*\*", said(app))
    assert found
    up, down, same, new = (int(number.replace(",", "")) for number in found.groups())
    assert up + down + same + new == 1535
    for view, number in (("down", down), ("up", up), ("new", new)):
        app.get_by_key("segment-moved").set_value(view).run()
        table = app.dataframe[0].value
        assert len(table) == number
        assert table["Spent"].is_monotonic_decreasing
        if view != "new":
            assert (table["Was in"] != table["Is in"]).all()


def test_one_click_makes_a_group_the_audience_of_a_list(sampled: START) -> None:
    app = page(sampled(), "segments", "Who is in which group")
    groups = app.multiselect(key="segment-only")
    groups.select("Best customers").run()
    assert len(app.dataframe[0].value) == 143
    assert set(app.dataframe[0].value["Segment"]) == {"Best customers"}
    app.button(key="audience-members").click().run()
    assert not app.exception
    chosen = app.session_state["audience"]
    assert (len(chosen.customer_ids), chosen.name) == (143, "Best customers")


@pytest.mark.parametrize("tab", ["顾客分布图", "各群有何不同", "谁换了群", "谁在哪一群"])
def test_every_view_of_segments_in_chinese(sampled: START, tab: str) -> None:
    assert HAN.search(said(page(sampled("zh-CN"), "segments", tab)))


def test_rules_by_day_by_category_and_one_after_the_other(sampled: START) -> None:
    app = page(sampled(), "products")
    app.get_by_key("rule-kind").set_value("day").run()
    assert len(app.dataframe[0].value) == 6
    app.get_by_key("rule-level").set_value("category").run()
    assert "Stall pastries → Stall drinks" in said(app)
    app.get_by_key("rule-kind").set_value("window").run()
    app.get_by_key("rule-level").set_value("product").run()
    assert not app.exception
    assert "After no product do customers buy another" in said(app)


@pytest.mark.parametrize("view", ["As a picture", "As a heat map"])
def test_rules_as_pictures(sampled: START, view: str) -> None:
    app = page(sampled(), "products")
    app.get_by_key("rule-view").set_value(view).run()
    assert not app.exception
    assert "**Ceramic Dripper and Paper Filters (100) go together more than any others**" in said(app)


def test_a_margin_gives_each_bundle_a_price(sampled: START) -> None:
    app = page(sampled(), "products", "Bundles")
    assert "Give your margin" in said(app)
    app.slider(key="bundle-margin-0").set_value(60).run()
    assert not app.exception
    assert "Give your margin" not in said(app)
    assert said(app).count("of the price is left after the cost of goods") == 3


def test_every_task_has_its_finding_and_its_figures(sampled: START) -> None:
    app = page(sampled(), "products", "How good the suggestions are")
    app.get_by_key("offer-task").set_value("repeat_").run()
    app.get_by_key("offer-length").set_value(5).run()
    assert not app.exception
    assert "Of 100 products that were bought again, 5 suggestions held" in said(app)
    table = app.dataframe[-1].value
    for figure in ("Found of it (recall)", "Weighed by place (NDCG)", "At least one right (hit rate)"):
        assert (table[f"{figure}, from"] <= table[figure]).all()
        assert (table[figure] <= table[f"{figure}, to"]).all()


@pytest.fixture(scope="module")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of 30 customers and 40 products."""
    folder = tmp_path_factory.mktemp("small")
    chance, rows = random.Random(1), []
    for order in range(90):
        day = dt.date(2025, 1, 1) + dt.timedelta(days=3 * order)
        for product in chance.sample(range(40), 2):
            own = {"Invoice No": f"o{order:02d}", "Customer": f"c{order % 30:02d}", "Date": day.isoformat()}
            rows.append({**generic_row(1, "", f"Item {product:02d}", "1", "6.00"), **own})
    with Shop.open(folder / "shop") as shop:
        bring(shop, save(folder, "small.csv", text_of(GENERIC, rows)))
    return folder / "shop"


@pytest.mark.parametrize(
    ("name", "tab", "words"),
    [
        (
            "segments",
            "",
            "groups found by themselves become firm from about 300 customers, and the number so far is 30",
        ),
        ("segments", "Who moved", "moved up"),
        ("segments", "Who is in which group", "30 customers"),
        ("products", "Bought together", "No two products were bought together in 5 or more orders yet"),
        ("products", "Bundles", "There is no bundle to suggest yet"),
        (
            "products",
            "For whom what",
            "No method found what is new to a customer better than “popular of late”",
        ),
        ("products", "How good the suggestions are", "The last order of each of 30 customers was kept back"),
    ],
)
def test_thirty_customers_and_forty_products_get_sensible_words(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, tab: str, words: str
) -> None:
    monkeypatch.setenv("LOYALTY_SHOP", str(small_folder))
    app = page(opened(), name, tab)
    shown = said(app)
    assert words in shown or (tab == "Who is in which group" and len(app.dataframe[0].value) == 30)
    assert "nan" not in shown.lower()


def test_refused_addresses_stand_on_no_list_of_members(
    sampled: START, sample_shop_folder: Path, tmp_path: Path
) -> None:
    app = page(sampled(), "segments", "Who is in which group")
    table = next(
        shown.value for shown in app.dataframe if {"E-mail", "Customer number"} <= set(shown.value.columns)
    )
    with Shop.open(shutil.copytree(sample_shop_folder, tmp_path / "copy")) as shop:
        told = consents(shop.database.reader())
    refused = set(told.loc[(told["medium"] == "email") & ~told["granted"].astype(bool), "customer_id"])
    said_no = table["Customer number"].isin(refused)
    assert said_no.any()
    assert (table.loc[said_no, "E-mail"] == "").all()
    assert (table.loc[~said_no, "E-mail"] != "").any()
