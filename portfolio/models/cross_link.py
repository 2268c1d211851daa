from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from portfolio.enums import PlanLinkType
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project


def _one_end(side: str) -> Q:
    activity = Q(**{f"{side}_uid__isnull": False, f"{side}_milestone__isnull": True})
    return activity | Q(**{f"{side}_uid__isnull": True, f"{side}_milestone__isnull": False})


@tracked
class CrossLink(models.Model):
    """A dependency between two projects. Each end is an activity of the plan, by its UID, or a milestone.

    An activity is not a foreign key: a link outlives its activity's deletion, which may be undone, and then says that
    an end is missing instead of vanishing.
    """

    predecessor_project = models.ForeignKey(
        Project, verbose_name=_("projet qui donne"), on_delete=models.CASCADE, related_name="links_out"
    )
    predecessor_uid = models.BigIntegerField(_("activité qui donne"), null=True, blank=True)
    predecessor_milestone = models.ForeignKey(
        Milestone,
        verbose_name=_("jalon qui donne"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    successor_project = models.ForeignKey(
        Project, verbose_name=_("projet qui attend"), on_delete=models.CASCADE, related_name="links_in"
    )
    successor_uid = models.BigIntegerField(_("activité qui attend"), null=True, blank=True)
    successor_milestone = models.ForeignKey(
        Milestone,
        verbose_name=_("jalon qui attend"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    kind = models.CharField(_("type"), max_length=2, choices=PlanLinkType, default=PlanLinkType.FS)
    lag_days = models.SmallIntegerField(_("décalage (jours ouvrés)"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("créé par"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("créé le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {"created_by": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("lien entre projets")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="cross_link_unique",
                fields=(
                    *("predecessor_project", "predecessor_uid", "predecessor_milestone"),
                    *("successor_project", "successor_uid", "successor_milestone"),
                ),
                nulls_distinct=False,
                violation_error_message=_("Ce lien existe déjà."),
            ),
            models.CheckConstraint(
                name="cross_link_two_projects",
                condition=~Q(predecessor_project=F("successor_project")),
                violation_error_message=_("Les deux bouts sont dans deux projets ; dans un projet, le plan suffit."),
            ),
            models.CheckConstraint(name="cross_link_one_predecessor", condition=_one_end("predecessor")),
            models.CheckConstraint(name="cross_link_one_successor", condition=_one_end("successor")),
            models.CheckConstraint(
                name="cross_link_lag",
                condition=Q(lag_days__range=(-500, 500)),
                violation_error_message=_("Le décalage va de −500 à 500 jours ouvrés."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_project_id} {self.kind} {self.successor_project_id}"
