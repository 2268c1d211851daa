"""Send a published pack: one row, one mail and one personal link per recipient, whatever dies in between."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from config import clock
from config.web import formats
from people.enums import Purpose
from people.models import Mail, User
from people.services import audit
from people.services.mail import Attachment, queue_mail
from people.services.notify import absolute, letter_texts
from people.services.printing import write_whole
from reporting.engines import pack_life
from reporting.enums import DeliveryChannel, Language
from reporting.models import Pack, PackRecipient, PackRendition
from reporting.selectors.pack_recipients import intended_recipients, token_hash
from reporting.services import pack_notices
from reporting.services.pack import edition_of, print_edition
from reporting.services.pack_copy import copy_for

COPIES = "copies"
TOKEN_BYTES = 32
Heartbeat = Callable[[int, str], None]


class NotPublishedError(Exception):
    """Only a published pack is sent."""


@dataclass(frozen=True, slots=True)
class Distributed:
    """How many this run wrote to, and how many had been written to before."""

    queued: int
    known: int


def distribute(*, pack: Pack, now: datetime, progress: Heartbeat = lambda _percent, _text: None) -> Distributed:
    """Queue the mail of each recipient who has none yet, then say that the pack is distributed.

    The files in every language that is read are printed before the first mail. A run that dies is taken up by the
    next one where it stopped; a second run finds everybody served and writes nothing.
    """
    if pack.state not in pack_life.READABLE:
        raise NotPublishedError(str(pack))
    users = intended_recipients().reached
    renditions = _renditions(pack, users, now, progress)
    channel = channel_of(pack)
    served = set(PackRecipient.objects.filter(pack=pack).values_list("user_id", flat=True))
    queued = 0
    for position, user in enumerate(users):
        progress(50 + 50 * position // len(users), "send")
        if user.pk not in served:
            queued += _serve(pack, renditions[_language(user)], user, channel, now)
    _close(pack, now)
    return Distributed(queued=queued, known=len(users) - queued)


def channel_of(pack: Pack) -> DeliveryChannel:
    """The file itself only when nothing in the cut is above the internal class; else a personal link."""
    if pack.snapshot is None:
        raise NotPublishedError(str(pack))
    return DeliveryChannel.ATTACHMENT if edition_of(pack.snapshot).is_open_to_all else DeliveryChannel.LINK


@transaction.atomic
def revoke_link(*, recipient: PackRecipient, by: User, now: datetime) -> bool:
    """End a personal link at once; False if it had ended already."""
    ended = PackRecipient.objects.filter(pk=recipient.pk, revoked_at=None).update(revoked_at=now)
    if ended:
        audit.record(by=by, verb="pack.link_revoked", target=recipient.pack, data={"recipient": recipient.user_id})
    return bool(ended)


def _renditions(pack: Pack, users: Iterable[User], now: datetime, progress: Heartbeat) -> dict[str, PackRendition]:
    wanted = sorted({_language(user) for user in users})
    return {
        language: print_edition(pack=pack, language=language, by=None, now=now, progress=progress)
        for language in wanted
    }


def _language(user: User) -> str:
    return user.language if user.language in Language.values else Language.FR


def _serve(pack: Pack, rendition: PackRendition, user: User, channel: DeliveryChannel, now: datetime) -> int:
    """The row and the mail together; 0 when another run was faster."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    enclosed = (_enclosure(rendition, user, now),) if channel == DeliveryChannel.ATTACHMENT else ()
    try:
        with transaction.atomic():
            recipient = PackRecipient.objects.create(
                pack=pack,
                user=user,
                language=rendition.language,
                channel=channel,
                token_hash=token_hash(token),
                created_at=now,
                expires_at=now + timedelta(days=settings.PACK_LINK_DAYS),
            )
            recipient.mail = _mail(pack, recipient, token, enclosed)
            recipient.save(update_fields=["mail"])
    except IntegrityError:
        return 0
    return 1


def _enclosure(rendition: PackRendition, user: User, now: datetime) -> Attachment:
    """The recipient's own copy, kept under its hash until the mail has left."""
    copy = copy_for(rendition, user, now, always_marked=True)
    digest = hashlib.sha256(copy.data).hexdigest()
    folder = Path(settings.PACKS_ROOT) / COPIES
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / f"{digest}.pdf").exists():
        write_whole(folder / f"{digest}.pdf", copy.data)
    return Attachment(copy.name, f"{COPIES}/{digest}.pdf", "application/pdf", digest)


def _mail(pack: Pack, recipient: PackRecipient, token: str, enclosed: tuple[Attachment, ...]) -> Mail:
    user, slug = recipient.user, pack.cycle.slug
    with translation.override(recipient.language):
        subject = _("Pack CODIR, semaine %(week)d de %(year)d") % {
            "week": pack.cycle.iso_week,
            "year": pack.cycle.iso_year,
        }
        if pack.edition > 1:
            subject = _("%(pack)s : version %(edition)d, avec erratum") % {"pack": subject, "edition": pack.edition}
        until = formats.date_long(recipient.expires_at.astimezone(clock.BRUSSELS).date())
    context = {
        "subject": subject,
        "edition": pack.edition,
        "link": "" if enclosed else absolute(reverse("reporting:pack_link", args=[token])),
        "page": absolute(reverse("reporting:pack_online", args=[slug])),
        "until": until,
        "user": user,
    }
    text, html = letter_texts("pack", context, recipient.language)
    return queue_mail(
        key=f"pack:{pack.pk}:{user.pk}",
        purpose=Purpose.PACK,
        to=user,
        subject=subject,
        text=text,
        html=html,
        attachments=enclosed,
    )


@transaction.atomic
def _close(pack: Pack, now: datetime) -> None:
    step = pack_life.step("distribute")
    moved = Pack.objects.filter(pk=pack.pk, state=step.source).update(
        state=step.target, distributed_at=now, version=F("version") + 1, updated_at=now
    )
    if moved:
        count = PackRecipient.objects.filter(pack=pack).count()
        audit.record(by=None, verb="pack.distributed", target=pack, data={"recipients": count})
        pack_notices.tell_published(pack)
