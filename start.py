"""Set Regulars up and open it, with nothing but Python's own library.

    python3 start.py                     set up what is missing, start the app, open the browser
    python3 start.py test [PYTEST ARGS]  set up the checks too (a browser included) and run them
    python3 start.py setup [--test]      set up only

The first start needs a network; every later one finds its stamp in `.venv` and needs none.
The grammar is that of Python 3.6, here and in `launch/`, so that an old Python reads this far and says what to do.
"""

import argparse
import os
import signal
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import List

from launch.browsers import provide_browser, provide_fonts
from launch.libraries import ROOT, check_python, install, is_installed, venv_python
from launch.ports import HOST, choose_port, is_free, serves_shop
from launch.sentences import Stop, say
from launch.server import end_child, start_server, wait_until_healthy
from ui import DEFAULT_PORT, shop_mark


def read_options(arguments: List[str]) -> argparse.Namespace:
    """The command line as options: `what` is serve, setup or test."""
    if arguments[:1] == ["test"]:
        return argparse.Namespace(what="test", pytest=arguments[1:])
    if arguments[:1] == ["setup"]:
        parser = argparse.ArgumentParser(prog="start.py setup", description="Set up, and start nothing.")
        parser.add_argument("--test", action="store_true", help="set up the checks too")
        parser.set_defaults(what="setup")
        return parser.parse_args(arguments[1:])
    parser = argparse.ArgumentParser(
        prog="start.py",
        description="Set Regulars up and open it. `start.py test` runs the checks; `start.py setup` only sets up.",
    )
    parser.add_argument(
        "--port", type=int, help="the port to use (default: %d or the next free one)" % DEFAULT_PORT
    )
    parser.add_argument(
        "--shop", metavar="DIR", help="the shop's folder (default: in your user's data directory)"
    )
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="open no browser")
    parser.set_defaults(what="serve")
    return parser.parse_args(arguments)


def set_up(with_checks: bool) -> None:
    """Install what the app needs, and with it what its checks need."""
    already = is_installed(ROOT / "requirements.txt")
    install(ROOT / "requirements.txt")
    if with_checks:
        install(ROOT / "requirements-test.txt")
        browser = provide_browser()
        provide_fonts()
        if browser:
            os.environ["CHROMIUM"] = browser
    if not already:
        say("ready")


def serve(options: argparse.Namespace) -> int:
    """Open the app, or the browser on the instance that already runs. Returns the exit code."""
    if options.shop:
        os.environ["LOYALTY_SHOP"] = str(Path(options.shop).expanduser().resolve())
    mark = shop_mark(os.environ)
    port, running = choose_port(options.port, is_free, lambda candidate: serves_shop(candidate, mark))
    if not running:
        return serve_until_ended(port, options.browser)
    show("already_open", port, options.browser)
    return 0


def serve_until_ended(port: int, browser: bool) -> int:
    """Run the server until Ctrl-C; stop with a sentence when it ends by itself."""
    say("starting")
    child = start_server(port)
    try:
        wait_until_healthy(child, port)
        show("open", port, browser)
        code = child.wait()
    except KeyboardInterrupt:
        end_child(child)
        say("goodbye")
        return 0
    finally:
        end_child(child)
    raise Stop("server_ended", code=code)


def show(key: str, port: int, browser: bool) -> None:
    """Print the sentence `key` with the app's address, and open it in the browser when that is wanted."""
    url = "http://%s:%d" % (HOST, port)
    say(key, url=url)
    if browser:
        webbrowser.open(url)


def run_checks(arguments: List[str]) -> int:
    """Run the tests with pytest's own `arguments`; returns its exit code."""
    return subprocess.call([str(venv_python()), "-m", "pytest"] + arguments, cwd=str(ROOT))


def act(arguments: List[str]) -> int:
    """Check, set up, and do what `arguments` ask. Returns the exit code."""
    check_python(tuple(sys.version_info[:3]))
    options = read_options(arguments)
    set_up(with_checks=options.what == "test" or getattr(options, "test", False))
    if options.what == "test":
        return run_checks(options.pytest)
    return serve(options) if options.what == "serve" else 0


def interrupt(_signal: int, _frame: object) -> None:
    """Treat SIGTERM like Ctrl-C."""
    raise KeyboardInterrupt


def main(arguments: List[str]) -> int:
    """Run the command; every expected failure is one sentence and exit code 1."""
    signal.signal(signal.SIGTERM, interrupt)
    try:
        return act(arguments)
    except Stop as stop:
        say(stop.key, **stop.params)
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
