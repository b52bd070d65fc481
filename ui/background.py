"""Background jobs: one at a time for each key, with progress and cancellation."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Generic, TypeVar

import streamlit as st

from loyalty.errors import OwnerError

T = TypeVar("T")
MOST_JOBS = 8
Watch = Callable[[int, int], None]
LOG = logging.getLogger("regulars")


class Job(Generic[T]):
    """A piece of work: `done` of `total` steps; then `result`, or the `problem` that an owner can read, or neither where it
    was cancelled or failed."""

    def __init__(self, work: Callable[[Watch], T], pool: ThreadPoolExecutor) -> None:
        self.done, self.total = 0, 1
        self._end = threading.Event()
        self.future = pool.submit(work, self._watch)
        self.future.add_done_callback(_log_failure)

    @property
    def running(self) -> bool:
        """Whether it is still going on."""
        return not self.future.done()

    @property
    def result(self) -> T | None:
        """What the work came to."""
        return self.future.result() if self.future.done() and _failure(self.future) is None else None

    @property
    def problem(self) -> OwnerError | None:
        """Why it came to nothing, where the owner can do something about it."""
        failure = _failure(self.future) if self.future.done() else None
        return failure if isinstance(failure, OwnerError) else None

    def cancel(self) -> None:
        """End it at its next step."""
        self._end.set()
        self.future.cancel()  # one that has not begun

    def _watch(self, done: int, total: int) -> None:
        if self._end.is_set():
            raise CancelledError
        self.done, self.total = done, max(total, 1)


def _failure(future: Future[T]) -> BaseException | None:
    """What ended work that is over, other than its result."""
    return CancelledError() if future.cancelled() else future.exception()


def _log_failure(future: Future[T]) -> None:
    """Log what neither the owner asked for nor can mend; `ui.server` keeps the message itself out of the log."""
    failure = _failure(future)
    if failure is not None and not isinstance(failure, (CancelledError, OwnerError)):
        LOG.error("%s", failure)


class Jobs:
    """The latest jobs by key."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[Hashable, Job[object]] = OrderedDict()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(MOST_JOBS)

    def get(self, key: Hashable) -> Job[object] | None:
        """The job of that key, if there is one."""
        with self._lock:
            return self._jobs.get(key)

    def start(self, key: Hashable, work: Callable[[Watch], object]) -> Job[object]:
        """Begin a job, unless one of that key is going on or has a result."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and (job.running or job.result is not None):
                return job
            self._jobs[key] = job = Job(work, self._pool)
            while len(self._jobs) > MOST_JOBS:
                _, oldest = self._jobs.popitem(last=False)
                oldest.cancel()
            return job

    def cancel_all(self) -> None:
        """End all jobs at their next steps; Python waits for them before it ends."""
        with self._lock:
            for job in self._jobs.values():
                job.cancel()


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The jobs of this process."""
    return Jobs()
