from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.enums import OPEN_REQUESTS, RequestState, Subject, ToleranceLevel
from governance.models.arbitration import Arbitration
from governance.models.body import Body
from governance.models.change import Change
from governance.models.exception import ProjectException
from governance.models.gate_review import GateReview
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.models.project import Project
from portfolio.models.status_report import StatusReport
from portfolio.models.versioned import Versioned


@tracked
class DecisionRequest(Versioned):
    """A decision somebody needs: the question, the body, the date, the options, the cost of waiting.

    Born from a weekly status (`report`) and kept while later statuses repeat the same question.
    `options` is a list of {"label", "consequence", "recommended"}. `raised_by` is empty where the clock sent it up;
    `answer_by` is the body's reaction time, `acknowledged_by` who at the body said that it arrived.
    """

    number = models.CharField(_("numéro"), max_length=40, unique=True)
    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(
        StatusReport, verbose_name=_("statut"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = models.ForeignKey(Body, verbose_name=_("instance"), on_delete=models.PROTECT, related_name="requests")
    needed_on = models.DateField(_("à décider le"))
    kind = models.CharField(_("matière"), max_length=12, choices=Subject, default=Subject.EXCEPTION)
    level = models.PositiveSmallIntegerField(_("tolérance entamée"), choices=ToleranceLevel, null=True, blank=True)
    question = models.CharField(_("demande"), max_length=220)
    amount = models.DecimalField(_("montant (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    recommendation = models.CharField(_("recommandation"), max_length=300, blank=True, default="")
    cost_of_waiting = models.CharField(_("coût de l’attente"), max_length=300, blank=True, default="")
    owner = models.ForeignKey(
        Person, verbose_name=_("porteur"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    gate_review = models.ForeignKey(
        GateReview,
        verbose_name=_("revue de porte"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    arbitration = models.ForeignKey(
        Arbitration,
        verbose_name=_("arbitrage"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    change = models.ForeignKey(
        Change, verbose_name=_("incidence"), null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    exception = models.ForeignKey(
        ProjectException,
        verbose_name=_("exception"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    raised_from = models.OneToOneField(
        "self", verbose_name=_("montée de"), null=True, blank=True, on_delete=models.PROTECT, related_name="raised_to"
    )
    raised_because = models.CharField(_("motif de la montée"), max_length=300, blank=True, default="")
    raised_by = models.ForeignKey(
        Person, verbose_name=_("demandée par"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer_by = models.DateField(_("réponse attendue le"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        Person, verbose_name=_("reçue par"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(_("reçue le"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    closed_on = models.DateField(_("close le"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "owner": PersonalData.IDENTITY,
        "raised_because": PersonalData.FREE_TEXT,
        "raised_by": PersonalData.IDENTITY,
        "acknowledged_by": PersonalData.IDENTITY,
    }

    class Meta:
        verbose_name = _("demande de décision")
        ordering = ("needed_on", "number")
        constraints = [
            models.UniqueConstraint(
                name="request_one_open_per_status",
                fields=("project", "body"),
                condition=Q(state__in=("open", "on_agenda", "deferred"), report__isnull=False),
                violation_error_message=_("Le statut de ce projet a déjà une demande ouverte devant cette instance."),
            ),
            models.CheckConstraint(
                name="request_closed_dated",
                condition=Q(state__in=("open", "on_agenda", "deferred"), closed_on__isnull=True)
                | (Q(state__in=("settled", "escalated", "withdrawn")) & Q(closed_on__isnull=False)),
                violation_error_message=_("Une demande close porte sa date."),
            ),
            models.CheckConstraint(
                name="request_acknowledged_whole",
                condition=Q(acknowledged_by__isnull=True, acknowledged_at__isnull=True)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                violation_error_message=_("Un accusé de réception porte son auteur et son heure."),
            ),
            models.CheckConstraint(
                name="request_amount_not_negative",
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                violation_error_message=_("Un montant n’est pas négatif."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Still waiting for its decision."""
        return self.state in OPEN_REQUESTS

    def get_absolute_url(self) -> str:
        return reverse("governance:request", args=[self.number])
