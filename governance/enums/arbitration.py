"""Arbitrations and clocks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConflictKind(models.TextChoices):
    """What two or more projects want at once."""

    CAPACITY = "capacity", _("Capacité")
    BUDGET = "budget", _("Budget")
    DATES = "dates", _("Dates")
    DEPENDENCIES = "dependencies", _("Dépendances")
    PRIORITY = "priority", _("Priorité")


class ConcernedRole(models.TextChoices):
    """What a project is in an arbitration; exactly one asks."""

    ASKS = "asks", _("demande")
    HOLDS = "holds", _("détient ce qui est demandé")
    COMPETES = "competes", _("en concurrence")
    DEPENDS = "depends", _("dépend du résultat")


class ArbitrationState(models.TextChoices):
    """Moves are in `engines.lifecycles.ARBITRATION`."""

    REQUESTED = "requested", _("Demandé")
    REJECTED = "rejected", _("Irrecevable")
    ADMISSIBLE = "admissible", _("Recevable")
    ANALYSIS = "analysis", _("En analyse")
    OPTIONS = "options", _("Options posées")
    ON_AGENDA = "on_agenda", _("Devant l’instance")
    DEFERRED = "deferred", _("Reporté")
    ESCALATED = "escalated", _("Monté à l’instance supérieure")
    DECIDED = "decided", _("Tranché")
    NOTIFIED = "notified", _("Notifié")
    EXECUTING = "executing", _("En exécution")
    VERIFIED = "verified", _("Vérifié")
    CLOSED = "closed", _("Clos")


class Shift(models.IntegerChoices):
    """What an option does to a target that no amount tells."""

    MUCH_WORSE = -2, _("nettement plus mal")
    WORSE = -1, _("plus mal")
    SAME = 0, _("inchangé")
    BETTER = 1, _("mieux")
    MUCH_BETTER = 2, _("nettement mieux")


class ClockKind(models.TextChoices):
    """The values are those of `engines.arbitration.Clock`; a reaction time is that of a nature of bodies."""

    ADMISSIBILITY = "admissibility", _("Arbitrage : recevabilité")
    ANALYSIS = "analysis", _("Arbitrage : analyse et options")
    DECISION = "decision", _("Arbitrage : décision")
    NOTIFICATION = "notification", _("Arbitrage : notification")
    FOLLOW_UP = "follow_up", _("Arbitrage : premier suivi")
    REACTION = "reaction", _("Réponse d’une instance à une demande")
