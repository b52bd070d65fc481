"""The door, tried with plain ASGI messages: who is let through, who is refused, what every answer carries."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from typing import Any

import pytest

from ui.gate import LOOPBACK, Gate, content_policy, host_and_port, inline_scripts, is_own

OWN = "127.0.0.1:8510"


async def inside(scope: Any, receive: Any, send: Any) -> None:
    """The app behind the door: answers 200, with headers of its own that the door must overrule."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    own = [
        (b"content-type", b"text/html"),
        (b"Cache-Control", b"max-age=9"),
        (b"X-Frame-Options", b"SAMEORIGIN"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": own})
    await send({"type": "http.response.body", "body": b"inside"})


def scope_of(kind: str = "http", path: str = "/", **headers: str) -> dict[str, Any]:
    scheme = "ws" if kind == "websocket" else "http"
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": kind, "scheme": scheme, "path": path, "headers": pairs}


def knock(scope: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    """All that is sent back to one knock at a gate with `options`."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    with contextlib.suppress(StopIteration):  # nothing here ever waits, so one step is the whole of it
        Gate(inside, **options)(scope, receive, send).__await__().send(None)
    return sent


def headers_of(sent: list[dict[str, Any]]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize(
    "host", [OWN, "localhost:8510", "LOCALHOST:1", "[::1]:8510", "127.0.0.1", "localhost"]
)
def test_this_computer_by_any_of_its_names_is_let_in(host: str) -> None:
    assert knock(scope_of(host=host))[0]["status"] == 200
    assert knock(scope_of("websocket", "/_stcore/stream", host=host))[0]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    "host",
    [
        "shop.example:8510",
        "127.0.0.1.shop.example",
        "localhost.shop.example:8510",
        "192.168.1.5:8510",
        "0.0.0.0:8510",
        "",
        "127.0.0.1:x",
        "127.0.0.1:99999",
        "user@127.0.0.1",
        "127.0.0.1/x",
        "127.0.0.1?x",
        "127.0.0.1;x",
        "[::2]",
    ],
)
def test_a_foreign_host_is_refused(host: str) -> None:
    assert knock(scope_of(host=host))[0]["status"] == 403
    assert knock(scope_of("websocket", host=host))[0]["type"] == "websocket.close"


def test_no_host_and_two_hosts_are_refused() -> None:
    assert knock(scope_of())[0]["status"] == 403
    twice = scope_of(host=OWN)
    twice["headers"] += [(b"host", b"shop.example")]
    assert knock(twice)[0]["status"] == 403


@pytest.mark.parametrize("origin", [f"http://{OWN}", "http://localhost:8510", "http://[::1]:8510"])
def test_a_page_of_its_own_is_let_in(origin: str) -> None:
    assert knock(scope_of(host=OWN, origin=origin))[0]["status"] == 200
    assert knock(scope_of("websocket", host=OWN, origin=origin))[0]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    "origin",
    [
        "http://shop.example",
        "http://shop.example:8510",
        "http://127.0.0.1:3000",
        "http://127.0.0.1",
        "null",
        "",
        "file://",
        "chrome-extension://abc",
        "127.0.0.1:8510",
    ],
)
def test_a_page_from_elsewhere_is_refused(origin: str) -> None:
    assert knock(scope_of(host=OWN, origin=origin))[0]["status"] == 403
    assert knock(scope_of("websocket", host=OWN, origin=origin))[0]["type"] == "websocket.close"


def test_default_ports_are_ports_like_others() -> None:
    assert is_own(scope_of(host="localhost", origin="http://localhost:80"), LOOPBACK)
    assert not is_own(scope_of(host="localhost", origin="https://localhost"), LOOPBACK)
    assert host_and_port("https://Localhost") == ("localhost", 443)


def test_who_is_not_admitted_gets_401_on_every_path() -> None:
    def members_only(scope: Any) -> bool:
        return (b"cookie", b"member") in scope["headers"]

    for path in ("/", "/media/x.csv", "/_stcore/upload_file/a/b", "/static/js/x.js"):
        assert knock(scope_of(path=path, host=OWN), admitted=members_only)[0]["status"] == 401
        assert (
            knock(scope_of(path=path, host=OWN, cookie="member"), admitted=members_only)[0]["status"] == 200
        )
    assert knock(scope_of("websocket", host=OWN), admitted=members_only)[0]["type"] == "websocket.close"
    member = scope_of("websocket", host=OWN, cookie="member")
    assert knock(member, admitted=members_only)[0]["type"] == "websocket.accept"


def test_a_foreign_host_is_refused_before_anyone_is_asked_in() -> None:
    assert knock(scope_of(host="shop.example"), admitted=lambda _scope: False)[0]["status"] == 403


@pytest.mark.parametrize("host", [OWN, "shop.example"])
def test_every_answer_carries_the_headers_once(host: str) -> None:
    sent = knock(scope_of(host=host))
    names = [name.lower() for name, _ in sent[0]["headers"]]
    assert len(names) == len(set(names))
    found = headers_of(sent)
    assert found["x-frame-options"] == "DENY"
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "no-referrer"
    assert found["cache-control"] == "no-store"
    assert "camera=()" in found["permissions-policy"]
    assert "frame-ancestors 'none'" in found["content-security-policy"]


def test_streamlits_own_files_may_be_kept() -> None:
    assert headers_of(knock(scope_of(path="/static/js/x.js", host=OWN)))["Cache-Control"] == "max-age=9"


def test_a_refusal_says_why_in_a_sentence_and_no_more() -> None:
    sent = knock(scope_of(host="shop.example"))
    assert sent[1]["body"].decode() == "This app answers only to pages of its own, opened on this computer."
    assert headers_of(sent)["content-length"] == str(len(sent[1]["body"]))


def test_the_policy_lets_nothing_come_from_elsewhere() -> None:
    policy = dict(rule.split(" ", 1) for rule in content_policy(OWN).split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == f"'self' ws://{OWN} wss://{OWN}"
    assert "unsafe" not in policy["script-src"]
    assert not any("*" in value or "https:" in value for value in policy.values())


def test_streamlits_inline_script_is_known_by_its_hash() -> None:
    # The one script inside the page of Streamlit 1.67, as it stands there.
    script = "\n      window.prerenderReady = false\n    "
    known = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert inline_scripts() == [f"'sha256-{known}'"]


def test_what_is_neither_page_nor_websocket_passes() -> None:
    assert knock({"type": "lifespan", "headers": []})[0]["type"] == "http.response.start"
