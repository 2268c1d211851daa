"""The terms of the portfolio's rows; what is evidence of a decision waits for an archivist."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from people.services.retention import YEAR, Rule, register_rule
from portfolio.models import ChaseNote, Reminder, StatusDraft
from reporting.models import FragmentProof, PackDownload


def register() -> None:
    """Called at start-up."""
    register_rule(
        Rule(
            "drafts",
            _("Brouillons de statut"),
            timedelta(days=90),
            lambda before: StatusDraft.objects.filter(saved_at__lt=before),
        )
    )
    register_rule(
        Rule(
            "downloads", _("Téléchargements de packs"), YEAR, lambda before: PackDownload.objects.filter(at__lt=before)
        )
    )
    register_rule(Rule("reminders", _("Rappels"), 2 * YEAR, lambda before: Reminder.objects.filter(sent_at__lt=before)))
    register_rule(
        Rule("notes", _("Notes de relance"), 2 * YEAR, lambda before: ChaseNote.objects.filter(created_at__lt=before))
    )
    register_rule(
        Rule("proofs", _("Preuves de rendu"), YEAR, lambda before: FragmentProof.objects.filter(checked_at__lt=before))
    )
    register_rule(Rule("statuses", _("Statuts remis et semaines gelées"), 5 * YEAR))
    register_rule(Rule("decisions", _("Décisions"), 10 * YEAR))
