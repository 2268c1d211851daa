"""Jobs: one row per key, claimed by lease, three attempts, then set aside with the cause."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config import clock
from people.enums import JobState
from people.models import AuditEntry, Job
from people.services import jobs
from people.services.jobs import JobRefused, JobRun, LeaseLost
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def ok(run: JobRun) -> dict[str, Any]:
    run.progress(40, "à mi-chemin")
    return {"seen": run.payload["n"]}


def broken(_run: JobRun) -> None:
    raise RuntimeError("le disque est plein")


def refused(_run: JobRun) -> None:
    raise JobRefused("La semaine est déjà gelée.")


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_HANDLERS", {"ok": ok, "broken": broken, "refused": refused})


def enqueue(kind: str = "ok", key: str = "k") -> Job:
    return jobs.enqueue(kind=kind, key=key, payload={"n": 1}, by=None)


def make_due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=clock.now())


def test_enqueue_same_key_twice_is_one_row() -> None:
    assert enqueue().pk == enqueue().pk
    assert Job.objects.count() == 1


def test_run_now_finishes_with_result() -> None:
    job = enqueue()
    assert jobs.run_now(job.pk) == JobState.DONE
    job.refresh_from_db()
    assert (job.state, job.result, job.progress, job.attempts) == (JobState.DONE, {"seen": 1}, 100, 1)
    assert job.lease_until is None


def test_run_now_of_a_finished_job_does_nothing() -> None:
    job = enqueue()
    jobs.run_now(job.pk)
    assert jobs.run_now(job.pk) is None


def test_claim_is_exclusive() -> None:
    enqueue()
    assert jobs.claim() is not None
    assert jobs.claim() is None


def test_claim_takes_over_an_expired_lease_and_the_first_runner_cannot_write() -> None:
    job = enqueue()
    first = jobs.claim()
    assert first is not None
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(seconds=1))
    second = jobs.claim()
    assert second is not None
    assert second.attempt == 2
    with pytest.raises(LeaseLost):
        first.progress(50)
    with pytest.raises(LeaseLost):
        jobs.finish(first, {})
    jobs.finish(second, {})
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_error_three_times_is_set_aside_with_its_cause() -> None:
    job = enqueue("broken")
    states = []
    for _attempt in range(3):
        make_due(job)
        states.append(jobs.run_now(job.pk))
    job.refresh_from_db()
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.PARKED]
    assert (job.state, job.attempts, job.error) == (JobState.PARKED, 3, "RuntimeError: le disque est plein")


def test_error_waits_before_the_next_attempt() -> None:
    job = enqueue("broken")
    jobs.run_now(job.pk)
    job.refresh_from_db()
    assert job.run_after > clock.now() + timedelta(seconds=5)
    assert jobs.run_now(job.pk) is None


def test_refusal_is_final_and_keeps_the_message() -> None:
    job = enqueue("refused")
    assert jobs.run_now(job.pk) == JobState.FAILED
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "La semaine est déjà gelée.")


def test_unknown_kind_is_an_error_not_a_crash() -> None:
    job = enqueue("nobody")
    assert jobs.run_now(job.pk) == JobState.QUEUED


def test_poison_that_kills_its_runner_three_times_is_set_aside_and_the_queue_goes_on() -> None:
    job = enqueue("ok", "poison")
    for _attempt in range(3):
        assert jobs.claim(job.pk) is not None
        Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(seconds=1))
    other = enqueue("ok", "other")
    assert jobs.sweep() == [other.pk]
    job.refresh_from_db()
    assert job.state == JobState.PARKED
    assert job.error


def test_retry_gives_three_new_attempts_and_is_audited() -> None:
    job, user = enqueue("refused"), UserFactory()
    jobs.run_now(job.pk)
    jobs.retry(job=job, by=user)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert AuditEntry.objects.get().verb == "job.retried"


def test_database_refuses_a_fourth_attempt() -> None:
    job = enqueue()
    with pytest.raises(IntegrityError, match="job_three_attempts"), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(attempts=4)


def test_database_refuses_a_running_job_without_lease() -> None:
    job = enqueue()
    with pytest.raises(IntegrityError, match="job_lease_while_running"), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
