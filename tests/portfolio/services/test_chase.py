"""Reminders by the calendar: to the right person, once, in time, and never after the status came."""

from collections import Counter
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from config.clock import BRUSSELS
from people.enums import MailChoice, Purpose, Role
from people.models import AuditEntry, Job, Mail, Notification, NotificationSetting, User
from people.services import jobs, schedule
from people.services.notify import worded
from portfolio import tasks
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.enums import Confidentiality
from portfolio.models import ChaseNote, Project, Reminder, ReportingCycle
from portfolio.services.chase import add_note, remind_by_hand, remind_due
from portfolio.services.reporting_cycle import ensure_cycle
from tests.factories.people import AbsenceFactory, PersonFactory, user_with
from tests.factories.portfolio import ProgrammeFactory, ProjectFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    """An instant of November 2026 in Brussels: "20 17:00"."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=BRUSSELS)


OPENING, FIRST, SECOND = at("16 07:00"), at("18 16:00"), at("20 10:00")
OVERDUE, PROGRAMME, CENTRE = at("20 17:00"), at("23 08:00"), at("23 10:00")
FREEZE = at("23 12:00")
EVERY = (OPENING, FIRST, SECOND, OVERDUE, PROGRAMME, CENTRE)


@pytest.fixture
def week() -> ReportingCycle:
    return ReportingCycleFactory(week="2026-W47")


def run(now: datetime) -> int:
    with time_machine.travel(now, tick=False):
        return remind_due(now)


def project_of(pm: User, **fields: object) -> Project:
    return ProjectFactory(manager=pm.person, **fields)


def reminded(kind: str = "") -> set[tuple[str, str]]:
    rows = Reminder.objects.filter(kind=kind) if kind else Reminder.objects.all()
    return {(row.project.code, row.person.user.username) for row in rows.select_related("project", "person__user")}


def told(user: User) -> list[str]:
    return sorted(user.notifications.values_list("kind", flat=True))


@pytest.mark.usefixtures("week")
def test_a_silent_week_climbs_from_the_project_manager_to_the_head_of_the_centre() -> None:
    pm, pgm, head = (user_with(role) for role in (Role.PM, Role.PROGRAMME_MANAGER, Role.HEAD_OF_CENTRE))
    programme = ProgrammeFactory(manager=pgm.person)
    for _number in range(2):
        project_of(pm, programme=programme)

    for now in EVERY:
        assert run(now) == 1
        assert run(now + timedelta(minutes=4)) == 0

    assert told(pm) == ["status_first", "status_opening", "status_overdue", "status_second"]
    assert told(pgm) == ["status_programme"]
    assert told(head) == ["status_centre"]
    assert Counter(Reminder.objects.values_list("kind", flat=True)) == dict.fromkeys(
        ("first", "second", "overdue", "programme", "centre"), 2
    )
    assert AuditEntry.objects.filter(verb="chase.reminded").count() == 5


@pytest.mark.usefixtures("week")
def test_several_projects_are_one_message_that_leads_to_the_right_page() -> None:
    one, several = user_with(Role.PM), user_with(Role.PM)
    code = project_of(one).code
    codes = [project_of(several).code for _number in range(3)]

    run(FIRST)

    (single,), (multiple,) = one.notifications.all(), several.notifications.all()
    assert (single.path, multiple.path) == (f"/projects/{code}/status/2026-W47/", "/my/")
    title = worded(single).title.replace("\u00a0", " ")
    assert title == f"Statut S47 de {code} : à remettre ven. 20 nov. à 16 h 00"
    assert all(code in worded(multiple).text for code in codes)
    assert Mail.objects.count() == 2


@pytest.mark.usefixtures("week")
def test_the_opening_is_told_in_the_inbox_only() -> None:
    pm = user_with(Role.PM)
    project_of(pm)
    run(OPENING)
    assert told(pm) == ["status_opening"]
    assert not Mail.objects.exists()
    assert not Reminder.objects.exists()


@pytest.mark.usefixtures("week")
def test_mail_follows_the_setting_of_the_person() -> None:
    pm = user_with(Role.PM)
    project_of(pm)
    NotificationSetting.objects.create(user=pm, purpose=Purpose.STATUS_DUE, choice=MailChoice.NONE)
    run(FIRST)
    assert told(pm) == ["status_first"]
    assert not Mail.objects.exists()


def test_nothing_after_the_status_came_nor_after_the_freeze(week: ReportingCycle) -> None:
    pm = user_with(Role.PM)
    given_one, silent = project_of(pm), project_of(pm)
    StatusReportFactory(project=given_one, cycle=week)
    run(OVERDUE)
    assert reminded() == {(silent.code, pm.username)}
    ReportingCycle.objects.update(frozen_at=at("21 09:00"))
    assert run(CENTRE) == 0
    ReportingCycle.objects.update(frozen_at=None)
    assert run(FREEZE) == 0


@pytest.mark.usefixtures("week")
def test_after_two_days_of_silence_the_scheduler_sends_one_reminder_and_no_burst() -> None:
    pm = user_with(Role.PM)
    project_of(pm)
    run(at("20 15:30"))
    run(at("20 15:40"))
    assert told(pm) == ["status_second"]
    assert run(at("20 16:30")) == 0


@pytest.mark.usefixtures("week")
def test_a_project_without_programme_still_gets_the_reminder_missed_before() -> None:
    pm = user_with(Role.PM)
    project_of(pm, programme=None)
    run(at("23 09:00"))
    assert told(pm) == ["status_overdue"]


@pytest.mark.usefixtures("week")
def test_the_deputy_of_an_absent_project_manager_is_reminded_instead() -> None:
    pm, deputy = user_with(Role.PM), user_with(Role.PM)
    project = project_of(pm)
    AbsenceFactory(person=pm.person, deputy=deputy.person, first_day=date(2026, 11, 18), last_day=date(2026, 11, 19))
    run(FIRST)
    assert reminded("first") == {(project.code, deputy.username)}
    assert told(pm) == []
    run(SECOND)
    assert reminded("second") == {(project.code, pm.username)}


@pytest.mark.usefixtures("week")
def test_who_cannot_be_reached_falls_to_the_named_deputy_or_to_nobody() -> None:
    deputy = user_with(Role.PM)
    project = ProjectFactory(manager=PersonFactory(), deputy=deputy.person)
    ProjectFactory(manager=PersonFactory())
    run(FIRST)
    assert reminded() == {(project.code, deputy.username)}


@pytest.mark.usefixtures("week")
def test_the_programme_manager_hears_of_his_projects_only_and_of_restricted_ones_too() -> None:
    mine, other = user_with(Role.PROGRAMME_MANAGER), user_with(Role.PROGRAMME_MANAGER)
    own = ProjectFactory(programme=ProgrammeFactory(manager=mine.person), confidentiality=Confidentiality.RESTRICTED)
    ProjectFactory(programme=ProgrammeFactory(manager=other.person))
    run(PROGRAMME)
    (note,) = mine.notifications.all()
    assert [one["code"] for one in note.data["projects"]] == [own.code]
    assert note.path == f"/projects/{own.code}/"


def test_in_a_week_with_a_bank_holiday_the_reminders_move_with_the_deadline() -> None:
    pm = user_with(Role.PM)
    project_of(pm)
    cycle = ensure_cycle(IsoWeek(2026, 52))
    due = datetime(2026, 12, 24, 16, tzinfo=BRUSSELS)
    assert cycle.due_at == due
    assert run(due - timedelta(hours=48, minutes=1)) == 1
    assert told(pm) == ["status_opening"]
    assert run(due - timedelta(hours=48)) == 1
    assert run(due + timedelta(hours=1)) == 1
    assert told(pm) == ["status_first", "status_opening", "status_overdue"]


def test_two_open_weeks_are_chased_side_by_side(week: ReportingCycle) -> None:
    """Monday morning the new week has opened and the old one is not frozen yet."""
    pm = user_with(Role.PM)
    project_of(pm, programme=ProgrammeFactory(manager=user_with(Role.PROGRAMME_MANAGER).person))
    coming = ReportingCycleFactory(week="2026-W48")
    run(PROGRAMME)
    assert told(pm) == ["status_opening"]
    assert set(Reminder.objects.values_list("cycle", "kind")) == {(week.pk, "programme")}
    assert coming.opens_at < PROGRAMME


def test_the_watch_begins_the_week_queues_each_step_once_and_catches_up_the_last() -> None:
    pm = user_with(Role.PM)
    project_of(pm)
    with time_machine.travel(OPENING - timedelta(minutes=1), tick=False):
        assert [job for job in schedule.run_due() if job.kind == tasks.CHASE] == []
    for now in (OPENING, OPENING + timedelta(seconds=5), at("20 11:00"), at("20 11:01")):
        with time_machine.travel(now, tick=False):
            for job in schedule.run_due():
                if job.kind == tasks.CHASE:
                    jobs.run_now(job.pk)
    keys = Job.objects.filter(kind=tasks.CHASE).order_by("pk").values_list("key", flat=True)
    assert list(keys) == ["status.chase:2026-W47:opening", "status.chase:2026-W47:second"]
    assert told(pm) == ["status_opening", "status_second"]


def test_an_empty_portfolio_begins_no_week() -> None:
    assert tasks.queue_due_reminders(SECOND) == []
    assert not ReportingCycle.objects.exists()


ACTS = st.lists(
    st.tuples(st.integers(-120, 10_800), st.sampled_from(["run", "run", "run", "status", "absence"])), max_size=14
)


@settings(max_examples=25, deadline=None)
@given(acts=ACTS)
def test_however_the_scheduler_is_called_each_person_hears_of_each_kind_at_most_once(
    acts: list[tuple[int, str]],
) -> None:
    with transaction.atomic():
        week = ReportingCycleFactory(week="2026-W47")
        pm, deputy, pgm = user_with(Role.PM), user_with(Role.PM), user_with(Role.PROGRAMME_MANAGER)
        head = user_with(Role.HEAD_OF_CENTRE)
        programme = ProgrammeFactory(manager=pgm.person)
        projects = [project_of(pm, programme=programme), project_of(pm, programme=None), project_of(deputy)]
        came: dict[int, datetime] = {}
        for minute, act in sorted(acts):
            now = OPENING + timedelta(minutes=minute)
            if act == "run":
                run(now)
            elif act == "status" and len(came) < len(projects):
                project = projects[len(came)]
                StatusReportFactory(project=project, cycle=week)
                came[project.pk] = now
            elif act == "absence":
                AbsenceFactory(person=pm.person, deputy=deputy.person, first_day=now.date(), last_day=now.date())
                pm.person.absences.update(ended_at=now)
        rows = Counter(Notification.objects.values_list("user", "kind"))
        assert max(rows.values(), default=0) <= 1
        for reminder in Reminder.objects.all():
            assert reminder.project_id not in came or reminder.sent_at <= came[reminder.project_id]
            assert week.opens_at <= reminder.sent_at < week.freeze_at
        assert not Reminder.objects.filter(person=head.person).exclude(kind="centre").exists()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_the_same_instant_send_once() -> None:
    ReportingCycleFactory(week="2026-W47")
    people = [user_with(Role.PM) for _number in range(4)]
    for pm in people:
        project_of(pm)
    gate, sent = Barrier(3), []

    def scheduler() -> None:
        try:
            gate.wait()
            sent.append(remind_due(FIRST))
        finally:
            connection.close()

    with time_machine.travel(FIRST, tick=True):
        threads = [Thread(target=scheduler) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sum(sent) == len(people)
    assert Reminder.objects.count() == Mail.objects.count() == Notification.objects.count() == len(people)


def test_by_hand_tells_what_was_passed_over(week: ReportingCycle) -> None:
    pm, pso = user_with(Role.PM), user_with(Role.PSO)
    silent, given_one, nobody = project_of(pm), project_of(pm), ProjectFactory(manager=PersonFactory())
    StatusReportFactory(project=given_one, cycle=week)
    chosen = [silent, given_one, nobody]

    done = remind_by_hand(by=pso, cycle=week, projects=chosen, now=at("20 18:00"))

    assert (done.people, done.reminded) == (1, (silent.code,))
    assert (done.received, done.nobody, done.too_soon) == ((given_one.code,), (nobody.code,), ())
    again = remind_by_hand(by=pso, cycle=week, projects=chosen, now=at("20 18:59"))
    assert (again.people, again.too_soon) == (0, (silent.code,))
    later = remind_by_hand(by=pso, cycle=week, projects=chosen, now=at("20 19:00"))
    assert later.reminded == (silent.code,)
    assert Mail.objects.count() == 2
    with pytest.raises(ValidationError):
        remind_by_hand(by=pso, cycle=week, projects=chosen, now=FREEZE)


def test_a_note_is_kept_once_when_sent_twice(week: ReportingCycle) -> None:
    project, pso = ProjectFactory(), user_with(Role.PSO)
    for text in ("Il  rentre lundi", "Il rentre lundi"):
        add_note(by=pso, cycle=week, project=project, text=text, now=SECOND)
    assert list(ChaseNote.objects.values_list("text", flat=True)) == ["Il rentre lundi"]
    with pytest.raises(ValidationError):
        add_note(by=pso, cycle=week, project=project, text="x" * 221, now=SECOND)
