"""The server's refusals, and what it lets into the log and onto the screen when something fails."""

from __future__ import annotations

import logging
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from loyalty.errors import OwnerError
from loyalty.words import N_, words_for
from ui import server

ROOT = Path(server.__file__).resolve().parents[1]
SECRET = "anna@example.com"


@pytest.fixture
def discreet() -> Iterator[None]:
    """The log as the server sets it up, and as it was afterwards."""
    factory, hook = logging.getLogRecordFactory(), threading.excepthook
    server.keep_data_out_of_logs()
    yield
    logging.setLogRecordFactory(factory)
    threading.excepthook = hook


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_this_computer_needs_no_password(host: str) -> None:
    assert server.check_host(host) in {"127.0.0.1", "127.8.9.1", "::1"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "shop.example", "", "2130706433"])
def test_any_other_address_needs_one_first(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert server.main(["--host", host]) == 1
    assert "a password is needed first" in capsys.readouterr().err


def failing() -> ValueError:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        return error


def test_an_error_is_known_by_its_kind_and_place() -> None:
    line = failing.__code__.co_firstlineno + 2
    assert server.sighting(failing()) == f"ValueError at tests/ui/test_server.py:{line}"


@pytest.mark.usefixtures("discreet")
def test_no_library_logs_what_an_error_says(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("somebody.else")
    log.error("It failed", exc_info=failing())
    log.error("It failed: %s", failing())
    worker = threading.Thread(target=dict[str, str]().__getitem__, args=(SECRET,))
    worker.start()
    worker.join()
    assert SECRET not in caplog.text
    assert "It failed [ValueError at tests/ui/test_server.py:" in caplog.text
    assert "KeyError at threading.py:" in caplog.text
    assert "Traceback" not in caplog.text


class ShopClosed(OwnerError):
    template = N_("The shop is closed.")


def test_an_owners_error_is_its_own_sentence() -> None:
    assert server.error_sentence(ShopClosed(), words_for("en")) == "The shop is closed."


def test_any_other_error_says_where_and_not_what() -> None:
    sentence = server.error_sentence(failing(), words_for("en"))
    assert "ValueError at tests/ui/test_server.py:" in sentence
    assert SECRET not in sentence


def failing_page() -> None:
    from ui.server import show_error

    show_error(ValueError("anna@example.com"))


def test_the_screen_shows_a_sentence_and_no_data(caplog: pytest.LogCaptureFixture) -> None:
    shown = AppTest.from_function(failing_page).run()
    assert not shown.exception
    assert "Something in the app itself went wrong" in shown.error[0].value
    assert SECRET not in shown.error[0].value + caplog.text
    assert "ValueError at ?" in caplog.text


def test_the_settings_that_keep_the_door_shut_stand_in_the_file() -> None:
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        config = tomllib.load(file)
    assert config["server"]["address"] == "127.0.0.1"
    assert set(config["server"]["allowedHosts"]) == {"localhost", "127.0.0.1", "::1"}
    assert config["server"]["maxUploadSize"] == 200
    for name, value in server.FIXED.items():
        section, key = name.split(".")
        assert config[section].get(key, value) == value


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(appearance: str) -> None:
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        theme = tomllib.load(file)["theme"][appearance]
    assert contrast("#FFFFFF", theme["primaryColor"]) >= 4.5
    for name in ("textColor", "linkColor", "grayColor", "greenColor", "redColor"):
        assert contrast(theme[name], theme["backgroundColor"]) >= 4.5, name
    assert contrast(theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]) >= 4.5
    assert [len(theme[f"chart{kind}Colors"]) for kind in ("Sequential", "Diverging")] == [10, 10]
