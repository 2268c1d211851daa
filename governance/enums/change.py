"""Issues under change control."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeKind(models.TextChoices):
    """Types of issues of PRINCE2 7."""

    PROBLEM = "problem", _("Problème")
    CONCERN = "concern", _("Préoccupation")
    OPPORTUNITY = "opportunity", _("Opportunité métier")
    REQUEST = "request", _("Demande de changement")
    OFF_SPECIFICATION = "off_spec", _("Hors-spécification")


class ChangeState(models.TextChoices):
    """Moves are in `engines.lifecycles.CHANGE`."""

    CAPTURED = "captured", _("Relevée")
    ASSESSED = "assessed", _("Évaluée")
    RECOMMENDED = "recommended", _("À décider")
    SUBMITTED = "submitted", _("Devant une instance")
    IMPLEMENTING = "implementing", _("En exécution")
    EXCEPTION_PLAN = "exception_plan", _("Plan d’exception demandé")
    CONCEDED = "conceded", _("Concession en cours")
    POSTPONED = "postponed", _("Ajournée")
    REJECTED = "rejected", _("Rejetée")
    MERGED = "merged", _("Fusionnée")
    CLOSED = "closed", _("Close")


class ChangeAnswer(models.TextChoices):
    """What may be answered; the values are the acts of `engines.lifecycles.CHANGE`."""

    ACCEPT = "accept", _("Accepter")
    REJECT = "reject", _("Rejeter")
    CONCESSION = "concession", _("Accorder une concession")
    EXCEPTION_PLAN = "exception_plan", _("Demander un plan d’exception")
    MORE_INFO = "more_info", _("Demander un complément")


class ChangeRank(models.TextChoices):
    """Who answered; the values are those of `engines.change.Rank`."""

    MANAGER = "manager", _("Chef de projet")
    AUTHORITY = "authority", _("Autorité de changement")
    BODY = "body", _("Instance")


class ChangeStep(models.TextChoices):
    """What a clock runs for; the values are the keys of `engines.change.PROPOSED`."""

    ASSESS = "assess", _("Évaluer")
    DECIDE = "decide", _("Décider")
    IMPLEMENT = "implement", _("Exécuter")
