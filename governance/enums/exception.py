"""Exceptions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExceptionState(models.TextChoices):
    """Moves are in `engines.lifecycles.EXCEPTION`."""

    RAISED = "raised", _("Levée")
    REPORT_DRAFTED = "report_drafted", _("Rapport en préparation")
    SUBMITTED = "submitted", _("Rapport remis")
    DECIDED = "decided", _("Tranchée")
    PLAN_SUBMITTED = "plan_submitted", _("Plan d’exception remis")
    PLAN_APPROVED = "plan_approved", _("Plan d’exception approuvé")
    CLOSED = "closed", _("Close")


class ExceptionAnswer(models.TextChoices):
    """What a body may answer; `approve_plan` only to an exception plan."""

    REMOVE_CAUSE = "remove_cause", _("Supprimer la cause")
    ADJUST_TOLERANCE = "adjust_tolerance", _("Adapter la tolérance, le budget ou la référence")
    PLAN = "exception_plan_requested", _("Demander un plan d’exception")
    PREMATURE_CLOSURE = "premature_closure", _("Clore le projet avant terme")
    MORE_INFO = "more_info", _("Demander un complément")
    ACCEPT = "accept", _("Accepter l’écart")
    APPROVE_PLAN = "approve_plan", _("Approuver le plan d’exception")


class ExceptionClosing(models.TextChoices):
    """Why an exception is over."""

    BACK = "back", _("prévision revenue dans la tolérance")
    ACCEPTED = "accepted", _("écart accepté")
    PREMATURE = "premature", _("projet clos avant terme")
    ENDED = "ended", _("projet sorti de l’exécution")
