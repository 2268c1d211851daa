"""Reminders of conditions and actions: at their time, to the right people, never twice."""

from datetime import date, datetime, timedelta

import pytest

from config import clock
from config.clock import BRUSSELS
from governance.engines.reminding import Reminder, reminder_due
from governance.enums import SeatRole
from governance.models import FollowUp
from governance.services.reminding import remind_due
from governance.tasks import queue_reminders
from people.enums import Role
from people.models import Job, Notification
from people.services import jobs
from tests.factories.governance import FollowUpFactory, SeatFactory
from tests.factories.people import PersonFactory, user_with

FRIDAY = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), Reminder.SOON),
        (FRIDAY, Reminder.SOON),
        (date(2026, 12, 5), Reminder.OVERDUE),
        (date(2026, 12, 10), Reminder.OVERDUE),
        (date(2026, 12, 11), Reminder.RAISED),
    ],
)
def test_the_latest_reminder_whose_time_has_come(today: date, expected: Reminder | None) -> None:
    assert reminder_due(FRIDAY, today) == expected


def test_closed_days_are_no_working_days() -> None:
    assert reminder_due(FRIDAY, date(2026, 11, 30), {date(2026, 12, 2)}) == Reminder.SOON


def told(user: object) -> list[str]:
    return sorted(Notification.objects.filter(user=user, kind__startswith="follow_up").values_list("kind", flat=True))


@pytest.mark.django_db
def test_the_owner_is_reminded_and_the_body_told_of_what_stays_undone_each_once() -> None:
    owner, secretary, chair = user_with(Role.PM), user_with(Role.SECRETARY), user_with(Role.CODIR)
    row = FollowUpFactory(owner=owner.person, due=clock.today() + timedelta(days=1))
    for user, role in ((secretary, SeatRole.SECRETARY), (chair, SeatRole.CHAIR)):
        SeatFactory(body=row.decision.body, person=user.person, role=role)
    start = clock.now()
    for days in (0, 0, 3, 3, 14, 14, 30):
        remind_due(start + timedelta(days=days))
    assert told(owner) == ["follow_up_overdue", "follow_up_soon"]
    assert told(secretary) == told(chair) == ["follow_up_raised"]


@pytest.mark.django_db
def test_what_is_done_is_not_reminded_and_who_has_no_account_is_reminded_through_the_secretary() -> None:
    secretary = user_with(Role.SECRETARY)
    row = FollowUpFactory(owner=PersonFactory(), due=clock.today() - timedelta(days=1))
    SeatFactory(body=row.decision.body, person=secretary.person, role=SeatRole.SECRETARY)
    FollowUpFactory(owner=secretary.person, due=clock.today(), state="waived", closed_on=clock.today())
    remind_due(clock.now())
    assert told(secretary) == ["follow_up_overdue"]


@pytest.mark.django_db
def test_the_watch_queues_one_job_a_day_and_only_where_something_may_be_due() -> None:
    morning = datetime(2026, 12, 1, 8, 0, tzinfo=BRUSSELS)
    assert queue_reminders(morning) == []
    FollowUpFactory(due=date(2026, 12, 2))
    assert queue_reminders(morning.replace(hour=6)) == []
    (job,) = queue_reminders(morning)
    assert queue_reminders(morning + timedelta(hours=3)) == []
    assert len(queue_reminders(morning + timedelta(days=1))) == 1
    assert jobs.run_now(job.pk) == "done"
    assert Job.objects.filter(kind="follow_up.remind").count() == 2
    assert FollowUp.objects.get().state == "open"
