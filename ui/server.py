"""The web server: app.py behind the gate, on this computer only. `python -m ui.server [--port P] [--host H]`."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import logging
import os
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

import streamlit as st
import uvicorn.config
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from loyalty.errors import OwnerError
from loyalty.words import N_, Words, words_for
from ui import DEFAULT_PORT, INSTANCE_PATH, shop_mark, terminal_language
from ui.background import jobs
from ui.gate import Gate

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "app.py"
LOG = logging.getLogger("regulars")

# Set here and not only in .streamlit/config.toml, so that no environment variable of the owner's opens a door.
FIXED = {
    "server.headless": True,
    "server.enableAgentApi": False,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
}


class PasswordNeeded(OwnerError):
    """An address that other computers can reach was asked for, and there is no password."""

    template = N_(
        "The app opens on this computer only. To open it to other computers at {host}, a password is needed "
        "first, and there is none yet."
    )


def check_host(host: str) -> str:
    """`host` as the address to listen on; `PasswordNeeded` unless it is this computer's own loopback."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        loopback = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise PasswordNeeded(host=host)
    return host.strip("[]")


# ---------------------------------------------------------------------------------------------- failures


def place_of(trace: TracebackType | None) -> str:
    """`folder/file.py:line` of the app's own innermost step in `trace`; a bare file name for a library's."""
    frames = traceback.extract_tb(trace)
    own_frames = [
        frame
        for frame in frames
        if Path(frame.filename).is_relative_to(ROOT) and ".venv" not in frame.filename
    ]
    if own_frames:
        return f"{Path(own_frames[-1].filename).relative_to(ROOT).as_posix()}:{own_frames[-1].lineno}"
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def sighting(error: BaseException) -> str:
    """What may be logged of an error: its kind and its place. Never its message, which can hold a customer's data."""
    return f"{type(error).__name__} at {place_of(error.__traceback__)}"


def show_error(error: Exception) -> bool:
    """Tell the owner about an error of a page, and log its kind and place. True: nothing else is to be shown."""
    language = st.session_state.get("language")
    speakers = [words_for(str(language))] if language else [words_for("en"), words_for("zh_CN")]
    if not isinstance(error, OwnerError):
        LOG.error("%s", sighting(error))
    st.error("\n\n".join(dict.fromkeys(error_sentence(error, words) for words in speakers)))
    return True


def error_sentence(error: Exception, words: Words) -> str:
    """What the owner reads about `error`: its own sentence when it has one, else that and where it happened."""
    if isinstance(error, OwnerError):
        return words.message(error.message)
    return words.say(
        "Something in the app itself went wrong on this page. Load the page again, or open another one. If it comes "
        "back, these words help whoever mends it: {place}",
        place=f"`{sighting(error)}`",
    )


def keep_data_out_of_logs() -> None:
    """From now on no log record of any library carries an error's message or traceback: kind and place only."""
    ordinary = logging.getLogRecordFactory()

    def discreet(*args: object, **kwargs: object) -> logging.LogRecord:
        record = ordinary(*args, **kwargs)
        if isinstance(record.args, tuple):
            record.args = tuple(
                sighting(arg) if isinstance(arg, BaseException) else arg for arg in record.args
            )
        if record.exc_info and record.exc_info[1]:
            record.msg, record.args = f"{record.getMessage()} [{sighting(record.exc_info[1])}]", ()
        record.exc_info = None
        return record

    logging.setLogRecordFactory(discreet)
    threading.excepthook = lambda failure: LOG.error(
        "%s at %s", failure.exc_type.__name__, place_of(failure.exc_traceback)
    )
    # Streamlit reports a page's error here before `show_error` does; once is enough.
    logging.getLogger("streamlit.error_util").addFilter(
        lambda record: "Uncaught app execution" not in record.msg
    )


def prepare_log() -> None:
    """Warnings and errors to standard error, one line each, without anybody's data."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in ("uvicorn", "uvicorn.error"):
        uvicorn.config.LOGGING_CONFIG["loggers"][name]["level"] = "WARNING"
    keep_data_out_of_logs()


# ---------------------------------------------------------------------------------------------- the server


async def instance(_request: Request) -> JSONResponse:
    """Says which app answers here and, as a mark, for which shop; start.py asks before it starts a second one."""
    return JSONResponse({"app": "regulars", "shop": shop_mark(os.environ)})


def make_app(script: Path = SCRIPT) -> st.App:
    """The app behind its gate, ready to run."""
    # Else a folder called `pages` makes Streamlit answer the first deep link of a fresh server with "Page not found".
    PagesManager.uses_pages_directory = False
    return st.App(
        script,
        routes=[Route(INSTANCE_PATH, instance)],
        middleware=[Middleware(Gate)],
        on_script_error=show_error,
    )


def run(host: str, port: int, script: Path = SCRIPT) -> None:
    """Serve until interrupted. `host` is a loopback address that `check_host` let through."""
    prepare_log()
    sys.argv = [
        str(script)
    ]  # Streamlit looks for .streamlit/config.toml beside it, whatever the current folder
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn has ended cleanly by then, and raises it once more
        make_app(script).run(config={**FIXED, "server.address": host, "server.port": port})
    jobs().cancel_all()


def main(arguments: list[str]) -> int:
    """Read the command line and serve. Returns the exit code: 1 when the address is refused."""
    parser = argparse.ArgumentParser(
        prog="python -m ui.server", description="Serve the app on this computer."
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--host", default="127.0.0.1")
    options = parser.parse_args(arguments)
    try:
        host = check_host(options.host)
    except PasswordNeeded as refusal:
        sys.stderr.write(words_for(terminal_language(os.environ)).message(refusal.message) + "\n")
        return 1
    run(host, options.port)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
