"""A real Chromium and the app's own server, once per session; a watched page per test.

`@pytest.mark.parametrize("page", [{"viewport": {...}, "locale": "zh-CN"}], indirect=True)` opens it otherwise.
Without a Chromium these tests are skipped, and said why; under CI they fail instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from launch.browsers import find_browser
from tests.browser.live import LANGUAGES, Server, close_page, free_port, open_page, settled
from ui.session import SAMPLE_FOLDER

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # fmt: skip
MISSING = "no Chromium on this computer; `python3 start.py test` looks for one and installs it where it may"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder carries the mark `browser`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; skips without one, fails without one under CI."""
    found = find_browser()
    if not found and os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail(MISSING)
    if not found:
        pytest.skip(MISSING)
    return found


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the tests of this folder, closed after the last: it keeps an event loop running in this thread, in
    which no other test could start one."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """`serve(name, warm=False, port=0)`: another server, on a new empty shop; all are ended with the session."""
    servers: list[Server] = []

    def start(name: str = "shop", *, warm: bool = False, port: int = 0) -> Server:
        servers.append(Server(tmp_path_factory.mktemp(name) / name, warm=warm, port=port))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(serve: Callable[..., Server], sample_shop_folder: Path) -> Server:
    """The server that most tests share: the owner's shop is empty, the sample shop is filled."""
    started = serve()
    shutil.copytree(sample_shop_folder, started.shop / SAMPLE_FOLDER)
    return started


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Page]:
    """A page that has not been anywhere yet; it fails the test when it asked another host or broke the policy."""
    opened = open_page(browser, server, getattr(request, "param", {}))
    yield opened
    close_page(opened)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """One language after the other."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def visited_port() -> int:
    """The port of all servers of `visit`, one after the other: the browser keeps what it has compiled of the page."""
    return free_port()


@pytest.fixture
def visit(
    language: str, browser: Browser, serve: Callable[..., Server], visited_port: int
) -> Iterator[tuple[Page, Server, str]]:
    """A page on a server of its own with a new empty shop; nothing was ever chosen there."""
    server = serve(f"job-{language}", warm=True, port=visited_port)
    page = first_page(browser, server, language)
    yield page, server, language
    close_page(page)
    server.stop()


@pytest.fixture
def sample_visit(language: str, browser: Browser, server: Server) -> Iterator[tuple[Page, Server, str]]:
    """The same on the server that tests share, whose sample shop is filled: to look and change nothing."""
    page = first_page(browser, server, language)
    yield page, server, language
    close_page(page)


def first_page(browser: Browser, server: Server, language: str) -> Page:
    """The page that a browser of that language opens first."""
    page = open_page(
        browser, server, {"locale": LANGUAGES[language], "viewport": {"width": 1280, "height": 1600}}
    )
    page.goto(server.url)
    settled(page)
    return page
