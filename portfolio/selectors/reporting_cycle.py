"""Reporting weeks as people ask for them: by slug, the one before, who has reported and who has not."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import Http404

from people.models import User
from portfolio.engines.reporting_calendar import (
    CalendarRule,
    CycleTimes,
    InvalidWeekError,
    IsoWeek,
    Slot,
    cycle_times,
)
from portfolio.models import ReportingCalendar, ReportingCycle, StatusDraft, StatusReport
from portfolio.selectors.closing_day import closed_around
from portfolio.selectors.project import visible_projects

FIRST_RULE_FROM = date(2000, 1, 3)


@dataclass(frozen=True, slots=True)
class MissingStatus:
    """A project that owes its status of the week; `begun` says a draft exists, never what is in it."""

    project_id: int
    code: str
    name: str
    name_language: str
    manager: str
    is_top: bool
    priority_rank: int | None
    last_status_on: date | None
    begun: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """Statuses expected and received for one week, among the projects the reader may see."""

    expected: int
    received: int
    missing: tuple[MissingStatus, ...]

    @property
    def is_complete(self) -> bool:
        return self.received >= self.expected


def calendars() -> QuerySet[ReportingCalendar]:
    """The rhythms, latest first."""
    return ReportingCalendar.objects.all()


def cycles() -> QuerySet[ReportingCycle]:
    """Every week that exists, latest first."""
    return ReportingCycle.objects.order_by("-iso_year", "-iso_week")


def calendar_of(week: IsoWeek) -> ReportingCalendar:
    """The rhythm in force in `week`; the built-in one when none was ever written."""
    row = ReportingCalendar.objects.filter(valid_from__lte=week.monday).first()
    return row or ReportingCalendar(valid_from=FIRST_RULE_FROM)


def rule_of(calendar: ReportingCalendar) -> CalendarRule:
    """The rhythm as the engine reads it; an instant that would go back in time falls a week later."""
    opens = Slot(calendar.open_weekday, calendar.open_time)
    due = _after(opens, calendar.due_weekday, calendar.due_time)
    cut = _after(due, calendar.cut_weekday, calendar.cut_time)
    freeze = _after(cut, calendar.freeze_weekday, calendar.freeze_time)
    publication = _after(freeze, calendar.publish_weekday, calendar.publish_time)
    return CalendarRule(opens=opens, due=due, data_cut=cut, freeze=freeze, publication=publication)


def planned_times(week: IsoWeek) -> CycleTimes:
    """The instants of `week` by the rhythm in force then and the closed days around it."""
    return cycle_times(rule_of(calendar_of(week)), week, closed_around(week))


def get_cycle(slug: str) -> ReportingCycle:
    """The cycle of `2026-W47`; Http404 for anything that names no week we know."""
    try:
        week = IsoWeek.parse(slug)
    except InvalidWeekError as error:
        raise Http404 from error
    cycle = ReportingCycle.objects.filter(iso_year=week.year, iso_week=week.week).first()
    if cycle is None:
        raise Http404
    return cycle


def week_of(cycle: ReportingCycle) -> IsoWeek:
    return IsoWeek(cycle.iso_year, cycle.iso_week)


def missed_weeks(now: datetime) -> list[ReportingCycle]:
    """Weeks that will have no pack, latest first: nobody froze them before the freeze of the next one was due."""
    passed = ReportingCycle.objects.filter(freeze_at__lte=now).order_by("-iso_year", "-iso_week")
    return [cycle for cycle in passed[1:53] if cycle.frozen_at is None]


def last_frozen_cycle() -> ReportingCycle | None:
    return ReportingCycle.objects.filter(frozen_at__isnull=False).last()


def awaiting_cycle(now: datetime) -> ReportingCycle | None:
    """The earliest opened cycle that still waits for its planned freeze."""
    return ReportingCycle.objects.filter(opens_at__lte=now, freeze_at__gt=now, frozen_at__isnull=True).first()


def completeness(user: User, cycle: ReportingCycle, now: datetime) -> Completeness:
    """Who has reported for `cycle` and who has not, in rank order then by code."""
    rows = (
        visible_projects(user)
        .reporting()
        .annotate(
            given=Exists(StatusReport.objects.filter(project=OuterRef("pk"), cycle=cycle)),
            begun=Exists(StatusDraft.objects.filter(project=OuterRef("pk"), cycle=cycle)),
        )
        .select_related("manager", "standing")
        .order_by(F("priority_rank").asc(nulls_last=True), "code")
    )
    expected, missing = 0, []
    for row in rows:
        expected += 1
        if row.given:  # type: ignore[attr-defined]
            continue
        standing = getattr(row, "standing", None)
        missing.append(
            MissingStatus(
                project_id=row.pk,
                code=row.code,
                name=row.name,
                name_language=row.name_language,
                manager=row.manager.full_name if row.manager else "",
                is_top=row.is_top,
                priority_rank=row.priority_rank,
                last_status_on=standing.last_status_on if standing else None,
                begun=row.begun,  # type: ignore[attr-defined]
            )
        )
    return Completeness(expected=expected, received=expected - len(missing), missing=tuple(missing))


def _after(earlier: Slot, weekday: int, at: time) -> Slot:
    slot = Slot(weekday, at, earlier.week_offset)
    return slot if slot.position >= earlier.position else Slot(weekday, slot.at, earlier.week_offset + 1)
