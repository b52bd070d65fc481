"""The app as it really runs, for tests in a browser: a server of its own, and what a test does on a page."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.begetting import WARM, begun
from tests.browser.warm import serve
from ui import INSTANCE_PATH

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = {"en": "en-GB", "zh_CN": "zh-CN"}
HEALTHY_WITHIN_S = 60
SETTLED_EVERY_MS = 50  # to look at every frame costs the browser more than what it shows
SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && app.getAttribute('data-test-connection-state') === 'CONNECTED'
    && !document.querySelector('[data-stale="true"]')
    && !document.querySelector('[data-testid="stSkeleton"],[data-testid="stAppSkeleton"]'); }"""


def free_port() -> int:
    """A port of this computer that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Server:
    """`python -m ui.server` with a shop of its own, in its own process group, its output in a file beside the shop."""

    def __init__(self, shop: Path, *, warm: bool = False, port: int = 0) -> None:
        """Start and wait until healthy. `warm`: begotten by `tests.begetting`, where that can be. `port`: 0 for any."""
        self.shop = shop
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = shop.with_name(shop.name + ".log")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
        started = time.perf_counter()
        own = {**inherited, "LOYALTY_SHOP": str(shop), "PYTHONUTF8": "1"}
        self.process: BaseProcess | subprocess.Popen[bytes]
        if warm and WARM:
            self.process = begun(serve, self.port, own, self.log)
        else:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ui.server", "--port", str(self.port)], cwd=ROOT, env=own,
                stdin=subprocess.DEVNULL, stdout=self.log.open("wb"), stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._wait_until_healthy()
        self.startup_s = time.perf_counter() - started

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + HEALTHY_WITHIN_S
        while self.get("/_stcore/health")[0] != 200:
            died = not self.running
            if died or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(
                    f"the server {'died' if died else 'is not healthy'}:\n{self.output()[-4000:]}"
                )
            time.sleep(0.05)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        """Status (0: no answer), headers in lower case and text of `path`, asked without any browser."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read().decode("utf-8", "replace")
        except OSError:
            return 0, {}, ""
        finally:
            connection.close()

    def output(self) -> str:
        """All that the server has written to its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def running(self) -> bool:
        """Whether the server has not ended."""
        return (
            self.process.poll() is None
            if isinstance(self.process, subprocess.Popen)
            else self.process.is_alive()
        )

    def stop(self) -> None:
        """End this server and nothing else."""
        wait = self.process.wait if isinstance(self.process, subprocess.Popen) else self.process.join
        if self.running:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                wait(10)
            if self.running:
                self.process.kill()
                wait(10)


@dataclass
class Watch:
    """What one page did for one server: finished runs of the script, and whatever it must not do."""

    server: Server
    runs: int = 0
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def is_own(self, url: str) -> bool:
        """Whether an address is of the server, or no address at all."""
        return url.startswith(
            (self.server.url, self.server.url.replace("http", "ws", 1), "data:", "blob:", "about:")
        )

    def verdict(self) -> list[str]:
        """Each thing that went wrong, as a line; empty when nothing did."""
        return [f"asked another host: {url}" for url in self.foreign] + self.errors


WATCHES: dict[Page, Watch] = {}
PAGES: dict[tuple[Browser, str], Page] = {}


def open_page(browser: Browser, server: Server, context_options: Mapping[str, object]) -> Page:
    """A page without a past, watched from its first request on; `close_page` tells what it did.

    Tests with the same options have the same page one after the other: the browser compiles the app's scripts once.
    """
    options: dict[str, object] = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "timezone_id": "UTC",
                                  "accept_downloads": True, **context_options}  # fmt: skip
    key = browser, repr(sorted(options.items()))
    if key not in PAGES:
        context: BrowserContext = browser.new_context(**options)  # type: ignore[arg-type]
        # Downloads come as downloads, never through a system dialogue.
        context.add_init_script("delete window.showSaveFilePicker")
        PAGES[key] = context.new_page()
        PAGES[key].set_default_timeout(20_000)
        watch(PAGES[key])
    WATCHES[PAGES[key]] = Watch(server)
    return PAGES[key]


def close_page(page: Page) -> None:
    """Leave the app, forget what it kept in the browser, and fail when it asked another host or broke the policy."""
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    watched = WATCHES.pop(page)
    page.goto(watched.server.url + INSTANCE_PATH)  # of the same origin, so that what was compiled stays
    page.context.clear_cookies()
    wrong = watched.verdict()
    assert not wrong, "\n".join(wrong)


def watch(page: Page) -> None:
    """Count finished runs, note scripts' errors, refusals of the content policy and whatever is asked of another host.

    Runs are counted on the websocket: the page's own attribute can skip a fast run. The browser resolves no other name
    (see `conftest.FLAGS`); to refuse requests one by one would cost its cache.
    """

    def asked(url: str) -> None:
        if page in WATCHES and not WATCHES[page].is_own(url):
            WATCHES[page].foreign.append(url)

    def failed(line: str) -> None:
        if page in WATCHES:
            WATCHES[page].errors.append(line)

    def count(payload: str | bytes) -> None:
        if (
            isinstance(payload, bytes)
            and ForwardMsg.FromString(payload).WhichOneof("type") == "script_finished"
        ):
            WATCHES[page].runs += 1

    def listen(socket: WebSocket) -> None:
        asked(socket.url)
        socket.on("framereceived", count)

    page.on("websocket", listen)
    page.on("request", lambda request: asked(request.url))
    page.on("pageerror", lambda error: failed(f"script error: {error}"))
    page.on(
        "console",
        lambda said: (
            failed(f"console: {said.text} {said.location['url']}") if is_grave(said.type, said.text) else None
        ),
    )


def is_grave(kind: str, text: str) -> bool:
    """Whether a line on the console is about the content policy, or about something that was not loaded."""
    return kind == "error" and ("Content Security Policy" in text or "Failed to load resource" in text)


def settled(page: Page, runs: int = 1, timeout_ms: int = 30_000) -> None:
    """Return when at least `runs` runs of the script are over, and the page shows their result whole."""
    deadline = time.monotonic() + timeout_ms / 1000
    while WATCHES[page].runs < runs:
        assert time.monotonic() < deadline, f"only {WATCHES[page].runs} of {runs} runs finished"
        page.wait_for_timeout(20)
    page.wait_for_function(SETTLED, timeout=timeout_ms, polling=SETTLED_EVERY_MS)


def act(page: Page, action: Callable[[], object], timeout_ms: int = 30_000) -> None:
    """Do something that makes the script run, and return when that run, no earlier one, has settled."""
    before = WATCHES[page].runs
    action()
    settled(page, before + 1, timeout_ms)


def widget(page: Page, key: str) -> Locator:
    """A widget by its `key=`."""
    return page.locator(f".st-key-{key}")


def no_exception(page: Page) -> None:
    """No error stands on the page."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
