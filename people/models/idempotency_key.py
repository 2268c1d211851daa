from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData


class IdempotencyKey(models.Model):
    """The answer once given to a write request, kept so that its repetition gets the same answer and writes nothing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("utilisateur")
    )
    key = models.CharField(_("clé"), max_length=120)
    request_hash = models.CharField(_("empreinte de la demande"), max_length=64)
    status = models.PositiveSmallIntegerField(_("code de réponse"))
    body = models.JSONField(_("réponse"), null=True, blank=True)
    location = models.CharField(_("adresse"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("créée le"), default=timezone.now)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "user": PersonalData.IDENTITY,
        "body": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("clé d’idempotence")
        verbose_name_plural = _("clés d’idempotence")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "key"),
                name="idempotency_key_once_per_user",
                violation_error_message=_("Cette clé a déjà servi."),
            ),
        )

    def __str__(self) -> str:
        return self.key
