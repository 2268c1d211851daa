from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked_except
from portfolio.enums import BaselineState
from portfolio.models.project import Project


@tracked_except("rows", "quality")
class PlanBaseline(models.Model):
    """The dates of a plan as somebody proposed them for approval; in force through a decision, kept for ever.

    `rows` holds each activity by UID (name, start, finish, minutes), `quality` what the fourteen checks said that day.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("projet"), on_delete=models.PROTECT, related_name="plan_baselines"
    )
    number = models.PositiveSmallIntegerField(_("numéro"))
    state = models.CharField(_("état"), max_length=9, choices=BaselineState, default=BaselineState.PROPOSED)
    reason = models.CharField(_("motif"), max_length=300)
    finish = models.DateField(_("fin"))
    rows = models.JSONField(_("activités"), default=dict)
    quality = models.JSONField(_("contrôles"), default=list)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposée par"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposée le"))
    decision = models.CharField(_("décision"), max_length=40, blank=True, default="")
    effective_on = models.DateField(_("en vigueur depuis le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {"proposed_by": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("référence du plan")
        ordering = ("project", "-number")
        constraints = [
            models.UniqueConstraint(name="plan_baseline_number_unique", fields=("project", "number")),
            models.UniqueConstraint(
                name="plan_baseline_one_proposed",
                fields=("project",),
                condition=Q(state="proposed"),
                violation_error_message=_("Une référence est déjà proposée : retirez-la d’abord."),
            ),
            models.UniqueConstraint(
                name="plan_baseline_one_in_force", fields=("project",), condition=Q(state="in_force")
            ),
            models.CheckConstraint(
                name="plan_baseline_in_force_by_decision",
                condition=Q(state__in=("proposed", "withdrawn"), decision="", effective_on__isnull=True)
                | (Q(state__in=("in_force", "replaced"), effective_on__isnull=False) & ~Q(decision="")),
                violation_error_message=_("Une référence n’entre en vigueur que par une décision."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="rows_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rows__df=pgtrigger.F("new__rows")),
            ),
            pgtrigger.Protect(name="kept_for_ever", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return _("Référence %(number)s de %(code)s") % {"number": self.number, "code": self.project.code}
