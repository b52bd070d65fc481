"""Processes begotten by one that has everything imported: servers for browsers, and the ones that are killed."""

from __future__ import annotations

import multiprocessing as mp
import sys
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from types import ModuleType

#: Whether it can be so; where it cannot (Windows), each process starts from nothing.
WARM = "forkserver" in mp.get_all_start_methods()
ONE_AT_A_TIME = threading.Lock()
CONTEXT = mp.get_context("forkserver" if WARM else "spawn")
if WARM:
    CONTEXT.set_forkserver_preload(["pytest", "tests.store.crash", "tests.browser.warm"])  # type: ignore[union-attr]


def begun(work: Callable[..., None], *args: object) -> BaseProcess:
    """The process, running. It runs the main module again: here nothing, never the page an earlier test may have left there."""
    process = CONTEXT.Process(target=work, args=args)
    with ONE_AT_A_TIME:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main
    return process
