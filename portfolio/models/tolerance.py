from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from portfolio.enums import TargetChoice, ToleranceUnit
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned


@tracked
class Tolerance(Versioned):
    """How far one target may drift before it is an exception (domain.md A1).

    Time and cost are measured from milestones and budget lines; the other targets carry their
    own `baseline` and `forecast` in `unit`. A null bound means: no tolerance on that side.
    """

    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="tolerances")
    target = models.CharField(_("cible"), max_length=14, choices=TargetChoice)
    minus = models.DecimalField(_("tolérance en moins"), max_digits=14, decimal_places=2, null=True, blank=True)
    plus = models.DecimalField(_("tolérance en plus"), max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unité"), max_length=8, choices=ToleranceUnit, default=ToleranceUnit.PERCENT)
    baseline = models.DecimalField(_("référence"), max_digits=14, decimal_places=2, null=True, blank=True)
    forecast = models.DecimalField(_("prévision"), max_digits=14, decimal_places=2, null=True, blank=True)
    measure = models.CharField(_("ce qui est mesuré"), max_length=120, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("tolérance")
        ordering = ("project", "target")
        constraints = [
            models.UniqueConstraint(
                name="tolerance_target_unique",
                fields=("project", "target"),
                violation_error_message=_("Cette cible a déjà une tolérance."),
            ),
            models.CheckConstraint(
                name="tolerance_not_negative",
                condition=(Q(minus__isnull=True) | Q(minus__gte=0)) & (Q(plus__isnull=True) | Q(plus__gte=0)),
                violation_error_message=_("Une tolérance s’écrit sans signe."),
            ),
            models.CheckConstraint(
                name="tolerance_has_bound",
                condition=Q(minus__isnull=False) | Q(plus__isnull=False),
                violation_error_message=_("Donnez au moins une borne."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_target_display())
