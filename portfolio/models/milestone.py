from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from config import clock
from people.enums import PersonalData
from people.models.history import tracked
from portfolio.engines.deviation import milestone_slip
from portfolio.enums import MilestoneKind
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned


@tracked
class Milestone(Versioned):
    """A dated event of a project under four dates: first approval, baseline, forecast, actual."""

    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="milestones")
    name = models.CharField(_("jalon"), max_length=140)
    kind = models.CharField(_("nature"), max_length=10, choices=MilestoneKind, default=MilestoneKind.DELIVERY)
    first_approved = models.DateField(_("première approbation"))
    baseline = models.DateField(_("référence"))
    forecast = models.DateField(_("prévision"))
    actual = models.DateField(_("atteint le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("jalon")
        ordering = ("baseline", "pk")
        constraints = [
            models.UniqueConstraint(
                name="milestone_name_unique",
                fields=("project", "name"),
                violation_error_message=_("Ce projet a déjà un jalon de ce nom."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def slip_days(self) -> int:
        """Calendar days the milestone lies after its current baseline today (negative: early)."""
        return self.slip_on(clock.today())

    def slip_on(self, today: date) -> int:
        """The same as of `today`, to which an overdue milestone has slipped at least."""
        return milestone_slip(baseline=self.baseline, forecast=self.forecast, actual=self.actual, today=today)

    def is_overdue(self, today: date) -> bool:
        return self.actual is None and self.forecast < today
