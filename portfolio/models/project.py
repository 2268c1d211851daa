from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.enums import (
    ACTIVE_STATES,
    REPORTING_STATES,
    Confidentiality,
    DataProtection,
    LifeCycle,
    Method,
)
from portfolio.models.names import Named
from portfolio.models.programme import Programme
from portfolio.models.strategic_axis import StrategicAxis
from portfolio.models.versioned import Versioned

if TYPE_CHECKING:
    from people.models.user import User


class ProjectQuerySet(models.QuerySet["Project"]):
    def reporting(self) -> "ProjectQuerySet":
        """Projects that owe a weekly status."""
        return self.filter(life_cycle__in=REPORTING_STATES)

    def active(self) -> "ProjectQuerySet":
        return self.filter(life_cycle__in=ACTIVE_STATES)

    def led_by(self, user: "User") -> "ProjectQuerySet":
        """Projects the user reports on: as project manager or named deputy."""
        return self.filter(Q(manager__user=user) | Q(deputy__user=user))


@tracked
class Project(Named, Versioned):
    """A project of the portfolio: who, what for, since when, until when, how sensitive."""

    code = models.CharField(_("code"), max_length=24, unique=True)
    purpose = models.TextField(_("finalité"), max_length=8000, blank=True, default="")
    sponsor = models.ForeignKey(
        Person,
        verbose_name=_("exécutif (sponsor)"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    manager = models.ForeignKey(
        Person,
        verbose_name=_("chef de projet"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    deputy = models.ForeignKey(
        Person,
        verbose_name=_("suppléant"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    axis = models.ForeignKey(
        StrategicAxis,
        verbose_name=_("axe stratégique"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    method = models.CharField(_("méthode"), max_length=10, choices=Method, default=Method.HYBRID)
    life_cycle = models.CharField(
        _("étape du cycle de vie"), max_length=20, choices=LifeCycle, default=LifeCycle.MANDATE
    )
    life_cycle_reason = models.CharField(_("motif"), max_length=220, blank=True, default="")
    review_on = models.DateField(_("à revoir le"), null=True, blank=True)
    priority_rank = models.PositiveSmallIntegerField(_("rang de priorité"), null=True, blank=True)
    is_top = models.BooleanField(_("top 24"), default=False)
    start = models.DateField(_("début"), null=True, blank=True)
    first_approved_end = models.DateField(_("fin, première approbation"), null=True, blank=True)
    planned_end = models.DateField(_("fin, référence en vigueur"), null=True, blank=True)
    forecast_end = models.DateField(_("fin prévue"), null=True, blank=True)
    actual_end = models.DateField(_("fin réelle"), null=True, blank=True)
    confidentiality = models.CharField(
        _("confidentialité"),
        max_length=12,
        choices=Confidentiality,
        default=Confidentiality.INTERNAL,
    )
    has_procurement = models.BooleanField(_("marché public"), default=False)
    handles_personal_data = models.BooleanField(_("données à caractère personnel"), default=False)
    data_protection = models.CharField(
        _("protection des données"),
        max_length=14,
        choices=DataProtection,
        default=DataProtection.NOT_ASSESSED,
    )
    first_approved_cost = models.DecimalField(
        _("coût, première approbation (€)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    external_url = models.URLField(_("lien externe"), max_length=500, blank=True, default="")
    source = models.CharField(_("source"), max_length=40, blank=True, default="", editable=False)
    source_key = models.CharField(_("numéro dans la source"), max_length=200, blank=True, default="", editable=False)
    source_values = models.JSONField(_("ligne de la source"), default=dict, blank=True, editable=False)

    objects = ProjectQuerySet.as_manager()

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "sponsor": PersonalData.IDENTITY,
        "manager": PersonalData.IDENTITY,
        "deputy": PersonalData.IDENTITY,
        "source_values": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("projet")
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(
                name="project_rank_unique",
                fields=("priority_rank",),
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Ce rang de priorité est déjà pris."),
            ),
            models.UniqueConstraint(
                name="project_source_unique",
                fields=("source", "source_key"),
                condition=~Q(source=""),
                violation_error_message=_("Ce projet source est déjà importé."),
            ),
            models.CheckConstraint(
                name="project_top_has_rank",
                condition=Q(is_top=False) | Q(priority_rank__isnull=False),
                violation_error_message=_("Un projet du top 24 porte un rang de priorité."),
            ),
            models.CheckConstraint(
                name="project_rank_positive",
                condition=Q(priority_rank__isnull=True) | Q(priority_rank__gte=1),
                violation_error_message=_("Le rang de priorité commence à 1."),
            ),
            models.CheckConstraint(
                name="project_ends_after_start",
                condition=Q(start__isnull=True) | Q(planned_end__isnull=True) | Q(planned_end__gte=F("start")),
                violation_error_message=_("La fin de référence suit le début."),
            ),
            models.CheckConstraint(
                name="project_closed_has_end",
                condition=~Q(life_cycle__in=["closed", "benefits_tracking", "archived"]) | Q(actual_end__isnull=False),
                violation_error_message=_("Un projet clos porte sa date de fin réelle."),
            ),
            models.CheckConstraint(
                name="project_pause_has_reason",
                condition=~Q(life_cycle__in=["on_hold", "cancelled"]) | ~Q(life_cycle_reason=""),
                violation_error_message=_("Une pause ou un arrêt porte son motif."),
            ),
            models.CheckConstraint(
                name="project_pause_has_review",
                condition=~Q(life_cycle="on_hold") | Q(review_on__isnull=False),
                violation_error_message=_("Une pause porte sa date de revue."),
            ),
            models.CheckConstraint(
                name="project_deputy_is_other",
                condition=Q(deputy__isnull=True) | Q(manager__isnull=True) | ~Q(deputy=F("manager")),
                violation_error_message=_("Le suppléant est une autre personne."),
            ),
            models.CheckConstraint(
                name="project_sponsor_not_manager",
                condition=Q(sponsor__isnull=True) | Q(manager__isnull=True) | ~Q(sponsor=F("manager")),
                violation_error_message=_("L’exécutif n’est pas le chef de projet (PRINCE2)."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("portfolio:project", args=[self.code])

    @property
    def owes_status(self) -> bool:
        return self.life_cycle in REPORTING_STATES
