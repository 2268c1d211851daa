"""The days on which nothing falls due: legal holidays of Belgium and the organisation's own closing days."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from holidays import country_holidays

from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.models import ClosingDay


def closed_days(first: date, last: date) -> frozenset[date]:
    """Every closed day from `first` to `last`, both included; Saturdays and Sundays only where they are holidays."""
    legal = country_holidays("BE", years=range(first.year, last.year + 1))
    own = ClosingDay.objects.filter(day__range=(first, last)).values_list("day", flat=True)
    return frozenset({day for day in legal if first <= day <= last} | set(own))


def closed_around(week: IsoWeek) -> frozenset[date]:
    """The closed days that may move an instant of the cycle of `week`: from the week before to two weeks after."""
    return closed_days(week.monday - timedelta(days=7), week.sunday + timedelta(days=14))


def closing_days(since: date) -> QuerySet[ClosingDay]:
    """The organisation's own closing days from that day on, in order."""
    return ClosingDay.objects.filter(day__gte=since).order_by("day")
