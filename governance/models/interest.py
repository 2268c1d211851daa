from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import InterestKind
from people.enums import PersonalData
from people.models.employer import Employer
from people.models.history import tracked
from people.models.person import Person
from portfolio.models.project import Project


@tracked
class InterestStatement(models.Model):
    """A member states for a year that what he declared is complete, be it nothing."""

    person = models.ForeignKey(Person, verbose_name=_("personne"), on_delete=models.PROTECT, related_name="+")
    declared_on = models.DateField(_("déclaré le"))
    valid_to = models.DateField(_("valable jusqu’au"))

    personal_data: ClassVar[dict[str, PersonalData]] = {"person": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("déclaration d’intérêts")
        verbose_name_plural = _("déclarations d’intérêts")
        ordering = ("person", "-declared_on")
        constraints = [
            models.UniqueConstraint(name="statement_one_a_day", fields=("person", "declared_on")),
            models.CheckConstraint(
                name="statement_dates",
                condition=Q(valid_to__gt=F("declared_on")),
                violation_error_message=_("Une déclaration vaut au-delà de son jour."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.declared_on}"


@tracked
class Interest(models.Model):
    """One interest of one person, in a project, a supplier or another person; kept after it ended."""

    person = models.ForeignKey(Person, verbose_name=_("personne"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("nature"), max_length=12, choices=InterestKind)
    project = models.ForeignKey(
        Project, verbose_name=_("projet"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    employer = models.ForeignKey(
        Employer, verbose_name=_("fournisseur"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    other = models.ForeignKey(
        Person, verbose_name=_("personne liée"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("précision"), max_length=300, blank=True, default="")
    declared_on = models.DateField(_("déclaré le"))
    ended_on = models.DateField(_("terminé le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "person": PersonalData.IDENTITY,
        "other": PersonalData.IDENTITY,
        "employer": PersonalData.EMPLOYMENT,
        "note": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("intérêt déclaré")
        verbose_name_plural = _("intérêts déclarés")
        ordering = ("person", "-declared_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="interest_about_one_thing",
                condition=(
                    Q(project__isnull=False, employer__isnull=True, other__isnull=True)
                    | Q(project__isnull=True, employer__isnull=False, other__isnull=True)
                    | Q(project__isnull=True, employer__isnull=True, other__isnull=False)
                ),
                violation_error_message=_("Un intérêt porte sur un projet, un fournisseur ou une personne : un seul."),
            ),
            models.CheckConstraint(
                name="interest_not_in_oneself",
                condition=Q(other__isnull=True) | ~Q(other=F("person")),
                violation_error_message=_("Nommez une autre personne que vous-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
