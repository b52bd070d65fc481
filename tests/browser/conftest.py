"""A real Chromium and the app's own server, once per session; a watched page per test.

`@pytest.mark.parametrize("page", [{"viewport": {...}, "locale": "zh-CN"}], indirect=True)` opens it otherwise.
Without a Chromium these tests are skipped, and said why; under CI they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from launch.browsers import find_browser
from tests.browser.live import LANGUAGES, Server, close_page, open_page, settled

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip
MISSING = "no Chromium on this computer; `python3 start.py test` looks for one and installs it where it may"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder carries the mark `browser`, and comes after all others.

    Playwright keeps an event loop running in this thread, in which no other test could start one.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: here in item.path.parents)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; skips without one, fails without one under CI."""
    found = find_browser()
    if not found and os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail(MISSING)
    if not found:
        pytest.skip(MISSING)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests; each test has its own context in it."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """`serve(name, environ=None, warm=False)`: another server, on a new empty shop; all are ended with the session."""
    servers: list[Server] = []

    def start(name: str = "shop", environ: dict[str, str] | None = None, *, warm: bool = False) -> Server:
        servers.append(Server(tmp_path_factory.mktemp(name) / name, environ, warm=warm))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(serve: Callable[..., Server]) -> Server:
    """The server that most tests share."""
    return serve()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Page]:
    """A page that has not been anywhere yet; it fails the test when it asked another host or broke the policy."""
    opened = open_page(browser, server, getattr(request, "param", {}))
    yield opened
    close_page(opened)


@pytest.fixture(params=LANGUAGES)
def visit(
    request: pytest.FixtureRequest, browser: Browser, serve: Callable[..., Server]
) -> Iterator[tuple[Page, Server, str]]:
    """A page on a new empty shop, in one language after the other; nothing was ever chosen there."""
    server = serve(f"job-{request.param}", warm=True)
    page = open_page(
        browser, server, {"locale": LANGUAGES[request.param], "viewport": {"width": 1280, "height": 1600}}
    )
    page.goto(server.url)
    settled(page)
    yield page, server, request.param
    close_page(page)
    server.stop()
