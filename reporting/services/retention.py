"""The terms of the portfolio's rows; what is evidence of a decision waits for an archivist."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from people.enums import MailState
from people.services.retention import YEAR, Rule, register_rule
from portfolio.models import ChaseNote, Reminder, StatusDraft
from reporting.models import FragmentProof, PackDownload, PackRecipient
from reporting.services.distribution import COPIES


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
    register_rule(
        Rule(
            "copies",
            _("Exemplaires personnels de packs, lien expiré"),
            timedelta(0),
            _closed_recipients,
            erase=_delete_copies,
            tally=lambda rows: len(_copies(rows)),
        )
    )
    register_rule(Rule("statuses", _("Statuts remis et semaines gelées"), 5 * YEAR))
    register_rule(Rule("decisions", _("Décisions"), 10 * YEAR))


def _closed_recipients(before: datetime) -> QuerySet[PackRecipient]:
    """Whose link has expired and whose mail will not leave any more by itself."""
    waiting = (MailState.QUEUED, MailState.SENDING)
    return PackRecipient.objects.filter(expires_at__lt=before, mail__isnull=False).exclude(mail__state__in=waiting)


def _copies(rows: QuerySet[PackRecipient]) -> list[Path]:
    """The marked copies that were enclosed and still lie there; the printed packs themselves stay."""
    root, named = Path(settings.PACKS_ROOT), rows.values_list("mail__attachments", flat=True)
    paths = {str(one["path"]) for attachments in named for one in attachments}
    return [root / path for path in sorted(paths) if Path(path).parent.name == COPIES and (root / path).is_file()]


def _delete_copies(rows: QuerySet[PackRecipient]) -> int:
    paths = _copies(rows)
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)
