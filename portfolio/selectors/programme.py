"""Programmes and axes with the totals of the projects the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from people.models.user import User
from portfolio.models.programme import Programme
from portfolio.models.strategic_axis import StrategicAxis
from portfolio.selectors.project import visible_projects
from portfolio.selectors.register import BIG
from portfolio.selectors.shown_state import shown_state

COUNTED = ("red", "amber", "green", "stale", "paused")


@dataclass(frozen=True, slots=True)
class Sums:
    """Projects, money and states of one programme or axis; running projects only."""

    projects: int = 0
    bac: Decimal | None = None
    eac: Decimal | None = None
    actual: Decimal | None = None
    exposure: Decimal | None = None
    latest_end: date | None = None
    next_milestone_on: date | None = None
    red: int = 0
    amber: int = 0
    green: int = 0
    stale: int = 0
    paused: int = 0

    @property
    def variance(self) -> Decimal | None:
        return None if self.bac is None or self.eac is None else self.eac - self.bac

    @property
    def is_big(self) -> bool:
        return (self.bac or 0) > BIG

    @property
    def worst(self) -> str:
        """The gravest state among the running projects; silence ranks above green."""
        for state in ("red", "amber", "stale", "green", "paused"):
            if getattr(self, state):
                return state
        return "none"

    @property
    def states(self) -> list[tuple[str, int]]:
        return [(state, getattr(self, state)) for state in COUNTED if getattr(self, state)]


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    programme: Programme
    sums: Sums


@dataclass(frozen=True, slots=True)
class AxisLine:
    axis: StrategicAxis
    sums: Sums


def programme_lines(user: User, today: date) -> list[ProgrammeLine]:
    """All programmes with their totals: two statements."""
    sums = _sums(user, "programme", today)
    rows = Programme.objects.select_related("manager", "axis").order_by("-active", "code")
    return [ProgrammeLine(row, sums.get(row.pk, Sums())) for row in rows]


def axis_lines(user: User, today: date) -> list[AxisLine]:
    """All axes with their totals: two statements."""
    sums = _sums(user, "axis", today)
    return [AxisLine(row, sums.get(row.pk, Sums())) for row in StrategicAxis.objects.order_by("-active", "position")]


def get_programme(code: str) -> Programme:
    programme = Programme.objects.select_related("manager", "axis").filter(code=code).first()
    if programme is None:
        raise Http404
    return programme


def get_axis(code: str) -> StrategicAxis:
    axis = StrategicAxis.objects.filter(code=code).first()
    if axis is None:
        raise Http404
    return axis


def programme_sums(user: User, programme: Programme, today: date) -> Sums:
    return _sums(user, "programme", today, only=programme.pk).get(programme.pk, Sums())


def _sums(user: User, by: str, today: date, only: int | None = None) -> dict[int, Sums]:
    projects = visible_projects(user).active().annotate(shown=shown_state(user, today)).exclude(**{by: None})
    if only is not None:
        projects = projects.filter(**{by: only})
    rows = (
        projects.order_by()
        .values(f"{by}_id")
        .annotate(
            projects=Count("pk"),
            bac=Sum("standing__bac"),
            eac=Sum(Coalesce("standing__eac", "standing__bac")),  # nobody forecast it: it counts as approved
            actual=Sum("standing__actual"),
            exposure=Sum("standing__exposure"),
            latest_end=Max("standing__forecast_end"),
            next_milestone_on=Min("standing__next_milestone_on"),
            **{state: Count("pk", filter=Q(shown=state)) for state in COUNTED},
        )
    )
    return {row.pop(f"{by}_id"): Sums(**row) for row in rows}
