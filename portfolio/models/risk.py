from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.enums import Proximity, RiskResponse, RiskState
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned


@tracked
class Risk(Versioned):
    """A threat of a project, stated as cause -> event -> effect; level = probability x impact."""

    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="risks")
    number = models.PositiveSmallIntegerField(_("numéro"))
    title = models.CharField(_("intitulé"), max_length=140)
    cause = models.CharField(_("cause"), max_length=300)
    event = models.CharField(_("événement"), max_length=300)
    effect = models.CharField(_("effet"), max_length=300)
    probability = models.PositiveSmallIntegerField(_("probabilité (1 à 5)"))
    impact = models.PositiveSmallIntegerField(_("impact (1 à 5)"))
    impact_amount = models.DecimalField(
        _("impact financier (€)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    owner = models.ForeignKey(
        Person,
        verbose_name=_("propriétaire"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    response = models.CharField(_("réponse"), max_length=10, choices=RiskResponse, default=RiskResponse.REDUCE)
    response_action = models.CharField(_("action"), max_length=300, blank=True, default="")
    proximity = models.CharField(_("proximité"), max_length=12, choices=Proximity, default=Proximity.THIS_STAGE)
    state = models.CharField(_("état"), max_length=8, choices=RiskState, default=RiskState.OPEN)
    raised_on = models.DateField(_("relevé le"))
    confirmed_on = models.DateField(_("confirmé le"), null=True, blank=True)
    closed_on = models.DateField(_("clos le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {"owner": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("risque")
        ordering = ("project", "number")
        constraints = [
            models.UniqueConstraint(
                name="risk_number_unique",
                fields=("project", "number"),
                violation_error_message=_("Ce numéro de risque existe déjà."),
            ),
            models.CheckConstraint(
                name="risk_scales",
                condition=Q(probability__range=(1, 5), impact__range=(1, 5)),
                violation_error_message=_("Probabilité et impact vont de 1 à 5."),
            ),
            models.CheckConstraint(
                name="risk_amount_not_negative",
                condition=Q(impact_amount__isnull=True) | Q(impact_amount__gte=Decimal(0)),
                violation_error_message=_("Un montant n’est pas négatif."),
            ),
            models.CheckConstraint(
                name="risk_closed_dated",
                condition=Q(state="closed", closed_on__isnull=False) | Q(state="open", closed_on__isnull=True),
                violation_error_message=_("Un risque clos porte sa date."),
            ),
        ]

    def __str__(self) -> str:
        return f"R-{self.number:02d} {self.title}"

    @property
    def score(self) -> int:
        return self.probability * self.impact
