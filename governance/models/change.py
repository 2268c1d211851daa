from decimal import Decimal, InvalidOperation
from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.web.limits import one_line, writable
from governance.enums import ChangeAnswer, ChangeKind, ChangeState, FollowUpState
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.enums import TargetChoice
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.models.risk import Risk
from portfolio.models.stage import Stage
from portfolio.models.versioned import Versioned

IMPACT_WORDS = 220
ENDED = ("rejected", "merged", "closed")
"""Nothing leaves these states."""

_NEEDS_RULING = """
    IF NEW.state IN ('implementing', 'rejected', 'conceded', 'exception_plan')
       AND (TG_OP = 'INSERT' OR OLD.state IS DISTINCT FROM NEW.state)
       AND NOT EXISTS (SELECT 1 FROM governance_changeruling r WHERE r.change_id = NEW.id
                       AND r.answer = CASE NEW.state WHEN 'implementing' THEN 'accept' WHEN 'rejected' THEN 'reject'
                                      WHEN 'conceded' THEN 'concession' ELSE 'exception_plan' END) THEN
        RAISE EXCEPTION 'change refused: nobody has given this answer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def check_impacts(value: object) -> None:
    """A mapping of targets to {"amount": decimal text or "", "words": one line}."""
    if not isinstance(value, dict) or not set(value) <= set(TargetChoice.values):
        raise ValidationError(_("Les impacts se donnent par cible."))
    for impact in value.values():
        if not isinstance(impact, dict) or set(impact) - {"amount", "words"}:
            raise ValidationError(_("Un impact se donne en chiffre et en mots."))
        amount, words = impact.get("amount", ""), impact.get("words", "")
        if not isinstance(amount, str) or not isinstance(words, str) or len(words) > IMPACT_WORDS:
            raise ValidationError(_("Un impact se dit en %(max)d signes.") % {"max": IMPACT_WORDS})
        writable(words)
        one_line(words)
        try:
            readable = not amount or abs(Decimal(amount)) < 10**12
        except InvalidOperation:
            readable = False
        if not readable:
            raise ValidationError(_("Le chiffre d’un impact est un nombre."))


@tracked
class Change(Versioned):
    """An issue of a project on its way through change control (PRINCE2 7): a problem, a concern, an opportunity, a
    request for change or an off-specification.

    `impacts` says per target of the seven a signed number in the unit of its tolerance (days, euros, points) and one
    line of words; `cost` is what carrying it out costs, and counts on the change budget when its authority accepts.
    """

    number = models.CharField(_("numéro"), max_length=40, unique=True)
    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("type"), max_length=12, choices=ChangeKind)
    title = models.CharField(_("intitulé"), max_length=140)
    description = models.TextField(_("description"), max_length=2000)
    cause = models.CharField(_("cause"), max_length=300, blank=True, default="")
    severity = models.PositiveSmallIntegerField(_("gravité (1 à 5)"), default=3)
    priority = models.PositiveSmallIntegerField(_("priorité (1 à 5)"), default=3)
    author = models.ForeignKey(Person, verbose_name=_("auteur"), on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        Person, verbose_name=_("inscrite par"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        Person, verbose_name=_("responsable"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    risk = models.ForeignKey(
        Risk, verbose_name=_("risque"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    milestone = models.ForeignKey(
        Milestone, verbose_name=_("jalon"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    stage = models.ForeignKey(
        Stage, verbose_name=_("séquence"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    impacts = models.JSONField(_("impacts"), default=dict, blank=True, validators=[check_impacts])
    size = models.PositiveSmallIntegerField(_("taille (1 à 5)"), null=True, blank=True)
    cost = models.DecimalField(_("coût (€ TVAC)"), max_digits=14, decimal_places=2, null=True, blank=True)
    days = models.DecimalField(_("charge (jours)"), max_digits=7, decimal_places=1, null=True, blank=True)
    recommended = models.CharField(_("réponse proposée"), max_length=14, choices=ChangeAnswer, blank=True, default="")
    recommendation = models.CharField(_("recommandation"), max_length=300, blank=True, default="")
    if_rejected = models.CharField(_("si rien n’est fait"), max_length=300, blank=True, default="")
    state = models.CharField(_("état"), max_length=14, choices=ChangeState, default=ChangeState.CAPTURED)
    raised_on = models.DateField(_("relevée le"))
    assessed_on = models.DateField(_("évaluée le"), null=True, blank=True)
    decided_on = models.DateField(_("décidée le"), null=True, blank=True)
    due_on = models.DateField(_("échéance de l’étape"), null=True, blank=True)
    review_on = models.DateField(_("à revoir le"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("fusionnée dans"), null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    note = models.CharField(_("motif"), max_length=300, blank=True, default="")
    closed_on = models.DateField(_("close le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "author": PersonalData.IDENTITY,
        "recorded_by": PersonalData.IDENTITY,
        "owner": PersonalData.IDENTITY,
        "description": PersonalData.FREE_TEXT,
        "note": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("incidence")
        ordering = ("number",)
        constraints = [
            models.CheckConstraint(
                name="change_state_known",
                condition=Q(state__in=ChangeState.values),
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                name="change_scales",
                condition=Q(severity__range=(1, 5), priority__range=(1, 5))
                & (Q(size__isnull=True) | Q(size__range=(1, 5))),
                violation_error_message=_("Gravité, priorité et taille vont de 1 à 5."),
            ),
            models.CheckConstraint(
                name="change_cost_not_negative",
                condition=(Q(cost__isnull=True) | Q(cost__gte=0)) & (Q(days__isnull=True) | Q(days__gte=0)),
                violation_error_message=_("Un coût et une charge ne sont pas négatifs."),
            ),
            models.CheckConstraint(
                name="change_ended_dated",
                condition=Q(state__in=ENDED, closed_on__isnull=False)
                | (~Q(state__in=ENDED) & Q(closed_on__isnull=True)),
                violation_error_message=_("Une incidence terminée porte sa date."),
            ),
            models.CheckConstraint(
                name="change_assessed_sized",
                condition=Q(state__in=("captured", "postponed", "merged"))
                | Q(assessed_on__isnull=False, size__isnull=False),
                violation_error_message=_("Une incidence évaluée porte sa taille et sa date."),
            ),
            models.CheckConstraint(
                name="change_recommended_says_what",
                condition=Q(state__in=("captured", "assessed", "postponed", "merged")) | ~Q(recommended=""),
                violation_error_message=_("Une incidence à décider porte une réponse proposée."),
            ),
            models.CheckConstraint(
                name="change_merged_into",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                violation_error_message=_("Une incidence fusionnée dit dans laquelle."),
            ),
            models.CheckConstraint(
                name="change_postponed_dated",
                condition=~Q(state="postponed") | Q(review_on__isnull=False),
                violation_error_message=_("Une incidence ajournée porte sa date de revue."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="change_answered_by_ruling",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_NEEDS_RULING,
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def stated_impacts(self) -> list[tuple[str, str, Decimal | None, str]]:
        """The targets something is said of: target, label, signed number, words."""
        rows = ((target, label, self.impacts.get(target, {})) for target, label in TargetChoice.choices)
        return [
            (target, str(label), Decimal(row["amount"]) if row.get("amount") else None, row.get("words", ""))
            for target, label, row in rows
            if row
        ]

    def get_absolute_url(self) -> str:
        return reverse("governance:change", args=[self.number])


@tracked
class ChangeAction(models.Model):
    """One piece of carrying out what was accepted or conceded: who, by when, and the evidence that closed it."""

    change = models.ForeignKey(Change, verbose_name=_("incidence"), on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(_("action"), max_length=300)
    owner = models.ForeignKey(Person, verbose_name=_("responsable"), on_delete=models.PROTECT, related_name="+")
    due = models.DateField(_("échéance"))
    state = models.CharField(_("état"), max_length=10, choices=FollowUpState, default=FollowUpState.OPEN)
    evidence = models.CharField(_("preuve"), max_length=600, blank=True, default="")
    submitted_on = models.DateField(_("remise le"), null=True, blank=True)
    closed_on = models.DateField(_("close le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "owner": PersonalData.IDENTITY,
        "text": PersonalData.FREE_TEXT,
        "evidence": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("action d’une incidence")
        verbose_name_plural = _("actions d’une incidence")
        ordering = ("due", "pk")
        constraints = [
            models.CheckConstraint(
                name="change_action_met_with_evidence",
                condition=~Q(state__in=("submitted", "met")) | (~Q(evidence="") & Q(submitted_on__isnull=False)),
                violation_error_message=_("Une action se clôt avec sa preuve."),
            ),
            models.CheckConstraint(
                name="change_action_closed_dated",
                condition=Q(state__in=("open", "submitted"), closed_on__isnull=True)
                | Q(state__in=("met", "waived"), closed_on__isnull=False),
                violation_error_message=_("Une action close porte sa date."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
