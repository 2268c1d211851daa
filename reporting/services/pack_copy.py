"""Hand a file of a pack to a person: his own copy, and the row that says he took it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from config import clock
from config.web import formats
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.services import audit
from reporting.enums import DownloadChannel
from reporting.models import PackDownload, PackRendition
from reporting.services.pack import file_is_whole, file_of, friendly_name


class FileMissingError(Exception):
    """The file is not there, or is no longer the one that was printed."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What is handed over: bytes, name, and the hash of the file they come from."""

    data: bytes
    name: str
    original_sha256: str


def reads_originals(user: User) -> bool:
    """Who prepares packs and who checks their seal read the bytes that the hash speaks of."""
    return has_permission(user, Permission.PACK_PREVIEW) or has_permission(user, Permission.AUDIT_VERIFY)


def copy_for(rendition: PackRendition, user: User, now: datetime, *, always_marked: bool = False) -> Copy:
    """The file as this person gets it; marked with his name unless he reads originals."""
    if not file_is_whole(rendition):
        raise FileMissingError(rendition.path)
    data = file_of(rendition).read_bytes()
    if always_marked or not reads_originals(user):
        data = _stamped(data, copy_line(rendition, user, now))
    return Copy(data, friendly_name(rendition.pack, rendition), rendition.pdf_sha256)


def copy_line(rendition: PackRendition, user: User, now: datetime) -> str:
    """« Exemplaire de Claire Dubois · 23.11.2026 · 4F0A11C9 », in the language of the pack."""
    with translation.override(rendition.language):
        return _("Exemplaire de %(name)s · %(day)s · %(code)s") % {
            "name": user.full_name,
            "day": formats.date_short(now.astimezone(clock.BRUSSELS).date()),
            "code": copy_code(rendition.pdf_sha256, user.pk),
        }


def copy_code(original_sha256: str, user_id: int) -> str:
    """Eight signs that name one person's copy of one file; anybody who holds the log can compute them again."""
    return hashlib.sha256(f"{original_sha256}/{user_id}".encode()).hexdigest()[:8].upper()


def _stamped(data: bytes, line: str) -> bytes:
    from reporting.services import watermark  # noqa: PLC0415 -- few requests need a PDF library in memory

    return watermark.stamp(data, line)


def hand_over(*, rendition: PackRendition, by: User, channel: DownloadChannel, now: datetime) -> Copy:
    """The copy, with the row and the audit entry that say who took it; FileMissingError writes neither."""
    copy = copy_for(rendition, by, now, always_marked=channel == DownloadChannel.LINK)
    with transaction.atomic():
        PackDownload.objects.create(rendition=rendition, user=by, channel=channel, at=now)
        audit.record(
            by=by,
            verb="pack.downloaded",
            target=rendition.pack,
            data={"language": rendition.language, "edition": rendition.pack.edition, "channel": str(channel)},
        )
    return copy
