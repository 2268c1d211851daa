from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.web.limits import one_line, writable
from governance.engines.exception import options_fit, tolerances_fit
from governance.engines.lifecycles import EXCEPTION
from governance.enums import ExceptionAnswer, ExceptionClosing, ExceptionState, ToleranceLevel
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.enums import BudgetNature
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.versioned import Versioned
from portfolio.models.work_package import WorkPackage

_PAIRS = ", ".join(f"('{source}', '{target}')" for source, target in sorted({move[1:] for move in EXCEPTION.moves}))
_MOVES = f"""
    IF (OLD.state, NEW.state) NOT IN ({_PAIRS}) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            MESSAGE = 'an exception does not go from ' || OLD.state || ' to ' || NEW.state;
    END IF;
    RETURN NEW;
"""
_ANSWERED = ("decided", "plan_submitted", "plan_approved")


def checked_options(value: object) -> None:
    """Up to four options, each text one short line."""
    if not options_fit(value) or not isinstance(value, list):
        raise ValidationError(_("Les options ne se lisent pas."))
    for option in value:
        for text in (option["label"], option["consequence"], option.get("case", ""), *option["effects"].values()):
            writable(text)
            one_line(text)


def checked_tolerances(value: object) -> None:
    """Bounds by target."""
    if not tolerances_fit(value):
        raise ValidationError(_("Les tolérances proposées ne se lisent pas."))


@tracked
class ProjectException(Versioned):
    """A forecast outside tolerance on its way to an answer (domain.md A1): one open at a time per project, stage or
    work package.

    `breaches` holds the verdict of each target outside, by target. `options` are {"label", "consequence", "case",
    "effects", "recommended"}, effects by target. The plan proposes an end, the budget of one year and tolerances.
    """

    number = models.CharField(_("numéro"), max_length=40, unique=True)
    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(_("tolérance dépassée"), choices=ToleranceLevel)
    stage = models.ForeignKey(
        Stage, verbose_name=_("séquence"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    work_package = models.ForeignKey(
        WorkPackage, verbose_name=_("lot de travaux"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    breaches = models.JSONField(_("cibles hors tolérance"), default=dict)
    state = models.CharField(_("état"), max_length=16, choices=ExceptionState, default=ExceptionState.RAISED)
    answer = models.CharField(_("réponse"), max_length=24, choices=ExceptionAnswer, blank=True, default="")
    reason = models.CharField(_("motif de la réponse"), max_length=600, blank=True, default="")
    decision = models.ForeignKey(
        "governance.Decision",
        verbose_name=_("décision"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    raised_on = models.DateField(_("levée le"))
    due_on = models.DateField(_("échéance de l’étape"), null=True, blank=True)
    escalated_on = models.DateField(_("signalée au niveau supérieur le"), null=True, blank=True)
    submitted_on = models.DateField(_("rapport remis le"), null=True, blank=True)
    decided_on = models.DateField(_("tranchée le"), null=True, blank=True)
    closed_on = models.DateField(_("close le"), null=True, blank=True)
    closing = models.CharField(_("close parce que"), max_length=12, choices=ExceptionClosing, blank=True, default="")
    author = models.ForeignKey(
        Person, verbose_name=_("auteur du rapport"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cause = models.TextField(_("cause"), max_length=2000, blank=True, default="")
    consequences = models.TextField(_("conséquences"), max_length=2000, blank=True, default="")
    options = models.JSONField(_("options"), default=list, blank=True, validators=[checked_options])
    business_case = models.TextField(_("effet sur la justification"), max_length=1000, blank=True, default="")
    recommendation = models.CharField(_("recommandation"), max_length=300, blank=True, default="")
    lessons = models.TextField(_("leçons"), max_length=1000, blank=True, default="")
    amount = models.DecimalField(_("montant (€ TVAC)"), max_digits=14, decimal_places=2, null=True, blank=True)
    plan_summary = models.TextField(_("plan d’exception"), max_length=2000, blank=True, default="")
    plan_end = models.DateField(_("nouvelle fin de référence"), null=True, blank=True)
    plan_year = models.PositiveSmallIntegerField(_("année du budget"), null=True, blank=True)
    plan_nature = models.CharField(_("nature"), max_length=6, choices=BudgetNature, blank=True, default="")
    plan_budget = models.DecimalField(_("budget approuvé (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    plan_tolerances = models.JSONField(
        _("tolérances proposées"), default=dict, blank=True, validators=[checked_tolerances]
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "author": PersonalData.IDENTITY,
        "cause": PersonalData.FREE_TEXT,
        "consequences": PersonalData.FREE_TEXT,
        "lessons": PersonalData.FREE_TEXT,
        "reason": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("exception")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                name="exception_one_open_per_part",
                fields=("project", "stage", "work_package"),
                condition=Q(closed_on__isnull=True),
                nulls_distinct=False,
                violation_error_message=_("Une exception est déjà ouverte ici."),
            ),
            models.CheckConstraint(
                name="exception_state_known",
                condition=Q(state__in=ExceptionState.values),
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                name="exception_level_of_part",
                condition=Q(level=1, stage__isnull=True, work_package__isnull=False)
                | Q(level=2, stage__isnull=False, work_package__isnull=True)
                | Q(level=3, stage__isnull=True, work_package__isnull=True),
                violation_error_message=_("Le niveau est celui de la partie touchée."),
            ),
            models.CheckConstraint(
                name="exception_closed_says_why",
                condition=Q(state="closed", closed_on__isnull=False) & ~Q(closing="")
                | ~Q(state="closed") & Q(closed_on__isnull=True, closing=""),
                violation_error_message=_("Une exception close dit quand et pourquoi."),
            ),
            models.CheckConstraint(
                name="exception_answered_says_what",
                condition=~Q(state__in=_ANSWERED) | (~Q(answer="") & Q(decided_on__isnull=False)),
                violation_error_message=_("Une exception tranchée porte sa réponse et sa date."),
            ),
            models.CheckConstraint(
                name="exception_submitted_complete",
                condition=~Q(state__in=("submitted", "plan_submitted", "plan_approved"))
                | (~Q(cause="") & ~Q(recommendation="") & Q(submitted_on__isnull=False)),
                violation_error_message=_("Un rapport remis dit sa cause et sa recommandation."),
            ),
            models.CheckConstraint(
                name="exception_money_not_negative",
                condition=(Q(amount__isnull=True) | Q(amount__gte=0))
                & (Q(plan_budget__isnull=True) | Q(plan_budget__gte=0)),
                violation_error_message=_("Un montant n’est pas négatif."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="exception_moves",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
                func=_MOVES,
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def get_absolute_url(self) -> str:
        return reverse("governance:exception", args=[self.number])


@tracked
class ExceptionClock(models.Model):
    """How many working days a level has to react from a day on, until its next row begins (domain.md F)."""

    level = models.PositiveSmallIntegerField(_("niveau"), choices=ToleranceLevel)
    days = models.PositiveSmallIntegerField(_("jours ouvrables"))
    valid_from = models.DateField(_("du"))
    source = models.CharField(_("base"), max_length=200, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("délai de réaction")
        verbose_name_plural = _("délais de réaction")
        ordering = ("level", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                name="exception_clock_one_a_day",
                fields=("level", "valid_from"),
                violation_error_message=_("Un délai de ce niveau commence déjà ce jour."),
            ),
            models.CheckConstraint(
                name="exception_clock_days",
                condition=Q(days__range=(1, 60)),
                violation_error_message=_("Un délai dure de 1 à 60 jours ouvrables."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.valid_from}"
