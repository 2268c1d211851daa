"""The list of sessions: one's own bodies first, week by week, then the others and what is past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from governance.enums import SittingState
from governance.models import Seat, Sitting
from governance.selectors.sitting import visible_sittings
from governance.selectors.voters import day_of
from people.models import User

AGO = timedelta(days=60)
AHEAD = timedelta(weeks=4)
PAST_SHOWN = 20
_RUNNING = (SittingState.IN_PROGRESS, SittingState.MINUTES_DRAFT, SittingState.APPROVED)
_OVER = (SittingState.CLOSED, SittingState.CANCELLED)


@dataclass(frozen=True, slots=True)
class MeetingWeek:
    """The sessions of one ISO week, soonest first; `day` is a day of it."""

    day: date
    sittings: tuple[Sitting, ...]


@dataclass(frozen=True, slots=True)
class Meetings:
    """`first` is the next of one's own, failing that of any; `later` counts what comes after the weeks shown."""

    first: Sitting | None
    mine: tuple[MeetingWeek, ...]
    others: tuple[MeetingWeek, ...]
    past: tuple[Sitting, ...]
    later: int

    @property
    def others_count(self) -> int:
        return sum(len(week.sittings) for week in self.others)


def meetings_of(user: User, now: datetime) -> Meetings:
    """The sessions the user may open: four weeks ahead, and those of the last two months."""
    held = Seat.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=now.date()), body=OuterRef("body"), person__user=user
    )
    rows = visible_sittings(user).annotate(points=Count("items"), is_mine=Exists(held))
    coming = rows.filter(Q(starts_at__gte=now) | Q(state__in=_RUNNING)).exclude(state__in=_OVER)
    shown = list(coming.filter(starts_at__lt=now + AHEAD).order_by("starts_at", "body__level"))
    mine = [row for row in shown if row.is_mine]
    others = [row for row in shown if not row.is_mine]
    past = rows.filter(state__in=_OVER, starts_at__lt=now, starts_at__gte=now - AGO).order_by("-starts_at")
    return Meetings(
        first=next((row for row in [*mine, *others] if not row.is_written), None),
        mine=by_week(mine),
        others=by_week(others),
        past=tuple(past[:PAST_SHOWN]),
        later=coming.filter(starts_at__gte=now + AHEAD).count(),
    )


def sessions(
    user: User,
    *,
    body: str = "",
    state: str = "",
    mode: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Sitting]:
    """The sessions the user may open, soonest first."""
    rows = visible_sittings(user)
    wanted = {"body__code": body, "state": state, "mode": mode}
    rows = rows.filter(**{path: value for path, value in wanted.items() if value})
    if since is not None:
        rows = rows.filter(starts_at__date__gte=since)
    if until is not None:
        rows = rows.filter(starts_at__date__lte=until)
    return rows.order_by("starts_at", "pk")


def by_week(rows: Iterable[Sitting]) -> tuple[MeetingWeek, ...]:
    """Sessions in order of time, cut at each ISO week of Brussels."""
    weeks = groupby(rows, key=lambda row: day_of(row).isocalendar()[:2])
    return tuple(MeetingWeek(day_of(found[0]), tuple(found)) for found in (list(group) for _key, group in weeks))
