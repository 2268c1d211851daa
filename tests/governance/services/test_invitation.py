"""The calendar entry of a session: mailed to each member, replaced when it changes, taken back when it is cancelled."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from icalendar import Calendar, Event

from governance.engines.invitation import Attendee, Invitation, Method, calendar_text
from governance.models import Sitting
from governance.services.session import cancel, publish, reschedule, withdraw
from people.engines import letter
from people.models import Mail
from people.services import mail
from tests.governance.services.test_session import Meeting
from tests.governance.views.test_meeting import client_of

pytestmark = pytest.mark.django_db


def entries(meeting: Meeting, revision: int) -> list[Calendar]:
    rows = Mail.objects.filter(key__startswith=f"invitation:{meeting.sitting.pk}:{revision}:").order_by("pk")
    return [Calendar.from_ical(row.attachments[0]["content"]) for row in rows]


def event(calendar: Calendar) -> Event:
    (found,) = calendar.walk("VEVENT")
    return found


def test_publication_invites_each_member_with_the_day_the_place_and_who_sits() -> None:
    meeting = Meeting()
    Sitting.objects.filter(pk=meeting.sitting.pk).update(place="Salle 4; étage 2, Bruxelles")
    meeting.sitting.refresh_from_db()
    meeting.convene()
    calendars = entries(meeting, 1)
    assert len(calendars) == 5
    first = event(calendars[0])
    assert calendars[0]["METHOD"] == "REQUEST"
    assert first["DTSTART"].dt == meeting.sitting.starts_at.replace(microsecond=0)
    assert first["DTEND"].dt - first["DTSTART"].dt == timedelta(minutes=120)
    assert (str(first["LOCATION"]), first["SEQUENCE"]) == ("Salle 4; étage 2, Bruxelles", 1)
    assert len(first["ATTENDEE"]) == 5
    assert [str(one.params["ROLE"]) for one in first["ATTENDEE"]].count("CHAIR") == 1
    assert meeting.request.question not in calendars[0].to_ical().decode()


def test_a_moved_session_replaces_its_entry_and_a_withdrawn_or_cancelled_one_takes_it_back() -> None:
    meeting = Meeting().convene()
    later = meeting.sitting.starts_at + timedelta(days=1)
    moved = reschedule(
        sitting=meeting.sitting,
        by=meeting.secretary,
        changes={"starts_at": later, "place": "Salle 2"},
        version=1,
        now=meeting.now,
    )
    withdraw(sitting=moved, by=meeting.secretary, reason="Point ajouté")
    publish(sitting=moved, by=meeting.secretary, now=meeting.now)
    cancel(sitting=moved, by=meeting.secretary, reason="Grève")
    story = [(entries(meeting, revision)[0], revision) for revision in (1, 2, 3, 4, 5)]
    assert [str(calendar["METHOD"]) for calendar, _ in story] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST", "CANCEL"]
    assert [event(calendar)["SEQUENCE"] for calendar, _ in story] == [1, 2, 3, 4, 5]
    assert len({str(event(calendar)["UID"]) for calendar, _ in story}) == 1
    assert event(story[1][0])["DTSTART"].dt == later.replace(microsecond=0)
    assert str(event(story[4][0])["STATUS"]) == "CANCELLED"


def test_nothing_is_mailed_for_a_draft_nor_for_a_change_that_changes_nothing() -> None:
    meeting = Meeting()
    reschedule(sitting=meeting.sitting, by=meeting.secretary, changes={"place": "A"}, version=1, now=meeting.now)
    assert not Mail.objects.filter(key__startswith="invitation:").exists()
    meeting.convene()
    same = {"place": "A"}
    reschedule(sitting=meeting.sitting, by=meeting.secretary, changes=same, version=2, now=meeting.now)
    assert Mail.objects.filter(key__startswith="invitation:").count() == 5
    Sitting.objects.filter(pk=meeting.sitting.pk).update(state="in_progress", opened_at=meeting.now)
    with pytest.raises(ValidationError, match="ne permet pas"):
        reschedule(sitting=meeting.sitting, by=meeting.secretary, changes={"place": "B"}, version=2, now=meeting.now)


def test_the_mail_carries_the_entry_as_a_calendar_and_as_a_file() -> None:
    Meeting().convene()
    written = letter.mime(mail._letter(Mail.objects.filter(key__startswith="invitation:").first()))
    types = [(part.get_content_type(), part.get_param("method")) for part in written.walk()]
    assert ("text/calendar", "REQUEST") in types
    assert ("application/ics", None) in types
    (part,) = [part for part in written.walk() if part.get_content_type() == "text/calendar"]
    assert event(Calendar.from_ical(part.get_content()))["SEQUENCE"] == 1
    assert written.is_multipart()


def test_a_member_downloads_the_entry_and_a_stranger_does_not() -> None:
    meeting = Meeting()
    address = reverse("governance:meeting_calendar", args=[meeting.sitting.pk])
    assert client_of(meeting.secretary).get(address).status_code == 404
    meeting.convene()
    answer = client_of(meeting.users[2]).get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    assert str(Calendar.from_ical(answer.content)["METHOD"]) == "PUBLISH"


def test_two_secretaries_who_move_a_session_are_merged_or_shown_both_texts() -> None:
    meeting = Meeting()
    address = reverse("governance:meeting_edit", args=[meeting.sitting.pk])
    client = client_of(meeting.secretary)
    form = client.get(address).context["form"]
    shown = {"starts_at": form["starts_at"].value().strftime("%Y-%m-%dT%H:%M"), "minutes": "120", "place": ""}
    typed = {**shown, "version": "1", "base": form.base_text()}
    assert client.post(address, {**typed, "place": "Salle 1"}).status_code == 303
    assert client.post(address, {**typed, "minutes": "90"}).status_code == 303
    sitting = Sitting.objects.get(pk=meeting.sitting.pk)
    assert (sitting.place, sitting.minutes) == ("Salle 1", 90)
    clash = client.post(address, {**typed, "place": "Salle 9"})
    assert clash.status_code == 409
    assert "Salle 1" in clash.content.decode()


@pytest.mark.parametrize("day", ["2027-03-26", "2027-03-29", "2027-10-29", "2027-11-01"])
def test_around_both_clock_changes_the_hour_stays_the_one_of_brussels(day: str) -> None:
    from config.clock import BRUSSELS

    start = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=BRUSSELS)
    text = calendar_text(
        Invitation("u", 3, datetime(2027, 1, 1, tzinfo=UTC), start, 90, "CODIR", "", "", "https://x/", "C", "a@b.be"),
        Method.REQUEST,
    )
    found = event(Calendar.from_ical(text))["DTSTART"].dt
    assert found.astimezone(BRUSSELS).strftime("%H:%M") == "09:00"


def test_hostile_names_stay_in_their_field() -> None:
    person = Attendee('A"; ROLE=CHAIR\r\nBEGIN:VALARM', "a@b.be")
    stamp = datetime(2027, 1, 1, tzinfo=UTC)
    text = calendar_text(
        Invitation(
            "u", 1, stamp, stamp, 60, "X\r\nATTENDEE:mailto:evil@x", "", "", "https://x/", "C", "a@b.be", (person,)
        ),
        Method.REQUEST,
    )
    found = event(Calendar.from_ical(text))
    assert "VALARM" not in [part.name for part in found.walk()]
    assert str(found["ATTENDEE"]).lower() == "mailto:a@b.be"
    assert "\nATTENDEE:mailto:evil" not in text.replace("\r", "")
