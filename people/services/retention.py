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

from config import clock
from people.enums import MailState, OperationKind
from people.models import Mail, Notification, Person
from people.services.erasure import erase_person
from people.services.operations import record_operation

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of one kind that are past their term at an instant, and what happens to them.

    Without `rows` the term is stated but nothing is deleted: an archivist decides (docs/operations.md). `tally` says
    how many things of those rows would go, `listed` names them one by one for who looks first.
    """

    name: str
    label: str | Promise
    term: timedelta
    rows: Callable[[datetime], QuerySet[Any]] | None = None
    erase: Callable[[QuerySet[Any]], int] = lambda rows: rows.delete()[0]
    tally: Callable[[QuerySet[Any]], int] = lambda rows: rows.count()
    listed: Callable[[QuerySet[Any]], list[str]] = lambda rows: []


@dataclass(frozen=True, slots=True)
class Due:
    """How many rows of a rule are past their term, and which, where the rule names them."""

    rule: Rule
    count: int
    listed: tuple[str, ...] = ()


_RULES: dict[str, Rule] = {}


def register_rule(rule: Rule) -> None:
    """Called by each app at start-up."""
    _RULES[rule.name] = rule


def rules() -> tuple[Rule, ...]:
    return tuple(_RULES[name] for name in sorted(_RULES))


def due(now: datetime) -> list[Due]:
    """What a purge at that instant would delete; nothing is changed."""
    return [_due(rule, now) for rule in rules()]


def _due(rule: Rule, now: datetime) -> Due:
    if rule.rows is None:
        return Due(rule, 0)
    rows = rule.rows(now - rule.term)
    return Due(rule, rule.tally(rows), tuple(rule.listed(rows)))


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
    register_rule(
        Rule(
            "leavers",
            _("Personnes parties, effacées"),
            2 * YEAR,
            _leavers,
            erase=lambda people: len([erase_person(person=person, by=None) for person in people]),
            listed=lambda people: [f"{person.full_name}, {person.active_to}" for person in people],
        )
    )
    register_rule(Rule("audit", _("Journal d’audit"), 10 * YEAR))


def _leavers(before: datetime) -> QuerySet[Person]:
    """Who left before that day, is not erased yet and has no open account."""
    day = before.astimezone(clock.BRUSSELS).date()
    gone = Person.objects.filter(active_to__lt=day, erased_at__isnull=True).exclude(user__is_active=True)
    return gone.order_by("active_to", "pk")
