"""The state a page shows for a project: paused, closed or stale before any declared colour."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Case, CharField, F, Q, Value, When

from portfolio.engines.health import DEFAULT_POLICY
from portfolio.engines.lifecycle import CLOSED_PHASES
from portfolio.enums import REPORTING_STATES, LifeCycle
from portfolio.models.project import Project
from portfolio.models.standing import Standing

STATES = ("red", "amber", "green", "stale", "paused", "closed", "none")


def shown_state(today: date) -> Case:
    """SQL expression over projects; silence for longer than the policy allows is `stale`."""
    limit = today - timedelta(days=DEFAULT_POLICY.stale_after_days)
    silent = Q(standing__last_status_on__isnull=True) | Q(standing__last_status_on__lt=limit)
    return Case(
        When(life_cycle=LifeCycle.ON_HOLD, then=Value("paused")),
        When(life_cycle__in=[phase.value for phase in CLOSED_PHASES], then=Value("closed")),
        When(Q(life_cycle__in=REPORTING_STATES) & silent, then=Value("stale")),
        When(standing__declared_overall__gt="", then=F("standing__declared_overall")),
        default=Value("none"),
        output_field=CharField(),
    )


def state_of(project: Project, standing: Standing | None, today: date) -> str:
    """The same rule for one loaded project."""
    if project.life_cycle == LifeCycle.ON_HOLD:
        return "paused"
    if project.life_cycle in {phase.value for phase in CLOSED_PHASES}:
        return "closed"
    if project.owes_status and (standing is None or standing.is_stale(today)):
        return "stale"
    return (standing.declared_overall if standing else "") or "none"
