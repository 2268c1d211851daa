from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models.body import Body
from people.enums import PersonalData
from people.models.history import tracked


@tracked
class Mandate(models.Model):
    """What a body may decide between two dates, and up to which amount (EUR, null: no limit)."""

    body = models.ForeignKey(Body, verbose_name=_("instance"), on_delete=models.CASCADE, related_name="mandates")
    subject = models.CharField(_("objet"), max_length=160)
    amount_max = models.DecimalField(_("jusqu’à (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
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
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.subject}"
