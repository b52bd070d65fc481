"""Times of files that tell their zone are brought to the shop's clocks; others stay as they are written."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from pathlib import Path

import pytest

from loyalty.intake.values.dates import Moment, parse_moment
from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
STAMP = dt.datetime(2026, 7, 1, 12)


def seen(text: str, zone: dt.tzinfo) -> Moment:
    moment = parse_moment(text)
    assert isinstance(moment, Moment)
    return moment.in_zone(zone)


def test_a_late_evening_in_utc_is_the_next_day_in_shanghai() -> None:
    assert seen("2024-05-01 23:30:00 +0000", SHANGHAI) == Moment(dt.datetime(2024, 5, 2, 7, 30), 480)


@pytest.mark.parametrize(
    ("text", "offset"), [("2024-01-15 12:00 +0000", -300), ("2024-07-15 12:00 +0000", -240)]
)
def test_summer_time_is_minded(text: str, offset: int) -> None:
    assert seen(text, NEW_YORK).offset == offset


def test_without_an_offset_nothing_is_moved() -> None:
    assert seen("2024-05-01 23:30:00", SHANGHAI) == Moment(dt.datetime(2024, 5, 1, 23, 30), None)


@pytest.mark.parametrize(("zone", "day"), [("", dt.date(2024, 5, 1)), ("Asia/Shanghai", dt.date(2024, 5, 2))])
def test_the_setting_decides_on_which_day_a_sale_falls(tmp_path: Path, zone: str, day: dt.date) -> None:
    file = tmp_path / "sales.csv"
    file.write_text("Order,Date,Total\n1,2024-05-01 23:30:00 +0000,10.00\n", encoding="utf-8")
    with Shop.open(tmp_path / "shop") as shop:
        shop.save_settings(changed(shop.settings, time_zone=zone))
        with shop.open_import(file) as arriving:
            arriving.run(STAMP)
        rows = shop.database.cursor().execute("SELECT ordered_at FROM orders").fetchall()
    assert rows[0][0].date() == day
