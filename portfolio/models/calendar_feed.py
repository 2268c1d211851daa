from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked_except
from portfolio.enums import FeedScope
from portfolio.models.project import Project


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def usable(self) -> "CalendarFeedQuerySet":
        return self.filter(revoked_at__isnull=True, owner__is_active=True)


@tracked_except("digest", "last_used")
class CalendarFeed(models.Model):
    """A link that gives milestones to a calendar: what its owner may see, shown once, kept as a digest only."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("titulaire"), on_delete=models.PROTECT, related_name="calendar_feeds"
    )
    scope = models.CharField(_("jalons"), max_length=9, choices=FeedScope)
    project = models.ForeignKey(
        Project, verbose_name=_("projet"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField(_("empreinte"), max_length=64, unique=True)
    hint = models.CharField(_("derniers signes"), max_length=8)
    created_at = models.DateTimeField(_("créé le"), default=timezone.now)
    revoked_at = models.DateTimeField(_("révoqué le"), null=True, blank=True)
    last_used = models.DateTimeField(_("dernier usage"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "owner": PersonalData.IDENTITY,
        "digest": PersonalData.CREDENTIAL,
        "hint": PersonalData.CREDENTIAL,
        "last_used": PersonalData.ACTIVITY,
    }

    class Meta:
        verbose_name = _("lien de calendrier")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="calendar_feed_project_when_of_one",
                condition=Q(scope="project", project__isnull=False) | (~Q(scope="project") & Q(project__isnull=True)),
                violation_error_message=_("Choisissez un projet pour un lien de projet, et seulement alors."),
            )
        ]

    def __str__(self) -> str:
        return self.project.code if self.project is not None else str(FeedScope(self.scope).label)
