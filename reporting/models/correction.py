from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.user import User
from portfolio.models.project import Project
from portfolio.models.reporting_cycle import ReportingCycle
from portfolio.models.versioned import Versioned
from reporting.enums import CorrectionKind, CorrectionState
from reporting.models.pack import Pack

CORRECTION_MAX = 600


class Correction(Versioned):
    """What a frozen week should have said about one project: printed only as an erratum, with its author.

    `declared` holds the colours of a status that came after the freeze, by dimension; empty for a correction of text.
    """

    cycle = models.ForeignKey(ReportingCycle, on_delete=models.PROTECT, related_name="corrections")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="corrections")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=CorrectionKind, default=CorrectionKind.CORRECTION)
    text = models.CharField(_("correction"), max_length=CORRECTION_MAX)
    declared: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=CorrectionState, default=CorrectionState.PROPOSED)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pack = models.ForeignKey(Pack, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "author": PersonalData.IDENTITY,
        "text": PersonalData.FREE_TEXT,
        "decided_by": PersonalData.IDENTITY,
    }

    class Meta:
        verbose_name = _("correction")
        ordering = ("cycle", "pk")
        constraints = [
            models.CheckConstraint(
                name="correction_has_text",
                condition=~Q(text=""),
                violation_error_message=_("La correction est vide."),
            ),
            models.CheckConstraint(
                name="correction_printed_in_pack",
                condition=Q(state="printed", pack__isnull=False) | (~Q(state="printed") & Q(pack__isnull=True)),
                violation_error_message=_("Une correction publiée dit dans quel pack."),
            ),
            models.CheckConstraint(
                name="correction_decided_by_somebody",
                condition=Q(state="proposed") | Q(decided_by__isnull=False),
                violation_error_message=_("Une correction traitée dit par qui."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.project_id}"
