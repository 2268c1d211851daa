"""The audit trail in the database: append-only, chained, and telling where it was touched."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import InternalError, ProgrammingError, connection, transaction

from people.engines.audit_chain import Fault
from people.enums import Channel
from people.models import AuditEntry
from people.services import audit
from tests.factories.people import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


def fill(count: int = 8) -> None:
    user = PersonFactory(user=UserFactory(), first_name="Claire", last_name="Dubois").user
    for step in range(count):
        audit.record(
            by=user, verb="status_report.submitted", target=user, data={"step": step, "amount": Decimal("1.10")}
        )


def as_superuser(statement: str) -> None:
    """Change the table as somebody with all rights would: trigger off, change, trigger on."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE people_auditentry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE people_auditentry ENABLE TRIGGER USER")


def test_record_writes_who_what_and_links_to_the_entry_before() -> None:
    fill(2)
    first, second = AuditEntry.objects.order_by("number")
    assert (first.number, second.number, second.previous_hash) == (1, 2, first.hash)
    assert first.actor_label.startswith("Claire Dubois (")
    assert first.data == {"step": 0, "amount": "1.10"}
    assert audit.head().number == 2


def test_record_without_actor_is_the_system() -> None:
    assert audit.record(by=None, verb="cycle.opened").actor_label == "Cadran"


def test_record_survives_hostile_text() -> None:
    user = UserFactory(username="nul")
    audit.record(by=user, verb="x", data={"text": "a\x00b\u202e", "nested": {"k": ["\x00"]}})
    assert audit.verify().sound
    assert AuditEntry.objects.get().data["text"] == "ab\u202e"


def test_record_within_via_carries_its_channel() -> None:
    with audit.via(Channel.API):
        audit.record(by=None, verb="x")
    assert AuditEntry.objects.get().channel == Channel.API


def test_record_of_a_rolled_back_act_leaves_no_gap() -> None:
    fill(1)
    with transaction.atomic():
        audit.record(by=None, verb="lost")
        transaction.set_rollback(True)
    audit.record(by=None, verb="kept")
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert audit.verify().sound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_auditentry SET verb = 'x'",
        "UPDATE people_auditentry SET verb = 'x', keys = '{}'",
        "UPDATE people_auditentry SET actor_label = 'Autre'",
        "UPDATE people_auditentry SET actor_label = 'Autre', keys = '{\"actor\": \"00\"}'",
        "DELETE FROM people_auditentry",
    ],
)
def test_trigger_refuses_change_and_deletion(statement: str) -> None:
    fill(1)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "number", "fault"),
    [
        ("UPDATE people_auditentry SET actor_label = 'Autre' WHERE number = 5", 5, Fault.CONTENT),
        ("UPDATE people_auditentry SET keys = keys - 'actor', actor_label = 'N.N.' WHERE number = 5", 5, Fault.CONTENT),
        ("UPDATE people_auditentry SET data = '{\"step\": 99}' WHERE number = 3", 3, Fault.CONTENT),
        ("DELETE FROM people_auditentry WHERE number = 4", 4, Fault.NUMBERING),
        ("DELETE FROM people_auditentry WHERE number = 1", 1, Fault.NUMBERING),
        (
            "INSERT INTO people_auditentry (number, at, actor_id, actor_label, channel, verb, target_type, target_id,"
            " target_label, data, seals, keys, previous_hash, hash) SELECT 9, at, actor_id, actor_label, channel, verb,"
            " target_type, target_id, target_label, data, seals, keys, previous_hash, 'forged'"
            " FROM people_auditentry WHERE number = 8",
            9,
            Fault.PREVIOUS,
        ),
        (
            "UPDATE people_auditentry SET number = CASE number WHEN 2 THEN 1006 WHEN 6 THEN 1002 END"
            " WHERE number IN (2, 6); UPDATE people_auditentry SET number = number - 1000 WHERE number > 1000",
            2,
            Fault.PREVIOUS,
        ),
    ],
)
def test_verify_finds_tampering_at_its_number(statement: str, number: int, fault: Fault) -> None:
    fill()
    as_superuser(statement)
    verdict = audit.verify()
    assert (verdict.first_bad, verdict.fault) == (number, fault)


def test_verify_with_anchor_finds_a_cut_tail() -> None:
    fill()
    anchor = audit.head().short
    as_superuser("DELETE FROM people_auditentry WHERE number > 6")
    assert audit.verify().sound
    verdict = audit.verify(anchor)
    assert (verdict.first_bad, verdict.fault) == (7, Fault.MISSING_TAIL)


def test_command_answers_json_and_fails_on_tampering() -> None:
    fill()
    out = StringIO()
    call_command("audit_verify", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["ok"], answer["checked"]) == (True, 8)
    as_superuser("UPDATE people_auditentry SET verb = 'x' WHERE number = 2")
    out = StringIO()
    with pytest.raises(SystemExit) as leaving:
        call_command("audit_verify", "--json", stdout=out, stderr=StringIO())
    assert leaving.value.code == 1
    assert json.loads(out.getvalue())["first_bad"] == 2


def test_command_refuses_what_is_no_anchor() -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as leaving:
        call_command("audit_verify", "--json", "--anchor", "demain", stdout=out, stderr=StringIO())
    assert leaving.value.code == 1
    assert json.loads(out.getvalue())["error"]["code"] == "bad_anchor"
