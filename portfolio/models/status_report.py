from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from people.models.user import User
from portfolio.enums import AskKind, DimensionChoice, RagChoice
from portfolio.models.project import Project
from portfolio.models.reporting_cycle import ReportingCycle
from portfolio.models.versioned import Versioned

models.TextField.register_lookup(Length)
models.CharField.register_lookup(Length)

MESSAGE_MAX = 220
if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

DIMENSIONS: tuple[str, ...] = tuple(DimensionChoice.values)


def _rag(name: "StrPromise") -> "models.CharField[str, str]":
    return models.CharField(name, max_length=6, choices=RagChoice)


def _cause(name: "StrPromise") -> "models.CharField[str, str]":
    return models.CharField(name, max_length=220, blank=True, default="")


@tracked
class StatusReport(Versioned):
    """What a project manager submitted for one week: five declared dimensions and a message.

    `computed` freezes what the engine said when the status was (last) submitted, with its facts
    and rule codes, so that the gap stays arguable later. `reason_<dimension>` answers "why do you
    declare something else than the computation", `cause_<dimension>` "what made it not green".
    """

    project = models.ForeignKey(
        Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="status_reports"
    )
    cycle = models.ForeignKey(
        ReportingCycle, verbose_name=_("semaine"), on_delete=models.PROTECT, related_name="reports"
    )
    author = models.ForeignKey(User, verbose_name=_("auteur"), on_delete=models.PROTECT, related_name="+")
    for_person = models.ForeignKey(
        Person,
        verbose_name=_("pour le compte de"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("remis le"))
    unchanged = models.BooleanField(_("inchangé"), default=False)
    overall = _rag(_("global"))
    time = _rag(_("délai"))
    cost = _rag(_("budget"))
    scope = _rag(_("périmètre"))
    resources = _rag(_("ressources"))
    risk = _rag(_("risques"))
    cause_time = _cause(_("délai, cause"))
    cause_cost = _cause(_("budget, cause"))
    cause_scope = _cause(_("périmètre, cause"))
    cause_resources = _cause(_("ressources, cause"))
    cause_risk = _cause(_("risques, cause"))
    reason_overall = _cause(_("global, justification"))
    reason_time = _cause(_("délai, justification"))
    reason_cost = _cause(_("budget, justification"))
    reason_scope = _cause(_("périmètre, justification"))
    reason_resources = _cause(_("ressources, justification"))
    reason_risk = _cause(_("risques, justification"))
    message = models.CharField(_("message au CODIR"), max_length=MESSAGE_MAX)
    message_language = models.CharField(_("langue du message"), max_length=2, default="fr")
    ask_kind = models.CharField(_("nature de la demande"), max_length=12, choices=AskKind, default=AskKind.NONE)
    ask_text = models.CharField(_("demande"), max_length=220, blank=True, default="")
    ask_body = models.CharField(_("instance demandée"), max_length=24, blank=True, default="")
    ask_on = models.DateField(_("date demandée"), null=True, blank=True)
    computed = models.JSONField(_("calcul"), default=dict)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "author": PersonalData.IDENTITY,
        "for_person": PersonalData.IDENTITY,
        "message": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("statut")
        ordering = ("project", "cycle")
        constraints = [
            models.UniqueConstraint(
                name="status_one_per_week",
                fields=("project", "cycle"),
                violation_error_message=_("Ce projet a déjà un statut pour cette semaine."),
            ),
            models.CheckConstraint(
                name="status_has_message",
                condition=~Q(message=""),
                violation_error_message=_("Le message au CODIR est vide."),
            ),
            models.CheckConstraint(
                name="status_ask_complete",
                condition=Q(ask_kind="none") | (~Q(ask_text="") & (Q(ask_kind="information") | ~Q(ask_body=""))),
                violation_error_message=_("Une demande porte son texte ; une décision porte aussi son instance."),
            ),
            models.CheckConstraint(
                name="status_ask_dated",
                condition=~Q(ask_kind="decision") | Q(ask_on__isnull=False),
                violation_error_message=_("Une décision demandée porte sa date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.code} {self.cycle}"

    @property
    def signature(self) -> str:
        """Who wrote it, and in whose place: "Ann Maes, suppléant de Luc Noël"."""
        if self.for_person is None:
            return self.author.full_name
        return gettext("%(deputy)s, suppléant de %(person)s") % {
            "deputy": self.author.full_name,
            "person": self.for_person.full_name,
        }

    def declared(self) -> dict[str, str]:
        """The five declared dimensions by name."""
        return {dimension: getattr(self, dimension) for dimension in DIMENSIONS}


class StatusDraft(models.Model):
    """What one person is typing for one project and week; never read by anyone else."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    cycle = models.ForeignKey(ReportingCycle, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    personal_data: ClassVar[dict[str, PersonalData]] = {"author": PersonalData.IDENTITY, "data": PersonalData.FREE_TEXT}

    class Meta:
        constraints = [models.UniqueConstraint(name="draft_one_per_author", fields=("project", "cycle", "author"))]

    def __str__(self) -> str:
        return f"{self.project_id} {self.cycle_id} {self.author_id}"
