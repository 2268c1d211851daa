from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.enums import WorkPackageState
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.versioned import Versioned


@tracked
class WorkPackage(Versioned):
    """What a team delivers for a project under the tolerances its project manager gave it."""

    project = models.ForeignKey(
        Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="work_packages"
    )
    stage = models.ForeignKey(
        Stage, verbose_name=_("séquence"), null=True, blank=True, on_delete=models.PROTECT, related_name="work_packages"
    )
    code = models.SlugField(_("code"), max_length=12)
    name = models.CharField(_("nom"), max_length=140)
    owner = models.ForeignKey(
        Person, verbose_name=_("responsable"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    start = models.DateField(_("début"), null=True, blank=True)
    planned_end = models.DateField(_("fin de référence"), null=True, blank=True)
    forecast_end = models.DateField(_("fin prévue"), null=True, blank=True)
    actual_end = models.DateField(_("fin réelle"), null=True, blank=True)
    budget = models.DecimalField(_("budget (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    forecast_cost = models.DecimalField(_("coût prévu (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    progress = models.PositiveSmallIntegerField(_("avancement (%)"), default=0, validators=[MaxValueValidator(100)])
    state = models.CharField(_("état"), max_length=10, choices=WorkPackageState, default=WorkPackageState.PLANNED)

    personal_data: ClassVar[dict[str, PersonalData]] = {"owner": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("lot de travaux")
        verbose_name_plural = _("lots de travaux")
        ordering = ("project", "code")
        constraints = [
            models.UniqueConstraint(
                name="work_package_code_unique",
                fields=("project", "code"),
                violation_error_message=_("Ce code existe déjà dans ce projet."),
            ),
            models.CheckConstraint(
                name="work_package_ends_after_start",
                condition=Q(start__isnull=True) | Q(planned_end__isnull=True) | Q(planned_end__gte=F("start")),
                violation_error_message=_("La fin du lot suit son début."),
            ),
            models.CheckConstraint(
                name="work_package_progress_range",
                condition=Q(progress__lte=100),
                violation_error_message=_("L’avancement va de 0 à 100 %%."),
            ),
            models.CheckConstraint(
                name="work_package_money_not_negative",
                condition=(Q(budget__isnull=True) | Q(budget__gte=0))
                & (Q(forecast_cost__isnull=True) | Q(forecast_cost__gte=0)),
                violation_error_message=_("Un montant n’est pas négatif."),
            ),
            models.CheckConstraint(
                name="work_package_completed_has_end",
                condition=Q(state="completed", actual_end__isnull=False)
                | (~Q(state="completed") & Q(actual_end__isnull=True)),
                violation_error_message=_("Un lot livré porte sa fin réelle."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def clean(self) -> None:
        if self.stage is not None and self.stage.project_id != self.project_id:
            raise ValidationError({"stage": _("Cette séquence n’est pas de ce projet.")})
