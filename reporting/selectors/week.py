"""The week in three figures, for the line under the masthead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery

from people.models import User
from portfolio.models import ReportingCycle, StatusReport
from portfolio.selectors.project import visible_projects
from portfolio.selectors.reporting_cycle import last_frozen_cycle
from portfolio.selectors.shown_state import shown_state
from portfolio.selectors.status_reading import status_reader
from portfolio.services.reporting_cycle import current_cycle
from reporting.models import Pack


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """The reader's week: statuses expected, received, silent for too long, and its pack.

    The current one; the last frozen one, as `frozen`, for who is shown no open week; None before the first freeze.
    """

    cycle: ReportingCycle
    frozen: bool
    expected: int
    received: int
    stale: int
    pack_state: str

    @property
    def missing(self) -> int:
        return self.expected - self.received


def week_figures(user: User, now: datetime, today: date) -> WeekFigures | None:
    """Counts over the projects the reader may see, with the pack, in one statement besides the cycle."""
    reads_open_week = status_reader(user).reads_open_week
    cycle = current_cycle(now) if reads_open_week else last_frozen_cycle()
    if cycle is None:
        return None
    pack = Pack.objects.filter(cycle=cycle).order_by("-edition").values("state")[:1]
    counts = (
        visible_projects(user)
        .reporting()
        .annotate(
            state=shown_state(user, today),
            given=Exists(StatusReport.objects.filter(project=OuterRef("pk"), cycle=cycle)),
        )
        .aggregate(
            expected=Count("pk"),
            received=Count("pk", filter=Q(given=True)),
            stale=Count("pk", filter=Q(state="stale")),
            pack_state=Max(Subquery(pack)),
        )
    )
    if not counts["expected"]:  # no row to carry the state of the pack
        counts["pack_state"] = next((row["state"] for row in pack), None)
    return WeekFigures(
        cycle=cycle, frozen=not reads_open_week, **{**counts, "pack_state": counts["pack_state"] or "draft"}
    )
