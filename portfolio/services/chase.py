"""Chasing missing statuses: by the calendar, by hand, and what was heard on the telephone.

Every reminder is a row, unique by week, project, kind and person, written with its notice in one transaction
under the lock of the week that a submission and the freeze take too: two schedulers send once, and nothing goes
out once the status came or the week was frozen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from people.enums import Role
from people.models import Notification, Person
from people.models.user import User
from people.selectors.holders import holders_of
from people.services import audit
from portfolio.engines.chasing import TO_MANAGER, Planned, Step, due_step
from portfolio.engines.reporting_calendar import current_week
from portfolio.enums import ReminderKind
from portfolio.models import ChaseNote, Project, Reminder, ReportingCycle
from portfolio.selectors.chasing import can_be_reached, open_cycles, owing, plan_of, writers
from portfolio.selectors.reporting_cycle import planned_times
from portfolio.services import chase_notices
from portfolio.services.reporting_cycle import ensure_cycle

PAUSE = timedelta(minutes=60)
"""A project office does not remind twice of the same project within this time."""


log = structlog.get_logger("cadran.chase")


class IncompleteChaseError(Exception):
    """Some people could not be told; the others were. Trying again reaches those alone."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a bulk reminder did: people told and their projects, and which projects were passed over and why."""

    people: int
    reminded: tuple[str, ...]
    too_soon: tuple[str, ...]
    received: tuple[str, ...]
    nobody: tuple[str, ...]


def remind_due(now: datetime) -> int:
    """Send what the calendar asks for at `now`, in every open week; how many people were told.

    May be called by anybody at any time: what is due is computed from the rows that do not exist yet.
    """
    told, failed = 0, []
    for cycle in open_cycles(now):
        plan = plan_of(cycle)
        for person, projects in _addressees(cycle, plan, now):
            try:
                told += _remind_person(cycle, plan, person, projects, now)
            except DatabaseError:
                log.exception("chase.failed", person=person.pk, week=cycle.slug)
                failed.append(person.pk)
    if failed:
        raise IncompleteChaseError(failed)
    return told


def latest_steps(now: datetime) -> list[tuple[ReportingCycle, Step]]:
    """The last step whose instant has passed in each open week; begins the week whose opening has passed."""
    _begin_week(now)
    found = []
    for cycle in open_cycles(now):
        passed = [one for one in plan_of(cycle) if one.at <= now]
        if passed:
            found.append((cycle, passed[-1].step))
    return found


@transaction.atomic
def remind_by_hand(*, by: User, cycle: ReportingCycle, projects: Sequence[Project], now: datetime) -> ByHand:
    """Ask for these statuses at once, one notice per person; refused once the week is frozen."""
    if not _lock(cycle, now):
        raise ValidationError(_("La semaine n’est pas ouverte : plus personne n’est à relancer."))
    missing = {row.pk: row for row in owing(cycle).filter(pk__in=[one.pk for one in projects])}
    recent = Reminder.objects.filter(
        cycle=cycle, project__in=missing, kind=ReminderKind.MANUAL, sent_at__gt=now - PAUSE, sent_at__lte=now
    )
    soon = set(recent.values_list("project_id", flat=True))
    asked = [row for row in missing.values() if row.pk not in soon]
    reached = writers(asked, now)
    for person, rows in _by_person(asked, lambda row: [reached[row.pk]] if row.pk in reached else []):
        key = f"{chase_notices.key_of(cycle, chase_notices.MANUAL)}:{now:%Y%m%dT%H%M%S}"
        _send(cycle, ReminderKind.MANUAL, person, rows, now, by=by, key=key)
    return ByHand(
        people=len({person.pk for person in reached.values()}),
        reminded=tuple(row.code for row in asked if row.pk in reached),
        too_soon=tuple(row.code for row in missing.values() if row.pk in soon),
        received=tuple(row.code for row in projects if row.pk not in missing),
        nobody=tuple(row.code for row in asked if row.pk not in reached),
    )


@transaction.atomic
def add_note(*, by: User, cycle: ReportingCycle, project: Project, text: str, now: datetime) -> ChaseNote:
    """What somebody said about a missing status; the same sentence twice in a row is one note."""
    text = " ".join(text.split())
    last = ChaseNote.objects.filter(cycle=cycle, project=project).first()
    if last is not None and (last.author_id, last.text) == (by.pk, text):
        return last
    note = ChaseNote(cycle=cycle, project=project, author=by, text=text, created_at=now)
    note.full_clean()
    note.save(force_insert=True)
    audit.record(by=by, verb="chase.noted", target=project, data={"project": project.code, "week": cycle.slug})
    return note


def _begin_week(now: datetime) -> None:
    """A week with projects that owe a status comes into being at its opening, even if nobody looks at a page."""
    week = current_week(now)
    if ReportingCycle.objects.filter(iso_year=week.year, iso_week=week.week).exists():
        return
    if planned_times(week).opens <= now and Project.objects.reporting().exists():
        ensure_cycle(week)


def _addressees(cycle: ReportingCycle, plan: Sequence[Planned], now: datetime) -> list[tuple[Person, list[int]]]:
    """Everybody to whom something may have to be said now, and about which projects, in a fixed order."""
    found: dict[int, tuple[Person, list[int]]] = {}
    for _step, person, rows in _dues(owing(cycle), cycle, plan, now):
        found.setdefault(person.pk, (person, []))[1].extend(row.pk for row in rows)
    return [found[key] for key in sorted(found)]


@transaction.atomic
def _remind_person(
    cycle: ReportingCycle, plan: Sequence[Planned], person: Person, projects: Sequence[int], now: datetime
) -> int:
    """Look again under the lock of the week, then tell this person what is due for him."""
    if not _lock(cycle, now):
        return 0
    still = owing(cycle).filter(pk__in=projects)
    mine = [(step, rows) for step, one, rows in _dues(still, cycle, plan, now) if one.pk == person.pk]
    for step, rows in mine:
        if step == Step.OPENING:
            _tell_opening(cycle, person, rows)
        else:
            _send(cycle, ReminderKind(step.value), person, rows, now)
    return 1 if mine else 0


def _lock(cycle: ReportingCycle, now: datetime) -> bool:
    """Hold the week against submissions, the freeze and another scheduler; False if it is not open any more."""
    locked = open_cycles(now).select_for_update(of=("self",), no_key=True).filter(pk=cycle.pk)
    return bool(list(locked.values_list("pk", flat=True)))


def _dues(
    owed: Iterable[Project], cycle: ReportingCycle, plan: Sequence[Planned], now: datetime
) -> list[tuple[Step, Person, list[Project]]]:
    """Step, person and projects of everything that is due now; six statements at most."""
    rows = list(owed)
    reached = writers(rows, now)
    heads = _heads() if any(one.step == Step.CENTRE and one.at <= now for one in plan) else []
    told, done = _already(cycle)
    due: dict[tuple[Step, int], tuple[Person, list[Project]]] = {}
    for row in rows:
        to = _addressees_of(row, reached.get(row.pk), heads)
        step = due_step(plan, now, done=done.get(row.pk, ()), possible=to)
        for person in to[step] if step is not None else ():
            if step is not None and (step, person.user_id) not in told:
                due.setdefault((step, person.pk), (person, []))[1].append(row)
    return [(step, person, projects) for (step, _key), (person, projects) in due.items()]


def _already(cycle: ReportingCycle) -> tuple[set[tuple[str, int | None]], dict[int, set[Step]]]:
    """Which accounts were told which step of this week, and which steps of each project are done."""
    told: set[tuple[str, int | None]] = set()
    done: dict[int, set[Step]] = {}
    sent = Reminder.objects.filter(cycle=cycle).exclude(kind=ReminderKind.MANUAL)
    for kind, project, user in sent.values_list("kind", "project_id", "person__user_id"):
        told.add((kind, user))
        if kind != Step.CENTRE:
            done.setdefault(project, set()).add(Step(kind))
    greeted = Notification.objects.filter(key=chase_notices.key_of(cycle, Step.OPENING))
    told.update((Step.OPENING, user) for user in greeted.values_list("user_id", flat=True))
    return told, done


def _addressees_of(row: Project, writer: Person | None, heads: Sequence[Person]) -> dict[Step, list[Person]]:
    """To whom each step about one project goes; a step that would reach nobody is left out."""
    to: dict[Step, list[Person]] = {}
    if writer is not None:
        to |= {step: [writer] for step in (Step.OPENING, *sorted(TO_MANAGER))}
    manager = row.programme.manager if row.programme else None
    if manager is not None and can_be_reached(manager):
        to[Step.PROGRAMME] = [manager]
    if heads:
        to[Step.CENTRE] = list(heads)
    return to


def _heads() -> list[Person]:
    return [user.person for user in holders_of(Role.HEAD_OF_CENTRE) if getattr(user, "person", None) is not None]


def _tell_opening(cycle: ReportingCycle, person: Person, rows: Sequence[Project]) -> None:
    if person.user is not None:
        chase_notices.tell(user=person.user, step=Step.OPENING, cycle=cycle, projects=rows)


def _send(
    cycle: ReportingCycle,
    kind: ReminderKind,
    person: Person,
    rows: Sequence[Project],
    now: datetime,
    *,
    by: User | None = None,
    key: str = "",
) -> None:
    """The rows, the notice and the act, in the caller's transaction."""
    Reminder.objects.bulk_create(
        Reminder(cycle=cycle, project=row, kind=kind, person=person, by=by, sent_at=now) for row in rows
    )
    if person.user is not None:
        chase_notices.tell(user=person.user, step=str(kind.value), cycle=cycle, projects=rows, key=key, by=by)
    audit.record(
        by=by,
        verb="chase.reminded",
        target=cycle,
        data={"kind": kind.value, "person": person.pk, "projects": [row.code for row in rows]},
    )


def _by_person(
    rows: Iterable[Project], to: Callable[[Project], Iterable[Person]]
) -> list[tuple[Person, list[Project]]]:
    found: dict[int, tuple[Person, list[Project]]] = {}
    for row in rows:
        for person in to(row):
            found.setdefault(person.pk, (person, []))[1].append(row)
    return [found[key] for key in sorted(found)]
