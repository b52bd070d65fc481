"""Dry runs: their result is that of the import; the file is read once and nothing changes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import loyalty.shop.file_import as file_import_module
from loyalty.facts.orders import unconverted_sales
from loyalty.intake.decisions import Answers
from loyalty.shop.import_sentences import reason_sentences, total_sentences, waiting_by_currency
from loyalty.shop.shop import Shop
from loyalty.store import imports, rates
from loyalty.words import words_for
from tests.intake.builders import (
    GENERIC,
    LAYOUTS,
    SHOPIFY,
    STAMP,
    STORY,
    bring,
    generic_row,
    save,
    shopify_rows,
    text_of,
)
from tests.store.currencies import TABLE, sale


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_dry_run_equals_the_import(name: str, tmp_path: Path) -> None:
    header, rows, encoding, _ = LAYOUTS[name]
    with Shop.open(tmp_path / "shop") as shop:
        before = shop.database.fingerprint()
        with shop.open_import(save(tmp_path, "a.csv", text_of(header, rows), encoding)) as file:
            result = file.examine(STAMP)
            assert shop.database.fingerprint() == before
            assert (imports.history(shop.database), shop.settings.currency) == ([], "")
            assert file.run(STAMP) == result.record
        assert sum(total.sales for total in result.totals) == STORY[1]
        assert sum(total.converted for total in result.totals) == Decimal(str(STORY[2]))


def test_rows_are_read_once_for_each_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Examining twice and taking in read the file once; another order of dates is another reading."""
    readings: list[str] = []
    write = file_import_module.write_rows

    def counted(reader, *rest):
        readings.append(reader.reading.date_order)
        return write(reader, *rest)

    monkeypatch.setattr(file_import_module, "write_rows", counted)
    rows = [generic_row(n, "Ann", "Tea", "1", "5.00", Date=f"0{n}/04/2025") for n in (1, 2)]
    with (
        Shop.open(tmp_path / "shop") as shop,
        shop.open_import(save(tmp_path, "a.csv", text_of(GENERIC, rows)), Answers(date_order="DMY")) as file,
    ):
        first = file.examine(STAMP)
        assert file.examine(STAMP) is first
        assert file.examined is first
        file.answer(Answers(date_order="MDY"))
        assert file.examined is None
        again = file.examine(STAMP)
        assert [result.record.data_until.day for result in (first, again) if result.record.data_until] == [
            2,
            4,
        ]
        file.run(STAMP)
    assert readings == ["DMY", "MDY"]


def test_an_examination_is_made_anew_when_the_shop_has_changed(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        rows = shopify_rows()
        with shop.open_import(save(tmp_path, "b.csv", text_of(SHOPIFY, rows))) as file:
            assert file.examine(STAMP).record.accepted == 10
            bring(shop, save(tmp_path, "a.csv", text_of(SHOPIFY, rows[:3])))
            assert file.examined is None
            result = file.examine(STAMP)
            assert (result.new, result.record.duplicates) == (10 - 3, 3)


def test_new_updated_duplicate_and_rejected_rows(tmp_path: Path) -> None:
    """Two orders imported before, one of them refunded in part since; one new; two rows that cannot be read, for one reason."""
    with Shop.open(tmp_path / "shop") as shop:
        bring(
            shop,
            save(
                tmp_path,
                "a.csv",
                text_of(TABLE, [sale(1, "2025-03-01", "10.00"), sale(2, "2025-03-02", "20.00")]),
            ),
        )
        rows = [
            sale(1, "2025-03-01", "10.00"),
            sale(2, "2025-03-02", "20.00", Refunded="5.00"),
            sale(3, "2025-03-05", "7.50"),
            sale(4, "soon", "1.00"),
            sale(5, "later", "1.00"),
            sale(6, "2025-03-05", "much"),
        ]
        with shop.open_import(save(tmp_path, "b.csv", text_of(TABLE, rows) + "Total,,,,38.50,,\n")) as file:
            result = file.examine(STAMP)
    record = result.record
    assert (result.new, record.updated, record.duplicates, record.rejected, record.not_records) == (
        1,
        1,
        1,
        3,
        1,
    )
    assert [(reason.rows, [row.line for row in reason.examples]) for reason in result.reasons] == [
        (2, [5, 6]),
        (1, [7]),
    ]
    assert [row.line for row in result.rejected] == [5, 6, 7]
    assert [(w.currency, w.sales, w.amount) for w in result.totals] == [
        ("", 3, Decimal("10") + Decimal("15") + Decimal("7.5"))
    ]
    words = words_for("en", "USD")
    assert total_sentences(result, words) == ["From 1 Mar 2025 to 5 Mar 2025.", "3 sales worth $32.50."]
    assert reason_sentences(result, words) == [
        "line 5: “soon” is not a date that can be read (and 1 row more with a fault of this kind)",
        "line 7: “much” is not a number",
    ]


def test_the_worth_in_each_currency_with_rates_and_what_waits(tmp_path: Path) -> None:
    """10 and 20 euros at 1.1 and 1.2, 5 euros before the first rate, 8 dollars, 3 pounds without any rate."""
    rows = [
        sale(1, "2025-03-01", "10.00", "EUR"),
        sale(2, "2025-04-02", "20.00", "EUR"),
        sale(3, "2025-02-05", "5.00", "EUR"),
        sale(4, "2025-03-05", "8.00", "USD"),
        sale(5, "2025-03-05", "3.00", "GBP"),
    ]
    with Shop.open(tmp_path / "shop") as shop:
        shop.save_settings(replace(shop.settings, currency="USD"))
        rates.save_rates(
            shop.database,
            [
                rates.parse_rate("EUR", "2025-03", "1.1", "USD"),
                rates.parse_rate("EUR", "2025-04", "1.2", "USD"),
            ],
        )
        with shop.open_import(save(tmp_path, "a.csv", text_of(TABLE, rows))) as file:
            result = file.examine(STAMP)
    assert [(w.currency, w.sales, w.amount, w.converted, w.waiting) for w in result.totals] == [
        ("EUR", 3, Decimal(35), 10 * Decimal("1.1") + 20 * Decimal("1.2"), 1),
        ("GBP", 1, Decimal(3), Decimal(0), 1),
        ("USD", 1, Decimal(8), Decimal(8), 0),
    ]
    assert total_sentences(result, words_for("en", "USD"))[1:] == [
        "3 sales in EUR worth €35.00. At your rates (1.1–1.2) that is $35.00. 1 of them waits for a rate from Feb 2025 on.",
        "1 sale in GBP worth £3.00. A rate from Mar 2025 on is missing: nothing of this is counted until you enter it.",
        "1 sale worth $8.00.",
    ]


def test_an_imported_file_is_recognised(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        path = save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()))
        bring(shop, path)
        with shop.open_import(path) as file:
            assert (file.examine(STAMP).record.accepted, file.examine(STAMP).record.duplicates) == (0, 10)


def test_waiting_sales_by_currency(tmp_path: Path) -> None:

    rows = [
        sale(1, "2025-05-01", "10", "EUR"),
        sale(2, "2025-03-01", "10", "EUR"),
        sale(3, "2025-04-01", "1", "GBP"),
        sale(4, "2025-04-01", "5", "GBP", Refunded="5"),
    ]
    with Shop.open(tmp_path / "shop") as shop:
        shop.save_settings(replace(shop.settings, currency="USD"))
        bring(shop, save(tmp_path, "a.csv", text_of(TABLE, rows)))
        result = waiting_by_currency(unconverted_sales(shop.database.reader()))
    assert [(w.currency, w.sales, f"{w.since:%Y-%m}") for w in result] == [
        ("EUR", 2, "2025-03"),
        ("GBP", 1, "2025-04"),
    ]


def test_two_reports_of_one_platform_are_warned_of(tmp_path: Path) -> None:
    from tests.intake.sources.test_stripe import LAYOUTS as STRIPE

    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, save(tmp_path, "a.csv", STRIPE["new"].text()))
        with shop.open_import(save(tmp_path, "b.csv", STRIPE["balance"].text())) as file:
            (note,) = file.notes()
    assert note.english().startswith(
        "You have brought in another report of this platform: Stripe. Both tell the same sales"
    )
