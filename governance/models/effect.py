from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import ChangeAnswer, EffectKind, ExceptionAnswer
from governance.models.agenda import Outcome
from governance.models.decision import Decision
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.enums import BudgetNature, LifeCycle, TargetChoice
from portfolio.models.project import Project

NEEDED: dict[str, tuple[str, ...]] = {
    EffectKind.BUDGET: ("year", "nature", "amount"),
    EffectKind.RANK: ("rank",),
    EffectKind.MANAGER: ("person",),
    EffectKind.BASELINE: ("day",),
    EffectKind.TOLERANCE: ("target",),
    EffectKind.PHASE: ("phase",),
    EffectKind.TRANSFER: ("year", "nature", "amount", "other_project"),
    EffectKind.EXCEPTION: ("answer",),
    EffectKind.GATE: ("answer",),
    EffectKind.CHANGE: ("answer",),
    EffectKind.ARBITRATION: ("answer",),
}
"""What each kind of effect says; the rest stays empty."""


@tracked
class Effect(models.Model):
    """What a decision changes by itself on its project, carried out when its session is closed.

    `decision` is empty while the minutes are written; once it is set the row never changes again. `project` is another
    project that what was asked concerns; empty, the effect is on the project of the decision.
    """

    outcome = models.ForeignKey(Outcome, verbose_name=_("issue"), on_delete=models.CASCADE, related_name="effects")
    decision = models.ForeignKey(
        Decision, verbose_name=_("décision"), null=True, blank=True, on_delete=models.PROTECT, related_name="effects"
    )
    kind = models.CharField(_("effet"), max_length=12, choices=EffectKind)
    project = models.ForeignKey(
        Project, verbose_name=_("projet touché"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("année"), null=True, blank=True)
    nature = models.CharField(_("nature"), max_length=6, choices=BudgetNature, blank=True, default="")
    amount = models.DecimalField(_("montant (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("rang de priorité"), null=True, blank=True)
    person = models.ForeignKey(
        Person, verbose_name=_("chef de projet"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    target = models.CharField(_("cible"), max_length=14, choices=TargetChoice, blank=True, default="")
    minus = models.DecimalField(_("tolérance en moins"), max_digits=14, decimal_places=2, null=True, blank=True)
    plus = models.DecimalField(_("tolérance en plus"), max_digits=14, decimal_places=2, null=True, blank=True)
    phase = models.CharField(_("étape du cycle de vie"), max_length=20, choices=LifeCycle, blank=True, default="")
    day = models.DateField(_("date"), null=True, blank=True)
    other_project = models.ForeignKey(
        Project, verbose_name=_("projet qui reçoit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(_("réponse"), max_length=24, blank=True, default="")
    before = models.CharField(_("avant"), max_length=160, blank=True, default="")
    after = models.CharField(_("après"), max_length=160, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "person": PersonalData.IDENTITY,
        "before": PersonalData.IDENTITY,
        "after": PersonalData.IDENTITY,
    }

    class Meta:
        verbose_name = _("effet d’une décision")
        verbose_name_plural = _("effets d’une décision")
        ordering = ("outcome", "pk")
        constraints = [
            models.UniqueConstraint(
                name="effect_once",
                fields=("outcome", "kind", "project", "year", "nature", "target"),
                nulls_distinct=False,
                violation_error_message=_("Cette décision porte déjà cet effet."),
            ),
            models.CheckConstraint(
                name="effect_applied_says_what",
                condition=Q(decision__isnull=True, after="") | (Q(decision__isnull=False) & ~Q(after="")),
                violation_error_message=_("Un effet appliqué dit ce qu’il a changé."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="effect_applied_is_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.decision_id IS NOT NULL"),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def answer_words(self) -> str:
        """The answer to an exception or to an issue, in words; nothing for another effect."""
        known = {EffectKind.EXCEPTION: ExceptionAnswer, EffectKind.CHANGE: ChangeAnswer}
        words = known.get(EffectKind(self.kind))
        return str(dict(words.choices).get(self.answer, "")) if words is not None else ""

    def clean(self) -> None:
        missing = {
            name: _("Cet effet demande ce champ.")
            for name in NEEDED.get(self.kind, ())
            if getattr(self, name) in (None, "")
        }
        if self.kind == EffectKind.TOLERANCE and self.minus is None and self.plus is None:
            missing["plus"] = _("Donnez au moins une borne.")
        if missing:
            raise ValidationError(missing)
