from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.enums import SittingMode, SittingState
from governance.models.body import Body
from people.enums import PersonalData
from people.models.history import tracked
from portfolio.models.versioned import Versioned


@tracked
class Sitting(Versioned):
    """A dated session of a body, the dates an ask may aim at; its life is `engines.lifecycles.SESSION`.

    `revision` counts what went out to the members: publication, a change of it, its cancellation. A written procedure
    is a session without a room: the members answer until the end of `written_until`.
    """

    body = models.ForeignKey(Body, verbose_name=_("instance"), on_delete=models.CASCADE, related_name="sittings")
    starts_at = models.DateTimeField(_("séance"))
    minutes = models.PositiveSmallIntegerField(_("durée (minutes)"), default=120)
    place = models.CharField(_("lieu"), max_length=120, blank=True, default="")
    mode = models.CharField(_("forme"), max_length=8, choices=SittingMode, default=SittingMode.MEETING)
    written_until = models.DateField(_("réponses jusqu’au"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=14, choices=SittingState, default=SittingState.DRAFT)
    revision = models.PositiveSmallIntegerField(_("révision"), default=0, editable=False)
    reason = models.CharField(_("motif"), max_length=220, blank=True, default="")
    published_at = models.DateTimeField(_("convoquée le"), null=True, blank=True)
    opened_at = models.DateTimeField(_("ouverte à"), null=True, blank=True)
    adjourned_at = models.DateTimeField(_("levée à"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approuvé le"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approuvé par"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "approved_by": PersonalData.IDENTITY,
        "reason": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("séance")
        ordering = ("starts_at",)
        constraints = [
            models.UniqueConstraint(name="sitting_unique", fields=("body", "starts_at")),
            models.CheckConstraint(
                name="sitting_published_dated",
                condition=Q(state__in=("draft", "cancelled")) | Q(published_at__isnull=False),
                violation_error_message=_("Une séance convoquée porte sa date de convocation."),
            ),
            models.CheckConstraint(
                name="sitting_opened_dated",
                condition=Q(state__in=("draft", "published", "cancelled")) | Q(opened_at__isnull=False),
                violation_error_message=_("Une séance ouverte porte son heure d’ouverture."),
            ),
            models.CheckConstraint(
                name="sitting_approved_signed",
                condition=~Q(state__in=("approved", "closed"))
                | Q(approved_at__isnull=False, approved_by__isnull=False, adjourned_at__isnull=False),
                violation_error_message=_("Un procès-verbal approuvé porte sa date et son signataire."),
            ),
            models.CheckConstraint(
                name="sitting_closed_dated",
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                violation_error_message=_("Une séance close porte sa date."),
            ),
            models.CheckConstraint(
                name="sitting_written_clocked",
                condition=Q(mode="meeting", written_until__isnull=True)
                | Q(mode="written", state__in=("draft", "cancelled"))
                | Q(mode="written", written_until__isnull=False),
                violation_error_message=_("Une procédure écrite a un dernier jour de réponse, une séance n’en a pas."),
            ),
            models.CheckConstraint(
                name="sitting_minutes_range",
                condition=Q(minutes__range=(15, 480)),
                violation_error_message=_("Une séance dure de 15 minutes à 8 heures."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.starts_at:%Y-%m-%d}"

    @property
    def is_written(self) -> bool:
        return self.mode == SittingMode.WRITTEN

    def get_absolute_url(self) -> str:
        return reverse("governance:meeting", args=[self.pk])
