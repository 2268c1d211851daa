"""Links that give milestones to a calendar: made, found by key, revoked. The key exists once, then as a digest only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from config import clock
from people.models.user import User
from people.services import audit
from portfolio.enums import FeedScope
from portfolio.models.calendar_feed import CalendarFeed
from portfolio.models.project import Project

MOST = 20
_USE_GRAIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class NewFeed:
    """The only time the key itself exists outside its owner's hands."""

    feed: CalendarFeed
    key: str


@transaction.atomic
def create_feed(*, owner: User, scope: str, project: Project | None = None) -> NewFeed:
    """The caller has checked that the owner may see the project."""
    if CalendarFeed.objects.usable().filter(owner=owner).count() >= MOST:
        raise ValidationError(_("Vous avez déjà %(most)s liens : révoquez-en un d’abord.") % {"most": MOST})
    key = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        owner=owner,
        scope=scope,
        project=project if scope == FeedScope.PROJECT else None,
        digest=_digest(key),
        hint=key[-4:],
        created_at=clock.now(),
    )
    feed.full_clean()
    feed.save(force_insert=True)
    audit.record(by=owner, verb="calendar_feed.created", target=feed, data={"scope": feed.scope})
    return NewFeed(feed, key)


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: User) -> None:
    """The link gives nothing from the next request on."""
    if CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=clock.now()):
        audit.record(by=by, verb="calendar_feed.revoked", target=feed)


def find_feed(key: str) -> CalendarFeed | None:
    """The usable link of that key; notes its use at most every half hour."""
    now = clock.now()
    feed = CalendarFeed.objects.usable().select_related("owner", "project").filter(digest=_digest(key)).first()
    if feed and (feed.last_used is None or now - feed.last_used > _USE_GRAIN):
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used=now)
    return feed


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
