"""How long each kind of row is kept, and its deletion at term. Every app registers the rules of its own rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.enums import MailState, OperationKind
from people.models import Mail, Notification
from people.services.operations import record_operation

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of one kind that are past their term at an instant, and what happens to them.

    Without `rows` the term is stated but nothing is deleted: an archivist decides (docs/operations.md).
    """

    name: str
    label: str | Promise
    term: timedelta
    rows: Callable[[datetime], QuerySet[Any]] | None = None
    erase: Callable[[QuerySet[Any]], int] = lambda rows: rows.delete()[0]


@dataclass(frozen=True, slots=True)
class Due:
    """How many rows of a rule are past their term."""

    rule: Rule
    count: int


_RULES: dict[str, Rule] = {}


def register_rule(rule: Rule) -> None:
    """Called by each app at start-up."""
    _RULES[rule.name] = rule


def rules() -> tuple[Rule, ...]:
    return tuple(_RULES[name] for name in sorted(_RULES))


def due(now: datetime) -> list[Due]:
    """What a purge at that instant would delete; nothing is changed."""
    return [Due(rule, rule.rows(now - rule.term).count() if rule.rows else 0) for rule in rules()]


@transaction.atomic
def purge(now: datetime) -> list[Due]:
    """Delete every row past its term, all or nothing, and note it in the audit trail."""
    done = [Due(rule, rule.erase(rule.rows(now - rule.term)) if rule.rows else 0) for rule in rules()]
    counts = {item.rule.name: item.count for item in done if item.count}
    record_operation(OperationKind.RETENTION, data=counts)
    return done


def register() -> None:
    """The rules of accounts and messages."""
    register_rule(
        Rule(
            "notifications",
            _("Notifications lues"),
            YEAR,
            lambda before: Notification.objects.filter(read_at__lt=before),
        )
    )
    register_rule(
        Rule(
            "mails",
            _("Courriels envoyés"),
            YEAR,
            lambda before: Mail.objects.filter(state=MailState.SENT, sent_at__lt=before, pack_recipient__isnull=True),
        )
    )
    register_rule(Rule("audit", _("Journal d’audit"), 10 * YEAR))
