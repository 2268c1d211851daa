"""Closed vocabularies of the portfolio, as the database and the screens name them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portfolio.engines.jira_item import Category, Grouping, IssueRole
from portfolio.engines.network import ConstraintType, LinkType
from portfolio.engines.product import Outcome
from portfolio.engines.schedule_file import TimeUnit
from portfolio.engines.vocabulary import Dimension, Rag, Target, Unit


class RagChoice(models.TextChoices):
    """What a person may declare; `unknown` exists only on computed values."""

    GREEN = Rag.GREEN.value, pgettext_lazy("état", "Vert")
    AMBER = Rag.AMBER.value, pgettext_lazy("état", "Orange")
    RED = Rag.RED.value, pgettext_lazy("état", "Rouge")


class DimensionChoice(models.TextChoices):
    TIME = Dimension.TIME.value, _("Délai")
    COST = Dimension.COST.value, _("Budget")
    SCOPE = Dimension.SCOPE.value, _("Périmètre")
    RESOURCES = Dimension.RESOURCES.value, _("Ressources")
    RISK = Dimension.RISK.value, _("Risques")


class TargetChoice(models.TextChoices):
    """The seven PRINCE2 tolerance targets (domain.md A1)."""

    TIME = Target.TIME.value, _("Délai")
    COST = Target.COST.value, _("Coût")
    SCOPE = Target.SCOPE.value, _("Périmètre")
    QUALITY = Target.QUALITY.value, _("Qualité")
    BENEFITS = Target.BENEFITS.value, _("Bénéfices")
    RISK = Target.RISK.value, _("Risque")
    SUSTAINABILITY = Target.SUSTAINABILITY.value, _("Durabilité")


class ToleranceUnit(models.TextChoices):
    DAYS = Unit.DAYS.value, _("jours")
    WEEKS = Unit.WEEKS.value, _("semaines")
    PERCENT = Unit.PERCENT.value, _("%")
    EUR = Unit.EUR.value, _("€")
    COUNT = Unit.COUNT.value, _("nombre")
    SCORE = Unit.SCORE.value, _("niveau de risque")
    POINTS = Unit.POINTS.value, _("points")


class Method(models.TextChoices):
    PRINCE2 = "prince2", "PRINCE2"
    AGILE = "agile", _("Agile")
    HYBRID = "hybrid", _("Hybride")
    PM2 = "pm2", "PM²"


class LifeCycle(models.TextChoices):
    """Where a project stands in the life cycle of domain.md A2."""

    IDEA = "idea", _("Idée")
    MANDATE = "mandate", _("Mandat")
    PREPARATION = "preparation", _("Préparation")
    INITIATION = "initiation", _("Initialisation")
    STAGE = "stage", _("Séquence d’exécution")
    CLOSING = "closing", _("Clôture en cours")
    CLOSED = "closed", _("Clos")
    BENEFITS_TRACKING = "benefits_tracking", _("Suivi des bénéfices")
    ARCHIVED = "archived", _("Archivé")
    EXCEPTION = "exception", _("Exception")
    ON_HOLD = "on_hold", _("En pause")
    CANCELLED = "cancelled", _("Arrêté")


REPORTING_STATES = (
    LifeCycle.PREPARATION,
    LifeCycle.INITIATION,
    LifeCycle.STAGE,
    LifeCycle.CLOSING,
    LifeCycle.EXCEPTION,
)
"""States in which a weekly status is expected."""

ACTIVE_STATES = (*REPORTING_STATES, LifeCycle.IDEA, LifeCycle.MANDATE, LifeCycle.ON_HOLD)
"""States in which a project belongs to the running portfolio."""


class Confidentiality(models.TextChoices):
    INTERNAL = "internal", _("Interne")
    RESTRICTED = "restricted", _("Restreint : équipe, PSO et direction")


class DataProtection(models.TextChoices):
    """State of the impact assessment (domain.md I, DPIA art. 35)."""

    NOT_ASSESSED = "not_assessed", _("À évaluer")
    NOT_NEEDED = "not_needed", _("AIPD non requise")
    REQUIRED = "required", _("AIPD requise")
    DONE = "done", _("AIPD validée")
    CONSULTATION = "consultation", _("Consultation préalable")


class BudgetNature(models.TextChoices):
    CAPEX = "capex", _("Investissement")
    OPEX = "opex", _("Fonctionnement")


class MilestoneKind(models.TextChoices):
    DELIVERY = "delivery", _("Livraison")
    GATE = "gate", _("Jalon décisionnel")
    GO_LIVE = "go_live", _("Mise en service")
    CONTRACT = "contract", _("Marché public")
    OTHER = "other", _("Autre")


class StageState(models.TextChoices):
    PLANNED = "planned", _("Planifiée")
    RUNNING = "running", _("En cours")
    COMPLETED = "completed", _("Terminée")


class WorkPackageState(models.TextChoices):
    PLANNED = "planned", _("Planifié")
    RUNNING = "running", _("En cours")
    COMPLETED = "completed", _("Livré")
    CANCELLED = "cancelled", _("Abandonné")


class RiskState(models.TextChoices):
    OPEN = "open", _("Ouvert")
    CLOSED = "closed", _("Clos")


class RiskResponse(models.TextChoices):
    AVOID = "avoid", _("Éviter")
    REDUCE = "reduce", _("Réduire")
    TRANSFER = "transfer", _("Transférer")
    SHARE = "share", _("Partager")
    ACCEPT = "accept", _("Accepter")
    PREPARE = "prepare", _("Préparer un plan de repli")


class Proximity(models.TextChoices):
    IMMINENT = "imminent", _("Imminent (moins d’un mois)")
    THIS_STAGE = "this_stage", _("Cette séquence")
    NEXT_STAGE = "next_stage", _("Séquence suivante")
    BEYOND = "beyond", _("Au-delà")


class AskKind(models.TextChoices):
    NONE = "none", _("Aucune")
    INFORMATION = "information", _("Information")
    DECISION = "decision", _("Décision")


class ReminderKind(models.TextChoices):
    """Two before the deadline, one after, then the two levels above; `manual` is sent by the project office."""

    FIRST = "first", _("Premier rappel")
    SECOND = "second", _("Dernier rappel avant l’échéance")
    OVERDUE = "overdue", _("Rappel après l’échéance")
    PROGRAMME = "programme", _("Signalé au responsable de programme")
    CENTRE = "centre", _("Signalé au responsable du centre")
    MANUAL = "manual", _("Rappel du bureau de projets")


class ActivityKind(models.TextChoices):
    """`project` is the row some tools keep for the plan itself: stored, never shown."""

    TASK = "task", _("Tâche")
    SUMMARY = "summary", _("Récapitulatif")
    MILESTONE = "milestone", _("Jalon")
    PROJECT = "project", _("Projet")


class ActivityConstraint(models.TextChoices):
    ASAP = ConstraintType.ASAP.value, _("Le plus tôt possible")
    ALAP = ConstraintType.ALAP.value, _("Le plus tard possible")
    SNET = ConstraintType.SNET.value, _("Début au plus tôt le")
    SNLT = ConstraintType.SNLT.value, _("Début au plus tard le")
    FNET = ConstraintType.FNET.value, _("Fin au plus tôt le")
    FNLT = ConstraintType.FNLT.value, _("Fin au plus tard le")
    MSO = ConstraintType.MSO.value, _("Doit commencer le")
    MFO = ConstraintType.MFO.value, _("Doit finir le")


class DurationUnit(models.TextChoices):
    """The unit somebody typed; what is stored is minutes."""

    MINUTES = TimeUnit.MINUTES.value, _("minutes")
    HOURS = TimeUnit.HOURS.value, _("heures")
    DAYS = TimeUnit.DAYS.value, _("jours")
    WEEKS = TimeUnit.WEEKS.value, _("semaines")
    MONTHS = TimeUnit.MONTHS.value, _("mois")
    PERCENT = TimeUnit.PERCENT.value, _("%")


class PlanLinkType(models.TextChoices):
    FS = LinkType.FS.value, _("fin-début")
    SS = LinkType.SS.value, _("début-début")
    FF = LinkType.FF.value, _("fin-fin")
    SF = LinkType.SF.value, _("début-fin")


class FeedScope(models.TextChoices):
    """Whose milestones a calendar link gives."""

    PROJECT = "project", _("Un projet")
    PERSON = "person", _("Mes projets")
    PORTFOLIO = "portfolio", _("Tout le portefeuille")


class PlanAct(models.TextChoices):
    """What somebody does to a plan in Cadran."""

    ADD = "add", _("Ajouter")
    CHANGE = "change", _("Modifier")
    DELETE = "delete", _("Supprimer")
    INDENT = "indent", _("Descendre d’un niveau")
    OUTDENT = "outdent", _("Monter d’un niveau")
    UP = "up", _("Déplacer vers le haut")
    DOWN = "down", _("Déplacer vers le bas")
    LEVEL = "level", _("Niveler la charge")
    UNDO = "undo", _("Annuler la dernière modification")


class BaselineState(models.TextChoices):
    """A baseline is in force through a decision only; the one before it is replaced, and kept."""

    PROPOSED = "proposed", _("Proposée")
    WITHDRAWN = "withdrawn", _("Retirée")
    IN_FORCE = "in_force", _("En vigueur")
    REPLACED = "replaced", _("Remplacée")


class ProductKind(models.TextChoices):
    """A group only holds others; a deliverable is handed to its users; an external one comes from elsewhere."""

    GROUP = "group", _("Regroupement")
    PRODUCT = "product", _("Produit intermédiaire")
    DELIVERABLE = "deliverable", _("Livrable")
    EXTERNAL = "external", _("Produit externe")


class ProductState(models.TextChoices):
    PLANNED = "planned", _("Prévu")
    IN_PROGRESS = "in_progress", _("En production")
    IN_REVIEW = "in_review", _("En contrôle qualité")
    FOLLOW_UP = "follow_up", _("Suites en cours")
    REWORK = "rework", _("À reprendre")
    READY = "ready", _("Prêt à accepter")
    ACCEPTED = "accepted", _("Accepté")
    CANCELLED = "cancelled", _("Abandonné")


class ReviewResult(models.TextChoices):
    PASSED = Outcome.PASSED.value, _("Réussi")
    FOLLOW_UPS = Outcome.FOLLOW_UPS.value, _("Réussi avec suites")
    FAILED = Outcome.FAILED.value, _("Échoué")


class AcceptanceVerdict(models.TextChoices):
    ACCEPTED = "accepted", _("Accepté")
    RESERVED = "reserved", _("Accepté avec réserves")
    REFUSED = "refused", _("Refusé")


class JiraGrouping(models.TextChoices):
    """By what issues of Jira belong to a work package."""

    EPIC = Grouping.EPIC.value, _("Epic (parent)")
    COMPONENT = Grouping.COMPONENT.value, _("Composant")
    VERSION = Grouping.VERSION.value, _("Version corrigée")


class IssueCategory(models.TextChoices):
    TODO = Category.TODO.value, _("À faire")
    DOING = Category.DOING.value, _("En cours")
    DONE = Category.DONE.value, _("Terminé")


class IssueKind(models.TextChoices):
    WORK = IssueRole.WORK.value, _("Travail")
    CONTAINER = IssueRole.CONTAINER.value, _("Contenant (epic)")
    PART = IssueRole.PART.value, _("Partie (sous-tâche)")
