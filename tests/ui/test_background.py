"""Work in the background: it ends with a result, a problem for the owner, or early; never twice at a time."""

from __future__ import annotations

import threading

from loyalty.services.predictions import BadHorizon
from ui.background import KEPT, Job, Jobs, Watch


def joined(job: Job[object]) -> Job[object]:
    """The job once its thread is over."""
    assert job._thread is not None
    job._thread.join(10)
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
    assert (job.result, job.done, job.of, job.problem) == ("done", 1, 4, None)
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
    for place in range(1, KEPT + 1):
        joined(jobs.start(place, lambda watch: None))
    assert jobs.get(0) is None
    assert jobs.get(KEPT) is not None
