from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from portfolio.enums import TargetChoice, ToleranceUnit
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.versioned import Versioned
from portfolio.models.work_package import WorkPackage


class ToleranceBounds(Versioned):
    """One of the seven targets with its room on each side (domain.md A1).

    Time and cost are measured from dates and money of what it belongs to; the other targets carry their own
    `baseline` and `forecast` in `unit`. A null bound means: no tolerance on that side.
    """

    target = models.CharField(_("cible"), max_length=14, choices=TargetChoice)
    minus = models.DecimalField(_("tolérance en moins"), max_digits=14, decimal_places=2, null=True, blank=True)
    plus = models.DecimalField(_("tolérance en plus"), max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unité"), max_length=8, choices=ToleranceUnit, default=ToleranceUnit.PERCENT)
    baseline = models.DecimalField(_("référence"), max_digits=14, decimal_places=2, null=True, blank=True)
    forecast = models.DecimalField(_("prévision"), max_digits=14, decimal_places=2, null=True, blank=True)
    measure = models.CharField(_("ce qui est mesuré"), max_length=120, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.get_target_display())


def bound_checks(name: str) -> list[models.CheckConstraint]:
    """Bounds without sign, and at least one of them."""
    return [
        models.CheckConstraint(
            name=f"{name}_not_negative",
            condition=(Q(minus__isnull=True) | Q(minus__gte=0)) & (Q(plus__isnull=True) | Q(plus__gte=0)),
            violation_error_message=_("Une tolérance s’écrit sans signe."),
        ),
        models.CheckConstraint(
            name=f"{name}_has_bound",
            condition=Q(minus__isnull=False) | Q(plus__isnull=False),
            violation_error_message=_("Donnez au moins une borne."),
        ),
    ]


@tracked
class Tolerance(ToleranceBounds):
    """How far one target of a project may drift before it is an exception; the business layer sets it."""

    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="tolerances")

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
            *bound_checks("tolerance"),
        ]


@tracked
class PartTolerance(ToleranceBounds):
    """How far one target of a stage or of a work package may drift: the board sets the first, the PM the second."""

    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="+")
    stage = models.ForeignKey(
        Stage, verbose_name=_("séquence"), null=True, blank=True, on_delete=models.CASCADE, related_name="tolerances"
    )
    work_package = models.ForeignKey(
        WorkPackage,
        verbose_name=_("lot de travaux"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="tolerances",
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("tolérance d’une partie")
        verbose_name_plural = _("tolérances des parties")
        ordering = ("project", "stage", "work_package", "target")
        constraints = [
            models.UniqueConstraint(
                name="part_tolerance_target_unique",
                fields=("stage", "work_package", "target"),
                nulls_distinct=False,
                violation_error_message=_("Cette cible a déjà une tolérance."),
            ),
            models.CheckConstraint(
                name="part_tolerance_one_part",
                condition=Q(stage__isnull=False, work_package__isnull=True)
                | Q(stage__isnull=True, work_package__isnull=False),
                violation_error_message=_("Une séquence ou un lot de travaux, l’un des deux."),
            ),
            *bound_checks("part_tolerance"),
        ]

    def clean(self) -> None:
        part = self.stage or self.work_package
        if part is not None and part.project_id != self.project_id:
            raise ValidationError(_("Cette partie n’est pas de ce projet."))
