"""Somebody who left is erased: no name of his remains, his acts do, and the audit chain verifies."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from axes.models import AccessFailureLog
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from config import clock
from people.engines.naming import naming
from people.enums import MailState, Purpose
from people.models import AuditEntry, Job, Mail, Person, User
from people.services import account, audit
from people.services.erasure import erase_person
from tests.factories.people import PASSWORD, PersonFactory, UserFactory
from tests.factories.portfolio import ProjectFactory, RiskFactory

pytestmark = pytest.mark.django_db

TRACES = ("Quatremère", "Vandeputte", "zenobie.q@", "zenobie@", "zq42")
FROZEN = {"reporting_snapshot", "reporting_packrendition"}


def leaver() -> Person:
    """Two names and two addresses over the years, acts of her own and of others, texts that name her."""
    colleague = PersonFactory(user=UserFactory(), first_name="Marc", last_name="Delvaux").user
    her = account.create_account(username="zq42", email="zenobie@example.org", by=colleague, password=PASSWORD)
    person = PersonFactory(
        user=her, first_name="Zénobie", last_name="Vandeputte", email="zenobie@example.org", unit="Études"
    )
    person.last_name, person.email = "Quatremère", "zenobie.q@example.org"
    person.save()
    her = User.objects.get(pk=her.pk)
    EmailAddress.objects.create(user=her, email="zenobie@example.org", primary=True)
    Client().post(reverse("account_login"), {"login": "zq42", "password": "faux"})
    project = ProjectFactory(manager=person)
    risk = RiskFactory(project=project, cause="Zénobie Quatremère quitte le projet")
    audit.record(by=her, verb="risk.raised", target=risk, data={"project": project.code})
    audit.record(by=her, verb="session.opened", target=her)
    audit.record(
        by=colleague,
        verb="risk.updated",
        target=risk,
        data={"project": project.code, "changes": {"cause": ["", "QUATREMÈRE Zénobie quitte le projet"]}},
    )
    audit.record(by=colleague, verb="project.updated", target=project, data={"project": project.code})
    Job.objects.create(kind="x", key="x:1", payload={"to": ["zenobie.q@example.org"], "name": "Zénobie  Quatremère"})
    Mail.objects.create(
        key="m1",
        purpose=Purpose.ACCOUNT,
        recipient=her,
        address="zenobie.q@example.org",
        subject="Bonjour Zénobie",
        text="Zénobie Quatremère, votre clé expire.",
        message_id="<1@example.org>",
        state=MailState.QUEUED,
    )
    account.close_account(user=her, by=colleague)
    person.active_to = clock.today() - timedelta(days=1)
    person.save()
    return Person.objects.get(pk=person.pk)


def rows_with(trace: str) -> list[tuple[str, str]]:
    """Where the database still holds the text, in whatever column of whatever table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in FROZEN:
                cursor.execute(f'SELECT t::text FROM "{table}" t WHERE t::text ILIKE %s', [f"%{trace}%"])
                found += [(table, row) for (row,) in cursor.fetchall()]
    return found


@pytest.fixture
def erased() -> Person:
    person = leaver()
    assert all(rows_with(trace) for trace in TRACES)
    erase_person(person=person, by=User.objects.get(person__last_name="Delvaux"))
    return Person.objects.get(pk=person.pk)


@pytest.mark.parametrize("trace", TRACES)
def test_no_table_names_her_any_more(erased: Person, trace: str) -> None:
    assert erased.erased_at is not None
    assert rows_with(trace) == []


def test_chain_verifies_and_says_what_was_erased(erased: Person) -> None:
    assert audit.verify().sound
    call_command("audit_verify", "--json")
    act = AuditEntry.objects.get(verb="person.erased")
    assert act.actor_label.startswith("Marc Delvaux")
    assert set(act.data["entries"]) == {"actor", "target", "data.changes"}


def test_acts_keep_one_author_and_what_names_nobody(erased: Person) -> None:
    raised = AuditEntry.objects.get(verb="risk.raised")
    assert (raised.actor_id, raised.actor_label) == (erased.user_id, f"N.N. {erased.user_id}")
    assert erased.full_name == raised.actor_label
    assert set(raised.data) == {"project"}
    untouched = AuditEntry.objects.get(verb="project.updated")
    assert set(untouched.keys) == set(untouched.seals)
    assert untouched.actor_label.startswith("Marc Delvaux")


def test_texts_of_others_keep_everything_but_the_name(erased: Person) -> None:
    pseudonym = f"N.N. {erased.user_id}"
    assert Job.objects.get(key="x:1").payload == {"to": [f"nn-{erased.user_id}@erased.invalid"], "name": pseudonym}
    mail = Mail.objects.get(key="m1")
    assert (mail.text, mail.address) == ("", f"nn-{erased.user_id}@erased.invalid")
    assert not AccessFailureLog.objects.exists()


def test_erasure_leaves_the_history_append_only(erased: Person) -> None:
    versions: Any = erased.history  # type: ignore[attr-defined]
    assert {row.last_name for row in versions.all()} == {str(erased.user_id)}
    with pytest.raises(Exception, match="append_only"):
        versions.update(last_name="Autre")


def test_nobody_is_erased_twice(erased: Person) -> None:
    with pytest.raises(ValidationError, match="déjà effacée"):
        erase_person(person=erased, by=None)


@pytest.mark.parametrize("field", ["active_to", "is_active"])
def test_only_who_left_is_erased(field: str) -> None:
    person = leaver()
    if field == "active_to":
        Person.objects.filter(pk=person.pk).update(active_to=clock.today())
    else:
        User.objects.filter(pk=person.user_id).update(is_active=True)
    with pytest.raises(ValidationError):
        erase_person(person=person, by=None)
    assert rows_with("Quatremère")


def test_person_without_account_is_erased_too() -> None:
    person = PersonFactory(first_name="Ode", last_name="Vanhoutte", active_to=clock.today() - timedelta(days=9))
    assert erase_person(person=person, by=None).pseudonym == f"N.N. P{person.pk}"
    assert rows_with("Vanhoutte") == []
    assert audit.verify().sound


@pytest.mark.parametrize("text", ["Jean Dupontel", "jeanne dupont", "Dupont", "jean", "un texte", "x.jd@example.org"])
def test_other_names_are_no_evidence(text: str) -> None:
    known = naming(people=[("Jean", "Dupont")], addresses=["jd@example.org"], log_ins=["jean"])
    assert not known.found_in([{"text": text}])
