from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import Language, PersonalData
from people.models.mail import Mail
from people.models.user import User
from reporting.enums import DeliveryChannel, DownloadChannel
from reporting.models.pack import Pack, PackRendition


class PackRecipient(models.Model):
    """One person who receives one published pack: once. The personal link is kept only as a hash."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="recipients")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=Language, default=Language.FRENCH)
    channel = models.CharField(max_length=10, choices=DeliveryChannel, default=DeliveryChannel.LINK)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    mail = models.OneToOneField(Mail, null=True, blank=True, on_delete=models.PROTECT, related_name="pack_recipient")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "user": PersonalData.IDENTITY,
        "token_hash": PersonalData.CREDENTIAL,
    }

    class Meta:
        ordering = ("pack", "pk")
        constraints = [
            models.UniqueConstraint(
                name="pack_recipient_once",
                fields=("pack", "user"),
                violation_error_message=_("Cette personne reçoit déjà ce pack."),
            ),
            models.CheckConstraint(
                name="pack_recipient_link_expires", condition=Q(expires_at__gt=models.F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.user_id}"


class PackDownload(models.Model):
    """That somebody took the file of a pack; append-only."""

    rendition = models.ForeignKey(PackRendition, on_delete=models.PROTECT, related_name="downloads")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=DownloadChannel)
    at = models.DateTimeField()

    personal_data: ClassVar[dict[str, PersonalData]] = {"user": PersonalData.ACTIVITY, "at": PersonalData.ACTIVITY}

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=("rendition", "-at"), name="download_of_rendition")]
        triggers = [pgtrigger.Protect(name="download_is_kept", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.rendition_id} {self.user_id}"
