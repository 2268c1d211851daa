from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from portfolio.enums import BudgetNature
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned

ZERO = Decimal("0.00")


@tracked
class BudgetLine(Versioned):
    """Money of one project, year and nature, EUR incl. VAT: approved, spent, forecast at year end.

    `forecast` is the estimate of the whole year (spent + still to spend), not the remainder;
    null while nobody has forecast it.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="budget_lines"
    )
    year = models.PositiveSmallIntegerField(_("année"))
    nature = models.CharField(_("nature"), max_length=6, choices=BudgetNature, default=BudgetNature.CAPEX)
    approved = models.DecimalField(_("budget approuvé (€)"), max_digits=14, decimal_places=2, default=ZERO)
    actual = models.DecimalField(_("réel (€)"), max_digits=14, decimal_places=2, default=ZERO)
    actual_source = models.CharField(_("source du réel"), max_length=60, blank=True, default="")
    actual_on = models.DateField(_("réel arrêté au"), null=True, blank=True)
    forecast = models.DecimalField(
        _("prévision à fin d’année (€)"), max_digits=14, decimal_places=2, null=True, blank=True
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("ligne budgétaire")
        ordering = ("project", "year", "nature")
        constraints = [
            models.UniqueConstraint(
                name="budget_line_unique",
                fields=("project", "year", "nature"),
                violation_error_message=_("Cette année a déjà une ligne de cette nature."),
            ),
            models.CheckConstraint(
                name="budget_line_not_negative",
                condition=Q(approved__gte=0, actual__gte=0) & (Q(forecast__isnull=True) | Q(forecast__gte=0)),
                violation_error_message=_("Un montant n’est pas négatif."),
            ),
            models.CheckConstraint(
                name="budget_line_year_range",
                condition=Q(year__gte=1990, year__lte=2100),
                violation_error_message=_("L’année va de 1990 à 2100."),
            ),
            models.CheckConstraint(
                name="budget_line_actual_dated",
                condition=Q(actual=0) | (Q(actual_on__isnull=False) & ~Q(actual_source="")),
                violation_error_message=_("Un réel porte sa source et sa date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_nature_display()}"
