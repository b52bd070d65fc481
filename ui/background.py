"""Work that goes on while the owner looks at other pages: one piece at a time of each kind, with its progress and an end."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import streamlit as st

from loyalty.errors import OwnerError

T = TypeVar("T")
KEPT = 8
Watch = Callable[[int, int], None]


class Cancelled(Exception):
    """Raised within the work once the owner has ended it."""


@dataclass
class Job(Generic[T]):
    """A piece of work: `done` of `of` steps; then `result`, or the `problem` that an owner can read, or neither where it
    was cancelled."""

    work: Callable[[Watch], T]
    done: int = 0
    of: int = 1
    result: T | None = None
    problem: OwnerError | None = None
    _end: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether it is still going on."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = threading.Thread(target=self.run, daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Do the work, here and now."""
        try:
            self.result = self.work(self._watch)
        except Cancelled:
            pass
        except OwnerError as problem:
            self.problem = problem

    def cancel(self) -> None:
        """End it at its next step."""
        self._end.set()

    def _watch(self, done: int, of: int) -> None:
        if self._end.is_set():
            raise Cancelled
        self.done, self.of = done, max(of, 1)


class Jobs:
    """The latest jobs by key."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[Hashable, Job[object]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Job[object] | None:
        """The job of that key, if there is one."""
        with self._lock:
            return self._jobs.get(key)

    def start(self, key: Hashable, work: Callable[[Watch], object]) -> Job[object]:
        """Begin a job, unless one of that key is going on or has a result."""
        with self._lock:
            found = self._jobs.get(key)
            if found is not None and (found.running or found.result is not None):
                return found
            self._jobs[key] = job = Job(work)
            while len(self._jobs) > KEPT:
                _, oldest = self._jobs.popitem(last=False)
                oldest.cancel()
            job.start()
            return job


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The jobs of this process."""
    return Jobs()
