from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked_except

LONGEST_LIFE = timedelta(days=366)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, now: datetime) -> ApiTokenQuerySet:
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, owner__is_active=True)


@tracked_except("digest", "last_used")
class ApiToken(models.Model):
    """Key of the API: at most the rights of its owner, shown once, kept as a digest only."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens", verbose_name=_("titulaire")
    )
    name = models.CharField(_("nom"), max_length=80)
    digest = models.CharField(_("empreinte"), max_length=64, unique=True)
    hint = models.CharField(_("derniers signes"), max_length=8)
    scopes = ArrayField(models.CharField(max_length=20), verbose_name=_("portées"))
    created_at = models.DateTimeField(_("créée le"), default=timezone.now)
    expires_at = models.DateTimeField(_("expire le"))
    revoked_at = models.DateTimeField(_("révoquée le"), null=True, blank=True)
    last_used = models.DateTimeField(_("dernier usage"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "owner": PersonalData.IDENTITY,
        "name": PersonalData.FREE_TEXT,
        "digest": PersonalData.CREDENTIAL,
        "hint": PersonalData.CREDENTIAL,
        "last_used": PersonalData.ACTIVITY,
    }

    class Meta:
        verbose_name = _("clé d’API")
        verbose_name_plural = _("clés d’API")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")) & Q(expires_at__lte=F("created_at") + LONGEST_LIFE),
                name="api_token_one_year_at_most",
                violation_error_message=_("Une clé d’API vit un an au plus."),
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gte=1) & ~Q(name=""),
                name="api_token_named_and_scoped",
                violation_error_message=_("Une clé d’API a un nom et au moins une portée."),
            ),
        )

    def __str__(self) -> str:
        return self.name
