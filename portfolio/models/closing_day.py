from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked


@tracked
class ClosingDay(models.Model):
    """A day on which the organisation is closed beside the legal holidays: a deadline never falls on it."""

    day = models.DateField(_("jour"), unique=True)
    name = models.CharField(_("motif"), max_length=120)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("jour de fermeture")
        verbose_name_plural = _("jours de fermeture")
        ordering = ("day",)
        constraints = [
            models.CheckConstraint(
                name="closing_day_has_name",
                condition=~Q(name=""),
                violation_error_message=_("Un jour de fermeture porte son motif."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
