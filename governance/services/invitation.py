"""The invitation of a session: a calendar entry mailed to each member, its updates and its cancellation."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.web import formats
from governance.engines.invitation import Attendee, Invitation, Method, calendar_text
from governance.enums import SeatRole
from governance.models import Seat, Sitting
from governance.selectors.voters import seats_of
from people.enums import Purpose
from people.models import User
from people.services.mail import Attachment, queue_mail
from people.services.notify import Wording, absolute, letter_texts


def uid_of(sitting: Sitting) -> str:
    """The same for the whole life of the session, so that a calendar replaces what it holds."""
    return f"seance-{sitting.pk}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}"


def calendar_of(sitting: Sitting, method: Method, *, stamp: datetime, seats: list[Seat] | None = None) -> str:
    """The calendar entry in the active language; it names no item of the agenda."""
    people = seats_of(sitting) if seats is None else seats
    link = absolute(sitting.get_absolute_url())
    invitation = Invitation(
        uid=uid_of(sitting),
        sequence=sitting.revision,
        stamp=stamp,
        starts_at=sitting.starts_at,
        minutes=sitting.minutes,
        summary=sitting.body.name,
        place=sitting.place,
        description=f"{_description(sitting, method)}\n{link}",
        url=link,
        organizer=sitting.body.name,
        address=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        attendees=tuple(
            Attendee(seat.person.full_name, seat.person.user.email, seat.role == SeatRole.CHAIR, seat.votes)
            for seat in people
            if seat.person.user is not None and seat.person.user.email
        ),
    )
    return calendar_text(invitation, method)


def invite(sitting: Sitting, method: Method, *, now: datetime) -> int:
    """One mail per member with an account and revision, in the caller's transaction; how many members."""
    seats = seats_of(sitting)
    users = [seat.person.user for seat in seats if seat.person.user is not None]
    for user in users:
        with translation.override(user.language):
            _mail(sitting, method, user, calendar_of(sitting, method, stamp=now, seats=seats))
    return len(users)


def _mail(sitting: Sitting, method: Method, user: User, calendar: str) -> None:
    words = _words(sitting, method)
    context = {"words": words, "link": absolute(sitting.get_absolute_url()), "user": user}
    text, html = letter_texts("notification", context, user.language)
    queue_mail(
        key=f"invitation:{sitting.pk}:{sitting.revision}:{user.pk}",
        purpose=Purpose.DECISION,
        to=user,
        subject=words.title,
        text=text,
        html=html,
        attachments=[
            Attachment(
                name="seance.ics",
                path="",
                content_type=f"text/calendar; method={method}",
                sha256=hashlib.sha256(calendar.encode()).hexdigest(),
                content=calendar,
            )
        ],
    )


def _words(sitting: Sitting, method: Method) -> Wording:
    values = {"body": sitting.body.name, "when": formats.datetime_short(sitting.starts_at)}
    if method is Method.CANCEL:
        title = _("%(body)s : la séance du %(when)s n’a pas lieu") % values
    elif sitting.revision > 1:
        title = _("%(body)s : séance du %(when)s, invitation mise à jour") % values
    else:
        title = _("%(body)s : séance du %(when)s") % values
    return Wording(title, _description(sitting, method))


def _description(sitting: Sitting, method: Method) -> str:
    if method is Method.CANCEL:
        return sitting.reason
    count = sitting.items.count()
    points = ngettext("%(count)d point à l’ordre du jour.", "%(count)d points à l’ordre du jour.", count)
    parts = [points % {"count": count}, sitting.place]
    return " ".join(part for part in parts if part)
