from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData


class ScheduleMark(models.Model):
    """How far a recurring run has come: survives every restart, so a missed run is seen and caught up once."""

    name = models.CharField(_("nom"), max_length=80, unique=True)
    last_due = models.DateTimeField(_("dernière échéance servie"), null=True, blank=True)
    last_run = models.DateTimeField(_("dernier lancement"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("repère d’horaire")
        verbose_name_plural = _("repères d’horaire")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
