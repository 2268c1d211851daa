"""Rows leave at their term and not a day before; what is evidence is only counted."""

import json
import zipfile
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from config import clock
from people.enums import OperationKind, Purpose, Role
from people.models import AuditEntry, Notification, OperationMark, Person
from people.services import audit, retention
from tests.factories.people import PersonFactory, user_with

pytestmark = pytest.mark.django_db


def notification(days: int) -> Notification:
    return Notification.objects.create(
        user=user_with(Role.PM),
        key=str(days),
        kind="k",
        purpose=Purpose.PACK,
        read_at=clock.now() - timedelta(days=days),
    )


def run(*arguments: str) -> dict[str, object]:
    out = StringIO()
    call_command("retention", "--json", *arguments, stdout=out)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def test_dry_run_counts_and_changes_nothing() -> None:
    notification(366)
    answer = run("--dry-run")
    assert {"name": "notifications", "days": 365, "rows": 1, "deletes": True} in answer["rules"]  # type: ignore[operator]
    assert Notification.objects.count() == 1
    assert not OperationMark.objects.exists()


def test_purge_deletes_what_is_past_its_term_only_and_says_so() -> None:
    old, young = notification(366), notification(364)
    run()
    assert list(Notification.objects.all()) == [young]
    mark = OperationMark.objects.get()
    assert (mark.kind, mark.data) == (OperationKind.RETENTION, {"notifications": 1})
    assert AuditEntry.objects.filter(verb="operation.retention").exists()
    assert old.pk != young.pk


def test_who_left_two_years_ago_is_listed_then_erased_and_nobody_else() -> None:
    today = clock.today()
    colleague = user_with(Role.PSO)
    gone = PersonFactory(first_name="Zénobie", last_name="Quatremère", active_to=today - timedelta(days=731))
    PersonFactory(active_to=today - timedelta(days=729))
    PersonFactory(active_to=None)
    still_open = user_with(Role.PM).person
    Person.objects.filter(pk=still_open.pk).update(active_to=today - timedelta(days=900))
    notice = Notification.objects.create(
        user=colleague, key="n", kind="k", purpose=Purpose.PACK, data={"who": "Zénobie Quatremère"}
    )

    leavers = next(row for row in run("--dry-run")["rules"] if row["name"] == "leavers")  # type: ignore[attr-defined]
    assert leavers["rows"] == 1
    assert leavers["listed"] == [f"Zénobie Quatremère, {gone.active_to}"]
    assert not Person.objects.filter(erased_at__isnull=False).exists()

    run()
    assert list(Person.objects.filter(erased_at__isnull=False)) == [gone]
    notice.refresh_from_db()
    assert "Quatremère" not in str(notice.data)
    assert audit.verify().sound
    again = next(row for row in run("--dry-run")["rules"] if row["name"] == "leavers")  # type: ignore[attr-defined]
    assert again["rows"] == 0


def test_evidence_has_a_term_and_no_deletion() -> None:
    kept = {rule.name for rule in retention.rules() if rule.rows is None}
    assert kept == {"audit", "statuses", "decisions"}


def test_incident_bundle_holds_the_acts_since_and_no_secret(tmp_path: Path) -> None:
    user = user_with(Role.PSO)
    audit.record(by=user, verb="test.before")
    since = clock.now()
    audit.record(by=user, verb="test.after", data={"x": 1})
    out = StringIO()
    call_command("incident_bundle", since=since.isoformat(), output=tmp_path, stdout=out)
    path = Path(json.loads(out.getvalue())["path"])
    assert path.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(path) as bundle:
        acts = [json.loads(line) for line in bundle.read("acts.jsonl").decode().splitlines()]
        about = json.loads(bundle.read("about.json"))
        everything = b"".join(bundle.read(name) for name in bundle.namelist())
    assert [act["verb"] for act in acts] == ["test.after"]
    assert about["chain_head"].startswith(str(acts[0]["number"]))
    assert user.password.encode() not in everything
