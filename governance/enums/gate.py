"""Gate reviews, lessons and confidence in delivery."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GateChoice(models.TextChoices):
    """The values are those of `portfolio.engines.lifecycle.Gate`."""

    G0 = "G0", _("G0 · prêt à planifier (RfP)")
    G1 = "G1", _("G1 · prêt à exécuter (RfE)")
    GN = "Gn", _("Gn · fin de séquence")
    GC = "Gc", _("Gc · prêt à clôturer (RfC)")


class GateReviewState(models.TextChoices):
    """Moves are in `engines.lifecycles.GATE_REVIEW`."""

    DRAFT = "draft", _("En préparation")
    SUBMITTED = "submitted", _("Devant l’instance")
    PASSED = "passed", _("Passée")
    CONDITIONAL = "conditional", _("Passée sous conditions")
    REFUSED = "refused", _("Refusée")
    SENT_BACK = "sent_back", _("Renvoyée à une porte antérieure")
    DROPPED = "dropped", _("Abandonnée")


class GateAnswerChoice(models.TextChoices):
    """The values are those of `engines.gate_review.Reply`."""

    YES = "yes", _("Oui")
    PARTLY = "partly", _("En partie")
    NO = "no", _("Non")
    NOT_APPLICABLE = "na", _("Sans objet")


class CaseValidity(models.TextChoices):
    """Is the business case still worth it, at the end of a stage."""

    VALID = "valid", _("Toujours justifié")
    DOUBTFUL = "doubtful", _("À revoir")
    INVALID = "invalid", _("N’est plus justifié")


class LessonKind(models.TextChoices):
    """The values are those of `engines.lesson.Kind`."""

    PLANNING = "planning", _("Planification")
    SUPPLIER = "supplier", _("Fournisseurs et marchés")
    DATA = "data", _("Données et reprise")
    SECURITY = "security", _("Sécurité")
    QUALITY = "quality", _("Qualité et recette")
    PEOPLE = "people", _("Équipe et changement")
    GOVERNANCE = "governance", _("Gouvernance")


class LessonReply(models.TextChoices):
    """What a gate review says of a lesson proposed to it."""

    APPLIED = "applied", _("Appliquée")
    NOT_RELEVANT = "not_relevant", _("Sans objet ici")


class ConfidenceLevel(models.TextChoices):
    """Confidence in delivery, on five levels (domain.md F); the values are those of `engines.confidence.Level`."""

    GREEN = "green", _("Élevée")
    AMBER_GREEN = "amber_green", _("Probable")
    AMBER = "amber", _("Incertaine")
    AMBER_RED = "amber_red", _("Compromise")
    RED = "red", _("Irréaliste")
