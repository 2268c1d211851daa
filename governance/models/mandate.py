from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import Subject, ToleranceLevel
from governance.models.body import Body
from people.enums import PersonalData
from people.models.history import tracked


@tracked
class Mandate(models.Model):
    """What a body may decide between two dates, and up to which amount (EUR, null: no limit).

    `level` is the widest tolerance it may decide on (null: tolerance plays no part); `delegated_by` the body whose
    power this is. What it all means is `engines/mandate.py`.
    """

    body = models.ForeignKey(Body, verbose_name=_("instance"), on_delete=models.CASCADE, related_name="mandates")
    kind = models.CharField(_("matière"), max_length=12, choices=Subject, default=Subject.ACTION)
    subject = models.CharField(_("objet"), max_length=160)
    amount_max = models.DecimalField(_("jusqu’à (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    limit_inclusive = models.BooleanField(_("limite comprise"), default=True)
    level = models.PositiveSmallIntegerField(_("dans la tolérance"), choices=ToleranceLevel, null=True, blank=True)
    delegated_by = models.ForeignKey(
        Body, verbose_name=_("par délégation de"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"), null=True, blank=True)
    source = models.CharField(_("base"), max_length=200, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("mandat")
        ordering = ("body", "subject", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                name="mandate_unique",
                fields=("body", "subject", "valid_from"),
                violation_error_message=_("Ce mandat existe déjà à cette date."),
            ),
            models.CheckConstraint(
                name="mandate_dates",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("Le mandat finit après son début."),
            ),
            models.CheckConstraint(
                name="mandate_amount_not_negative",
                condition=Q(amount_max__isnull=True) | Q(amount_max__gte=0),
                violation_error_message=_("Un montant n’est pas négatif."),
            ),
            models.CheckConstraint(
                name="mandate_not_from_itself",
                condition=Q(delegated_by__isnull=True) | ~Q(delegated_by=F("body")),
                violation_error_message=_("Une instance ne se délègue rien à elle-même."),
            ),
            models.CheckConstraint(
                name="mandate_delegation_ends",
                condition=Q(delegated_by__isnull=True) | Q(valid_to__isnull=False),
                violation_error_message=_("Une délégation porte sa date de fin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.subject}"
