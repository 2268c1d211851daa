from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked


@tracked
class Employer(models.Model):
    """Who pays a person: the home organisation, or a supplier that places people here."""

    name = models.CharField(_("nom"), max_length=120)
    is_home = models.BooleanField(_("notre organisation"), default=False)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("employeur")
        verbose_name_plural = _("employeurs")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                Lower("name"),
                name="employer_name_unique",
                violation_error_message=_("Un employeur porte déjà ce nom."),
            ),
            models.UniqueConstraint(
                fields=("is_home",),
                condition=models.Q(is_home=True),
                name="employer_single_home",
                violation_error_message=_("Une seule organisation peut être la nôtre."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="employer_name_not_empty",
                violation_error_message=_("L’employeur doit avoir un nom."),
            ),
        )

    def __str__(self) -> str:
        return self.name
