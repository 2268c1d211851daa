"""Who owes a status and whom to remind of it; what was sent, heard and missed this week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from config.clock import BRUSSELS
from people.models import Absence, Person, User
from people.selectors.absence import absences_on
from portfolio.engines.chasing import ChaseRule, Outcome, Planned, chase_plan, outcome_of
from portfolio.enums import ReminderKind
from portfolio.models import ChaseNote, Project, Reminder, ReportingCalendar, ReportingCycle, StatusReport
from portfolio.models.project import ProjectQuerySet
from portfolio.selectors.reporting_cycle import calendar_of, week_of


@dataclass(frozen=True, slots=True)
class ChaseStep:
    """A reminder of the week as the project office follows it."""

    outcome: Outcome
    word: str
    people: int
    projects: int


HOURS: Mapping[str, str] = {
    "first": "first_reminder_hours",
    "second": "second_reminder_hours",
    "overdue": "overdue_reminder_hours",
    "programme": "programme_escalation_hours",
    "centre": "centre_escalation_hours",
}


def rule_of_chase(calendar: ReportingCalendar) -> ChaseRule:
    return ChaseRule(**{name: getattr(calendar, field) for name, field in HOURS.items()})


def plan_of(cycle: ReportingCycle) -> tuple[Planned, ...]:
    """The reminders of that week, by the rhythm in force then."""
    rule = rule_of_chase(calendar_of(week_of(cycle)))
    return chase_plan(rule, opens=cycle.opens_at, due=cycle.due_at, freeze=cycle.freeze_at)


def open_cycles(now: datetime) -> QuerySet[ReportingCycle]:
    """The weeks that have opened and whose freeze is still to come."""
    return ReportingCycle.objects.filter(opens_at__lte=now, freeze_at__gt=now, frozen_at__isnull=True)


def owing(cycle: ReportingCycle) -> ProjectQuerySet:
    """Every project whose status of the week is missing, whoever asks; for background work."""
    given = StatusReport.objects.filter(project=OuterRef("pk"), cycle=cycle)
    people = ("manager__user", "deputy__user", "programme__manager__user")
    return Project.objects.reporting().filter(~Exists(given)).select_related(*people).order_by("code")


def writers(projects: Iterable[Project], now: datetime) -> dict[int, Person]:
    """Who writes the status of each project now: its manager, who stands in for him, else its named deputy.

    Projects without anybody who can be reached are left out.
    """
    rows = list(projects)
    day = now.astimezone(BRUSSELS).date()
    away = absences_on(day, {row.manager_id for row in rows if row.manager_id is not None})
    found = {}
    for row in rows:
        person = _writer(row, away)
        if person is not None:
            found[row.pk] = person
    return found


def can_be_reached(person: Person | None) -> bool:
    return person is not None and person.user is not None and person.user.is_active


def reminders_of(cycle: ReportingCycle, projects: Iterable[int]) -> dict[int, list[Reminder]]:
    """The reminders of these projects, latest first; one statement."""
    rows = Reminder.objects.filter(cycle=cycle, project__in=list(projects)).select_related("person", "by__person")
    found: dict[int, list[Reminder]] = {}
    for row in rows:
        found.setdefault(row.project_id, []).append(row)
    return found


def notes_of(cycle: ReportingCycle, projects: Iterable[int]) -> dict[int, list[ChaseNote]]:
    """What was heard about these projects, latest first; one statement."""
    rows = ChaseNote.objects.filter(cycle=cycle, project__in=list(projects)).select_related("author__person")
    found: dict[int, list[ChaseNote]] = {}
    for row in rows:
        found.setdefault(row.project_id, []).append(row)
    return found


def chase_steps(cycle: ReportingCycle, now: datetime) -> list[ChaseStep]:
    """The five reminders of the week: when planned, and what became of each."""
    rows = Reminder.objects.filter(cycle=cycle).order_by().values("kind")
    sent = {
        row["kind"]: row
        for row in rows.annotate(
            first=Min("sent_at"), people=Count("person", distinct=True), projects=Count("project", distinct=True)
        )
    }
    plan = plan_of(cycle)
    words = dict(ReminderKind.choices)
    until = min(now, cycle.frozen_at or now)
    return [
        ChaseStep(
            outcome=outcome_of(one, plan, until, _field(sent, one.step.value, "first")),
            word=str(words[one.step.value]),
            people=_field(sent, one.step.value, "people") or 0,
            projects=_field(sent, one.step.value, "projects") or 0,
        )
        for one in plan
        if one.step.value in words
    ]


def replaced_names(user: User) -> dict[int, str]:
    """Names by primary key of the people for whom the user stands in today; no statement when he does for nobody."""
    keys = [one.person_id for one in user.stand_ins]
    return {row.pk: row.full_name for row in Person.objects.filter(pk__in=keys)} if keys else {}


def _field(sent: Mapping[str, Any], kind: str, name: str) -> Any:
    return sent[kind][name] if kind in sent else None


def _writer(project: Project, away: Mapping[int, Absence]) -> Person | None:
    absence = away.get(project.manager_id) if project.manager_id is not None else None
    candidates = (absence.deputy if absence else None, project.manager, project.deputy)
    return next((one for one in candidates if can_be_reached(one)), None)
