"""A plan goes in whole or not at all, comes in once, and what Cadran added to it stays."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import AuditEntry
from portfolio.engines.mspdi_reader import read_mspdi
from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.engines.schedule_difference import Fate
from portfolio.models import Activity, ActivityLink, ImportRun, Milestone, Plan, PlanAssignment, PlanResource
from portfolio.selectors.plan_file import stored_file
from portfolio.services.importers.plan_import import PlanReport, import_plan
from portfolio.services.importers.refusals import ImportRefusedError
from tests.factories.portfolio import MilestoneFactory, ProjectFactory
from tests.portfolio.engines.test_mspdi_reader import document, link, task
from tests.portfolio.schedule_oracle import NATIVE, shared

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
at = datetime.fromisoformat


def take(project, data: bytes, **options) -> PlanReport:
    return import_plan(project=project, data=data, file_name="plan.xml", by=None, now=NOW, **options)


def plan_of(*rows: str) -> bytes:
    return document("".join(rows), before="<StartDate>2026-11-23T08:00:00</StartDate>")


def row(uid: int, days: int, *more: str, level: int = 1) -> str:
    length = f"<Duration>PT{days * 8}H0M0S</Duration><DurationFormat>7</DurationFormat>"
    return task(uid, f"<ID>{uid}</ID><OutlineLevel>{level}</OutlineLevel>", length, *more)


@pytest.mark.parametrize("name", NATIVE)
def test_a_file_goes_in_whole_comes_out_the_same_and_goes_in_once(name: str) -> None:
    project, data = ProjectFactory(), shared(name)
    report = take(project, data)
    stated = report.as_json()
    assert stated["rows"] == stated["created"] + len(stated["skipped"])
    plan = Plan.objects.get(project=project)
    assert write_mspdi(stored_file(plan)) == write_mspdi(read_mspdi(data))
    again = take(project, data)
    assert (again.count(Fate.CREATED), again.count(Fate.UPDATED), again.count(Fate.REMOVED)) == (0, 0, 0)
    assert again.count(Fate.UNCHANGED) == report.count(Fate.CREATED)
    assert again.run_id is None


@pytest.mark.parametrize("name", [name for name in NATIVE if name.startswith("mpsplib")])
def test_the_rows_hold_the_dates_and_slack_ms_project_states(name: str) -> None:
    project, data = ProjectFactory(), shared(name)
    take(project, data)
    stated = {one.uid: one for one in read_mspdi(data).tasks if not one.is_project_row}
    rows = {one.uid: one for one in Activity.objects.exclude(kind="project")}
    assert {uid: (one.start, one.finish) for uid, one in rows.items()} == {
        uid: (one.start, one.finish) for uid, one in stated.items()
    }
    assert {uid for uid, one in rows.items() if one.is_critical} == {
        uid for uid, one in stated.items() if one.computed.is_critical and not one.is_summary
    }


def test_an_import_costs_as_many_statements_for_many_rows_as_for_few() -> None:
    counts = []
    for size in (2, 3, 60):
        rows = [row(uid, 2, *([link(uid - 1)] if uid > 1 else [])) for uid in range(1, size + 1)]
        project = ProjectFactory()
        with CaptureQueriesContext(connection) as seen:
            take(project, plan_of(*rows))
        counts.append(len(seen))
    assert counts[1] == counts[2]


def test_the_next_version_says_what_it_adds_removes_and_changes() -> None:
    project = ProjectFactory()
    take(project, plan_of(row(1, 2), row(2, 3, link(1)), row(3, 1)))
    report = take(project, plan_of(row(1, 4), row(2, 3, link(1)), row(4, 1)))
    assert [(found.key.uid, found.fate.value) for found in report.found.rows if found.fate is not Fate.UNCHANGED] == [
        (1, "updated"),
        (4, "created"),
        (3, "removed"),
    ]
    second = Activity.objects.get(uid=2)
    assert (second.start, second.finish) == (at("2026-11-27T08:00"), at("2026-12-01T17:00"))
    assert not Activity.objects.filter(uid=3).exists()
    assert AuditEntry.objects.filter(verb="plan.imported").count() == 2


def test_what_cadran_owns_survives_the_next_version_of_the_file() -> None:
    project = ProjectFactory()
    gate = MilestoneFactory(project=project, name="tâche 2", baseline=date(2026, 12, 1))
    take(project, plan_of(row(1, 2), task(2, "<Milestone>1</Milestone>", link(1))))
    plan = Plan.objects.get(project=project)
    Activity.objects.filter(uid=1).update(optimistic=480, most_likely=960, pessimistic=1920)
    last = Activity.objects.get(uid=2)
    made = Activity.objects.create(plan=plan, uid=900, position=2, number=3, name="Ajoutée", is_own=True, duration=480)
    ActivityLink.objects.create(plan=plan, predecessor=last, successor=made)
    report = take(project, plan_of(row(1, 5), task(2, "<Milestone>1</Milestone>", link(1))))
    assert report.kept == (900,)
    assert report.as_json()["rows"] == 3
    assert (report.count(Fate.UPDATED), report.count(Fate.UNCHANGED), report.count(Fate.REMOVED)) == (1, 2, 0)
    assert sum(report.count(fate) for fate in Fate) == report.rows
    made.refresh_from_db()
    assert (made.start, made.finish) == (at("2026-11-30T08:00"), at("2026-11-30T17:00"))
    assert Activity.objects.get(uid=1).most_likely == Decimal(960)
    gate.refresh_from_db()
    assert (gate.forecast, gate.baseline, gate.activity.uid) == (date(2026, 11, 27), date(2026, 12, 1), 2)


def test_a_milestone_reached_in_the_plan_is_reached_in_the_project() -> None:
    project = ProjectFactory()
    gate = MilestoneFactory(project=project, name="Tâche 2")
    done = "<ActualStart>2026-11-17T17:00:00</ActualStart><ActualFinish>2026-11-17T17:00:00</ActualFinish>"
    take(project, plan_of(row(1, 2), task(2, "<Milestone>1</Milestone>", done)))

    gate.refresh_from_db()
    assert gate.actual == date(2026, 11, 17)
    assert Milestone.objects.count() == 1


def test_a_dry_run_writes_nothing() -> None:
    project = ProjectFactory()
    report = take(project, plan_of(row(1, 2)), dry_run=True)
    assert report.count(Fate.CREATED) == report.rows
    assert not Plan.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_plan_that_moved_on_since_it_was_compared_is_compared_again() -> None:
    project = ProjectFactory()
    seen = take(project, plan_of(row(1, 2)), dry_run=True)
    take(project, plan_of(row(1, 3)))
    with pytest.raises(ImportRefusedError) as caught:
        take(project, plan_of(row(1, 2)), expected=seen.fingerprint)
    assert caught.value.code == "changed_meanwhile"


def test_a_refused_file_changes_nothing_and_names_its_line() -> None:
    project = ProjectFactory()
    take(project, plan_of(row(1, 2)))
    with pytest.raises(ImportRefusedError) as caught:
        take(project, plan_of(row(1, 2, link(2)), row(2, 2, link(1))))
    assert caught.value.code == "cycle"
    assert caught.value.message.startswith("Ligne ")
    assert Activity.objects.filter(uid__gt=0).count() == 1


def test_work_and_people_are_kept_as_the_file_has_them() -> None:
    project, data = ProjectFactory(), shared("mpxj-schedules/mspdiresource.xml")
    take(project, data)
    file = read_mspdi(data)
    assert PlanResource.objects.count() == len(file.resources)
    assert PlanAssignment.objects.count() == len(file.assignments)
    assert list(stored_file(Plan.objects.get()).assignments) == [
        type(one)(**{**{name: getattr(one, name) for name in one.__slots__}, "row": 0}) for one in file.assignments
    ]


def test_the_command_reports_what_the_contract_says(tmp_path, capsys) -> None:
    ProjectFactory(code="PRJ-7")
    path = tmp_path / "plan.xml"
    path.write_bytes(plan_of(row(1, 2), row(2, 3, link(1))))
    call_command("import_schedule", "PRJ-7", str(path), "--json")
    assert '"created": 3' in capsys.readouterr().out
    call_command("import_schedule", "PRJ-7", str(path))
    assert "3 inchangées" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        call_command("import_schedule", "PRJ-8", str(path), "--json")
    assert stopped.value.code == 2
