from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import Language, MailState, PersonalData, Purpose


class MailQuerySet(models.QuerySet["Mail"]):
    def claimable(self, now: datetime) -> MailQuerySet:
        """Waiting and due, or claimed by a sender that died before it handed anything to the server."""
        return self.filter(
            Q(state=MailState.QUEUED, run_after__lte=now)
            | Q(state=MailState.SENDING, lease_until__lt=now, handed_at__isnull=True)
        )

    def in_doubt(self, now: datetime) -> MailQuerySet:
        """Handed to the server by a sender that died before it wrote down the answer."""
        return self.filter(state=MailState.SENDING, lease_until__lt=now, handed_at__isnull=False)


class Mail(models.Model):
    """One message to one person, at most once: this row is the truth, the sender only carries it.

    `key` says what it is about and for whom, so the same occasion never makes two. `handed_at` is committed before
    the text goes to the server: a crash after that ends as `unknown` and is never sent again by itself.
    """

    key = models.CharField(_("clé"), max_length=200, unique=True)
    purpose = models.CharField(_("motif"), max_length=16, choices=Purpose.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("destinataire"),
    )
    address = models.CharField(_("adresse"), max_length=254)
    language = models.CharField(_("langue"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    subject = models.CharField(_("objet"), max_length=200)
    text = models.TextField(_("texte"))
    html = models.TextField(_("texte mis en page"), blank=True)
    attachments: models.JSONField[Any, Any] = models.JSONField(_("pièces jointes"), default=list, blank=True)
    message_id = models.CharField(_("identifiant du message"), max_length=200, unique=True)
    state = models.CharField(_("état"), max_length=8, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("tentatives"), default=0)
    run_after = models.DateTimeField(_("pas avant"), default=timezone.now)
    lease_until = models.DateTimeField(_("bail jusqu’à"), null=True, blank=True)
    lease_token = models.UUIDField(_("jeton de bail"), null=True, blank=True)
    handed_at = models.DateTimeField(_("remis au serveur le"), null=True, blank=True)
    reply = models.TextField(_("réponse du serveur"), blank=True)
    created_at = models.DateTimeField(_("créé le"), default=timezone.now)
    sent_at = models.DateTimeField(_("accepté le"), null=True, blank=True)

    objects = MailQuerySet.as_manager()

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "recipient": PersonalData.IDENTITY,
        "address": PersonalData.CONTACT,
        "subject": PersonalData.FREE_TEXT,
        "text": PersonalData.FREE_TEXT,
        "html": PersonalData.FREE_TEXT,
        "reply": PersonalData.CONTACT,
    }

    class Meta:
        verbose_name = _("courriel")
        verbose_name_plural = _("courriels")
        ordering = ("-created_at", "-pk")
        indexes = (
            # read every few seconds by the sender
            models.Index(fields=("run_after", "id"), condition=Q(state__in=["queued", "sending"]), name="mail_waiting"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=MailState.values),
                name="mail_state_known",
                violation_error_message=_("Cet état de courriel n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False, lease_token__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True, lease_token__isnull=True)),
                name="mail_lease_while_sending",
                violation_error_message=_("Un courriel a un bail pendant son envoi, et alors seulement."),
            ),
            models.CheckConstraint(
                condition=(Q(state="sent") & Q(sent_at__isnull=False)) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="mail_sent_says_when",
                violation_error_message=_("Un courriel envoyé dit quand."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "parked"]) | ~Q(reply=""),
                name="mail_failure_says_why",
                violation_error_message=_("Un courriel refusé garde la réponse du serveur."),
            ),
        )

    def __str__(self) -> str:
        return self.key
