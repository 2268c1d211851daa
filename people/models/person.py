from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import ContractKind, Language, PersonalData
from people.models.history import tracked


class PersonQuerySet(models.QuerySet["Person"]):
    def active_on(self, day: date) -> "PersonQuerySet":
        return self.filter(Q(active_from__isnull=True) | Q(active_from__lte=day)).filter(
            Q(active_to__isnull=True) | Q(active_to__gte=day)
        )


@tracked
class Person(models.Model):
    """Somebody the portfolio names: with or without an account."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="person",
        null=True,
        blank=True,
        verbose_name=_("compte"),
    )
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    employer = models.ForeignKey(
        "people.Employer", on_delete=models.PROTECT, related_name="people", verbose_name=_("employeur")
    )
    unit = models.CharField(_("service"), max_length=120, blank=True)
    language = models.CharField(_("langue"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    contract_kind = models.CharField(
        _("contrat"), max_length=8, choices=ContractKind.choices, default=ContractKind.INTERNAL
    )
    active_from = models.DateField(_("présent dès le"), null=True, blank=True)
    active_to = models.DateField(_("présent jusqu’au"), null=True, blank=True)
    erased_at = models.DateTimeField(_("effacée le"), null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "user": PersonalData.IDENTITY,
        "first_name": PersonalData.IDENTITY,
        "last_name": PersonalData.IDENTITY,
        "email": PersonalData.CONTACT,
        "employer": PersonalData.EMPLOYMENT,
        "unit": PersonalData.EMPLOYMENT,
        "language": PersonalData.IDENTITY,
        "contract_kind": PersonalData.EMPLOYMENT,
        "active_from": PersonalData.EMPLOYMENT,
        "active_to": PersonalData.EMPLOYMENT,
        "erased_at": PersonalData.ACTIVITY,
    }

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ("last_name", "first_name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(first_name="") & ~Q(last_name=""),
                name="person_has_a_name",
                violation_error_message=_("Une personne a un prénom et un nom."),
            ),
            models.CheckConstraint(
                condition=Q(active_from__isnull=True) | Q(active_to__isnull=True) | Q(active_to__gte=F("active_from")),
                name="person_leaves_after_arriving",
                violation_error_message=_("La date de départ précède la date d’arrivée."),
            ),
            models.CheckConstraint(
                condition=Q(contract_kind__in=ContractKind.values),
                name="person_contract_known",
                violation_error_message=_("Ce type de contrat n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values),
                name="person_language_known",
                violation_error_message=_("La langue est le français, le néerlandais ou l’anglais."),
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"
