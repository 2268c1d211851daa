"""Who receives a pack, what became of each mail, who took which file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from people.enums import MailState, Role
from people.models import Mail, User
from people.selectors.holders import holders_of
from portfolio.models import ReportingCycle
from reporting.models import Pack, PackDownload, PackRecipient

SENT_TO = (Role.CODIR, Role.DIRECTOR)
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Intended:
    """Whom a publication would write to, and whom it cannot for want of an address."""

    reached: tuple[User, ...]
    without_address: tuple[User, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted({user.language for user in self.reached}))


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """One recipient of a published pack: his mail as it stands, his link, and when he took the file."""

    recipient: PackRecipient
    mail: Mail | None
    downloads: tuple[datetime, ...]

    @property
    def needs_attention(self) -> bool:
        return self.mail is not None and self.mail.state in (MailState.REFUSED, MailState.UNKNOWN, MailState.PARKED)

    @property
    def may_be_revoked(self) -> bool:
        return self.recipient.revoked_at is None and self.recipient.channel == "link"


def intended_recipients() -> Intended:
    """The members of CODIR and the director, as they are today."""
    users = holders_of(*SENT_TO)
    return Intended(
        reached=tuple(user for user in users if user.email),
        without_address=tuple(user for user in users if not user.email),
    )


def recipient_lines(pack: Pack) -> list[RecipientLine]:
    """Everybody who received this edition, who needs a hand first."""
    rows = PackRecipient.objects.filter(pack=pack).select_related("user__person", "mail")
    taken: dict[int, list[datetime]] = {}
    for user, at in PackDownload.objects.filter(rendition__pack=pack).order_by("at").values_list("user", "at"):
        taken.setdefault(user, []).append(at)
    lines = [RecipientLine(row, row.mail, tuple(taken.get(row.user_id, ()))) for row in rows]
    return sorted(lines, key=lambda line: (not line.needs_attention, line.recipient.user.full_name))


def downloads_of(pack: Pack) -> list[PackDownload]:
    """Who took a file of this edition, latest first."""
    rows = PackDownload.objects.filter(rendition__pack=pack)
    return list(rows.select_related("user__person", "rendition")[:SHOWN])


def recipient_in(cycle: ReportingCycle, key: int) -> PackRecipient | None:
    """The recipient of that number, of any edition of that week's pack."""
    rows = PackRecipient.objects.filter(pk=key, pack__cycle=cycle)
    return rows.select_related("pack__cycle", "user__person").first()


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def recipient_of(token: str, now: datetime) -> PackRecipient | None:
    """Whose personal link it is; None for one that is unknown, expired or revoked."""
    return (
        PackRecipient.objects.filter(token_hash=token_hash(token), expires_at__gt=now, revoked_at=None)
        .select_related("user__person", "pack__cycle", "pack__snapshot")
        .first()
    )
