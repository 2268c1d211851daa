from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from portfolio.models.project import Project
from reporting.enums import ProofState


class FragmentProof(models.Model):
    """That what people typed about one project can be printed, tried in a child process; by hash of the typed texts.

    Without a project: the texts of the pack itself. `field` names the texts withheld, by path, or all of them (`*`).
    """

    content_hash = models.CharField(max_length=64, unique=True)
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=ProofState)
    field = models.CharField(_("champ"), max_length=300, blank=True)
    cause = models.CharField(_("cause"), max_length=300, blank=True)
    seconds = models.FloatField(default=0)
    peak_kb = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField()

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("preuve de rendu")
        ordering = ("-checked_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="proof_failure_says_why",
                condition=~Q(state="failed") | ~Q(cause=""),
                violation_error_message=_("Un rendu manqué dit pourquoi."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.content_hash[:8]}"
