"""Settings: every default visible, wrong values refused or reported, written whole."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from loyalty.shop.settings import FILE, BadSetting, Settings, UnknownSetting, changed, country_of, load, save


def test_a_shop_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == (Settings(), [])
    assert {f.name: f.default for f in fields(Settings)} == {
        "language": "",
        "currency": "",
        "time_zone": "",
        "country": "",
        "shop_name": "",
        "margin": 0.0,
        "lifespan_years": 0.0,
    }
    assert Settings().home_currency == "USD"


@pytest.mark.parametrize(
    ("currency", "time_zone", "country"),
    [
        ("CNY", "", "CN"),
        ("GBP", "", "GB"),
        ("USD", "", "US"),
        ("JPY", "", "JP"),
        ("PLN", "", "PL"),
        ("CHF", "", "CH"),
        ("EUR", "", ""),
        ("XOF", "", ""),
        ("", "", ""),
        ("EUR", "Europe/Berlin", "DE"),
        ("", "Asia/Shanghai", "CN"),
        ("GBP", "Europe/Berlin", "GB"),
        ("", "UTC", ""),
        ("QQQ", "", ""),
    ],
)
def test_currency_or_time_zone_imply_the_country(currency: str, time_zone: str, country: str) -> None:
    assert country_of(currency, time_zone) == country
    assert Settings(currency=currency, time_zone=time_zone).home_country == country
    assert Settings(currency=currency, time_zone=time_zone, country="HK").home_country == "HK"


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    wanted = changed(
        Settings(),
        language="zh_CN",
        currency="CNY",
        time_zone="Asia/Shanghai",
        shop_name="回头客 ☕",
        margin=0.4,
        lifespan_years=3,
    )
    save(tmp_path / "deep", wanted)
    assert load(tmp_path / "deep") == (wanted, [])
    assert [path.name for path in (tmp_path / "deep").iterdir()] == [FILE]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "klingon"),
        ("language", 7),
        ("currency", "EURO"),
        ("currency", "xyz"),
        ("currency", 5),
        ("time_zone", "Mars/Base"),
        ("margin", 1.2),
        ("margin", -0.1),
        ("margin", "half"),
        ("margin", float("nan")),
        ("margin", True),
        ("lifespan_years", -1),
        ("lifespan_years", 1000),
        ("lifespan_years", None),
        ("shop_name", 5),
        ("language", []),
        ("currency", []),
        ("time_zone", {}),
        ("shop_name", "\ud800"),
        ("margin", "0.5"),
        ("country", "Germany"),
        ("country", "gb"),
        ("country", "EU"),
        ("country", 44),
    ],
)
def test_a_bad_value_is_refused_and_in_a_file_reported(name: str, value: object, tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        changed(Settings(), **{name: value})
    assert f"is no value for the setting “{name}”" in caught.value.message.english()
    (tmp_path / FILE).write_text(
        json.dumps({name: value, "shop_name": "Tea"} if name != "shop_name" else {name: value}), "utf-8"
    )
    loaded, faults = load(tmp_path)
    assert loaded == Settings(shop_name="" if name == "shop_name" else "Tea")
    assert [type(fault) for fault in faults] == [BadSetting]


def test_an_unknown_setting_is_refused_and_in_a_file_reported(tmp_path: Path) -> None:
    with pytest.raises(UnknownSetting, match="There is no setting “colour”"):
        changed(Settings(), colour="red")
    (tmp_path / FILE).write_text('{"colour": "red", "margin": 0.25}', "utf-8")
    loaded, faults = load(tmp_path)
    assert (loaded, [type(fault) for fault in faults]) == (Settings(margin=0.25), [UnknownSetting])


@pytest.mark.parametrize("text", ["", "{", "[1]", "7", "\ufeff{}", "null", "[" * 100_000])
def test_a_file_that_is_no_settings_file_does_not_stop_the_app(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    settings, faults = load(tmp_path)
    assert settings == Settings()
    assert [type(fault) for fault in faults] == [BadSetting]
    assert "settings.json" in str(faults[0])


def test_a_file_in_another_encoding_is_reported(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes('{"shop_name": "茶"}'.encode("gb18030"))
    loaded, faults = load(tmp_path)
    assert (loaded, len(faults)) == (Settings(), 1)
