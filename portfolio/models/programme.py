from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.models.names import Named
from portfolio.models.strategic_axis import StrategicAxis
from portfolio.models.versioned import Versioned

if TYPE_CHECKING:
    from people.models.user import User


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def managed_by(self, user: "User") -> "ProgrammeQuerySet":
        return self.filter(manager__user=user)


@tracked
class Programme(Named, Versioned):
    """A set of projects led together towards one outcome."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    manager = models.ForeignKey(
        Person,
        verbose_name=_("gestionnaire de programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    axis = models.ForeignKey(
        StrategicAxis,
        verbose_name=_("axe stratégique"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    purpose = models.TextField(_("finalité"), max_length=4000, blank=True, default="")
    active = models.BooleanField(_("en cours"), default=True)

    objects = ProgrammeQuerySet.as_manager()

    personal_data: ClassVar[dict[str, PersonalData]] = {"manager": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("programme")
        ordering = ("code",)

    def get_absolute_url(self) -> str:
        return reverse("portfolio:programme", args=[self.code])
