from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.enums import BoardRole, BodyKind, SeatRole
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.models.names import Named
from portfolio.models.programme import Programme
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned


@tracked
class Body(Named, Versioned):
    """A committee that decides: its place on the escalation ladder, its reach and its rhythm.

    With a programme or a project it is competent for that one only; with neither, for the whole portfolio.
    """

    code = models.CharField(_("code"), max_length=24, unique=True)
    kind = models.CharField(_("nature"), max_length=20, choices=BodyKind)
    level = models.PositiveSmallIntegerField(
        _("niveau"), help_text=_("1 = comité de projet ; le plus haut décide en dernier ressort")
    )
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("projet"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cadence = models.CharField(_("rythme"), max_length=120, blank=True, default="")
    active = models.BooleanField(_("active"), default=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("instance")
        ordering = ("-level", "code")
        verbose_name_plural = "bodies"
        constraints = [
            models.CheckConstraint(
                name="body_level_range",
                condition=Q(level__range=(1, 9)),
                violation_error_message=_("Le niveau va de 1 à 9."),
            ),
            models.CheckConstraint(
                name="body_one_reach",
                condition=Q(programme__isnull=True) | Q(project__isnull=True),
                violation_error_message=_("Une instance porte sur un programme ou sur un projet, pas sur les deux."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("governance:body", args=[self.code])


@tracked
class Seat(models.Model):
    """Who sits in a body, in which role, between which dates."""

    body = models.ForeignKey(Body, verbose_name=_("instance"), on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, verbose_name=_("personne"), on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("rôle"), max_length=10, choices=SeatRole, default=SeatRole.MEMBER)
    board_role = models.CharField(_("rôle PRINCE2"), max_length=16, choices=BoardRole, blank=True, default="")
    votes = models.BooleanField(_("voix délibérative"), default=True)
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {"person": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("siège")
        ordering = ("body", "role", "person__last_name")
        constraints = [
            models.UniqueConstraint(
                name="seat_unique",
                fields=("body", "person", "valid_from"),
                violation_error_message=_("Cette personne a déjà un siège depuis ce jour."),
            ),
            models.UniqueConstraint(
                name="seat_one_open_chair",
                fields=("body",),
                condition=Q(role="chair", valid_to__isnull=True),
                violation_error_message=_("Cette instance a déjà une présidence."),
            ),
            models.UniqueConstraint(
                name="seat_one_open_per_person",
                fields=("body", "person"),
                condition=Q(valid_to__isnull=True),
                violation_error_message=_("Cette personne siège déjà dans cette instance."),
            ),
            models.CheckConstraint(
                name="seat_dates",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                violation_error_message=_("Le siège finit après son début."),
            ),
            models.CheckConstraint(
                name="seat_chair_votes",
                condition=~Q(role__in=("chair", "deputy")) | Q(votes=True),
                violation_error_message=_("La présidence et la vice-présidence ont voix délibérative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.person_id}"
