from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.engines.lifecycles import ARBITRATION
from governance.enums import ArbitrationState, ConcernedRole, ConflictKind, Shift
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned

OPTION_FIELDS = ("label", "description", "recommended")
IMPACT_FIELDS = (
    "days",
    "cost",
    "capacity",
    "quarter",
    "broken",
    "scope",
    "quality",
    "benefits",
    "risk",
    "sustainability",
    "note",
)
"""What is written of an option, and of its effect on a project."""
_RETAINED = ("decided", "notified", "executing", "verified", "closed")

_PAIRS = ", ".join(f"('{source}', '{target}')" for source, target in sorted({move[1:] for move in ARBITRATION.moves}))
_MOVES = f"""
IF (OLD.state, NEW.state) NOT IN ({_PAIRS}) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
        MESSAGE = 'an arbitration does not go from ' || OLD.state || ' to ' || NEW.state;
END IF;
RETURN NEW;
"""

_COMPLETE = """
IF NEW.state NOT IN ('requested', 'rejected') AND
    (SELECT count(*) FROM governance_concernedproject c WHERE c.arbitration_id = NEW.id) < 2 THEN
    RAISE EXCEPTION 'an arbitration concerns two projects at least' USING ERRCODE = 'check_violation';
END IF;
IF NEW.state NOT IN ('requested', 'rejected', 'admissible', 'analysis', 'options') AND (
    (SELECT count(*) FROM governance_arbitrationoption o
        WHERE o.arbitration_id = NEW.id AND NOT o.do_nothing) < 2
    OR NOT EXISTS (SELECT 1 FROM governance_arbitrationoption o WHERE o.arbitration_id = NEW.id AND o.do_nothing)
    OR EXISTS (
        SELECT 1 FROM governance_arbitrationoption o
        CROSS JOIN governance_concernedproject c
        WHERE o.arbitration_id = NEW.id AND c.arbitration_id = NEW.id AND NOT EXISTS (
            SELECT 1 FROM governance_optionimpact i WHERE i.option_id = o.id AND i.project_id = c.project_id
        )
    )
) THEN
    RAISE EXCEPTION 'two options and doing nothing, each with its effect on each project, come before the body'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

_OPTION_OPEN = """
IF (SELECT a.state FROM governance_arbitration a
        WHERE a.id = COALESCE(NEW.arbitration_id, OLD.arbitration_id)) NOT IN {states} THEN
    RAISE EXCEPTION 'what a body was asked to choose from is not rewritten' USING ERRCODE = 'check_violation';
END IF;
RETURN COALESCE(NEW, OLD);
"""

_IMPACT_OPEN = """
IF (SELECT a.state FROM governance_arbitration a
        JOIN governance_arbitrationoption o ON o.arbitration_id = a.id
        WHERE o.id = COALESCE(NEW.option_id, OLD.option_id)) NOT IN ('analysis', 'options') THEN
    RAISE EXCEPTION 'what a body was asked to choose from is not rewritten' USING ERRCODE = 'check_violation';
END IF;
RETURN COALESCE(NEW, OLD);
"""

_EACH_WRITE = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


@tracked
class Arbitration(Versioned):
    """A conflict between projects that no project settles alone; its life is `engines.lifecycles.ARBITRATION`.

    `project` is the one that asks. `new_fact` is why a closed one was opened again.
    """

    number = models.CharField(_("numéro"), max_length=24, unique=True)
    project = models.ForeignKey(Project, verbose_name=_("projet demandeur"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("objet du conflit"), max_length=12, choices=ConflictKind)
    question = models.CharField(_("question à trancher"), max_length=220)
    facts = models.CharField(_("faits établis"), max_length=2000, blank=True, default="")
    recommendation = models.CharField(_("recommandation"), max_length=300, blank=True, default="")
    cost_of_waiting = models.CharField(_("coût de l’attente"), max_length=300, blank=True, default="")
    requested_by = models.ForeignKey(
        Person, verbose_name=_("demandé par"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    analyst = models.ForeignKey(
        Person, verbose_name=_("analyste"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("motif d’irrecevabilité"), max_length=300, blank=True, default="")
    new_fact = models.CharField(_("fait nouveau"), max_length=300, blank=True, default="")
    evidence = models.CharField(_("preuve de l’exécution"), max_length=600, blank=True, default="")
    retained = models.ForeignKey(
        "ArbitrationOption",
        verbose_name=_("option retenue"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        _("état"), max_length=10, choices=ArbitrationState, default=ArbitrationState.REQUESTED, editable=False
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "requested_by": PersonalData.IDENTITY,
        "analyst": PersonalData.IDENTITY,
        "facts": PersonalData.FREE_TEXT,
        "reason": PersonalData.FREE_TEXT,
        "new_fact": PersonalData.FREE_TEXT,
        "evidence": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("arbitrage")
        ordering = ("-number",)
        constraints = [
            models.CheckConstraint(
                name="arbitration_state_known",
                condition=Q(state__in=ArbitrationState.values),
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                name="arbitration_rejected_says_why",
                condition=~Q(state="rejected") | ~Q(reason=""),
                violation_error_message=_("Une irrecevabilité est motivée."),
            ),
            models.CheckConstraint(
                name="arbitration_analyst_named",
                condition=Q(state__in=("requested", "rejected")) | Q(analyst__isnull=False),
                violation_error_message=_("Nommez l’analyste."),
            ),
            models.CheckConstraint(
                name="arbitration_decided_retains",
                condition=Q(state__in=_RETAINED, retained__isnull=False)
                | (~Q(state__in=_RETAINED) & Q(retained__isnull=True)),
                violation_error_message=_("Un arbitrage tranché nomme l’option retenue."),
            ),
            models.CheckConstraint(
                name="arbitration_verified_with_evidence",
                condition=~Q(state__in=("verified", "closed")) | ~Q(evidence=""),
                violation_error_message=_("Une exécution vérifiée porte sa preuve."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="arbitration_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="arbitration_moves",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state IS DISTINCT FROM NEW.state"),
                func=_MOVES,
            ),
            pgtrigger.Trigger(
                name="arbitration_complete",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_COMPLETE,
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("governance:arbitration", args=[self.number])


@tracked
class ConcernedProject(models.Model):
    """One of the projects in conflict, and what it is in it."""

    arbitration = models.ForeignKey(Arbitration, on_delete=models.PROTECT, related_name="concerned")
    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("rôle"), max_length=8, choices=ConcernedRole)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("projet concerné")
        verbose_name_plural = _("projets concernés")
        ordering = ("arbitration", "pk")
        constraints = [
            models.UniqueConstraint(
                name="concerned_once",
                fields=("arbitration", "project"),
                violation_error_message=_("Ce projet y est déjà."),
            ),
            models.UniqueConstraint(
                name="concerned_one_asks",
                fields=("arbitration",),
                condition=Q(role="asks"),
                violation_error_message=_("Un seul projet demande l’arbitrage."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="concerned_open",
                when=pgtrigger.Before,
                operation=_EACH_WRITE,
                func=_OPTION_OPEN.format(states="('requested', 'admissible', 'analysis')"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.arbitration_id} {self.project_id}"


@tracked
class ArbitrationOption(models.Model):
    """One way out; exactly one is to do nothing."""

    arbitration = models.ForeignKey(Arbitration, on_delete=models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField(_("rang"))
    label = models.CharField(_("option"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True, default="")
    do_nothing = models.BooleanField(_("ne rien faire"), default=False)
    recommended = models.BooleanField(_("recommandée"), default=False)

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("option d’arbitrage")
        verbose_name_plural = _("options d’arbitrage")
        ordering = ("arbitration", "position")
        constraints = [
            models.UniqueConstraint(name="option_position_unique", fields=("arbitration", "position")),
            models.UniqueConstraint(
                name="option_one_nothing",
                fields=("arbitration",),
                condition=Q(do_nothing=True),
                violation_error_message=_("« Ne rien faire » y est déjà."),
            ),
            models.UniqueConstraint(
                name="option_one_recommended",
                fields=("arbitration",),
                condition=Q(recommended=True),
                violation_error_message=_("Une seule option est recommandée."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="option_open",
                when=pgtrigger.Before,
                operation=_EACH_WRITE,
                func=_OPTION_OPEN.format(states="('requested', 'admissible', 'analysis', 'options')"),
            )
        ]

    def __str__(self) -> str:
        return self.label


@tracked
class OptionImpact(models.Model):
    """What an option does to one project: days and euros against its forecast, capacity, and the other targets."""

    option = models.ForeignKey(ArbitrationOption, on_delete=models.CASCADE, related_name="impacts")
    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.PROTECT, related_name="+")
    days = models.SmallIntegerField(_("délai (jours)"), default=0)
    cost = models.DecimalField(_("coût (€)"), max_digits=14, decimal_places=2, default=0)
    capacity = models.DecimalField(_("capacité (jours-personnes)"), max_digits=7, decimal_places=1, default=0)
    quarter = models.CharField(_("trimestre"), max_length=12, blank=True, default="")
    broken = models.PositiveSmallIntegerField(_("dépendances rompues"), default=0)
    scope = models.SmallIntegerField(_("périmètre"), choices=Shift, default=Shift.SAME)
    quality = models.SmallIntegerField(_("qualité"), choices=Shift, default=Shift.SAME)
    benefits = models.SmallIntegerField(_("bénéfices"), choices=Shift, default=Shift.SAME)
    risk = models.SmallIntegerField(_("risque"), choices=Shift, default=Shift.SAME)
    sustainability = models.SmallIntegerField(_("durabilité"), choices=Shift, default=Shift.SAME)
    note = models.CharField(_("en clair"), max_length=200, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {"note": PersonalData.FREE_TEXT}

    class Meta:
        verbose_name = _("effet d’une option")
        verbose_name_plural = _("effets d’une option")
        ordering = ("option", "pk")
        constraints = [
            models.UniqueConstraint(name="impact_once", fields=("option", "project")),
            models.CheckConstraint(
                name="impact_days_range",
                condition=Q(days__range=(-1500, 1500)),
                violation_error_message=_("Un délai se compte de −1500 à 1500 jours."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="impact_open", when=pgtrigger.Before, operation=_EACH_WRITE, func=_IMPACT_OPEN)
        ]

    def __str__(self) -> str:
        return f"{self.option_id} {self.project_id}"


class ArbitrationStep(models.Model):
    """One step of an arbitration: who took it and why, the day its clock ends, and whether it was sent up unanswered.

    A row says its end and its going up once; the rest of it never changes.
    """

    arbitration = models.ForeignKey(Arbitration, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(_("acte"), max_length=10)
    state = models.CharField(_("état"), max_length=10, choices=ArbitrationState)
    by = models.ForeignKey(
        Person, verbose_name=_("par"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("motif"), max_length=600, blank=True, default="")
    entered_on = models.DateField(_("le"))
    due_on = models.DateField(_("à faire pour le"), null=True, blank=True)
    left_on = models.DateField(_("fait le"), null=True, blank=True)
    raised_on = models.DateField(_("monté le"), null=True, blank=True)
    raised_to = models.CharField(_("monté à"), max_length=160, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "by": PersonalData.IDENTITY,
        "note": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("étape d’un arbitrage")
        verbose_name_plural = _("étapes d’un arbitrage")
        ordering = ("arbitration", "pk")
        constraints = [
            models.UniqueConstraint(name="step_one_open", fields=("arbitration",), condition=Q(left_on__isnull=True)),
        ]
        triggers = [
            pgtrigger.Protect(name="step_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="step_never_rewritten",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("arbitration", "act", "state", "by", "note", "entered_on"),
            ),
            pgtrigger.Protect(
                name="step_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "(OLD.left_on IS NOT NULL OR"
                    " (OLD.raised_on IS NOT NULL AND NEW.raised_on IS DISTINCT FROM OLD.raised_on))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arbitration_id} {self.act}"
