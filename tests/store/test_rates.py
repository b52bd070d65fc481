"""Exchange rates: each holds from its month on, sales before the first wait, sums are exact, and all is undone."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.errors import OwnerError
from loyalty.facts import baskets, events, orders
from loyalty.intake.decisions import Answers
from loyalty.shop.settings import Settings, save
from loyalty.shop.shop import Shop
from loyalty.store import rates
from loyalty.store.database import FILE
from loyalty.store.errors import (
    BadMonth,
    BadRate,
    NoHomeCurrency,
    NoSuchRate,
    NotACurrency,
    OwnCurrency,
    TwoRates,
)
from loyalty.store.rates import Rate, parse_rate
from loyalty.store.schema import MIGRATIONS
from tests.intake.builders import STAMP, bring, text_of
from tests.intake.builders import save as write
from tests.store.currencies import bring_sales, exact, sale

MARCH = dt.date(2025, 3, 1)


def euro(month: str, rate: str) -> Rate:
    """A rate from euros to dollars."""
    return parse_rate("EUR", month, rate, "USD")


def test_a_rate_holds_from_its_month_until_the_next(tmp_path: Path, shop: Shop) -> None:
    rows = [
        sale(n, day, "100.00", "EUR")
        for n, day in enumerate(("2025-02-28", "2025-03-01", "2025-04-30 23:59", "2025-05-01", "2026-01-05"))
    ]
    bring_sales(shop, tmp_path, "a", [*rows, sale(9, "2025-02-28", "7.00", "USD")])
    rates.save_rates(shop.database, [euro("2025-05", "1.05"), euro("2025-03", "1.10")])
    assert exact(shop) == {
        "A0": None,
        "A1": Decimal("110.000000"),
        "A2": Decimal("110.000000"),
        "A3": Decimal("105.000000"),
        "A4": Decimal("105.000000"),
        "A9": Decimal("7.000000"),
    }
    result = orders.unconverted_sales(shop.database.reader())
    assert result.to_dict("records") == [{"currency": "EUR", "month": dt.datetime(2025, 2, 1), "sales": 1}]
    assert orders.totals(shop.database.reader(), dt.date(2026, 12, 31)).revenue == 2 * 110 + 2 * 105 + 7


def test_amounts_are_multiplied_exactly(tmp_path: Path, shop: Shop) -> None:
    """33.33 × 1.08375123 = 36.1214284959, to six decimals; in floating point the last digits would differ."""
    bring_sales(
        shop,
        tmp_path,
        "a",
        [
            sale(1, "2025-03-04", "33.33", "EUR"),
            sale(2, "2025-03-04", "0.01", "IDR"),
            sale(3, "2025-03-04", "1", "USD"),
        ],
    )
    rates.save_rates(
        shop.database, [euro("2025-01", "1.08375123"), parse_rate("IDR", "2025-01", "0.00006", "USD")]
    )
    assert exact(shop) == {
        "A1": (Decimal("33.33") * Decimal("1.08375123")).quantize(Decimal("0.000001")),
        "A2": Decimal("0.000001"),
        "A3": Decimal("1.000000"),
    }


def test_a_refund_converts_at_the_month_of_its_order(tmp_path: Path, shop: Shop) -> None:
    """100.00 in February at 1.10; the export of April shows 40.00 of it given back: 60 × 1.10, whatever April's rate."""
    rates_known = [euro("2025-02", "1.10"), euro("2025-04", "2.00")]
    bring_sales(
        shop, tmp_path, "a", [sale(1, "2025-02-03", "100.00", "EUR"), sale(2, "2025-02-03", "1", "USD")]
    )
    rates.save_rates(shop.database, rates_known)
    before = shop.database.fingerprint()
    later = bring_sales(
        shop,
        tmp_path,
        "b",
        [sale(1, "2025-02-03", "100.00", "EUR", Refunded="40.00"), sale(3, "2025-04-03", "1", "EUR")],
    )
    assert exact(shop) == {"A1": Decimal("66.000000"), "A2": Decimal("1.000000"), "A3": Decimal("2.000000")}
    shop.undo(later, STAMP)
    assert shop.database.fingerprint() == before


def test_products_and_customers_are_in_the_shop_s_currency(tmp_path: Path, shop: Shop) -> None:
    bring_sales(
        shop,
        tmp_path,
        "a",
        [
            sale(1, "2025-03-03", "10.00", "EUR"),
            sale(2, "2025-03-04", "3.00", "USD"),
            sale(3, "2025-01-04", "9.00", "EUR"),
        ],
    )
    rates.save_rates(shop.database, [euro("2025-03", "1.5")])
    months = orders.months(shop.database.reader(), dt.date(2025, 12, 31))
    assert months[["orders", "revenue", "customers"]].to_dict("records") == [
        {"orders": 2, "revenue": 10 * 1.5 + 3, "customers": 1}
    ]
    result = baskets.products(shop.database.reader(), dt.date(2025, 12, 31))
    assert result["orders"].tolist() == [2]


def test_lines_convert_with_their_order(tmp_path: Path, shop: Shop) -> None:
    """Two teas at 4.00 and a mug at 6.00 in euros, a tea at 5.00 in dollars; one euro is 1.25 dollars."""
    header = ["order_id", "date", "product", "quantity", "unit price", "currency"]
    rows = [
        ("1", "2025-03-01", "Tea", "2", "4.00", "EUR"),
        ("1", "2025-03-01", "Mug", "1", "6.00", "EUR"),
        ("2", "2025-03-02", "Tea", "1", "5.00", "USD"),
    ]
    text = text_of(header, [dict(zip(header, row, strict=True)) for row in rows])
    bring(shop, write(tmp_path, "l.csv", text), Answers(currency="USD"))
    rates.save_rates(shop.database, [euro("2025-01", "1.25")])
    result = (
        baskets.products(shop.database.reader(), dt.date(2025, 12, 31))
        .set_index("product")["revenue"]
        .to_dict()
    )
    assert result == {"Tea": 2 * 4 * 1.25 + 5, "Mug": 6 * 1.25}


amounts = st.lists(
    st.tuples(st.integers(-5000, 500_000), st.sampled_from(["EUR", "USD", ""]), st.integers(1, 28)),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, derandomize=True, max_examples=10)
@given(amounts=amounts)
def test_a_rate_of_one_changes_nothing(
    amounts: list[tuple[int, str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The same sales in euros at 1, and all in dollars: equal figures."""
    folder = tmp_path_factory.mktemp("one")
    result = []
    for name, turn in (("euros", lambda code: code), ("dollars", lambda code: "USD" if code else "")):
        with Shop.open(folder / name) as shop:
            rows = [
                sale(n, f"2025-03-{day:02d}", str(Decimal(cents) / 100), turn(code))
                for n, (cents, code, day) in enumerate(amounts)
            ]
            bring_sales(shop, folder, name, [*rows, sale(99, "2025-03-01", "1.00", "USD")])
            if name == "euros":
                rates.save_rates(shop.database, [euro("2025-03", "1")])
            totals = orders.totals(shop.database.reader(), dt.date(2025, 12, 31))
            result.append((exact(shop), replace(totals, revenue=round(totals.revenue, 6))))
    assert result[0] == result[1]


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_files_and_rates_does_not_matter(seed: int, tmp_path: Path) -> None:
    """Three files and three rates in a random order, and one of the files undone and taken in again."""
    chance = random.Random(seed)
    files = {
        name: [
            sale(
                10 * place + n,
                f"2025-{chance.randint(1, 6):02d}-05",
                f"{chance.randint(1, 99)}.50",
                chance.choice(["EUR", "GBP", "USD", ""]),
            )
            for n in range(8)
        ]
        for place, name in enumerate("abc")
    }
    all_rates = [euro("2025-02", "1.1"), parse_rate("GBP", "2025-01", "1.3", "USD"), euro("2025-04", "1.2")]
    with Shop.open(tmp_path / "straight") as straight:
        for name, rows in files.items():
            bring_sales(straight, tmp_path, name, rows)
        rates.save_rates(straight.database, all_rates)
        expected = straight.database.fingerprint()
    steps: list[str | Rate] = [*files, *all_rates]
    chance.shuffle(steps)
    with Shop.open(tmp_path / "mixed") as mixed:
        for step in steps:
            if isinstance(step, Rate):
                rates.save_rates(mixed.database, [step])
            else:
                bring_sales(mixed, tmp_path, step, files[step])
        assert mixed.database.fingerprint() == expected
        again = chance.choice(list(files))
        number = [step for step in steps if isinstance(step, str)].index(again) + 1
        mixed.undo(number, STAMP)
        bring_sales(mixed, tmp_path, again, files[again])
        assert mixed.database.fingerprint() == expected


def test_without_a_removed_rate_sales_are_unconverted_again(tmp_path: Path, shop: Shop) -> None:
    bring_sales(
        shop, tmp_path, "a", [sale(1, "2025-03-03", "10.00", "EUR"), sale(2, "2025-03-04", "3.00", "USD")]
    )
    before, version = shop.database.fingerprint(), shop.database.data_version()
    rates.save_rates(shop.database, [euro("2025-03", "1.5")])
    assert shop.database.data_version().sales != version.sales
    assert rates.saved_rates(shop.database, "USD") == [Rate("EUR", MARCH, "USD", Decimal("1.5"))]
    rates.remove_rate(shop.database, "eur", MARCH, "USD")
    assert shop.database.fingerprint() == before
    with pytest.raises(NoSuchRate, match="There is no rate for EUR from 2025-03 on"):
        rates.remove_rate(shop.database, "EUR", MARCH, "USD")


def test_a_table_of_rates_replaces_all(tmp_path: Path, shop: Shop) -> None:
    bring_sales(
        shop, tmp_path, "a", [sale(1, "2025-03-03", "10.00", "EUR"), sale(2, "2025-03-04", "3.00", "USD")]
    )
    rates.save_rates(shop.database, [euro("2025-01", "9"), parse_rate("GBP", "2025-01", "1.3", "USD")])
    rates.replace_rates(shop.database, "USD", [euro("2025-03", "2")])
    assert rates.saved_rates(shop.database, "USD") == [euro("2025-03", "2")]
    assert exact(shop)["A1"] == Decimal("20.000000")
    with pytest.raises(TwoRates, match="two rates for EUR from 2025-03 on"):
        rates.replace_rates(shop.database, "USD", [euro("2025-03", "2"), euro("2025-03", "3")])
    assert rates.saved_rates(shop.database, "USD") == [euro("2025-03", "2")]


def test_amounts_without_a_currency_are_the_shop_s_whatever_it_becomes(tmp_path: Path, shop: Shop) -> None:
    """No currency is known when the first file comes; then a file in euros makes the shop's; then the owner says pounds."""
    bring_sales(shop, tmp_path, "a", [sale(1, "2025-03-03", "10.00")], home="")
    assert (shop.settings.currency, shop.settings.home_currency) == ("", "USD")
    bring_sales(shop, tmp_path, "b", [sale(2, "2025-03-04", "20.00", "EUR")], home="")
    assert shop.settings.currency == "EUR"
    assert exact(shop) == {"A1": Decimal("10.000000"), "A2": Decimal("20.000000")}
    version = shop.database.data_version()
    shop.save_settings(replace(shop.settings, currency="GBP"))
    assert exact(shop) == {"A1": Decimal("10.000000"), "A2": None}
    assert shop.database.data_version().sales != version.sales
    rates.save_rates(shop.database, [parse_rate("EUR", "2025-01", "0.85", "GBP")])
    assert exact(shop)["A2"] == Decimal("17.000000")
    shop.save_settings(replace(shop.settings, currency="EUR"))
    assert exact(shop)["A2"] == Decimal("20.000000")


def test_a_currency_in_one_export_is_kept(tmp_path: Path, shop: Shop) -> None:
    """A later export that leaves the currency out is no word for the shop's own."""
    bring_sales(
        shop, tmp_path, "a", [sale(1, "2025-03-03", "10.00", "EUR"), sale(2, "2025-03-04", "3.00", "USD")]
    )
    before = shop.database.fingerprint()
    bring_sales(shop, tmp_path, "b", [sale(1, "2025-03-03", "10.00")])
    assert shop.database.fingerprint() == before


def test_a_currency_from_an_interrupted_import_reaches_the_settings(tmp_path: Path) -> None:
    """The store holds what the import found; the settings were not written any more."""
    with Shop.open(tmp_path / "shop") as shop:
        bring_sales(shop, tmp_path, "a", [sale(1, "2025-03-03", "10.00", "EUR")], home="")
    save(tmp_path / "shop", Settings())
    with Shop.open(tmp_path / "shop") as shop:
        assert shop.settings.currency == "EUR"
    save(tmp_path / "shop", Settings(currency="USD"))
    with Shop.open(tmp_path / "shop") as shop:
        assert exact(shop) == {"A1": None}


@pytest.mark.parametrize("home", ["", "EUR"])
def test_a_shop_from_before_currencies_keeps_its_figures(home: str, tmp_path: Path) -> None:
    """It held one currency alone; where the shop had none yet, orders were marked USD for want of a better word."""
    (tmp_path / "old").mkdir()
    with duckdb.connect(str(tmp_path / "old" / FILE)) as con:
        for statement in MIGRATIONS[0]:
            con.execute(statement)
        con.execute("INSERT INTO meta VALUES ('schema_version', '1'), ('data_version', '3'), ('salt', 's')")
        columns = "import_id, channel, order_id, ordered_at, status, currency, goods"
        for table, more in (("order_versions", ""), ("orders", ", net")):
            net = ", 10" if more else ""
            con.execute(
                f"INSERT INTO {table} ({columns}{more}) VALUES (1, 'shop', 'A1', '2025-03-03', 'paid', 'USD', 10{net})"
            )
            con.execute(
                f"INSERT INTO {table} ({columns}{more}) VALUES (1, 'shop', 'A2', '2025-03-03', 'paid', 'EUR', 10{net})"
            )
        con.execute(
            "INSERT INTO imports (import_id, source, kind, channel, header) VALUES (1, 'generic', 'orders', 'shop', '[]')"
        )
    save(tmp_path / "old", Settings(currency=home))
    with Shop.open(tmp_path / "old") as shop:
        assert exact(shop) == {"A1": Decimal("10.000000"), "A2": Decimal("10.000000")}
        kept = (
            shop.database.cursor().execute("SELECT currency FROM order_versions ORDER BY order_id").fetchall()
        )
        assert kept == [(None,), ("EUR" if home else None,)]


def test_marketing_spend_converts_too(tmp_path: Path, shop: Shop) -> None:
    bring_sales(shop, tmp_path, "a", [sale(1, "2025-03-03", "10.00", "USD")])
    text = "Month,Channel,Spend,Currency\n2025-02,ads,50,EUR\n2025-03,ads,40,eur\n2025-03,flyers,30,\n"
    assert bring(shop, write(tmp_path, "spend.csv", text), Answers(kind="spend")).accepted == 3
    rates.save_rates(shop.database, [euro("2025-03", "1.25")])
    result = (
        shop.database.cursor()
        .execute("SELECT month::VARCHAR, channel, amount::DOUBLE, currency FROM spend ORDER BY 1, 2")
        .fetchall()
    )
    assert result == [
        ("2025-02-01", "ads", None, "EUR"),
        ("2025-03-01", "ads", 40 * 1.25, "EUR"),
        ("2025-03-01", "flyers", 30.0, None),
    ]
    assert events.spend(shop.database.reader())["amount"].tolist() == [40 * 1.25, 30.0]
    again = bring(shop, write(tmp_path, "again.csv", text + "2025-04,ads,60,EUR\n"), Answers(kind="spend"))
    assert (again.accepted, again.duplicates) == (1, 3)
    assert events.spend(shop.database.reader())["amount"].tolist() == [40 * 1.25, 30.0, 60 * 1.25]


def test_a_file_of_spend_does_not_choose_the_shop_s_currency(tmp_path: Path, shop: Shop) -> None:
    text = "Month,Channel,Spend,Currency\n2025-02,ads,50,EUR\n"
    bring(shop, write(tmp_path, "spend.csv", text), Answers(kind="spend"))
    assert shop.settings.currency == ""


WRONG: list[tuple[tuple[str, str, str, str], type[OwnerError], str]] = [
    (("EUR", "2025-03", "1.08", ""), NoHomeCurrency, "Choose the shop's own currency"),
    (("EURO", "2025-03", "1.08", "USD"), NotACurrency, "“EURO” is no currency code"),
    (("", "2025-03", "1.08", "USD"), NotACurrency, "“” is no currency code"),
    (("usd", "2025-03", "1.08", "USD"), OwnCurrency, "USD is the shop's own currency"),
    *(
        ((("EUR", month, "1.08", "USD")), BadMonth, f"“{month}” is no month")
        for month in ("2025", "2025-13", "03/2025", "", "2025-03-04", "1825-03")
    ),
    *(
        ((("EUR", "2025-03", rate, "USD")), BadRate, f"“{rate}” is no exchange rate")
        for rate in ("0", "-1", "1,08", "nan", "Infinity", "1e9", "0.000000001", "1.123456789", "", "one")
    ),
]


@pytest.mark.parametrize(("texts", "error", "sentence"), WRONG)
def test_wrong_rates_are_refused(
    texts: tuple[str, str, str, str], error: type[OwnerError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        parse_rate(*texts)


@pytest.mark.parametrize("month", ["2025-03", "2025-3", "2025/03", " 2025-03 ", "2025年3月", "2025.03"])
def test_months_as_people_write_them(month: str) -> None:
    assert parse_rate(" eur ", month, " 1.08 ", "USD") == Rate("EUR", MARCH, "USD", Decimal("1.08"))
