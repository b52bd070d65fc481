"""A server for a browser test without its start: everything is imported once, in a process that begets the servers."""

from __future__ import annotations

import importlib
import multiprocessing as mp
import os
import pkgutil
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import ui

for found in pkgutil.iter_modules(ui.__path__):
    importlib.import_module(f"ui.{found.name}")

#: None where processes cannot be begotten so (Windows).
CONTEXT = mp.get_context("forkserver") if "forkserver" in mp.get_all_start_methods() else None


def begun(port: int, environ: Mapping[str, str], log: Path, context: ForkServerContext) -> BaseProcess:
    """The process of a server, running."""
    context.set_forkserver_preload([__name__])
    process = context.Process(target=serve, args=(port, dict(environ), log))
    process.start()
    return process


def serve(port: int, environ: Mapping[str, str], log: Path) -> None:
    """What `python -m ui.server` does."""
    os.setsid()
    with log.open("wb") as written:
        os.dup2(written.fileno(), sys.stdout.fileno())
        os.dup2(written.fileno(), sys.stderr.fileno())
    os.environ.clear()
    os.environ.update(environ)
    from ui import server

    sys.exit(server.main(["--port", str(port)]))
