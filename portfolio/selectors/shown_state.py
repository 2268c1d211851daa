"""The state a page shows for a project: paused, closed or stale before any declared colour."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Case, CharField, DateField, ExpressionWrapper, F, IntegerField, Q, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact

from config.clock import BRUSSELS
from people.models.user import User
from portfolio.engines.health import DEFAULT_POLICY
from portfolio.engines.lifecycle import CLOSED_PHASES
from portfolio.enums import REPORTING_STATES, LifeCycle
from portfolio.models.project import Project
from portfolio.models.reporting_cycle import ReportingCalendar
from portfolio.selectors.status_reading import StatusReader, status_reader

WEEK_STATES = ("red", "amber", "green", "stale")
STATES = ("red", "amber", "green", "stale", "paused", "closed", "none")


def stale_after(today: date) -> Coalesce:
    """SQL: the days of silence that the rhythm in force allows."""
    rhythm = ReportingCalendar.objects.filter(valid_from__lte=today).order_by("-valid_from")
    return Coalesce(
        Subquery(rhythm.values("stale_after_days")[:1]),
        Value(DEFAULT_POLICY.stale_after_days),
        output_field=IntegerField(),
    )


def shown_state(user: User, today: date) -> Case:
    """SQL over projects: what `user` is shown; silence for longer than the rhythm allows is `stale`.

    A reader without the open week gets what the pack of the last frozen week says: `stale` is a status that
    week owed and did not get, and a project the freeze did not see has no state.
    """
    reader = status_reader(user)
    if not reader.reads_open_week:
        return _frozen_state(reader)
    told = reader.standing
    limit = ExpressionWrapper(
        Cast(Value(today, DateField()), DateField()) - stale_after(today), output_field=DateField()
    )
    silent = Q(**{f"{told}__last_status_on__isnull": True}) | Q(**{f"{told}__last_status_on__lt": limit})
    return Case(
        When(life_cycle=LifeCycle.ON_HOLD, then=Value("paused")),
        When(life_cycle__in=[phase.value for phase in CLOSED_PHASES], then=Value("closed")),
        When(Q(life_cycle__in=REPORTING_STATES) & silent, then=Value("stale")),
        When(**{f"{told}__declared_overall__gt": ""}, then=F(f"{told}__declared_overall")),
        default=Value("none"),
        output_field=CharField(),
    )


def _frozen_state(reader: StatusReader) -> Case:
    week = KeyTextTransform("-1", f"{reader.standing}__history")
    return Case(
        *(When(condition=Exact(week, Value(state)), then=Value(state)) for state in WEEK_STATES),
        When(life_cycle=LifeCycle.ON_HOLD, then=Value("paused")),
        When(life_cycle__in=[phase.value for phase in CLOSED_PHASES], then=Value("closed")),
        default=Value("none"),
        output_field=CharField(),
    )


def state_of(reader: StatusReader, project: Project, today: date) -> str:
    """The same rule for one loaded project."""
    if not reader.reads_open_week:
        told = reader.standing_of(project)
        week = told.history[-1] if told is not None and told.history else ""
        if week in WEEK_STATES:
            return str(week)
    if project.life_cycle == LifeCycle.ON_HOLD:
        return "paused"
    if project.life_cycle in {phase.value for phase in CLOSED_PHASES}:
        return "closed"
    if not reader.reads_open_week:
        return "none"
    standing = reader.standing_of(project)
    if project.owes_status and is_stale(reader, project, today):
        return "stale"
    return (standing.declared_overall if standing else "") or "none"


def is_stale(reader: StatusReader, project: Project, today: date) -> bool:
    """Silence for longer than the rhythm allows, as of now or of the last freeze: never a colour."""
    standing = reader.standing_of(project)
    if standing is None or standing.last_status_on is None:
        return True
    limit = seen_on(reader, standing.computed_at, today) - timedelta(days=stale_days(project, today))
    return standing.last_status_on < limit


def seen_on(reader: StatusReader, computed_at: datetime | None, today: date) -> date:
    """The day a reader's colours are of: today, or the day of the last freeze."""
    if reader.reads_open_week or computed_at is None:
        return today
    return computed_at.astimezone(BRUSSELS).date()


def stale_days(project: Project, today: date) -> int:
    """The silence allowed, read with the project by `get_project`, else on its own."""
    known: int | None = getattr(project, "stale_after_days", None)
    if known is None:
        known = Project.objects.filter(pk=project.pk).values_list(stale_after(today), flat=True).get()
    return known
