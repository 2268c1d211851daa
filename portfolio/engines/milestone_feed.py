"""Milestones as an iCalendar feed (RFC 5545): one all-day event each, the same facts giving the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event

from portfolio.engines.tabular import normalise_label, without_unsafe

PRODUCT = "-//Cadran//Cadran//FR"
REFRESH = timedelta(hours=6)


class EventStatus(StrEnum):
    """What a calendar shows of an event: forecast, promised or reached, given up."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """`uid` stays the same for ever; `sequence` grows with each change of the date."""

    uid: str
    day: date
    title: str
    changed_at: datetime
    description: str = ""
    category: str = ""
    url: str = ""
    sequence: int = 0
    status: EventStatus = EventStatus.TENTATIVE


def write_feed(name: str, events: Iterable[FeedEvent]) -> bytes:
    """The calendar as served: UTF-8, events in order of date."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", normalise_label(name))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for event in sorted(events, key=lambda item: (item.day, item.uid)):
        calendar.add_component(_event(event))
    return bytes(calendar.to_ical())


def _event(item: FeedEvent) -> Event:
    event = Event()
    event.add("uid", item.uid)
    event.add("dtstamp", item.changed_at)
    event.add("last-modified", item.changed_at)
    event.add("sequence", item.sequence)
    event.add("dtstart", item.day)
    event.add("dtend", item.day + timedelta(days=1))
    event.add("summary", normalise_label(item.title))
    event.add("status", item.status.value)
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    if item.description:
        event.add("description", without_unsafe("\n".join(item.description.splitlines())))
    if item.category:
        event.add("categories", [normalise_label(item.category)])
    if item.url:
        event.add("url", item.url)
    return event
