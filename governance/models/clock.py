from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import BodyKind, ClockKind
from people.enums import PersonalData
from people.models.history import tracked


@tracked
class Clock(models.Model):
    """How many working days a step may take from a day on, until the next row of its kind begins.

    With `next_session` the body's next session ends it, if that comes before the days are over.
    """

    kind = models.CharField(_("délai"), max_length=14, choices=ClockKind)
    body_kind = models.CharField(_("nature d’instance"), max_length=20, choices=BodyKind, blank=True, default="")
    days = models.PositiveSmallIntegerField(_("jours ouvrables"))
    next_session = models.BooleanField(_("ou la prochaine séance"), default=False)
    valid_from = models.DateField(_("du"))
    source = models.CharField(_("base"), max_length=200, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("délai")
        verbose_name_plural = _("délais")
        ordering = ("kind", "body_kind", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                name="clock_one_a_day",
                fields=("kind", "body_kind", "valid_from"),
                violation_error_message=_("Un délai de cette nature commence déjà ce jour."),
            ),
            models.CheckConstraint(
                name="clock_days",
                condition=Q(days__range=(1, 60)),
                violation_error_message=_("Un délai dure de 1 à 60 jours ouvrables."),
            ),
            models.CheckConstraint(
                name="clock_reaction_of_bodies",
                condition=Q(kind="reaction") & ~Q(body_kind="") | ~Q(kind="reaction") & Q(body_kind=""),
                violation_error_message=_("Une réponse est celle d’une nature d’instance ; un autre délai, d’aucune."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.body_kind} {self.valid_from}"
