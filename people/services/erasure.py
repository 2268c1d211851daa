"""Erasure of somebody who left: his name goes, what he did stays, and the audit chain still verifies.

Covered: his person and account rows with their history, everything that lets him in, the audit trail, and every text
of our tables that holds his full name or address. Not covered: what is frozen (snapshots, packs and their files keep
the names they were published with until their own retention ends) and backups, which age out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pgtrigger
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt, AccessFailureLog
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, Field, JSONField, Model, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from pghistory.models import Event

from config import clock
from people.engines import audit_chain
from people.engines.naming import Naming, naming
from people.models import AuditEntry, IdempotencyKey, Mail, Notification, NotificationSetting, Person, User
from people.selectors.history import OUR_APPS, tracked_types
from people.services import audit
from people.services.account import end_sessions


@dataclass(frozen=True, slots=True)
class Erasure:
    """What it came to: the name shown from now on, and how many texts named him."""

    pseudonym: str
    texts: int


@transaction.atomic
def erase_person(*, person: Person, by: User | None) -> Erasure:
    """Erase a person who left and whose account, if any, is closed; `by=None` when retention does it."""
    audit.hold()
    leaver = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    account = leaver.user
    _may_be_erased(leaver, account)
    known = _naming(leaver, account)
    number = str(account.pk) if account else f"P{leaver.pk}"
    done = Erasure(pseudonym=f"{audit_chain.NOBODY} {number}", texts=0)
    targets = {(Person._meta.label_lower, str(leaver.pk))}
    with pgtrigger.ignore(*_history_guards()):
        if account is not None:
            targets.add((User._meta.label_lower, str(account.pk)))
            _erase_account(account)
        _erase_row(leaver, number)
        done = Erasure(done.pseudonym, _erase_texts(known, done.pseudonym, _address(number)))
    entries = audit.forget(account_id=account.pk if account else None, targets=targets, naming=known)
    audit.record(by=by, verb=audit_chain.ERASED, target=leaver, data={"entries": entries, "texts": done.texts})
    return done


def _may_be_erased(leaver: Person, account: User | None) -> None:
    if leaver.erased_at is not None:
        raise ValidationError(_("Cette personne est déjà effacée."))
    if leaver.active_to is None or leaver.active_to >= clock.today():
        raise ValidationError(_("Cette personne n’est pas encore partie : notez d’abord la date de son départ."))
    if account is not None and account.is_active:
        raise ValidationError(_("Le compte de cette personne est encore ouvert : fermez-le d’abord."))


def _naming(leaver: Person, account: User | None) -> Naming:
    """How texts may name him, by former names and addresses too: the history knows them."""
    persons = _events_of(Person).filter(pgh_obj_id=leaver.pk)
    people = {(leaver.first_name, leaver.last_name), *persons.values_list("first_name", "last_name")}
    addresses = {leaver.email, *persons.values_list("email", flat=True)}
    log_ins: set[str] = set()
    if account is not None:
        accounts = _events_of(User).filter(pgh_obj_id=account.pk)
        addresses |= {account.email, *accounts.values_list("email", flat=True)}
        addresses |= set(EmailAddress.objects.filter(user=account).values_list("email", flat=True))
        log_ins = {account.username, *accounts.values_list("username", flat=True)}
    return naming(people=people, addresses=addresses, log_ins=log_ins)


def _address(number: str) -> str:
    return f"nn-{number.lower()}@erased.invalid"


def _erase_account(account: User) -> None:
    """Nothing lets him in, nothing is addressed to him; the row stays, so that his acts keep one author."""
    end_sessions(user=account)
    account.api_tokens.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    for model in (EmailAddress, Authenticator, SocialAccount, IdempotencyKey, Notification, NotificationSetting):
        model._default_manager.filter(user=account).delete()
    typed = Q(username__iexact=account.username)
    if account.email:
        typed |= Q(username__iexact=account.email)
    for log in (AccessAttempt, AccessFailureLog):
        log.objects.filter(typed).delete()
    address = _address(str(account.pk))
    Mail.objects.filter(recipient=account).update(address=address, subject="", text="", html="", attachments=[])
    account.username, account.email, account.last_login = f"nn-{account.pk}", "", None
    account.set_unusable_password()
    account.save(update_fields=["username", "email", "last_login", "password"])
    _events_of(User).filter(pgh_obj_id=account.pk).update(username=account.username, email="")


def _erase_row(leaver: Person, number: str) -> None:
    leaver.first_name, leaver.last_name = audit_chain.NOBODY, number
    leaver.email, leaver.unit, leaver.erased_at = "", "", clock.now()
    leaver.save(update_fields=["first_name", "last_name", "email", "unit", "erased_at"])
    _events_of(Person).filter(pgh_obj_id=leaver.pk).update(
        first_name=leaver.first_name, last_name=leaver.last_name, email="", unit=""
    )


def _events_of(model: type[Model]) -> Any:
    return next(one.events._default_manager for one in tracked_types() if one.model is model)


def _history_guards() -> list[str]:
    return [f"{one.events._meta.label}:append_only" for one in tracked_types()]


def _erase_texts(known: Naming, name: str, address: str) -> int:
    """Put the pseudonym where a text names him; how many texts. Frozen rows are left as they are."""
    count = 0
    for model, field in _text_fields():
        rows = model._base_manager.annotate(as_text=Cast(field.name, TextField())).filter(as_text__iregex=known.regex)
        for key, value in list(rows.values_list("pk", field.name)):
            other = known.replaced_in(value, name=name, address=address)
            if isinstance(other, str) and isinstance(field, CharField):
                other = other[: field.max_length]
            model._base_manager.filter(pk=key).update(**{field.name: other})
            count += 1
    return count


def _text_fields() -> Iterator[tuple[type[Model], Field[Any, Any]]]:
    """Every column of ours that holds text, those of the history last: changing a row adds to it."""
    models = [model for model in apps.get_models() if model._meta.app_label in OUR_APPS and not _is_frozen(model)]
    for model in sorted(models, key=lambda one: issubclass(one, Event)):
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField | TextField | JSONField) and not field.choices and not field.primary_key:
                yield model, field


def _is_frozen(model: type[Model]) -> bool:
    """Whether a trigger refuses any change; history is opened for the erasure, the audit trail has its own way."""
    if issubclass(model, Event):
        return False
    triggers: list[Any] = list(getattr(model._meta, "triggers", ()))
    guarded = any(isinstance(one, pgtrigger.Protect) and "UPDATE" in str(one.operation) for one in triggers)
    return guarded or model is AuditEntry
