"""The app as it is served: it answers its owner on this computer, and nobody else."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.live import WATCHES, Server, close_page, no_exception, open_page, settled
from ui import INSTANCE_PATH, shop_mark

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"}


@pytest.mark.parametrize("page", [{}, PHONE], ids=["desk", "phone"], indirect=True)
def test_the_first_page_loads_and_asks_no_other_host(page: Page, server: Server) -> None:
    page.goto(server.url)
    settled(page)
    no_exception(page)
    assert page.get_by_test_id("stApp").is_visible()


def test_the_first_deep_link_of_a_fresh_server_opens_its_page(
    browser: Browser, serve: Callable[..., Server]
) -> None:
    fresh = serve("fresh", warm=True)
    page = open_page(browser, fresh, {})
    page.goto(f"{fresh.url}/settings")
    settled(page)
    no_exception(page)
    assert page.get_by_role("dialog").count() == 0  # "Page not found" is one
    assert page.get_by_label("Name of the shop").is_visible()
    # Streamlit looks for itself below the address first, and is told on the console that it is not there.
    errors = WATCHES[page].errors
    assert all(
        line.endswith(("/settings/_stcore/health", "/settings/_stcore/host-config")) for line in errors
    )
    errors.clear()
    close_page(page)
    fresh.stop()


def test_it_is_up_within_five_seconds(server: Server) -> None:
    assert server.startup_s <= 5


def test_it_says_for_which_shop_it_answers(server: Server) -> None:
    status, _, text = server.get(INSTANCE_PATH)
    assert (status, json.loads(text)) == (
        200,
        {"app": "regulars", "shop": shop_mark({"LOYALTY_SHOP": str(server.shop)})},
    )


def test_it_listens_on_one_address_of_this_computer_only(server: Server) -> None:
    # Whoever listens on every address answers at 127.0.0.2 as well.
    with socket.socket() as probe:
        probe.settimeout(2)
        assert probe.connect_ex(("127.0.0.2", server.port)) != 0


@pytest.mark.parametrize(
    "path", ["/", "/_stcore/health", "/_stcore/host-config", "/media/x.csv", INSTANCE_PATH]
)
def test_a_foreign_name_is_refused_everywhere(server: Server, path: str) -> None:
    assert server.get(path, {"Host": f"shop.example:{server.port}"})[0] == 403


@pytest.mark.parametrize("origin", ["http://shop.example", "null", "http://127.0.0.1:1"])
def test_a_page_from_elsewhere_is_refused(server: Server, origin: str) -> None:
    assert server.get("/", {"Origin": origin})[0] == 403


def handshake(server: Server, host: str, origin: str) -> int:
    """The status that the websocket's door answers to a browser at `origin` that asked for `host`."""
    upgrade = {
        "Host": host, "Origin": origin, "Connection": "Upgrade", "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "streamlit",
    }  # fmt: skip
    return server.get("/_stcore/stream", upgrade)[0]


def test_the_websocket_opens_to_its_own_page_only(server: Server) -> None:
    own = f"127.0.0.1:{server.port}"
    assert handshake(server, own, server.url) == 101
    assert handshake(server, own, "http://shop.example") == 403
    assert handshake(server, f"shop.example:{server.port}", f"http://shop.example:{server.port}") == 403


def test_answers_carry_the_security_headers(server: Server) -> None:
    _, headers, text = server.get("/")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    script = text.split('src="./static/', 1)[1].split('"', 1)[0]
    assert server.get(f"/static/{script}")[1]["cache-control"] != "no-store"


def test_programs_cannot_drive_the_app_past_its_screens(server: Server) -> None:
    assert "does not serve" in server.get("/_stcore/agent/openapi.json")[2] or (
        server.get("/_stcore/agent/interact")[0] >= 400
    )


def test_another_shop_is_another_mark(server: Server, tmp_path: Path) -> None:
    assert shop_mark({"LOYALTY_SHOP": str(tmp_path)}) != shop_mark({"LOYALTY_SHOP": str(server.shop)})
