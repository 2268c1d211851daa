from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.enums import DecisionState, FollowUpState, OutcomeKind, Publication, Subject, Verdict
from governance.models.agenda import AgendaItem
from governance.models.body import Body
from governance.models.decision_request import DecisionRequest
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.models.project import Project

_CONTENT = (
    "number",
    "body",
    "year",
    "serial",
    "item",
    "request",
    "project",
    "kind",
    "verdict",
    "question",
    "text",
    "rationale",
    "record",
    "taken_on",
    "effect_on",
    "publication",
    "supersedes",
    "content_hash",
    "audit_number",
)


class Decision(models.Model):
    """One decision of the register: numbered per body and year, written once at the closing of its session.

    Nothing of it is ever changed but its state; a correction is a new decision that supersedes it. `record` holds
    who was present, absent and recused, the votes, the dissent, the options and the hash of the papers.
    """

    number = models.CharField(_("numéro"), max_length=40, unique=True)
    body = models.ForeignKey(Body, verbose_name=_("instance"), on_delete=models.PROTECT, related_name="decisions")
    year = models.PositiveSmallIntegerField(_("année"))
    serial = models.PositiveIntegerField(_("rang dans l’année"))
    item = models.ForeignKey(AgendaItem, verbose_name=_("point"), on_delete=models.PROTECT, related_name="decisions")
    request = models.ForeignKey(
        DecisionRequest,
        verbose_name=_("demande"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    project = models.ForeignKey(
        Project, verbose_name=_("projet"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("matière"), max_length=12, choices=Subject, blank=True, default="")
    verdict = models.CharField(_("résultat"), max_length=10, choices=Verdict)
    question = models.CharField(_("question"), max_length=220)
    text = models.CharField(_("décision"), max_length=600)
    rationale = models.CharField(_("motivation"), max_length=600, blank=True, default="")
    record = models.JSONField(_("pièces du vote"), default=dict)
    taken_on = models.DateField(_("prise le"))
    effect_on = models.DateField(_("effet le"))
    publication = models.CharField(_("publication"), max_length=10, choices=Publication)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("remplace"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    content_hash = models.CharField(_("empreinte"), max_length=64)
    audit_number = models.BigIntegerField(_("numéro d’audit"))
    state = models.CharField(_("état"), max_length=10, choices=DecisionState, default=DecisionState.IN_FORCE)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "record": PersonalData.ACTIVITY,
        "text": PersonalData.FREE_TEXT,
        "rationale": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("décision")
        ordering = ("-taken_on", "-serial")
        constraints = [
            models.UniqueConstraint(name="decision_serial_unique", fields=("body", "year", "serial")),
            models.CheckConstraint(
                name="decision_state_known",
                condition=Q(state__in=DecisionState.values),
                violation_error_message=_("Cet état n’existe pas."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="decision_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decision_never_edited", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*_CONTENT)
            ),
            pgtrigger.Protect(
                name="decision_moves_forward",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> NEW.state AND NOT ("
                    "(OLD.state = 'in_force' AND NEW.state IN ('executed', 'superseded', 'revoked'))"
                    " OR (OLD.state = 'executed' AND NEW.state IN ('superseded', 'revoked')))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("governance:decision", args=[self.number])


@tracked
class FollowUp(models.Model):
    """A condition or an action of a decision: who, by when, and the evidence that closed it."""

    decision = models.ForeignKey(
        Decision, verbose_name=_("décision"), on_delete=models.PROTECT, related_name="follow_ups"
    )
    kind = models.CharField(_("nature"), max_length=10, choices=OutcomeKind)
    text = models.CharField(_("texte"), max_length=600)
    owner = models.ForeignKey(Person, verbose_name=_("responsable"), on_delete=models.PROTECT, related_name="+")
    due = models.DateField(_("échéance"))
    state = models.CharField(_("état"), max_length=10, choices=FollowUpState, default=FollowUpState.OPEN)
    evidence = models.CharField(_("preuve"), max_length=600, blank=True, default="")
    submitted_on = models.DateField(_("remise le"), null=True, blank=True)
    closed_on = models.DateField(_("close le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "owner": PersonalData.IDENTITY,
        "evidence": PersonalData.FREE_TEXT,
        "text": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("suite d’une décision")
        verbose_name_plural = _("suites d’une décision")
        ordering = ("due", "pk")
        constraints = [
            models.CheckConstraint(
                name="follow_up_met_with_evidence",
                condition=~Q(state__in=("submitted", "met")) | (~Q(evidence="") & Q(submitted_on__isnull=False)),
                violation_error_message=_("Une suite se lève avec sa preuve."),
            ),
            models.CheckConstraint(
                name="follow_up_closed_dated",
                condition=Q(state__in=("open", "submitted"), closed_on__isnull=True)
                | Q(state__in=("met", "waived"), closed_on__isnull=False),
                violation_error_message=_("Une suite close porte sa date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.kind}"
