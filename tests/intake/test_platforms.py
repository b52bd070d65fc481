"""Every platform's export tells the same story, however its columns stand; expected figures are worked in `builders`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loyalty.intake.decisions import Answers
from loyalty.shop.shop import Shop
from loyalty.store.rates import parse_rate, save_rates
from tests.intake.builders import (
    GENERIC,
    LAYOUTS,
    SHOPIFY,
    SQUARE_35,
    STAMP,
    STORY,
    bring,
    figures,
    generic_row,
    lines,
    nets,
    save,
    shopify_order,
    square_row,
    square_rows,
    text_of,
)

TWO_PRODUCTS = {
    "shopify": ("#1001", [("Mug, blue", 2.0, 16.0), ("Jasmine Tea - 50 g", 1.0, 5.0)]),
    "square": ("T1001", [("Mug, blue", 2.0, 14.0), ("Jasmine Tea", 1.0, 5.0)]),
    "square-2017": ("T1001", [("Mug, blue", 2.0, 14.0), ("Jasmine Tea", 1.0, 5.0)]),
    "woocommerce-webtoffee": ("1001", [("Jasmine Tea", 1.0, 5.0), ("Mug, blue", 2.0, 14.0)]),
    "woocommerce-algolplus": ("1001", [("Mug, blue", 2.0, 14.0), ("Jasmine Tea", 1.0, 5.0)]),
    "taobao": ("35153131473291001", [("茉莉花茶", None, None), ("蓝色马克杯", None, None)]),
    "youzan": ("E202605252205430651001", [("茉莉花茶", 1.0, None), ("蓝色马克杯", 2.0, None)]),
    "generic": ("00001", [("Mug, blue", 2.0, 14.0), ("Jasmine Tea", 1.0, 5.0)]),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_story_s_figures(name: str, tmp_path: Path, shop: Shop) -> None:
    header, rows, encoding, _ = LAYOUTS[name]
    record = bring(shop, save(tmp_path, "export.csv", text_of(header, rows), encoding))
    assert record.source == name.removesuffix("-2017")
    assert (record.rows, record.accepted, record.rejected) == (len(rows), len(rows), 0)
    assert figures(shop) == STORY
    order_id, products = TWO_PRODUCTS[name]
    assert lines(shop, order_id) == products


@pytest.mark.parametrize("name", LAYOUTS)
def test_columns_may_move_be_added_or_be_missing(name: str, tmp_path: Path, shop: Shop) -> None:
    header, rows, encoding, optional = LAYOUTS[name]
    moved = ["My own note", *reversed([column for column in header if column not in (optional, "")])]
    shortened_rows = [{k: v for k, v in row.items() if k != optional} for row in rows]
    bring(shop, save(tmp_path, "export.csv", text_of(moved, shortened_rows), encoding))
    assert figures(shop) == STORY


def test_each_order_is_worth_what_was_paid_for_its_goods(tmp_path: Path, shop: Shop) -> None:
    header, rows, _, _ = LAYOUTS["shopify"]
    bring(shop, save(tmp_path, "export.csv", text_of(header, rows)))
    assert nets(shop) == {
        "#1001": 19.0,
        "#1002": 5.0,
        "#1003": 30.0 - 10.0,
        "#1004": 0.0,
        "#1005": 0.0,
        "#1006": 12.0,
        "#1007": 0.0,
        "#1008": 0.0,
        "#1009": 0.0,
    }
    assert shop.settings.currency == "EUR"


def test_tax_within_shopify_prices_is_taken_out(tmp_path: Path, shop: Shop) -> None:
    """Subtotal 12.00 + shipping 3.00 = total 15.00: the tax of 2.00 is inside, so the goods are 10.00."""
    rows = shopify_order(
        1001,
        "ann@example.com",
        ("Tea", "1", "12.00"),
        Subtotal="12.00",
        Shipping="3.00",
        Taxes="2.00",
        Total="15.00",
    )
    bring(shop, save(tmp_path, "export.csv", text_of(SHOPIFY, rows)))
    assert nets(shop) == {"#1001": 10.0}


def test_an_old_shopify_file_stops_after_the_cancellation(tmp_path: Path, shop: Shop) -> None:
    header, rows, _, _ = LAYOUTS["shopify"]
    old = header[: header.index("Cancelled at") + 1]
    gone = {"Refunded Amount", "Vendor"}
    bring(
        shop,
        save(
            tmp_path,
            "export.csv",
            text_of(old, [{k: v for k, v in r.items() if k not in gone} for r in rows]),
        ),
    )
    customers, orders, revenue, *_ = figures(shop)
    assert (customers, orders, revenue) == (
        2,
        5,
        56.0 + 10.0 + 6.0,
    )  # nothing says what was given back in part


def test_a_refund_of_an_unseen_sale_reduces_revenue_and_is_no_purchase(tmp_path: Path, shop: Shop) -> None:
    rows = [*square_rows(), square_row(1010, "ZOE", "Gift Box", "-1.0", "-$7.00", Event_Type="Refund")]
    bring(shop, save(tmp_path, "export.csv", text_of(SQUARE_35, rows)))
    assert figures(shop) == (2, 4, 56.0 - 7.0, 1, 1)


def test_one_person_is_one_customer_across_platforms(tmp_path: Path, shop: Shop) -> None:
    """An e-mail is the same person in any case and on any platform; the id itself holds no letter of it."""
    for name in ("shopify", "woocommerce-webtoffee"):
        header, rows, encoding, _ = LAYOUTS[name]
        bring(shop, save(tmp_path, f"{name}.csv", text_of(header, rows), encoding))
    assert figures(shop) == (2, 8, 112.0, 2, 2)
    ids = [
        row[0] for row in shop.database.cursor().execute("SELECT DISTINCT customer_id FROM orders").fetchall()
    ]
    assert all(i is None or re.fullmatch(r"c[a-z2-7]{14}", i) for i in ids)  # a hash, not an address
    bob = shop.database.cursor().execute("SELECT email FROM contacts WHERE email LIKE 'bob%'").fetchall()
    assert bob == [("bob@example.com",)]


def test_sales_without_an_order_number_are_counted_by_occurrence(tmp_path: Path, shop: Shop) -> None:
    sale = {"who": "Ann", "when": "2025-03-04", "paid": "5.00"}
    path = save(
        tmp_path, "sales.csv", text_of(["who", "when", "paid"], [sale, sale, {**sale, "paid": "6.00"}])
    )
    answers = Answers(mapping={"customer_id": "who", "ordered_at": "when", "total": "paid"})
    bring(shop, path, answers)
    assert figures(shop) == (1, 3, 16.0, 0, 1)


def test_a_total_that_differs_within_an_order_is_a_line_amount(tmp_path: Path, shop: Shop) -> None:
    header = ["order_id", "customer", "date", "total"]
    rows = [
        {"order_id": "1", "customer": "Ann", "date": "2025-03-04", "total": "5.00"},
        {"order_id": "1", "customer": "Ann", "date": "2025-03-04", "total": "7.00"},
        {"order_id": "2", "customer": "Bob", "date": "2025-03-05", "total": "1.00"},
    ]
    with shop.open_import(save(tmp_path, "sales.csv", text_of(header, rows))) as file:
        assert [note.english() for note in file.plan.notes] == [
            "“total” differs between rows of one order, so it is read as the amount of each row."
        ]
        file.run(STAMP)
    assert nets(shop) == {"1": 12.0, "2": 1.0}


def test_an_order_total_repeated_on_each_row_counts_once(tmp_path: Path, shop: Shop) -> None:
    header = ["order_id", "customer", "date", "product", "total"]
    rows = [
        dict(zip(header, ("1", "Ann", "2025-03-04", name, "12.00"), strict=True)) for name in ("Tea", "Mug")
    ]
    bring(shop, save(tmp_path, "sales.csv", text_of(header, rows)))
    assert nets(shop) == {"1": 12.0}


def test_sales_in_another_currency_are_imported_and_wait_for_a_rate(tmp_path: Path, shop: Shop) -> None:
    header, rows, encoding, _ = LAYOUTS["shopify"]
    bring(shop, save(tmp_path, "euros.csv", text_of(header, rows), encoding))
    header, rows, encoding, _ = LAYOUTS["taobao"]
    record = bring(shop, save(tmp_path, "yuan.csv", text_of(header, rows), encoding))
    assert (record.accepted, record.rejected) == (8, 0)
    assert figures(shop) == STORY
    save_rates(shop.database, [parse_rate("CNY", "2025-01", "0.125", "EUR")])
    assert figures(shop)[2] == STORY[2] * 1.125


def test_an_unknown_status_is_asked_and_the_answer_kept(tmp_path: Path, shop: Shop) -> None:
    rows = [
        generic_row(1, "Ann", "Tea", "1", "5.00", Status="beamed up"),
        generic_row(2, "Ann", "Tea", "1", "6.00"),
    ]
    path = save(tmp_path, "sales.csv", text_of(GENERIC, rows))
    with shop.open_import(path) as file:
        (question,) = file.plan.questions
        assert question.key == "status:beamed up"
        assert question.text.english() == "The status “beamed up” is not known: does it mean a paid sale?"
        file.answer(Answers(statuses={"beamed up": "cancelled"}))
        assert file.plan.questions == ()
        file.run(STAMP)
    assert nets(shop) == {"00001": 0.0, "00002": 6.0}
    later = [generic_row(3, "Ann", "Tea", "1", "5.00", Status="Beamed Up")]
    bring(shop, save(tmp_path, "later.csv", text_of(GENERIC, later)))
    assert nets(shop)["00003"] == 0.0


def test_a_shopify_order_gives_its_buyer_s_consent(tmp_path: Path, shop: Shop) -> None:
    """Only an order's first row says it; the last order of each is right: Ann's third says no."""
    header, rows, _, _ = LAYOUTS["shopify"]
    consents = {"#1001": "yes", "#1002": "yes", "#1003": "no", "#1005": "yes"}
    answered_rows = [
        {**row, "Accepts Marketing": consents.get(row["Name"], "")} if row.get("Email") else row
        for row in rows
    ]
    record = bring(shop, save(tmp_path, "export.csv", text_of(header, answered_rows)))
    assert record.rejected == 0
    rows_read = shop.database.cursor().execute(
        "SELECT email, medium, granted, stated_at::DATE::VARCHAR, source FROM consents JOIN contacts USING (customer_id) ORDER BY 1"
    )
    assert rows_read.fetchall() == [
        ("ann@example.com", "email", False, "2025-03-03", "shopify"),
        ("bob@example.com", "email", True, "2025-03-05", "shopify"),
    ]
    assert figures(shop) == STORY


def test_a_youzan_order_gives_its_buyer_s_acquisition_channel(tmp_path: Path, shop: Shop) -> None:
    header, rows, encoding, _ = LAYOUTS["youzan"]
    answered_rows = [{**row, "推广方式": "直播" if row["订单号"].endswith("1001") else "无"} for row in rows]
    bring(shop, save(tmp_path, "export.csv", text_of(header, answered_rows), encoding))
    assert shop.database.cursor().execute(
        "SELECT acquired_via, first_seen::DATE::VARCHAR FROM customers"
    ).fetchall() == [("直播", "2025-03-01")]
    assert figures(shop) == STORY
