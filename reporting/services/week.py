"""What the calendar asks of the week by itself: the freeze at its instant, once, also when everything was off then."""

from __future__ import annotations

from datetime import datetime, timedelta

from people.services.as_of import first_event_at
from portfolio.engines.reporting_calendar import current_week
from portfolio.models import Project, ReportingCycle
from portfolio.selectors.reporting_cycle import planned_times
from portfolio.services.reporting_cycle import ensure_cycle

PUNCTUAL = timedelta(minutes=2)
"""A freeze within this time of its instant reads the rows as they are; a later one reads them as they were."""
_WEEKS_BACK = 4


def freeze_due(now: datetime) -> ReportingCycle | None:
    """The week whose planned freeze passed last, when nobody has frozen it; earlier ones stay missed.

    None too for a portfolio that did not exist yet at that instant.
    """
    week = current_week(now).next
    for _back in range(_WEEKS_BACK):
        known = ReportingCycle.objects.filter(iso_year=week.year, iso_week=week.week).first()
        freeze_at = known.freeze_at if known else planned_times(week).freeze
        if freeze_at <= now:
            if known is not None and known.frozen_at is not None:
                return None
            begun = first_event_at(Project)
            return ensure_cycle(week) if begun is not None and begun <= freeze_at else None
        week = week.previous
    return None


def instant_read(cycle: ReportingCycle, now: datetime) -> datetime | None:
    """As of when a freeze by the calendar reads: the planned instant when it comes late, None when it is punctual."""
    return cycle.freeze_at if now - cycle.freeze_at > PUNCTUAL else None
