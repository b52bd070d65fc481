"""An open shop: its folder, its scratch space, the answers it keeps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from loyalty.intake.decisions import Answers
from loyalty.shop.shop import Shop
from loyalty.store import imports
from tests.intake.builders import (
    GENERIC,
    SHOPIFY,
    STAMP,
    bring,
    figures,
    generic_row,
    save,
    shopify_rows,
    text_of,
)


def test_opening_clears_what_an_interrupted_import_left(tmp_path: Path) -> None:
    Shop.open(tmp_path).close()
    left = tmp_path / "tmp" / "left" / "canonical.arrow"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"names and addresses")
    with Shop.open(tmp_path):
        assert not left.exists()


def test_an_import_leaves_no_copy_of_the_file(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        bring(shop, save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()), "utf-16"))
        assert list((shop.folder / "tmp").iterdir()) == []


def test_settings_stay_with_the_shop(tmp_path: Path) -> None:
    with Shop.open(tmp_path) as shop:
        shop.save_settings(replace(shop.settings, shop_name="Tea & Mug", margin=0.3))
    with Shop.open(tmp_path) as shop:
        assert (shop.settings.shop_name, shop.settings.margin, shop.faults) == ("Tea & Mug", 0.3, [])


def test_the_first_file_s_currency_becomes_the_shop_s(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        path = save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()))
        with shop.open_import(path) as file:
            file.run(STAMP, dry_run=True)
        assert shop.settings.currency == ""
        bring(shop, path)
        assert shop.settings.currency == "EUR"


def test_progress_is_reported_step_by_step(tmp_path: Path) -> None:
    steps: list[tuple[str, int]] = []
    with Shop.open(tmp_path / "shop") as shop:
        path = save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()))
        with shop.open_import(path, progress=lambda step, rows: steps.append((step, rows))) as file:
            file.run(STAMP)
    assert steps[:3] == [("reading", 10), ("understanding", 10), ("storing", 0)]
    assert [step for step, _ in steps[3:]] == ["storing"] * len(steps[3:])
    assert [rows for _, rows in steps[2:]] == sorted({rows for _, rows in steps[2:]})


def test_a_later_answer_joins_the_earlier_ones(tmp_path: Path) -> None:
    """Answers on statuses stay when only the order of dates is answered anew."""
    with Shop.open(tmp_path / "shop") as shop:
        first = text_of(
            GENERIC, [generic_row(1, "Ann", "Tea", "1", "5", Status="done deal", Date="03/04/2025")]
        )
        bring(shop, save(tmp_path, "a.csv", first), Answers(statuses={"done deal": "paid"}, date_order="DMY"))
        second = text_of(
            GENERIC, [generic_row(2, "Ann", "Tea", "1", "5", Status="Done Deal", Date="05/06/2025")]
        )
        bring(shop, save(tmp_path, "b.csv", second), Answers(date_order="MDY"))
        rows_read = (
            shop.database.cursor()
            .execute("SELECT order_id, ordered_at::DATE, status FROM orders ORDER BY 1")
            .fetchall()
        )
        assert rows_read == [("00001", dt.date(2025, 4, 3), "paid"), ("00002", dt.date(2025, 5, 6), "paid")]


def test_the_history_names_file_and_source(tmp_path: Path) -> None:
    with Shop.open(tmp_path / "shop") as shop:
        path = save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()))
        with shop.open_import(path, name="orders_export_1.csv") as file:
            record = file.run(STAMP)
        assert imports.history(shop.database) == [record]
        assert imports.import_record(shop.database, 1) == record
        assert (record.file_name, record.source, record.channel, record.imported_at) == (
            "orders_export_1.csv",
            "shopify",
            "shopify",
            STAMP,
        )
        assert (record.data_from, record.data_until) == (
            dt.datetime(2025, 3, 1, 10),
            dt.datetime(2025, 3, 9, 10),
        )
        assert len(record.file_hash) == 64
        assert figures(shop)[0] == 2
