from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import ChangeAnswer, ChangeRank, ChangeStep
from governance.models.change import Change
from governance.models.decision import Decision
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned

ZERO = Decimal("0.00")

_RULE = """
    IF NEW.taken_as = 'authority' THEN
        SELECT c.author_id, c.recorded_by_id, p.manager_id, p.deputy_id, p.id AS project_id INTO issue
            FROM governance_change c JOIN portfolio_project p ON p.id = c.project_id WHERE c.id = NEW.change_id;
        IF NEW.person_id IN (issue.author_id, issue.recorded_by_id, issue.manager_id, issue.deputy_id) THEN
            RAISE EXCEPTION 'ruling refused: a party to the issue does not answer it' USING ERRCODE = 'check_violation';
        END IF;
        SELECT d.*, b.project_id INTO power FROM governance_changedelegation d
            JOIN governance_changebudget b ON b.id = d.budget_id WHERE d.id = NEW.delegation_id FOR UPDATE;
        IF power.person_id <> NEW.person_id OR power.project_id <> issue.project_id
           OR NEW.taken_on < power.valid_from OR NEW.taken_on > power.valid_to THEN
            RAISE EXCEPTION 'ruling refused: no delegation that day' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.amount > power.limit_each THEN
            RAISE EXCEPTION 'ruling refused: above the limit of one change' USING ERRCODE = 'check_violation';
        END IF;
        UPDATE governance_changedelegation SET spent = spent + NEW.amount WHERE id = power.id;
        UPDATE governance_changebudget SET spent = spent + NEW.amount WHERE id = power.budget_id;
    END IF;
    RETURN NEW;
"""


def _period(start: str, end: str) -> Func:
    return Func(F(start), F(end), models.Value("[]"), function="daterange")


@tracked
class ChangeBudget(Versioned):
    """Money set apart for changes of a project between two days, outside its cost tolerance.

    `spent` is what the change authority has accepted; the database adds it up from the rulings, and refuses more than
    the amount.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="change_budgets"
    )
    amount = models.DecimalField(_("budget de changement (€ TVAC)"), max_digits=14, decimal_places=2)
    spent = models.DecimalField(_("utilisé (€)"), max_digits=14, decimal_places=2, default=ZERO, editable=False)
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"))
    source = models.CharField(_("base"), max_length=200)
    decision = models.ForeignKey(
        Decision, verbose_name=_("décision"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("budget de changement")
        verbose_name_plural = _("budgets de changement")
        ordering = ("project", "-valid_from")
        constraints = [
            models.CheckConstraint(
                name="change_budget_not_overspent",
                condition=Q(amount__gte=0, spent__gte=0, spent__lte=F("amount")),
                violation_error_message=_("Le budget de changement ne couvre pas ce montant."),
            ),
            models.CheckConstraint(
                name="change_budget_dates",
                condition=Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("La période finit après son début."),
            ),
            ExclusionConstraint(
                name="change_budget_one_at_a_time",
                expressions=(
                    (F("project"), RangeOperators.EQUAL),
                    (_period("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
                violation_error_message=_("Un budget de changement couvre déjà une partie de ces jours."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="change_budget_spent_by_rulings",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.spent <> NEW.spent AND pg_trigger_depth() = 0"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.valid_from} - {self.valid_to}"

    @property
    def left(self) -> Decimal:
        return self.amount - self.spent


@tracked
class ChangeDelegation(Versioned):
    """The slice of a change budget that one person, the change authority, spends by himself between two days."""

    budget = models.ForeignKey(
        ChangeBudget, verbose_name=_("budget de changement"), on_delete=models.CASCADE, related_name="delegations"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("autorité de changement"), on_delete=models.PROTECT, related_name="+"
    )
    limit_each = models.DecimalField(_("par changement (€)"), max_digits=14, decimal_places=2)
    limit_total = models.DecimalField(_("sur la période (€)"), max_digits=14, decimal_places=2)
    spent = models.DecimalField(_("utilisé (€)"), max_digits=14, decimal_places=2, default=ZERO, editable=False)
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"))

    personal_data: ClassVar[dict[str, PersonalData]] = {"person": PersonalData.IDENTITY}

    class Meta:
        verbose_name = _("délégation de changement")
        verbose_name_plural = _("délégations de changement")
        ordering = ("budget", "-valid_from")
        constraints = [
            models.CheckConstraint(
                name="change_delegation_not_overspent",
                condition=Q(limit_each__gte=0, spent__gte=0, spent__lte=F("limit_total")),
                violation_error_message=_("La délégation ne couvre pas ce montant."),
            ),
            models.CheckConstraint(
                name="change_delegation_dates",
                condition=Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("La délégation finit après son début."),
            ),
            ExclusionConstraint(
                name="change_delegation_one_at_a_time",
                expressions=(
                    (F("budget"), RangeOperators.EQUAL),
                    (_period("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ),
                violation_error_message=_("Une autorité de changement couvre déjà une partie de ces jours."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="change_delegation_spent_by_rulings",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.spent <> NEW.spent AND pg_trigger_depth() = 0"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.budget_id} {self.person_id}"

    @property
    def left(self) -> Decimal:
        return self.limit_total - self.spent


@tracked
class ChangeRuling(models.Model):
    """One answer to an issue: by the project manager in his tolerance, by the change authority in its delegation, or by
    a decision of a body. Never edited, never deleted; `amount` counts on the change budget.
    """

    change = models.ForeignKey(Change, verbose_name=_("incidence"), on_delete=models.PROTECT, related_name="rulings")
    taken_as = models.CharField(_("au titre de"), max_length=10, choices=ChangeRank)
    person = models.ForeignKey(
        Person, verbose_name=_("décidée par"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    delegation = models.ForeignKey(
        ChangeDelegation,
        verbose_name=_("délégation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rulings",
    )
    decision = models.ForeignKey(
        Decision, verbose_name=_("décision"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(_("réponse"), max_length=14, choices=ChangeAnswer)
    reason = models.CharField(_("motif"), max_length=600)
    amount = models.DecimalField(_("imputé au budget de changement (€)"), max_digits=14, decimal_places=2, default=ZERO)
    until = models.DateField(_("concession jusqu’au"), null=True, blank=True)
    condition = models.CharField(_("condition de la concession"), max_length=300, blank=True, default="")
    taken_on = models.DateField(_("prise le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "person": PersonalData.IDENTITY,
        "reason": PersonalData.FREE_TEXT,
        "condition": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("réponse à une incidence")
        verbose_name_plural = _("réponses à une incidence")
        ordering = ("change", "pk")
        constraints = [
            models.CheckConstraint(
                name="change_ruling_by_whom",
                condition=Q(taken_as="manager", person__isnull=False, delegation__isnull=True, decision__isnull=True)
                | Q(taken_as="authority", person__isnull=False, delegation__isnull=False, decision__isnull=True)
                | Q(taken_as="body", person__isnull=True, delegation__isnull=True, decision__isnull=False),
                violation_error_message=_("Une réponse dit au titre de quoi elle est prise."),
            ),
            models.CheckConstraint(
                name="change_ruling_amount",
                condition=Q(amount=0) | Q(amount__gt=0, taken_as="authority", answer="accept"),
                violation_error_message=_("Seule une acceptation de l’autorité de changement s’impute."),
            ),
            models.CheckConstraint(
                name="change_ruling_reasoned",
                condition=~Q(reason=""),
                violation_error_message=_("Une réponse dit son motif."),
            ),
            models.CheckConstraint(
                name="change_ruling_concession_bounded",
                condition=~Q(answer="concession") | Q(until__isnull=False) | ~Q(condition=""),
                violation_error_message=_("Une concession porte une date de fin ou une condition."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="change_ruling_kept", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="change_ruling_allowed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("issue", "RECORD"), ("power", "RECORD")],
                func=_RULE,
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_answer_display())


@tracked
class ChangeClock(models.Model):
    """Working days to assess, decide or carry out an issue of a severity, in force from a day."""

    severity = models.PositiveSmallIntegerField(_("gravité"))
    step = models.CharField(_("étape"), max_length=10, choices=ChangeStep)
    days = models.PositiveSmallIntegerField(_("jours ouvrables"))
    valid_from = models.DateField(_("du"))
    source = models.CharField(_("base"), max_length=200)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("délai de traitement des incidences")
        verbose_name_plural = _("délais de traitement des incidences")
        ordering = ("-severity", "step", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                name="change_clock_unique",
                fields=("severity", "step", "valid_from"),
                violation_error_message=_("Ce délai est déjà fixé à cette date."),
            ),
            models.CheckConstraint(
                name="change_clock_scale",
                condition=Q(severity__range=(1, 5), days__range=(1, 400)),
                violation_error_message=_("La gravité va de 1 à 5, le délai de 1 à 400 jours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.severity} {self.step} {self.valid_from}"
