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

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.begetting import WARM, begun
from tests.browser.warm import serve

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = {"en": "en-GB", "zh_CN": "zh-CN"}
HEALTHY_WITHIN_S = 60
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

    def __init__(self, shop: Path, environ: Mapping[str, str] | None = None, *, warm: bool = False) -> None:
        """Start and wait until healthy. `environ`: more environment variables, or None. `warm`: begotten by
        `tests.begetting`, where that can be."""
        self.shop = shop
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = shop.with_name(shop.name + ".log")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
        started = time.perf_counter()
        own = {**inherited, "LOYALTY_SHOP": str(shop), "PYTHONUTF8": "1", **(environ or {})}
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
    """What one page did: finished runs of the script, and whatever it must not do."""

    runs: int = 0
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def verdict(self) -> list[str]:
        """Each thing that went wrong, as a line; empty when nothing did."""
        return [f"asked another host: {url}" for url in self.foreign] + self.errors


WATCHES: dict[Page, Watch] = {}


def open_page(browser: Browser, server: Server, context_options: Mapping[str, object]) -> Page:
    """A fresh context's page, watched from its first request on; `close_page` tells what it did."""
    options: dict[str, object] = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "timezone_id": "UTC",
                                  "accept_downloads": True, **context_options}  # fmt: skip
    context: BrowserContext = browser.new_context(**options)  # type: ignore[arg-type]
    # Downloads come as downloads, never through a system dialogue.
    context.add_init_script("delete window.showSaveFilePicker")
    page = context.new_page()
    page.set_default_timeout(20_000)
    WATCHES[page] = watch(page, server)
    return page


def close_page(page: Page) -> None:
    """Close the page and fail when it asked another host or the browser reported an error."""
    wrong = WATCHES.pop(page).verdict()
    page.context.close()
    assert not wrong, "\n".join(wrong)


def watch(page: Page, server: Server) -> Watch:
    """Count finished runs, note scripts' errors and refusals of the content policy, let nothing leave for elsewhere.

    Runs are counted on the websocket: the page's own attribute can skip a fast run.
    """
    seen = Watch()
    own = (server.url, server.url.replace("http", "ws", 1), "data:", "blob:", "about:")

    def count(payload: str | bytes) -> None:
        if (
            isinstance(payload, bytes)
            and ForwardMsg.FromString(payload).WhichOneof("type") == "script_finished"
        ):
            seen.runs += 1

    def guard(route: Route) -> None:
        if route.request.url.startswith(own):
            route.continue_()
        else:
            route.abort()

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", count)

    page.on("websocket", listen)
    page.on("request", lambda asked: None if asked.url.startswith(own) else seen.foreign.append(asked.url))
    page.on("pageerror", lambda error: seen.errors.append(f"script error: {error}"))
    page.on(
        "console", lambda said: seen.errors.extend([f"console: {said.text}"] * is_grave(said.type, said.text))
    )
    page.context.route("**/*", guard)
    return seen


def is_grave(kind: str, text: str) -> bool:
    """Whether a line on the console is about the content policy, or about something that was not loaded."""
    return kind == "error" and ("Content Security Policy" in text or "Failed to load resource" in text)


def settled(page: Page, runs: int = 1, timeout_ms: int = 30_000) -> None:
    """Return when at least `runs` runs of the script are over, and the page shows their result whole."""
    deadline = time.monotonic() + timeout_ms / 1000
    while WATCHES[page].runs < runs:
        assert time.monotonic() < deadline, f"only {WATCHES[page].runs} of {runs} runs finished"
        page.wait_for_timeout(20)
    page.wait_for_function(SETTLED, timeout=timeout_ms)


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
