"""Change budgets with their delegations, and the clocks of issues in force, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _

from governance.engines.change import PROPOSED, ClockFacts, clock_days
from governance.enums import ChangeStep
from governance.models import ChangeBudget, ChangeClock, ChangeDelegation
from portfolio.models import Project

SEVERITIES = range(5, 0, -1)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """The days of each step at one severity, and on what basis."""

    severity: int
    days: tuple[int, ...]
    source: str


def budgets_of(project: Project) -> list[ChangeBudget]:
    """The change budgets of the project, the latest first, each with its delegations."""
    return list(
        ChangeBudget.objects.filter(project=project)
        .prefetch_related("delegations__person")
        .select_related("decision")
        .order_by("-valid_from")
    )


def get_change_budget(project: Project, pk: int) -> ChangeBudget:
    """A change budget of this project and of no other."""
    row = ChangeBudget.objects.select_related("project").filter(pk=pk, project=project).first()
    if row is None:
        raise Http404
    return row


def get_delegation(project: Project, pk: int) -> ChangeDelegation:
    """A delegation cut from a change budget of this project and of no other."""
    row = ChangeDelegation.objects.select_related("budget__project").filter(pk=pk, budget__project=project).first()
    if row is None:
        raise Http404
    return row


def clocks_in_force(on: date) -> dict[tuple[int, str], int]:
    """Working days by severity and step on that day."""
    rows = [ClockFacts(*row) for row in _rows()]
    return {(number, step): clock_days(number, step, on, rows) for number in SEVERITIES for step in PROPOSED}


def clock_table(on: date) -> list[ClockLine]:
    """One line per severity, the gravest first; what nobody has set is proposed."""
    days = clocks_in_force(on)
    sources: dict[int, str] = {}
    for row in ChangeClock.objects.filter(valid_from__lte=on).order_by("valid_from"):
        sources[row.severity] = row.source
    return [
        ClockLine(number, tuple(days[number, step] for step in ChangeStep.values), sources.get(number, _("▲ proposé")))
        for number in SEVERITIES
    ]


def _rows() -> list[tuple[int, str, int, date]]:
    return list(ChangeClock.objects.values_list("severity", "step", "days", "valid_from"))
