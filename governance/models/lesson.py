from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.enums import LessonKind
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned


@tracked
class Lesson(Versioned):
    """What a project learned: the event and its effect, the cause, the early warning, what to do, where it is applied.

    Until it is applied somewhere it is only identified.
    """

    number = models.CharField(_("numéro"), max_length=20, unique=True)
    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("nature"), max_length=12, choices=LessonKind)
    event = models.CharField(_("événement"), max_length=240)
    effect = models.CharField(_("effet"), max_length=400)
    cause = models.CharField(_("cause"), max_length=400)
    early_warning = models.CharField(_("signe avant-coureur"), max_length=400, blank=True, default="")
    recommendation = models.CharField(_("recommandation"), max_length=600)
    where_applied = models.CharField(_("appliquée où"), max_length=400, blank=True, default="")
    author = models.ForeignKey(
        Person, verbose_name=_("auteur"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_on = models.DateField(_("notée le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "author": PersonalData.IDENTITY,
        "event": PersonalData.FREE_TEXT,
        "effect": PersonalData.FREE_TEXT,
        "cause": PersonalData.FREE_TEXT,
        "recommendation": PersonalData.FREE_TEXT,
        "where_applied": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("leçon")
        ordering = ("-recorded_on", "-pk")

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("governance:lesson", args=[self.number])
