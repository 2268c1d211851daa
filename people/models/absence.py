from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def in_force_on(self, day: date) -> AbsenceQuerySet:
        return self.filter(ended_at__isnull=True, first_day__lte=day, last_day__gte=day)


@tracked
class Absence(models.Model):
    """Who stands in for a person between two days, both included.

    The deputy does what the absent person may do that week: his own standing in is not passed on, and it ends at
    once when the absent person loses the role or ends the absence.
    """

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="absences", verbose_name=_("personne")
    )
    deputy = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="replacements", verbose_name=_("suppléant")
    )
    first_day = models.DateField(_("premier jour"))
    last_day = models.DateField(_("dernier jour"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("inscrite par")
    )
    created_at = models.DateTimeField(_("inscrite le"), default=timezone.now)
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "person": PersonalData.EMPLOYMENT,
        "deputy": PersonalData.EMPLOYMENT,
        "first_day": PersonalData.EMPLOYMENT,
        "last_day": PersonalData.EMPLOYMENT,
        "created_by": PersonalData.IDENTITY,
    }

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("-first_day", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(deputy=F("person")),
                name="absence_deputy_is_other",
                violation_error_message=_("Le suppléant est une autre personne."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="absence_ends_after_start",
                violation_error_message=_("Le dernier jour précède le premier."),
            ),
            ExclusionConstraint(
                name="absence_one_at_a_time",
                expressions=(
                    (F("person"), RangeOperators.EQUAL),
                    (
                        Func(F("first_day"), F("last_day"), models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("Une absence couvre déjà une partie de ces jours."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.first_day} - {self.last_day}"
