"""Work in the background: it ends with a result, a problem for the owner, or early; never twice at a time."""

from __future__ import annotations

import concurrent.futures
import logging
import threading

import pytest

from loyalty.services.predictions import BadHorizon
from ui.background import MOST_JOBS, Job, Jobs, Watch


def joined(job: Job[object]) -> Job[object]:
    """The job once it is over."""
    concurrent.futures.wait([job.future], 10)
    assert not job.running
    return job


def test_a_result_and_how_far_it_is() -> None:
    seen: list[float] = []

    def work(watch: Watch) -> str:
        watch(1, 4)
        seen.append(1)
        return "done"

    jobs = Jobs()
    job = joined(jobs.start("a", work))
    assert (job.result, job.done, job.total, job.problem) == ("done", 1, 4, None)
    assert joined(jobs.start("a", work)) is job  # what has a result is not done again
    assert seen == [1]
    assert jobs.get("b") is None


def test_it_ends_at_its_next_step_and_may_begin_again() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(watch: Watch) -> str:
        begun.set()
        go_on.wait(10)
        watch(1, 2)
        return "never"

    jobs = Jobs()
    job = jobs.start("a", work)
    assert begun.wait(10)
    assert jobs.start("a", work) is job  # not twice at a time
    job.cancel()
    go_on.set()
    assert joined(job).result is None
    assert joined(jobs.start("a", lambda watch: "again")).result == "again"


def test_an_owners_problem_is_kept_and_old_jobs_make_room() -> None:
    def work(watch: Watch) -> None:
        raise BadHorizon(known="30", days=1)

    jobs = Jobs()
    assert isinstance(joined(jobs.start(0, work)).problem, BadHorizon)
    for place in range(1, MOST_JOBS + 1):
        joined(jobs.start(place, lambda watch: None))
    assert jobs.get(0) is None
    assert jobs.get(MOST_JOBS) is not None


def test_a_failure_of_our_own_is_logged_and_may_be_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    def work(watch: Watch) -> None:
        raise ZeroDivisionError("by zero")

    jobs = Jobs()
    with caplog.at_level(logging.ERROR, "regulars"):
        job = joined(jobs.start("a", work))
    assert (job.result, job.problem) == (None, None)
    assert [record.args for record in caplog.records] == [(job.future.exception(),)]
    assert joined(jobs.start("a", lambda watch: "again")).result == "again"


def test_all_are_ended_with_the_server_also_those_that_wait() -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def work(watch: Watch) -> str:
        begun.release()
        go_on.wait(10)
        watch(1, 2)
        return "never"

    jobs = Jobs()
    running = [jobs.start(place, work) for place in range(MOST_JOBS)]
    for _ in running:
        assert begun.acquire(timeout=10)
    waiting = jobs.start(MOST_JOBS, work)  # every place is taken, by the job that made room as well
    assert waiting.running
    jobs.cancel_all()
    assert not waiting.running
    go_on.set()
    assert [joined(job).result for job in (*running, waiting)] == [None] * (MOST_JOBS + 1)
