"""What is past its time goes, what may still be needed stays."""

from datetime import timedelta

import pytest

from config import clock
from people.enums import JobState
from people.models import IdempotencyKey, Job
from people.services import housekeeping, jobs
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def test_old_answers_and_work_go_and_parked_jobs_stay() -> None:
    user, old = UserFactory(), clock.now() - timedelta(days=100)
    for key, created in (("old", old), ("new", clock.now())):
        IdempotencyKey.objects.create(user=user, key=key, request_hash="x", status=201, created_at=created)
    for state in (JobState.DONE, JobState.PARKED):
        job = jobs.enqueue(kind="x", key=state, payload={}, by=None)
        Job.objects.filter(pk=job.pk).update(state=state, finished_at=old, error="cause")
    assert housekeeping.clear_expired() == {"sessions": 0, "answers": 1, "guesses": 0, "jobs": 1}
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]
    assert list(Job.objects.values_list("state", flat=True)) == [JobState.PARKED]
