"""Recurring runs: due by the clock and a mark in the database; a missed run is caught up once."""

from datetime import UTC, datetime, timedelta

import pytest

from config.clock import BRUSSELS
from people.models import Job, ScheduleMark
from people.services import schedule
from people.services.schedule import Schedule

NIGHTLY = Schedule(name="nightly", latest_due=schedule.daily_at(2, 30), kind="standing.refresh")


@pytest.fixture
def only_nightly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_SCHEDULES", {"nightly": NIGHTLY})
    monkeypatch.setattr(schedule, "_WATCHES", {})


@pytest.mark.django_db
@pytest.mark.usefixtures("only_nightly")
def test_run_due_queues_once_per_instant_whoever_asks() -> None:
    now = datetime(2026, 11, 20, 9, 0, tzinfo=BRUSSELS)
    assert len(schedule.run_due(now)) == 1
    assert schedule.run_due(now) == []
    assert schedule.run_due(now + timedelta(hours=3)) == []
    assert Job.objects.get().payload == {"due": "2026-11-20T01:30:00+00:00"}


@pytest.mark.django_db
@pytest.mark.usefixtures("only_nightly")
def test_run_due_after_four_days_off_catches_up_once() -> None:
    schedule.run_due(datetime(2026, 11, 20, 9, 0, tzinfo=BRUSSELS))
    late = schedule.run_due(datetime(2026, 11, 24, 9, 0, tzinfo=BRUSSELS))
    assert [job.payload["due"] for job in late] == ["2026-11-24T01:30:00+00:00"]
    assert Job.objects.count() == 2
    assert ScheduleMark.objects.get().last_due == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", [datetime(2027, 3, 28, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_daily_at_an_hour_that_is_missing_or_double_is_one_instant_a_day(day: datetime) -> None:
    moments = [day + timedelta(minutes=10 * step) for step in range(-12, 24 * 6)]
    dues = {NIGHTLY.latest_due(moment) for moment in moments}
    assert len([due for due in dues if due.astimezone(BRUSSELS).date() == day.date()]) == 1


def test_every_is_a_whole_multiple() -> None:
    assert schedule.every(timedelta(minutes=15))(datetime(2026, 1, 1, 10, 22, tzinfo=UTC)).minute == 15
