"""The week in three figures, for the line under the masthead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery

from people.models import User
from portfolio.models import ReportingCycle, StatusReport
from portfolio.selectors.project import visible_projects
from portfolio.selectors.shown_state import shown_state
from portfolio.services.reporting_cycle import current_cycle
from reporting.models import Pack


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """The current cycle: statuses expected, received, silent for too long, and its pack."""

    cycle: ReportingCycle
    expected: int
    received: int
    stale: int
    pack_state: str

    @property
    def missing(self) -> int:
        return self.expected - self.received


def week_figures(user: User, now: datetime, today: date) -> WeekFigures:
    """Counts over the projects the reader may see, with the pack, in one statement besides the cycle."""
    cycle = current_cycle(now)
    pack = Pack.objects.filter(cycle=cycle).order_by("-edition").values("state")[:1]
    counts = (
        visible_projects(user)
        .reporting()
        .annotate(
            state=shown_state(today),
            given=Exists(StatusReport.objects.filter(project=OuterRef("pk"), cycle=cycle)),
        )
        .aggregate(
            expected=Count("pk"),
            received=Count("pk", filter=Q(given=True)),
            stale=Count("pk", filter=Q(state="stale")),
            pack_state=Max(Subquery(pack)),
        )
    )
    return WeekFigures(cycle=cycle, **{**counts, "pack_state": counts["pack_state"] or "draft"})
