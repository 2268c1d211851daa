"""Issues go in whole or not at all, come in once, move their work packages, and each row is accounted for."""

import io
import json
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.test import override_settings

from people.enums import Role
from people.models import AuditEntry
from portfolio.engines.jira_item import Grouping
from portfolio.engines.jira_merge import IssueFate
from portfolio.enums import WorkPackageState
from portfolio.models import ImportRun, JiraBacklog, JiraGroup, JiraIssue
from portfolio.selectors.jira import GroupChoice
from portfolio.services.importers.jira_import import JiraOptions, import_jira
from portfolio.services.importers.jira_live import designate_project
from portfolio.services.importers.jira_reading import Document
from portfolio.services.importers.refusals import ImportRefusedError
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory, WorkPackageFactory
from tests.hostile.corpus import FORBIDDEN, TEXTS
from tests.jira_server import EMAIL, TOKEN, jira_server
from tests.shared_data import shared, shared_files

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EPICS = JiraOptions(grouping=Grouping.EPIC)


def issue(key: str, status: str = "To Do", epic: str = "", **fields) -> dict:
    category = {"To Do": "new", "Doing": "indeterminate", "Done": "done"}[status]
    stated = {
        "summary": f"Demande {key}",
        "issuetype": {"name": "Story"},
        "status": {"name": status, "statusCategory": {"key": category}},
        "created": "2026-10-05T09:00:00.000+0200",
        **({"resolutiondate": "2026-11-04T09:00:00.000+0100"} if status == "Done" else {}),
        **({"parent": {"key": epic, "fields": {"summary": f"Epic {epic}"}}} if epic else {}),
        **fields,
    }
    return {"id": key.rpartition("-")[2], "key": key, "fields": stated}


def answer(*issues: dict) -> Document:
    return Document("jira.json", json.dumps({"issues": issues}).encode())


def take(project, document: Document, options: JiraOptions = EPICS, **more):
    return import_jira(project=project, document=document, options=options, by=None, now=NOW, **more)


def counts(report) -> tuple[int, ...]:
    stated = report.as_json()
    return tuple(len(value) if isinstance(value := stated[name], list) else value for name in FATES)


FATES = ("rows", "created", "updated", "unchanged", "skipped", "gone")


def test_the_same_source_twice_writes_once() -> None:
    project = ProjectFactory()
    source = answer(issue("ABC-1", "Done", "ABC-9"), issue("ABC-2", epic="ABC-9"), issue("bad key"))
    assert counts(take(project, source, dry_run=True)) == (3, 2, 0, 0, 1, 0)
    assert not JiraBacklog.objects.exists()
    assert counts(take(project, source)) == (3, 2, 0, 0, 1, 0)
    again = take(project, source)
    assert counts(again) == (3, 0, 0, 2, 1, 0)
    assert again.run_id is None
    run = ImportRun.objects.get()
    assert (run.source, run.rows, run.report["skipped"][0]["reason"]) == ("jira", 3, "bad_key")
    assert AuditEntry.objects.filter(verb="jira.imported").count() == 1
    assert JiraGroup.objects.get().label == "Epic ABC-9"


def test_a_document_without_a_readable_issue_does_not_lock_out_the_real_one() -> None:
    project = ProjectFactory()
    assert not take(project, answer(issue("bad key")), dry_run=True).changes_something
    assert take(project, answer(issue("bad key"))).run_id is None
    assert not JiraBacklog.objects.exists()
    assert counts(take(project, answer(issue("ABC-1")))) == (1, 1, 0, 0, 0, 0)


def test_progress_of_packages_is_the_share_of_their_issues() -> None:
    project = ProjectFactory()
    named = WorkPackageFactory(project=project, code="WP1", name="Epic ABC-9", progress=0, state="planned")
    chosen = WorkPackageFactory(project=project, code="WP2", progress=10, state="planned")
    closed = WorkPackageFactory(
        project=project, code="WP3", progress=100, state="completed", actual_end=date(2026, 10, 1)
    )
    source = answer(
        *(issue(f"ABC-{number}", "Done" if number < 3 else "To Do", "ABC-9") for number in range(1, 4)),
        issue("ABC-4", "Doing", "ABC-8"),
        issue("ABC-5", "To Do", "ABC-7"),
        issue("ABC-6", "Done", "ABC-9", resolution={"name": "Doublon"}),
        issue("ABC-10", "Done", "ABC-9", issuetype={"name": "Sous-tâche", "subtask": True}),
        issue("ABC-9", "To Do", issuetype={"name": "Epic", "hierarchyLevel": 1}, summary="Epic ABC-9"),
    )
    choices = {
        "ABC-8": GroupChoice(is_followed=True, package=chosen),
        "ABC-7": GroupChoice(is_followed=True, package=closed),
    }
    report = take(project, source, choices=choices)
    assert [(line.package.code, line.progress.done, line.progress.total, line.after) for line in report.packages] == [
        *[("WP1", 2, 3, 67), ("WP2", 0, 1, 0), ("WP3", 0, 1, None)]
    ]
    for row in (named, chosen, closed):
        row.refresh_from_db()
    assert (named.progress, named.state) == (67, WorkPackageState.RUNNING)
    assert (chosen.progress, chosen.state) == (0, WorkPackageState.RUNNING)
    assert (closed.progress, closed.state) == (100, WorkPackageState.COMPLETED)
    # What a person settled stays through the next import; what he never saw is proposed again.
    report = take(project, answer(issue("ABC-4", "Done", "ABC-8")))
    chosen.refresh_from_db()
    assert (chosen.progress, {line.value: line.is_proposed for line in report.groups}["ABC-8"]) == (100, False)


def test_what_a_complete_source_lacks_has_left_and_may_come_back() -> None:
    project = ProjectFactory()
    first, second = issue("ABC-1", epic="ABC-9"), issue("ABC-2", "Done", "ABC-9")
    take(project, answer(first, second))
    report = take(project, answer(second))
    assert (counts(report)[-1], report.merged.absent) == (0, ("ABC-1",))
    whole = JiraOptions(grouping=Grouping.EPIC, is_complete=True, as_of=date(2026, 11, 20))
    assert counts(take(project, answer(second), whole)) == (1, 0, 0, 1, 0, 1)
    assert JiraIssue.objects.get(key="ABC-1").gone_on == date(2026, 11, 20)
    assert counts(take(project, answer(first, second), whole)) == (2, 0, 1, 1, 0, 0)
    assert JiraIssue.objects.get(key="ABC-1").gone_on is None
    with pytest.raises(ImportRefusedError, match="arrière"):
        take(project, answer(first, second))


def test_a_group_that_differs_without_a_changelog_is_a_move_of_that_day() -> None:
    project = ProjectFactory()
    take(project, answer(issue("ABC-1", epic="ABC-9")))
    options = JiraOptions(grouping=Grouping.EPIC, as_of=date(2026, 11, 12))
    report = take(project, answer(issue("ABC-1", epic="ABC-8")), options)
    assert [change.name for change in report.merged.changes[0].fields] == ["epic", "moves"]
    assert JiraIssue.objects.get().moves == [["2026-11-12", "epic", "ABC-9", "ABC-8"]]


def test_a_column_the_export_lacks_says_nothing() -> None:
    project = ProjectFactory()
    take(project, answer(issue("ABC-1", "Done", "ABC-9", components=[{"name": "Paie"}])))
    again = Document("a.csv", b"Issue key,Status,Status Category\r\nABC-1,Done,Done\r\n")
    assert counts(take(project, again)) == (1, 0, 0, 1, 0, 0)
    row = JiraIssue.objects.get()
    assert (row.epic, row.components, row.done_on) == ("ABC-9", ["Paie"], date(2026, 11, 4))


def test_another_difference_than_the_one_agreed_to_is_refused() -> None:
    project = ProjectFactory()
    agreed = take(project, answer(issue("ABC-1")), dry_run=True).fingerprint
    take(project, answer(issue("ABC-2")))
    with pytest.raises(ImportRefusedError) as refusal:
        take(project, answer(issue("ABC-1")), expected=agreed)
    assert refusal.value.code == "changed_meanwhile"


def test_hostile_texts_are_stored_as_something_every_page_can_show() -> None:
    project = ProjectFactory()
    issues = [
        issue(f"ABC-{number}", summary=text, components=[{"name": text}], parent={"key": text})
        for number, text in enumerate(TEXTS.values(), 1)
    ]
    report = take(project, answer(*issues), JiraOptions(grouping=Grouping.COMPONENT))
    assert report.count(IssueFate.CREATED) == len(TEXTS)
    for row in (*JiraIssue.objects.all(), *JiraGroup.objects.all()):
        row.clean_fields()
    for name in sorted(FORBIDDEN)[:6]:
        header = 'Issue key,Status,Summary\r\nABC-1,Done,"{}"\r\n'.format(TEXTS[name].replace('"', '""'))
        with suppress(ImportRefusedError):
            take(project, Document("a.csv", header.encode("utf-8", "surrogatepass")), dry_run=True)


def test_the_query_count_does_not_grow_with_the_issues(django_assert_max_num_queries) -> None:
    project = ProjectFactory()
    take(project, answer(issue("ABC-1", epic="ABC-9")))
    with django_assert_max_num_queries(40):
        take(project, answer(*(issue(f"ABC-{number}", "Done", "ABC-9") for number in range(1, 400))))


@pytest.mark.parametrize("name", shared_files("jira", "*.csv") + shared_files("jira", "*.json"))
def test_real_files_are_accounted_for_or_refused(name: str) -> None:
    project = ProjectFactory()
    source = Document(name, shared(name).read_bytes())
    if any(word in name for word in ("timetracking", "sprints", "storypoints")):
        with pytest.raises(ImportRefusedError) as refusal:
            take(project, source)
        assert refusal.value.code == "not_jira_csv"
        return
    rows, created, updated, unchanged, skipped, gone = counts(take(project, source))
    assert rows == created + updated + unchanged + skipped
    assert (updated, unchanged, gone) == (0, 0, 0)
    assert counts(take(project, source)) == (rows, 0, 0, created, skipped, 0)


def run(*arguments: str) -> tuple[int, dict]:
    out = io.StringIO()
    try:
        call_command("import_jira", *arguments, "--json", stdout=out)
    except SystemExit as stopped:
        return int(str(stopped.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_the_command_reads_a_file_or_jira_itself(tmp_path) -> None:
    project = ProjectFactory(code="PRJ-1")
    path = tmp_path / "jira.json"
    path.write_bytes(answer(issue("ABC-1")).data)
    code, report = run("PRJ-1", str(path), "--dry-run")
    assert (code, report["created"], report["totals"]["todo"]) == (0, 1, 1)
    assert run("PRJ-9", str(path))[0] == 2
    assert run("PRJ-1")[1]["error"]["code"] == "jira_file_or_live"
    assert run("PRJ-1", "--live")[1]["error"]["code"] == "jira_not_configured"
    with (
        jira_server([issue("ABC-1"), issue("ABC-2", "Done")]) as jira,
        override_settings(JIRA_BASE_URL=jira.url, JIRA_EMAIL=EMAIL, JIRA_API_TOKEN=TOKEN),
    ):
        assert run("PRJ-1", "--live")[1]["error"]["code"] == "jira_no_project"
        designate_project(project=project, jira_project="ABC", by=user_with(Role.PSO))
        code, report = run("PRJ-1", "--live")
    assert (code, report["created"], report["totals"]["done"]) == (0, 2, 1)
    assert JiraBacklog.objects.get().source_name == "ABC (Jira)"
    assert TOKEN not in json.dumps(list(AuditEntry.objects.values_list("data", flat=True)))
