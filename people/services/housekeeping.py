"""What need not be kept: sessions that ended, answers once repeated, guesses long past, work long done."""

from datetime import timedelta

from axes.models import AccessFailureLog
from django.contrib.sessions.models import Session
from django.db import transaction

from config import clock
from people.enums import JobState
from people.models import IdempotencyKey, Job
from people.services import schedule
from people.services.jobs import JobRun
from people.services.schedule import Schedule

KIND = "people.housekeeping"
NIGHTLY = Schedule(name=KIND, latest_due=schedule.daily_at(3, 15), kind=KIND)

_ANSWERS = timedelta(days=7)
_GUESSES = timedelta(days=30)
_WORK = timedelta(days=90)
_OVER = (JobState.DONE, JobState.STOPPED)


@transaction.atomic
def clear_expired() -> dict[str, int]:
    """Delete what is past its time; how many of each. Jobs set aside stay until somebody has looked at them."""
    now = clock.now()
    return {
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "answers": IdempotencyKey.objects.filter(created_at__lt=now - _ANSWERS).delete()[0],
        "guesses": AccessFailureLog.objects.filter(attempt_time__lt=now - _GUESSES).delete()[0],
        "jobs": Job.objects.filter(state__in=_OVER, finished_at__lt=now - _WORK).delete()[0],
    }


def run(_run: JobRun) -> dict[str, int]:
    """Handler of the nightly job."""
    return clear_expired()
