from datetime import UTC, date, datetime

from icalendar import Calendar

from portfolio.engines.milestone_feed import EventStatus, FeedEvent, write_feed

CHANGED = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)


def event(uid: str, day: date, title: str, **more: object) -> FeedEvent:
    return FeedEvent(uid, day, title, CHANGED, **more)  # type: ignore[arg-type]


def test_a_calendar_program_reads_every_milestone_back() -> None:
    title = "Mise en production; phase 2, « été » " + "é" * 90
    events = [
        event("m2@cadran", date(2026, 12, 31), title, status=EventStatus.CONFIRMED, sequence=3, category="SI-03"),
        event(
            "m1@cadran", date(2026, 12, 1), "Recette", description="Ligne 1\nLigne 2", url="https://cadran.example/m/1"
        ),
    ]
    data = write_feed("Jalons SI-03", events)
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    first, second = Calendar.from_ical(data).walk("VEVENT")
    assert (str(first["uid"]), first.decoded("dtstart"), first.decoded("dtend")) == (
        *("m1@cadran", date(2026, 12, 1)),
        date(2026, 12, 2),
    )
    assert (str(first["description"]), str(first["url"])) == ("Ligne 1\nLigne 2", "https://cadran.example/m/1")
    assert (str(second["summary"]), int(second["sequence"]), str(second["status"])) == (title, 3, "CONFIRMED")
    assert second.decoded("dtend") == date(2027, 1, 1)
    assert write_feed("Jalons SI-03", events[::-1]) == data


def test_a_hostile_title_adds_no_line_to_the_feed() -> None:
    data = write_feed("x\r\nBEGIN:VALARM", [event("1", date(2026, 12, 1), "a\r\nEND:VCALENDAR\u202e\x00")])
    assert [component.name for component in Calendar.from_ical(data).walk()] == ["VCALENDAR", "VEVENT"]
    assert "\u202e".encode() not in data
