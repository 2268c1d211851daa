from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import RaciLetter, RaciRole
from people.enums import PersonalData
from people.models.history import tracked
from portfolio.models.names import Named
from portfolio.models.versioned import Versioned


@tracked
class RaciActivity(Named, Versioned):
    """A product or an activity somebody answers for."""

    position = models.PositiveSmallIntegerField(_("ordre"), default=1)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("activité")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                name="raci_activity_unique",
                fields=("name_fr",),
                violation_error_message=_("Cette activité est déjà dans la matrice."),
            )
        ]


@tracked
class RaciCell(models.Model):
    """What one role has to do with one activity; the database keeps one accountable a row."""

    activity = models.ForeignKey(
        RaciActivity, verbose_name=_("activité"), on_delete=models.CASCADE, related_name="cells"
    )
    role = models.CharField(_("rôle"), max_length=16, choices=RaciRole)
    letter = models.CharField(_("part"), max_length=2, choices=RaciLetter)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("case de la matrice")
        ordering = ("activity", "role")
        constraints = [
            models.UniqueConstraint(name="raci_cell_unique", fields=("activity", "role")),
            models.UniqueConstraint(
                name="raci_one_accountable",
                fields=("activity",),
                condition=Q(letter__in=("A", "AR")),
                violation_error_message=_("Une activité n’a qu’un seul responsable final (A)."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.role} {self.letter}"
