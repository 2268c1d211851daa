from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from portfolio.enums import StageState
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned


@tracked
class Stage(Versioned):
    """A management stage of a project, in order."""

    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField(_("numéro"))
    name = models.CharField(_("nom"), max_length=120)
    start = models.DateField(_("début"), null=True, blank=True)
    planned_end = models.DateField(_("fin de référence"), null=True, blank=True)
    forecast_end = models.DateField(_("fin prévue"), null=True, blank=True)
    actual_end = models.DateField(_("fin réelle"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=StageState, default=StageState.PLANNED)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("séquence")
        ordering = ("project", "number")
        constraints = [
            models.UniqueConstraint(
                name="stage_number_unique",
                fields=("project", "number"),
                violation_error_message=_("Ce numéro de séquence existe déjà."),
            ),
            models.UniqueConstraint(
                name="stage_one_running",
                fields=("project",),
                condition=Q(state="running"),
                violation_error_message=_("Une seule séquence est en cours à la fois."),
            ),
            models.CheckConstraint(
                name="stage_ends_after_start",
                condition=Q(start__isnull=True) | Q(planned_end__isnull=True) | Q(planned_end__gte=F("start")),
                violation_error_message=_("La fin de la séquence suit son début."),
            ),
            models.CheckConstraint(
                name="stage_completed_has_end",
                condition=Q(state="completed", actual_end__isnull=False)
                | (~Q(state="completed") & Q(actual_end__isnull=True)),
                violation_error_message=_("Une séquence terminée porte sa fin réelle."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
