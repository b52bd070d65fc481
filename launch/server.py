"""The app's server as a child process of start.py: start it, wait for it, end it."""

import os
import subprocess
import sys
import time

from launch.libraries import ROOT, venv_python
from launch.ports import fetch
from launch.sentences import Stop

HEALTHY_WITHIN_S = 90
GOODBYE_WITHIN_S = 8


def start_server(port: int) -> "subprocess.Popen[bytes]":
    """The app's server as a child of this process, listening on `port` of this computer only."""
    environ = dict(os.environ, PYTHONUTF8="1")
    return subprocess.Popen(
        [str(venv_python()), "-m", "ui.server", "--port", str(port)], cwd=str(ROOT), env=environ
    )


def wait_until_healthy(child: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when the server answers; stop when it died or took too long."""
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    while fetch(port, "/_stcore/health")[0] != 200:
        if child.poll() is not None:
            raise Stop("server_died", code=child.returncode)
        if time.monotonic() > deadline:
            raise Stop("server_slow", seconds=HEALTHY_WITHIN_S)
        time.sleep(0.05)


def end_child(child: "subprocess.Popen[bytes]") -> None:
    """End the server: ask first, kill it when it does not stop."""
    if child.poll() is None and sys.platform != "win32":
        child.terminate()  # on Windows that is force already; there, Ctrl-C has reached the child by itself
    try:
        child.wait(GOODBYE_WITHIN_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()
