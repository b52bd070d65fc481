"""Money on the pages: counts before an import, one sale through two doors, sales that wait for a rate, the table of rates."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from loyalty.shop.shop import Shop
from loyalty.store import rates
from loyalty.store.errors import BadMonth, NotACurrency, TwoRates
from loyalty.store.rates import Rate, parse_rate
from tests.intake.builders import SHOPIFY, bring, save, shopify_rows, text_of
from tests.pages.conftest import START
from tests.store.currencies import TABLE, both, bring_sales, orders_of, payments_of, sale
from ui.exchange_rates import editable, entered

PAGES = ("home", "data", "customers", "segments", "products", "rewards", "settings")


def filled(tmp_path: Path, *texts: str) -> None:
    """A shop with files in it, before the app opens it."""
    with Shop.open(tmp_path / "shop") as shop:
        for place, text in enumerate(texts):
            bring(shop, save(tmp_path, f"{place}.csv", text))


def dropped(start: START, name: str, text: str) -> AppTest:
    """The Data page with a file dropped on it."""
    app = start(page="data")
    app.file_uploader(key="uploads").upload(name, text.encode())
    app.run()
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    """All running text of the page."""
    return "\n".join(
        text.value for text in (*app.markdown, *app.warning, *app.info, *app.success, *app.error)
    )


def test_a_file_is_counted_before_it_is_taken_in(start: START, tmp_path: Path) -> None:
    rows = shopify_rows()
    filled(tmp_path, text_of(SHOPIFY, rows[:3]))
    bad = [{**rows[5], "Name": "#77", "Subtotal": "many", "Created at": "2025-03-08 10:00:00"}]
    app = dropped(start, "orders.csv", text_of(SHOPIFY, [*rows, *bad]))
    said = told(app)
    assert "7 rows are new · 3 are known already · 1 will be set aside" in said
    assert "From 1 Mar 2025 to 9 Mar 2025" in said
    assert "4 sales worth €56.00" in said
    assert "line 12: “many” is not a number" in said
    assert app.title[0].value == "2 orders of 2 known customers are in"
    app.run()
    app.button(key="file-0-take").click().run()
    assert app.title[0].value == "4 orders of 2 known customers are in"


def test_the_same_sale_through_two_doors_is_asked_once_and_may_be_undone(
    start: START, tmp_path: Path
) -> None:
    sales = both()
    filled(tmp_path, orders_of(sales))
    app = dropped(start, "stripe.csv", payments_of(sales))
    assert app.button(key="file-0-take").disabled
    control = app.get_by_key("file-0-same_sale:shopify")
    assert (
        control.label
        == "40 of 40 payments in this file look like sales that you already have from Shopify. Count them once?"
    )
    control.set_value("same").run()
    assert "40 sales are told by another channel as well and count once." in told(app)
    assert not app.button(key="file-0-take").disabled
    app.button(key="file-0-take").click().run()
    assert app.title[0].value.startswith("40 orders")
    assert "Stripe and Shopify tell the same sales" in told(app)
    app.button(key="door-stripe-shopify").click().run()
    assert app.title[0].value.startswith("80 orders")
    app.button(key="door-stripe-shopify").click().run()
    assert app.title[0].value.startswith("40 orders")


@pytest.mark.parametrize("page", ["home", "data"])
def test_sales_that_wait_are_shown_with_fields_for_their_rate(
    page: str, start: START, tmp_path: Path
) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        bring_sales(
            shop,
            tmp_path,
            "a",
            [
                sale(1, "2025-03-03", "10.00", "EUR"),
                sale(2, "2025-04-04", "20.00", "EUR"),
                sale(3, "2025-04-04", "7.00", "USD"),
            ],
        )
    app = start(page="" if page == "home" else page)
    assert "2 sales in EUR wait for a rate from Mar 2025 on; no figure counts them yet." in told(app)
    app.text_input(key="rate-EUR").set_value("1,08")
    app.button(key="rates-save").click().run()
    assert "“1,08” is no exchange rate" in told(app)
    app.text_input(key="rate-EUR").set_value("1.5")
    app.text_input(key="rate-month-EUR").set_value("2025-04")
    app.button(key="rates-save").click().run()
    assert not app.exception
    assert "1 sale in EUR waits for a rate from Mar 2025 on; no figure counts it yet." in told(app)
    app.text_input(key="rate-EUR").set_value("1.2")
    app.text_input(key="rate-month-EUR").set_value("2025-03")
    app.button(key="rates-save").click().run()
    assert "for a rate from" not in told(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_while_all_sales_wait(page: str, start: START, tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        bring_sales(
            shop,
            tmp_path,
            "a",
            [sale(1, "2025-03-03", "10.00", "EUR"), sale(2, "2025-04-04", "20.00", "EUR")],
        )
    app = start(page="" if page == "home" else page)
    assert not app.exception


def test_settings_hold_the_table_of_rates(start: START, tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        bring_sales(
            shop,
            tmp_path,
            "a",
            [sale(1, "2025-03-03", "10.00", "EUR"), sale(2, "2025-04-04", "20.00", "USD")],
        )
        rates.save_rates(shop.database, [parse_rate("GBP", "2025-01", "1.3", "USD")])
    app = start(page="settings")
    assert not app.exception
    assert "1 sale in EUR waits for a rate from Mar 2025 on; no figure counts it yet." in told(app)
    assert [heading.value for heading in app.subheader] == ["Exchange rates"]


def test_a_shop_without_a_currency_is_not_given_one_by_saving_its_name(start: START, tmp_path: Path) -> None:
    app = start(page="settings")
    app.text_input(key="set-name").set_value("Tea & Co")
    app.button(key="set-save").click().run()
    assert not app.exception
    with_currency = (tmp_path / "shop" / "settings.json").read_text("utf-8")
    assert '"currency": ""' in with_currency


def test_the_table_to_fill_in_has_a_row_for_each_missing_rate() -> None:
    from loyalty.shop.import_sentences import Waiting

    month = datetime(2025, 3, 1).date()
    frame = editable([parse_rate("GBP", "2025-01", "1.3", "USD")], [Waiting("EUR", 2, month)])
    assert frame[["currency", "month"]].to_numpy().tolist() == [["EUR", "2025-03"], ["GBP", "2025-01"]]
    assert frame["rate"].isna().tolist() == [True, False]
    edited = [
        {"currency": "EUR", "month": "2025-03", "rate": 1.08375},
        {"currency": "GBP", "month": "2025-01", "rate": None},
        {"currency": None, "month": None, "rate": float("nan")},
    ]
    assert entered(edited, "USD") == [parse_rate("EUR", "2025-03", "1.08375", "USD")]
    assert entered([{"currency": "IDR", "month": "2025-03", "rate": 0.00006}], "USD") == [
        parse_rate("IDR", "2025-03", "0.00006", "USD")
    ]
    with pytest.raises(NotACurrency):
        entered([{"currency": None, "month": "2025-03", "rate": 1.0}], "USD")
    with pytest.raises(BadMonth):
        entered([{"currency": "EUR", "month": "March", "rate": 1.0}], "USD")


def test_rates_of_the_table_replace_all(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        twice = [{"currency": "EUR", "month": "2025-03", "rate": rate} for rate in (1.0, 1.1)]
        with pytest.raises(TwoRates):
            rates.replace_rates(shop.database, "USD", entered(twice, "USD"))
        rates.replace_rates(shop.database, "USD", entered(twice[:1], "USD"))
        assert [type(rate) for rate in rates.saved_rates(shop.database, "USD")] == [Rate]


def test_a_table_alone_needs_no_word(start: START) -> None:
    """Nothing is asked of other channels where there is none."""
    app = dropped(
        start, "a.csv", text_of(TABLE, [sale(n, f"2025-03-{n:02d}", f"{n}.00") for n in range(1, 9)])
    )
    assert not app.button(key="file-0-take").disabled
    assert "8 rows are new" in told(app)
