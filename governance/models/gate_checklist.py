from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import GateChoice
from people.enums import PersonalData
from people.models.history import tracked
from portfolio.enums import Method
from portfolio.models.versioned import Versioned


@tracked
class GateCriterion(Versioned):
    """One question of the checklist of a gate in a method, between two dates; a revision is a new row."""

    method = models.CharField(_("méthode"), max_length=10, choices=Method)
    gate = models.CharField(_("porte"), max_length=2, choices=GateChoice)
    position = models.PositiveSmallIntegerField(_("ordre"))
    text = models.CharField(_("critère"), max_length=240)
    hint = models.CharField(_("preuve attendue"), max_length=240, blank=True, default="")
    mandatory = models.BooleanField(_("obligatoire"), default=True)
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("critère d’une porte")
        verbose_name_plural = _("critères des portes")
        ordering = ("method", "gate", "position", "valid_from")
        constraints = [
            models.UniqueConstraint(
                name="criterion_place_unique",
                fields=("method", "gate", "position", "valid_from"),
                violation_error_message=_("Un critère tient déjà cette place à cette date."),
            ),
            models.UniqueConstraint(
                name="criterion_one_in_force",
                fields=("method", "gate", "position"),
                condition=Q(valid_to__isnull=True),
                violation_error_message=_("Un critère sans date de fin tient déjà cette place."),
            ),
            models.CheckConstraint(
                name="criterion_dates",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("Le critère finit après son début."),
            ),
            models.CheckConstraint(
                name="criterion_position",
                condition=Q(position__range=(1, 99)),
                violation_error_message=_("L’ordre va de 1 à 99."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate}-{self.position:02d}"


@tracked
class GateRules(models.Model):
    """How gates are kept from a day on: the scale of confidence, and the cost above which G1 waits for investment."""

    valid_from = models.DateField(_("du"), unique=True)
    scale = models.PositiveSmallIntegerField(
        _("niveaux de confiance"), choices=[(5, _("cinq niveaux")), (3, _("trois niveaux"))], default=5
    )
    investment_limit = models.DecimalField(
        _("seuil du comité d’investissement (€ TVAC)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    source = models.CharField(_("base"), max_length=200, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("règles des portes")
        verbose_name_plural = _("règles des portes")
        ordering = ("-valid_from",)
        constraints = [
            models.CheckConstraint(
                name="gate_rules_scale",
                condition=Q(scale__in=(3, 5)),
                violation_error_message=_("La confiance se donne sur trois ou cinq niveaux."),
            ),
            models.CheckConstraint(
                name="gate_rules_limit",
                condition=Q(investment_limit__isnull=True) | Q(investment_limit__gt=0),
                violation_error_message=_("Un seuil est un montant positif."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)
