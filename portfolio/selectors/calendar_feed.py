"""One's calendar links, and the milestones a link gives: never more than its owner may see at that moment."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from config.clock import today
from config.web import formats
from people.models.user import User
from portfolio.engines.milestone_feed import EventStatus, FeedEvent
from portfolio.enums import FeedScope
from portfolio.models.calendar_feed import CalendarFeed
from portfolio.models.milestone import Milestone
from portfolio.models.project import ProjectQuerySet
from portfolio.selectors.project import visible_projects

PAST = timedelta(days=366)


def feeds_of(user: User) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(owner=user).select_related("project")


def projects_of_feed(feed: CalendarFeed) -> ProjectQuerySet:
    """None of a project the owner may no longer know of."""
    seen = visible_projects(feed.owner)
    if feed.scope == FeedScope.PROJECT:
        return seen.filter(pk__in=[feed.project_id])
    return seen.led_by(feed.owner) if feed.scope == FeedScope.PERSON else seen


def feed_events(feed: CalendarFeed) -> list[FeedEvent]:
    """Milestones ahead, and those of the last year, in two statements at most."""
    rows = Milestone.objects.filter(project__in=projects_of_feed(feed), forecast__gte=today() - PAST)
    return [_event(row) for row in rows.select_related("project").order_by("forecast", "pk")]


def _event(row: Milestone) -> FeedEvent:
    project = row.project
    slip = row.slip_days
    told = [
        project.name,
        _("Référence : %(day)s.") % {"day": formats.date_short(row.baseline)},
        _("Écart : %(days)s.") % {"days": formats.delta_days(slip)},
    ]
    return FeedEvent(
        uid=f"milestone-{row.pk}@cadran",
        day=row.actual or row.forecast,
        title=f"{project.code} · {row.name}",
        changed_at=row.updated_at,
        description="\n".join(told),
        category=str(row.get_kind_display()),
        url=f"{settings.BASE_URL.rstrip('/')}{project.get_absolute_url()}plan/",
        sequence=row.version - 1,
        status=EventStatus.CONFIRMED if row.actual else EventStatus.TENTATIVE,
    )
