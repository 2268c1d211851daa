from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.enums import CaseValidity, GateAnswerChoice, GateChoice, GateReviewState, LessonReply
from governance.models.gate_checklist import GateCriterion
from governance.models.lesson import Lesson
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.enums import Method
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.versioned import Versioned


@tracked
class GateReview(Versioned):
    """One review before a gate: the checklist, the end stage report, the lessons, then the decision of the body.

    `figures` are those of the portfolio on the day it was submitted; nothing is edited after that. With
    `bypass_reason` the project office has dispensed it from its checklist, never from the decision.
    """

    number = models.CharField(_("numéro"), max_length=40, unique=True)
    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="+")
    gate = models.CharField(_("porte"), max_length=2, choices=GateChoice)
    stage = models.ForeignKey(
        Stage, verbose_name=_("séquence"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(_("liste de contrôle"), max_length=10, choices=Method)
    planned_on = models.DateField(_("décision souhaitée le"))
    amount = models.DecimalField(
        _("montant de ce qui suit (€ TVAC)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    reviewer = models.ForeignKey(
        Person, verbose_name=_("relecteur"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    performance = models.TextField(_("ce que la séquence a donné"), max_length=2000, blank=True, default="")
    forecast = models.TextField(_("prévision jusqu’à la fin"), max_length=2000, blank=True, default="")
    business_case = models.CharField(
        _("justification économique"), max_length=10, choices=CaseValidity, blank=True, default=""
    )
    business_case_note = models.CharField(_("pourquoi"), max_length=400, blank=True, default="")
    recommendation = models.CharField(_("recommandation"), max_length=300, blank=True, default="")
    figures = models.JSONField(_("chiffres à la soumission"), default=dict, blank=True, editable=False)
    state = models.CharField(_("état"), max_length=12, choices=GateReviewState, default=GateReviewState.DRAFT)
    submitted_on = models.DateField(_("soumise le"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("soumise par"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    bypass_reason = models.CharField(_("motif de la dispense"), max_length=400, blank=True, default="")
    closed_on = models.DateField(_("conclue le"), null=True, blank=True)
    back_to = models.CharField(_("renvoyée à"), max_length=2, choices=GateChoice, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "reviewer": PersonalData.IDENTITY,
        "submitted_by": PersonalData.IDENTITY,
        "performance": PersonalData.FREE_TEXT,
        "forecast": PersonalData.FREE_TEXT,
        "business_case_note": PersonalData.FREE_TEXT,
        "recommendation": PersonalData.FREE_TEXT,
        "bypass_reason": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("revue de porte")
        verbose_name_plural = _("revues de porte")
        ordering = ("project", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="gate_review_one_open",
                fields=("project",),
                condition=Q(state__in=("draft", "submitted")),
                violation_error_message=_("Une revue de porte est déjà en cours pour ce projet."),
            ),
            models.CheckConstraint(
                name="gate_review_submitted_by",
                condition=Q(state__in=("draft", "dropped")) | Q(submitted_on__isnull=False, submitted_by__isnull=False),
                violation_error_message=_("Une revue soumise dit quand et par qui."),
            ),
            models.CheckConstraint(
                name="gate_review_closed_on",
                condition=Q(state__in=("draft", "submitted"), closed_on__isnull=True)
                | (~Q(state__in=("draft", "submitted")) & Q(closed_on__isnull=False)),
                violation_error_message=_("Une revue conclue porte sa date."),
            ),
            models.CheckConstraint(
                name="gate_review_back_to",
                condition=Q(state="sent_back") & ~Q(back_to="") | (~Q(state="sent_back") & Q(back_to="")),
                violation_error_message=_("Un renvoi dit à quelle porte."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_draft(self) -> bool:
        return self.state == GateReviewState.DRAFT

    @property
    def is_open(self) -> bool:
        """Not yet answered by the body."""
        return self.state in (GateReviewState.DRAFT, GateReviewState.SUBMITTED)

    def get_absolute_url(self) -> str:
        return reverse("governance:gate_review", args=[self.number])


@tracked
class GateAnswer(models.Model):
    """What a review answers to one criterion, with where it can be seen."""

    review = models.ForeignKey(GateReview, verbose_name=_("revue"), on_delete=models.CASCADE, related_name="answers")
    criterion = models.ForeignKey(
        GateCriterion, verbose_name=_("critère"), on_delete=models.PROTECT, related_name="answers"
    )
    reply = models.CharField(_("réponse"), max_length=8, choices=GateAnswerChoice, blank=True, default="")
    evidence = models.CharField(_("preuve"), max_length=400, blank=True, default="")
    comment = models.CharField(_("commentaire"), max_length=400, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "evidence": PersonalData.FREE_TEXT,
        "comment": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("réponse à un critère")
        verbose_name_plural = _("réponses aux critères")
        ordering = ("review", "criterion__position", "pk")
        constraints = [
            models.UniqueConstraint(name="gate_answer_unique", fields=("review", "criterion")),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.criterion_id}"

    @property
    def evidence_url(self) -> str:
        """The evidence when it is a page to open; empty when it is a reference in words."""
        return self.evidence if self.evidence.startswith("https://") else ""


@tracked
class LessonAnswer(models.Model):
    """What a review says of a lesson proposed to it: applied how, or not relevant why."""

    review = models.ForeignKey(GateReview, verbose_name=_("revue"), on_delete=models.CASCADE, related_name="lessons")
    lesson = models.ForeignKey(Lesson, verbose_name=_("leçon"), on_delete=models.CASCADE, related_name="answers")
    reply = models.CharField(_("réponse"), max_length=12, choices=LessonReply, blank=True, default="")
    words = models.CharField(_("comment, ou pourquoi pas"), max_length=400, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {"words": PersonalData.FREE_TEXT}

    class Meta:
        verbose_name = _("réponse à une leçon")
        verbose_name_plural = _("réponses aux leçons")
        ordering = ("review", "pk")
        constraints = [models.UniqueConstraint(name="lesson_answer_unique", fields=("review", "lesson"))]

    def __str__(self) -> str:
        return f"{self.review_id} {self.lesson_id}"
