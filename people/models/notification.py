from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import MailChoice, PersonalData, Purpose
from people.models.mail import Mail


class Notification(models.Model):
    """Something one person should know; worded when it is read, in the reader's language.

    `kind` names the wording registered by the app that writes it, `data` its placeholders; `key` makes the same
    occasion one row however often it is announced.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", verbose_name=_("destinataire")
    )
    key = models.CharField(_("clé"), max_length=200)
    kind = models.CharField(_("nature"), max_length=40)
    purpose = models.CharField(_("motif"), max_length=16, choices=Purpose.choices)
    data: models.JSONField[Any, Any] = models.JSONField(_("données"), default=dict)
    path = models.CharField(_("adresse de la page"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("créée le"), default=timezone.now)
    read_at = models.DateTimeField(_("lue le"), null=True, blank=True)
    mail = models.ForeignKey(
        Mail, on_delete=models.SET_NULL, related_name="notifications", null=True, blank=True, verbose_name=_("courriel")
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "user": PersonalData.IDENTITY,
        "data": PersonalData.FREE_TEXT,
        "read_at": PersonalData.ACTIVITY,
    }

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-created_at", "-pk")
        indexes = (
            # the count in the masthead of every page
            models.Index(fields=("user",), condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(fields=("user", "-created_at"), name="notification_by_user"),
        )
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="notification_once"),)

    def __str__(self) -> str:
        return self.key


class NotificationSetting(models.Model):
    """How one person wants the mail of one purpose; without a row, the default of the purpose."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notification_settings",
        verbose_name=_("utilisateur"),
    )
    purpose = models.CharField(_("motif"), max_length=16, choices=Purpose.choices)
    choice = models.CharField(_("courriel"), max_length=8, choices=MailChoice.choices)

    personal_data: ClassVar[dict[str, PersonalData]] = {"user": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("réglage de notification")
        verbose_name_plural = _("réglages de notification")
        ordering = ("user", "purpose")
        constraints = (models.UniqueConstraint(fields=("user", "purpose"), name="notification_setting_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.purpose}"
