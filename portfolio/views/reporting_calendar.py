"""The rhythm of the reporting week: what holds, what is planned, and from when it changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web import formats
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.reporting_calendar import CycleTimes, current_week
from portfolio.forms.reporting_calendar import INSTANTS, ClosingDayForm, RhythmForm
from portfolio.models import ReportingCalendar
from portfolio.selectors.chasing import rule_of_chase
from portfolio.selectors.closing_day import closing_days
from portfolio.selectors.reporting_cycle import calendar_of, calendars, planned_times
from portfolio.services.closing_day import add_closing_day, remove_closing_day
from portfolio.services.reporting_cycle import set_rhythm

WEEKS_AHEAD = 6


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """A dated rhythm in words; `state` is `past`, `current` or `coming`."""

    calendar: ReportingCalendar
    instants: tuple[str, ...]
    reminders: tuple[int, ...]
    state: str


@requires(Permission.CALENDAR_VIEW, Permission.CALENDAR_EDIT)
@require_http_methods(["GET", "POST"])
def calendar(request: AuthenticatedRequest) -> HttpResponse:
    """Read by everybody who reports or reads; a new dated row is written by the PSO."""
    now = clock.now()
    may_edit = has_permission(request.user, Permission.CALENDAR_EDIT)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    week = current_week(now)
    form = RhythmForm(request.POST or None, calendar=calendar_of(week), valid_from=week.next.monday)
    if request.method == "POST" and form.is_valid():
        try:
            written = set_rhythm(by=request.user, now=now, **form.rhythm())
        except ValidationError as error:
            form.add_refusal(error)
        else:
            if written is None:
                messages.info(request, _("Ce rythme vaut déjà : rien n’a changé."))
            else:
                messages.success(request, _("Rythme enregistré ; les semaines non gelées sont replanifiées."))
            return see_other(reverse("portfolio:calendar"))
    return _page(request, form, ClosingDayForm(), now)


@requires(Permission.CALENDAR_EDIT)
@require_POST
def closing_day_add(request: AuthenticatedRequest) -> HttpResponse:
    """A day on which the organisation is closed."""
    now = clock.now()
    form = ClosingDayForm(request.POST)
    if form.is_valid():
        try:
            add_closing_day(by=request.user, now=now, **form.cleaned_data)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Jour ajouté ; les semaines non gelées sont replanifiées."))
            return see_other(reverse("portfolio:calendar"))
    week = current_week(now)
    return _page(request, RhythmForm(calendar=calendar_of(week), valid_from=week.next.monday), form, now)


@requires(Permission.CALENDAR_EDIT)
@require_POST
def closing_day_remove(request: AuthenticatedRequest, key: int) -> HttpResponse:
    closing = closing_days(date.min).filter(pk=key).first()
    if closing is None:
        raise Http404
    try:
        remove_closing_day(by=request.user, closing=closing, now=clock.now())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Jour retiré ; les semaines non gelées sont replanifiées."))
    return see_other(reverse("portfolio:calendar"))


def _page(request: AuthenticatedRequest, form: RhythmForm, closing: ClosingDayForm, now: datetime) -> HttpResponse:
    context = {
        "form": form,
        "closing_form": closing,
        "closing_days": closing_days(now.astimezone(clock.BRUSSELS).date()),
        "may_edit": has_permission(request.user, Permission.CALENDAR_EDIT),
        "rows": _rows(now),
        "weeks": _coming(now),
        "this_week": str(current_week(now)),
    }
    status = 422 if form.errors or closing.errors else 200
    return render(request, "portfolio/calendar/calendar.html", context, status=status)


def _rows(now: datetime) -> list[RhythmRow]:
    """Latest first; the row in force is the latest one that has begun."""
    today = now.astimezone(clock.BRUSSELS).date()
    rows, current_seen = [], False
    for one in list(calendars()) or [calendar_of(current_week(now))]:
        if one.valid_from > today:
            state = "coming"
        else:
            state, current_seen = ("past" if current_seen else "current"), True
        instants = tuple(_instant(getattr(one, f"{name}_weekday"), getattr(one, f"{name}_time")) for name in INSTANTS)
        reminders = tuple(asdict(rule_of_chase(one)).values())
        rows.append(RhythmRow(one, instants, reminders, state))
    return rows


def _instant(weekday: int, at: time) -> str:
    style = formats.notation()
    return f"{style.weekdays_short[weekday - 1]} {style.clock.format(h=at.hour, m=at.minute)}"


def _coming(now: datetime) -> list[CycleTimes]:
    first = current_week(now)
    return [planned_times(first.plus(ahead)) for ahead in range(WEEKS_AHEAD)]
