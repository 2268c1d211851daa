"""A session as an iCalendar event (RFC 5545, 5546): one identity for its life, a number that grows with each change.

Moments are written in UTC: a single event then needs no table of time zones, and no clock change moves it.
What is on the agenda is not told: calendars are read by assistants and shared with colleagues.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Cadran//Instances//FR"


class Method(enum.StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who sits; who has no voice is not required."""

    name: str
    address: str
    chairs: bool = False
    votes: bool = True


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar is told of a session; `sequence` is the revision that went out."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    minutes: int
    summary: str
    place: str
    description: str
    url: str
    organizer: str
    address: str
    attendees: tuple[Attendee, ...] = ()


def calendar_text(invitation: Invitation, method: Method) -> str:
    """The file, and the part of a mail, that a calendar reads."""
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp.astimezone(UTC))
    event.add("dtstart", invitation.starts_at.astimezone(UTC))
    event.add("dtend", (invitation.starts_at + timedelta(minutes=invitation.minutes)).astimezone(UTC))
    event.add("summary", invitation.summary)
    if invitation.place:
        event.add("location", invitation.place)
    event.add("description", invitation.description)
    event.add("url", invitation.url)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method is Method.CANCEL else "OPAQUE")
    event["organizer"] = _address(invitation.organizer, invitation.address)
    for one in invitation.attendees:
        event.add("attendee", _attendee(one), encode=False)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", str(method))
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text.decode()


def _address(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(name.replace('"', "'"))
    return person


def _attendee(one: Attendee) -> vCalAddress:
    person = _address(one.name, one.address)
    role = "CHAIR" if one.chairs else "REQ-PARTICIPANT" if one.votes else "OPT-PARTICIPANT"
    person.params["ROLE"] = vText(role)
    person.params["PARTSTAT"] = vText("NEEDS-ACTION")
    person.params["RSVP"] = vText("FALSE")
    return person
