from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import ConfidenceLevel
from governance.models.decision import FollowUp
from governance.models.gate_review import GateReview
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.models.project import Project

_REFUSE_TEAM = """
    IF EXISTS (
        SELECT 1 FROM portfolio_project p JOIN people_person q ON q.id IN (p.manager_id, p.deputy_id)
        WHERE p.id = NEW.project_id AND q.user_id = NEW.given_by_id
    ) THEN
        RAISE EXCEPTION 'confidence refused: given by the manager of the project or his deputy'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Confidence(models.Model):
    """How likely delivery is, said by the project office or a reviewer, never by who leads the project.

    Append-only: a new view is a new row. It stands beside the colour the project manager declares and changes it not.
    """

    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="+")
    review = models.ForeignKey(
        GateReview,
        verbose_name=_("revue"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="confidences",
    )
    scale = models.PositiveSmallIntegerField(_("niveaux de confiance"), default=5)
    level = models.CharField(_("confiance"), max_length=12, choices=ConfidenceLevel)
    reason = models.CharField(_("pourquoi"), max_length=600)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("donnée par"), on_delete=models.PROTECT, related_name="+"
    )
    given_on = models.DateField(_("donnée le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "given_by": PersonalData.IDENTITY,
        "reason": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("confiance dans la livraison")
        verbose_name_plural = _("confiances dans la livraison")
        ordering = ("project", "-given_on", "-pk")
        constraints = [
            models.CheckConstraint(
                name="confidence_on_its_scale",
                condition=Q(scale=5) | Q(scale=3, level__in=("green", "amber", "red")),
                violation_error_message=_("Sur trois niveaux : élevée, incertaine ou irréaliste."),
            ),
            models.CheckConstraint(
                name="confidence_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Dites pourquoi."),
            ),
        ]
        indexes = [models.Index(fields=("project", "-given_on", "-id"), name="confidence_latest")]
        triggers = [
            pgtrigger.Trigger(
                name="confidence_not_by_the_team",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_REFUSE_TEAM,
            ),
            pgtrigger.Protect(name="confidence_kept", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.level}"


@tracked
class ConfidenceAction(models.Model):
    """Something that has to be done to deliver: owner, day, closed by evidence.

    Once a decision on the gate is taken it goes on as a follow-up of that decision.
    """

    confidence = models.ForeignKey(
        Confidence, verbose_name=_("confiance"), on_delete=models.CASCADE, related_name="actions"
    )
    text = models.CharField(_("action"), max_length=300)
    owner = models.ForeignKey(Person, verbose_name=_("responsable"), on_delete=models.PROTECT, related_name="+")
    due = models.DateField(_("échéance"))
    evidence = models.CharField(_("preuve"), max_length=600, blank=True, default="")
    done_on = models.DateField(_("faite le"), null=True, blank=True)
    follow_up = models.OneToOneField(
        FollowUp, verbose_name=_("suite"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "owner": PersonalData.IDENTITY,
        "text": PersonalData.FREE_TEXT,
        "evidence": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("action obligatoire")
        verbose_name_plural = _("actions obligatoires")
        ordering = ("due", "pk")
        constraints = [
            models.CheckConstraint(
                name="confidence_action_done_by_evidence",
                condition=Q(done_on__isnull=True) | ~Q(evidence=""),
                violation_error_message=_("Une action se clôt avec sa preuve."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
