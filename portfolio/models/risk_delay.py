from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from portfolio.models.project import Project
from portfolio.models.risk import Risk


@tracked
class RiskDelay(models.Model):
    """What a risk, if it strikes, adds to one activity of its project's plan: three points in working days.

    The activity is named by its UID, so that the statement outlives an import or an undone deletion.
    """

    risk = models.ForeignKey(Risk, verbose_name=_("risque"), on_delete=models.CASCADE, related_name="delays")
    activity_uid = models.BigIntegerField(_("activité"))
    optimistic = models.PositiveSmallIntegerField(_("retard au moins (jours ouvrés)"))
    most_likely = models.PositiveSmallIntegerField(_("retard probable (jours ouvrés)"))
    pessimistic = models.PositiveSmallIntegerField(_("retard au plus (jours ouvrés)"))

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("retard d’un risque")
        ordering = ("risk", "activity_uid")
        constraints = [
            models.UniqueConstraint(
                name="risk_delay_unique",
                fields=("risk", "activity_uid"),
                violation_error_message=_("Ce risque retarde déjà cette activité : retirez d’abord l’ancien retard."),
            ),
            models.CheckConstraint(
                name="risk_delay_in_order",
                condition=Q(optimistic__lte=F("most_likely"), most_likely__lte=F("pessimistic"), pessimistic__gte=1),
                violation_error_message=_("Les trois retards vont du plus petit au plus grand."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk} +{self.most_likely}"

    @property
    def project(self) -> Project:
        return self.risk.project
