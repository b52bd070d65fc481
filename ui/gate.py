"""The one door to the app: who may knock (Host, Origin), who may enter, and what every answer carries.

Pure ASGI, so that pages, the websocket, uploads and downloads all pass here. Streamlit's own checks stay on behind it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
FOREIGN = "This app answers only to pages of its own, opened on this computer."
NOT_ADMITTED = "Please log in first."

# Every answer carries these. `Permissions-Policy` leaves the page nothing but copying to the clipboard and full screen.
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{power}=()"
        for power in (
            "accelerometer",
            "browsing-topics",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "hid",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "serial",
            "usb",
        )
    ),
}


def admitted(_scope: Scope) -> bool:
    """Whether the one who knocks may enter. Everyone on this computer may, as long as there is no password.

    A password's session is checked here and nowhere else: `scope` carries the cookies of pages, websocket,
    uploads and downloads alike.
    """
    return True


def content_policy(host: str) -> str:
    """The Content-Security-Policy of a page that was asked for at `host` ("127.0.0.1:8510").

    Everything comes from this server. What is looser, and why: Streamlit styles its widgets inline
    ('unsafe-inline' for styles only), draws icons and charts from data: and blob: images, starts workers from
    blob: scripts, and not every browser counts the websocket as 'self'. What it rules out: WebGL charts
    (`scattergl`), which build their code from text.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *inline_scripts()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self'",
        "connect-src": f"'self' ws://{host} wss://{host}",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def inline_scripts() -> list[str]:
    """Hashes of the scripts that stand inside Streamlit's own page, so that no other inline script may run."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts: list[str] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    return [f"'sha256-{digest}'" for digest in digests]


def header(scope: Scope, name: bytes) -> str | None:
    """The one value of a request header; None when it is missing, "" when it stands there twice."""
    values: list[bytes] = [value for key, value in scope["headers"] if key.lower() == name]
    if not values:
        return None
    return values[0].decode("latin-1") if len(values) == 1 else ""


def host_and_port(url: str) -> tuple[str, int] | None:
    """Host (lower case, no brackets) and port of `scheme://host[:port]`; None for anything more, less or else."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    extras = (parts.path, parts.query, parts.fragment, parts.username, parts.password)
    if parts.hostname is None or any(extras) or not re.fullmatch(r"[\w.\-:\[\]]+", parts.netloc):
        return None
    return parts.hostname, port


def is_own(scope: Scope, hosts: frozenset[str]) -> bool:
    """Whether Host names this computer, and Origin, when there is one, a page of this very server.

    A page elsewhere that made its own name point to this computer (DNS rebinding) still sends that name as Host.
    """
    called = host_and_port(f"{scope.get('scheme', 'http')}://{header(scope, b'host') or ''}")
    if called is None or called[0] not in hosts:
        return False
    origin = header(scope, b"origin")
    if origin is None:
        return True
    asking = host_and_port(origin)
    return asking is not None and asking[0] in hosts and asking[1] == called[1]


class Gate:
    """ASGI middleware: 403 to foreign Host or Origin, 401 to who is not admitted, security headers on the rest.

    `hosts`: names this server answers to, on any port. `admitted`: the check of `admitted` above, or its substitute.
    A websocket is refused before it is accepted, which the browser sees as 403.
    """

    def __init__(
        self, app: App, hosts: frozenset[str] = LOOPBACK, admitted: Callable[[Scope], bool] = admitted
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.admitted = admitted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or refuse, one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
        elif not is_own(scope, self.hosts):
            await refuse(scope, send, 403, FOREIGN)
        elif not self.admitted(scope):
            await refuse(scope, send, 401, NOT_ADMITTED)
        else:
            await self.app(scope, receive, guarded(scope, send))


async def refuse(scope: Scope, send: Send, status: int, sentence: str) -> None:
    """Answer `status` with a short plain sentence; a websocket is closed before it opens."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    body = sentence.encode()
    kind = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    answer = guarded(scope, send)
    await answer({"type": "http.response.start", "status": status, "headers": kind})
    await answer({"type": "http.response.body", "body": body})


def guarded(scope: Scope, send: Send) -> Send:
    """`send`, with the security headers added to the start of an HTTP answer, in place of any of the same name."""
    extra = security_headers(scope)
    names = {name for name, _ in extra}

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            others = [pair for pair in message.get("headers", []) if pair[0].lower() not in names]
            message = {**message, "headers": [*others, *extra]}
        await send(message)

    return send_guarded


def security_headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """What to add to the answer to `scope`. Only Streamlit's own files under /static/ may be kept by the browser."""
    headers = {**HEADERS, "Content-Security-Policy": content_policy(header(scope, b"host") or "")}
    if not scope["path"].startswith("/static/"):
        headers["Cache-Control"] = "no-store"
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
