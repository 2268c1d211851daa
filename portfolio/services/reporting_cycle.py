"""Reporting weeks come into being here, from the rhythm in force."""

from dataclasses import asdict
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User
from people.services import audit
from portfolio.engines.chasing import ChaseRule
from portfolio.engines.reporting_calendar import IsoWeek, current_week, reporting_week
from portfolio.models import ReportingCalendar, ReportingCycle
from portfolio.selectors.chasing import HOURS, rule_of_chase
from portfolio.selectors.reporting_cycle import (
    awaiting_cycle,
    calendar_of,
    last_frozen_cycle,
    planned_times,
    rule_of,
    week_of,
)


def ensure_cycle(week: IsoWeek) -> ReportingCycle:
    """The cycle of `week`, created from the rhythm in force then when it does not exist yet."""
    cycle, _created = ReportingCycle.objects.get_or_create(
        iso_year=week.year, iso_week=week.week, defaults=_instants(week)
    )
    return cycle


def current_cycle(now: datetime) -> ReportingCycle:
    """The week statuses are written for: the earliest opened one whose freeze is still to come, else the latest opened.

    After an early freeze it is the next week; a week whose freeze was forgotten no longer holds its successor up.
    """
    waiting = awaiting_cycle(now)
    if waiting is not None:
        return waiting
    opened = reporting_week(rule_of(calendar_of(current_week(now))), now)
    frozen = last_frozen_cycle()
    return ensure_cycle(max(opened, week_of(frozen).next) if frozen else opened)


@transaction.atomic
def set_rhythm(
    *,
    by: User,
    valid_from: date,
    open_at: tuple[int, time],
    due_at: tuple[int, time],
    cut_at: tuple[int, time],
    freeze_at: tuple[int, time],
    publish_at: tuple[int, time],
    stale_after_days: int,
    now: datetime,
    reminders: ChaseRule | None = None,
) -> ReportingCalendar | None:
    """Write the rhythm valid from a Monday on and re-plan the weeks that are not frozen; the past keeps its own.

    Without `reminders` the hours of the rhythm in force then are kept. None, and nothing written, where that
    rhythm holds already.
    """
    _check_start(valid_from, now)
    known = ReportingCalendar.objects.filter(valid_from=valid_from).first()
    calendar = known or ReportingCalendar(valid_from=valid_from)
    for name, (weekday, at) in {
        "open": open_at,
        "due": due_at,
        "cut": cut_at,
        "freeze": freeze_at,
        "publish": publish_at,
    }.items():
        setattr(calendar, f"{name}_weekday", weekday)
        setattr(calendar, f"{name}_time", at)
    calendar.stale_after_days = stale_after_days
    _set_hours(calendar, reminders or rule_of_chase(calendar_of(IsoWeek.of(valid_from))))
    calendar.full_clean()
    _check_order(calendar)
    if _is_same(calendar, calendar_of(IsoWeek.of(valid_from))):
        return None
    calendar.save()
    replan(valid_from)
    audit.record(by=by, verb="calendar.changed", target=calendar, data={"valid_from": valid_from.isoformat()})
    return calendar


def _is_same(one: ReportingCalendar, other: ReportingCalendar) -> bool:
    skipped = ("id", "valid_from")
    names = [field.attname for field in ReportingCalendar._meta.concrete_fields if field.attname not in skipped]
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _check_start(valid_from: date, now: datetime) -> None:
    if valid_from.isoweekday() != 1:
        raise ValidationError({"valid_from": _("Un rythme commence un lundi.")})
    if valid_from < current_week(now).monday:
        raise ValidationError(
            {"valid_from": _("Un rythme ne change pas le passé : choisissez cette semaine ou après.")}
        )


def _set_hours(calendar: ReportingCalendar, reminders: ChaseRule) -> None:
    for name, hours in asdict(reminders).items():
        setattr(calendar, HOURS[name], hours)


def _check_order(calendar: ReportingCalendar) -> None:
    """A rhythm whose publication falls more than a week after the reported one is a slip of the keyboard."""
    try:
        rule = rule_of(calendar)
    except ValueError as error:
        raise ValidationError(_("Ouverture, échéance, arrêt, gel, publication : dans l’ordre.")) from error
    if rule.due.week_offset or rule.data_cut.week_offset or rule.publication.week_offset > 1:
        raise ValidationError(
            _("L’échéance et l’arrêt tombent dans la semaine, le gel et la publication au plus une semaine après.")
        )


def replan(since: date) -> None:
    """Plan the weeks that are not frozen again, after the rhythm or the closing days have changed."""
    first = IsoWeek.of(since)
    for cycle in ReportingCycle.objects.select_for_update().filter(frozen_at__isnull=True, iso_year__gte=first.year):
        if week_of(cycle) < first:
            continue
        for field, value in _instants(week_of(cycle)).items():
            setattr(cycle, field, value)
        cycle.save(update_fields=["opens_at", "due_at", "cut_at", "freeze_at", "publish_at"])


def _instants(week: IsoWeek) -> dict[str, datetime]:
    times = planned_times(week)
    return {
        "opens_at": times.opens,
        "due_at": times.due,
        "cut_at": times.data_cut,
        "freeze_at": times.freeze,
        "publish_at": times.publication,
    }
