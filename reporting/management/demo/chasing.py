"""What the demo's project office did about silence, and one project manager who is away with a deputy named."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from people.models import Absence, Person
from portfolio.engines.chasing import TO_MANAGER, Planned, Step
from portfolio.enums import ReminderKind
from portfolio.models import ChaseNote, Project, Reminder, ReportingCycle, StatusReport
from portfolio.selectors.chasing import can_be_reached, plan_of
from reporting.management.demo.replay import Replay

WEEKS = 4
AWAY = timedelta(days=13)
NOTES = (
    "Vu au couloir : le statut part ce soir.",
    "Au téléphone : attend le chiffrage du fournisseur.",
    "En formation jusque mercredi, remet jeudi matin.",
)


@transaction.atomic
def chase_past_weeks(replay: Replay) -> None:
    """Reminders of the last weeks as the calendar sent them, notes of this one, one absence in force."""
    cycles = ReportingCycle.objects.filter(opens_at__lte=replay.now).order_by("-iso_year", "-iso_week")[:WEEKS]
    for cycle in cycles:
        _remind(cycle, replay.now)
    _note(replay)
    _leave(replay)


def _remind(cycle: ReportingCycle, now: datetime) -> None:
    """Every project whose status had not come by the instant of each step."""
    until = min(now, cycle.frozen_at or now)
    given = dict(StatusReport.objects.filter(cycle=cycle).values_list("project_id", "submitted_at"))
    people = ("manager__user", "programme__manager__user")
    rows = list(Project.objects.reporting().select_related(*people).order_by("code"))
    Reminder.objects.bulk_create(
        Reminder(cycle=cycle, project=row, kind=ReminderKind(one.step.value), person=person, sent_at=one.at)
        for one in plan_of(cycle)
        if one.step != Step.OPENING and one.at <= until
        for row in rows
        if row.pk not in given or given[row.pk] > one.at
        if (person := _addressee(one, row)) is not None
    )


def _addressee(planned: Planned, row: Project) -> Person | None:
    if planned.step in TO_MANAGER:
        person = row.manager
    else:
        person = row.programme.manager if row.programme and planned.step == Step.PROGRAMME else None
    return person if can_be_reached(person) else None


def _note(replay: Replay) -> None:
    """What the first silent project managers of the week said."""
    cycle = ReportingCycle.objects.filter(opens_at__lte=replay.now, frozen_at__isnull=True).last()
    author = replay.cast.users["pso1"]
    if cycle is None:
        return
    silent = Project.objects.reporting().exclude(status_reports__cycle=cycle).order_by("code")[: len(NOTES)]
    ChaseNote.objects.bulk_create(
        ChaseNote(cycle=cycle, project=row, author=author, text=text, created_at=replay.now - timedelta(minutes=90))
        for row, text in zip(silent, NOTES, strict=False)
    )


def _leave(replay: Replay) -> None:
    """The last project manager of the list is away; the one before stands in."""
    leading = Project.objects.reporting().values("manager")
    people = Person.objects.filter(pk__in=leading, user__is_active=True).exclude(user__username__in=["pm1", "pm2"])
    chosen = list(people.select_related("user").order_by("-user__username")[:2])
    if len(chosen) < 2 or chosen[0].user is None:
        return
    away, deputy = chosen
    Absence.objects.create(
        person=away,
        deputy=deputy,
        first_day=replay.today,
        last_day=replay.today + AWAY,
        created_by=chosen[0].user,
        created_at=replay.now - timedelta(days=2),
    )
