"""A server for a browser test without its start: everything is imported once (see `tests.begetting`)."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pages
import ui

for package in (ui, pages):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith(".page"):  # Streamlit runs these as scripts
            importlib.import_module(module.name)


def serve(port: int, environ: Mapping[str, str], log: Path) -> None:
    """What `python -m ui.server` does, in a process group of its own."""
    os.setsid()
    with log.open("wb") as written:
        os.dup2(written.fileno(), sys.stdout.fileno())
        os.dup2(written.fileno(), sys.stderr.fileno())
    os.environ.clear()
    os.environ.update(environ)
    from ui import server

    sys.exit(server.main(["--port", str(port)]))
