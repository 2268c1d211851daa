from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from portfolio.models.names import Named
from portfolio.models.versioned import Versioned


@tracked
class StrategicAxis(Named, Versioned):
    """A line of the strategy that projects serve; shown in `position` order."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    active = models.BooleanField(_("en vigueur"), default=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("axe stratégique")
        ordering = ("position", "code")
        constraints = [
            models.CheckConstraint(
                name="strategic_axis_has_code",
                condition=~models.Q(code=""),
                violation_error_message=_("Un axe stratégique porte un code."),
            )
        ]
