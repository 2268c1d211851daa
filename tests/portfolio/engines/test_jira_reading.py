"""Issues from CSV exports in three languages and from answers of the search, every row with one fate."""

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.engines.jira_csv import read_jira_csv
from portfolio.engines.jira_dates import parse_day
from portfolio.engines.jira_item import Category, Grouping, IssueRole, JiraFile, JiraRefusedError
from portfolio.engines.jira_json import read_jira_json
from portfolio.engines.tabular import TableRefusedError
from tests.shared_data import shared

TODAY = date(2026, 11, 21)
ENGLISH = (
    "Summary",
    "Issue key",
    "Issue id",
    "Issue Type",
    "Status",
    "Status Category",
    "Resolution",
    "Created",
    "Resolved",
)


def table(*rows: tuple[str, ...], delimiter: str = ",", bom: bool = False, encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode(encoding)


def take(data: bytes, **options) -> JiraFile:
    return read_jira_csv(data, today=TODAY, **options)


def issue(key: str, status: str = "Done", category: str = "done", **fields) -> dict:
    stated = {"name": status, "id": status, "statusCategory": {"key": category}}
    return {"id": f"1{key[-1]}", "key": key, "fields": {"status": stated, **fields}}


def answer(*issues: object) -> bytes:
    return json.dumps({"issues": issues}).encode()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22/Sep/25 9:26 AM", date(2025, 9, 22)),
        ("03/déc./25 14:05", date(2025, 12, 3)),
        ("3/févr./26 9:05 AM", date(2026, 2, 3)),
        ("01/août/2026 10:00", date(2026, 8, 1)),
        ("12/mrt./26 9:05 AM", date(2026, 3, 12)),
        ("12 mei 2026 9:05", date(2026, 5, 12)),
        ("2026-03-12 09:05", date(2026, 3, 12)),
        ("2026/03/12", date(2026, 3, 12)),
        ("2026-03-12T23:30:00.000-0500", date(2026, 3, 13)),
        ("31.12.2025 23:59", date(2025, 12, 31)),
        ("30/févr./26", None),
        ("22/Sop/25", None),
        ("2026-13-01T00:00:00", None),
        ("0001-01-01T00:00:00+0500", None),
        ("=NOW()", None),
        ("", None),
    ],
)
def test_days_are_read_in_the_language_of_who_exported(text: str, day: date | None) -> None:
    assert parse_day(text, None) == day


def test_a_french_export_with_a_mark_semicolons_and_cells_on_several_lines() -> None:
    head = (
        *("Résumé", "Clé de ticket", "Type de ticket", "État", "Catégorie d’état", "Résolution", "Création", "Résolu"),
        *("Composants", "Composants", "Version(s) corrigée(s)", "Clé parent", "Parent summary"),
    )
    data = table(
        head,
        (
            *("Écrire\nle guide", "ABC-1", "Story", "Terminé(e)", "Terminé", "Terminé", "03/nov./26 9:00 AM"),
            *("05/nov./26 4:00 PM", "Paie", "Portail", "V1", "ABC-9", "Épopée du guide"),
        ),
        ("Épopée", "ABC-9", "Épopée", "En cours", "En cours", "", "01/nov./26 9:00 AM", "", "", "", "", "", ""),
        (
            *("Doublon d’un autre", "ABC-2", "Bug", "Terminé(e)", "Terminé", "Doublon", "03/nov./26 9:00 AM"),
            *("06/nov./26 9:00 AM", "", "", "", "", ""),
        ),
        delimiter=";",
        bom=True,
    )
    file = take(data)
    one, epic, double = file.issues
    assert (one.summary, one.category, one.role) == ("Écrire le guide", Category.DONE, IssueRole.WORK)
    assert (one.created_on, one.done_on) == (date(2026, 11, 3), date(2026, 11, 5))
    assert (one.components, one.versions, one.epic) == (("Paie", "Portail"), ("V1",), "ABC-9")
    assert (epic.role, epic.category) == (IssueRole.CONTAINER, Category.DOING)
    assert double.is_dropped
    assert file.names == {"ABC-9": "Épopée du guide"}
    assert file.doubts == ()
    assert [one.row for one in file.issues] == [2, 4, 5]


def test_a_dutch_export_resaved_by_a_spreadsheet() -> None:
    head = ("Samenvatting", "Issuesleutel", "Status", "Statuscategorie", "Aangemaakt", "Opgelost")
    row = ("Één lijst", "ABC-1", "Gereed", "Gereed", "13/11/2026 9:00", "16/11/2026 9:00")
    file = take(table(head, row, delimiter=";", encoding="cp1252"))
    assert file.issues[0].done_on == date(2026, 11, 16)
    assert file.issues[0].summary == "Één lijst"
    assert [one.kept_as for one in file.doubts] == ["cp1252"]


def test_a_day_that_reads_both_ways_is_asked_for() -> None:
    head = ("Issue key", "Status", "Created")
    unclear = table(head, ("ABC-1", "Done", "03/04/2026 9:00"))
    with pytest.raises(JiraRefusedError) as refusal:
        take(unclear)
    assert refusal.value.code == "unclear_dates"
    assert take(unclear, order="month").issues[0].created_on == date(2026, 3, 4)
    assert take(table(head, ("ABC-1", "Done", "03/04/2026"), ("ABC-2", "Done", "04/13/2026"))).issues[0].created_on == (
        date(2026, 3, 4)
    )
    with pytest.raises(JiraRefusedError, match="mixed_dates"):
        take(table(head, ("ABC-1", "Done", "13/04/2026"), ("ABC-2", "Done", "04/13/2026")))


def test_every_row_is_an_issue_or_refused_with_its_line() -> None:
    good = ("Un", "ABC-1", "1", "Story", "Done", "Done", "Done", "03/Nov/26 9:00 AM", "04/Nov/26 9:00 AM")
    file = take(
        table(
            ENGLISH,
            good,
            good,
            ("Sans clé", "", *good[2:]),
            ("Formule", "=cmd|' /C calc'!A0", *good[2:]),
            ("", "", "", "", "", "", "", "", ""),
            ("Court", "ABC-4"),
            ("Sans état", "ABC-5", "5", "Story", "", "", "", "", ""),
            ("Demain", "ABC-6", "6", "Story", "To Do", "To Do", "", "03/Nov/99 9:00 AM", ""),
        )
    )
    assert file.rows == 8
    assert [(one.row, one.reason) for one in file.refused] == [
        *[(6, "blank_row"), (7, "wrong_cells"), (3, "repeated_key"), (4, "no_key"), (5, "bad_key"), (8, "no_status")]
    ]
    assert [(one.row, one.column) for one in file.doubts] == [(9, "Created")]


def test_hostile_cells_are_kept_as_text_or_refused() -> None:
    row = ("<script>alert(1)</script>\u202e\x07", "ABC-1", "1", "Story", "Done", "Done", "", "x" * 500, "")
    file = take(table(ENGLISH, row))
    assert file.issues[0].summary == "<script>alert(1)</script>\ufffd\ufffd"
    assert len(file.doubts[0].value) <= 80
    for data in (b'Issue key,Status\n"ABC-1', b"Issue key,Status\nABC-1,\x00", b"Issue key,Status\n"):
        with pytest.raises((TableRefusedError, JiraRefusedError)):
            take(data)
    with pytest.raises(JiraRefusedError, match="not_jira_csv"):
        take(b"name,amount\na,1\n")


def test_a_changelog_tells_when_work_ended_and_where_it_moved() -> None:
    def step(at: str, field: str, left: str, entered: str) -> dict:
        named = {"field": field, "from": left, "fromString": left, "to": entered, "toString": entered}
        return {"created": f"2026-11-{at}T10:00:00.000+0100", "items": [named]}

    log = [
        step("12", "status", "Test", "Done"),
        step("02", "status", "To Do", "Done"),
        step("03", "status", "Done", "Test"),
        step("05", "Fix Version", "", "V2"),
        step("06", "Fix Version", "V1", ""),
    ]
    one = issue("ABC-1", created="2026-11-01T09:00:00.000+0100", resolutiondate="2026-11-02T10:00:00.000+0100")
    one["fields"]["fixVersions"] = [{"name": "V2"}]
    one["changelog"] = {"total": 9, "histories": log}
    file = read_jira_json(answer(one), today=TODAY)
    found = file.issues[0]
    assert found.done_on == date(2026, 11, 12)
    assert [(move.day.day, move.grouping, move.left, move.entered) for move in found.moves] == [
        (5, Grouping.VERSION, "", "V2"),
        (6, Grouping.VERSION, "V1", ""),
    ]
    assert [(one.column, one.value, one.kept_as) for one in file.doubts] == [("changelog", "9", "5")]


@pytest.mark.parametrize(
    "data",
    [
        *(b"{", b"[]", b'{"issues": {}}', b'{"issues": []}', b'{"total": NaN, "issues": []}', b"\xff{}"),
        *(b"[" * 100_000, b'{"issues": [{"key": "ABC-1"', b'{"a": 1}'),
    ],
)
def test_an_answer_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(JiraRefusedError):
        read_jira_json(data, today=TODAY)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["ABC-1", "Done", "created"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["key", "fields", "status", "name", "changelog", "histories", "items", "created", "issuetype"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(anything, min_size=1, max_size=5))
def test_any_json_is_accounted_for(issues: list) -> None:
    file = read_jira_json(answer(*issues), today=TODAY)
    assert file.rows == len(issues)
    assert sorted([one.row for one in file.issues] + [one.row for one in file.refused]) == list(
        range(1, len(issues) + 1)
    )


cells = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12), min_size=9, max_size=9)


@settings(max_examples=100, deadline=None)
@given(st.lists(cells, min_size=1, max_size=5))
def test_any_cells_are_accounted_for(rows: list[list[str]]) -> None:
    try:
        file = take(table(ENGLISH, *(tuple(row) for row in rows)), order="day")
    except (TableRefusedError, JiraRefusedError):
        return
    assert file.rows <= len(rows)


def test_real_exports_are_read_whole() -> None:
    file = take(shared("jira/jira_cloud_export_TES.csv").read_bytes())
    assert (file.rows, len(file.issues), file.latest) == (22, 22, date(2025, 9, 22))
    assert sum(one.category is Category.DONE for one in file.issues) == 10
    assert (file.doubts, file.refused) == ((), ())
    hive = take(shared("jira/apache_hive_jira_shared.csv").read_bytes())
    assert (hive.rows, len(hive.issues)) == (1082, 1082)
    assert hive.latest is None


def test_real_answers_are_read_whole() -> None:
    file = read_jira_json(shared("jira/jira_rest_search_15issues_changelog.json").read_bytes(), today=TODAY)
    assert (file.rows, len(file.issues)) == (15, 15)
    done = {one.key: one.done_on for one in file.issues if one.category is Category.DONE}
    # Read off the changelog by eye: UT-27 on 14 December, UT-33 on 21 November, UT-28 on 10 December 2015.
    assert len(done) == 12
    assert (done["UT-27"], done["UT-33"], done["UT-28"]) == (
        *(date(2015, 12, 14), date(2015, 11, 21)),
        date(2015, 12, 10),
    )
    assert file.issues[0].components == ("Team 1",)
    sling = read_jira_json(shared("jira/apache_sling_search_committer-cli-1.0.0.json").read_bytes(), today=TODAY)
    assert (sling.rows, len(sling.issues), [one.reason for one in sling.refused]) == (9, 8, ["repeated_key"])


@pytest.mark.parametrize("name", ["jira_timetracking_shared", "sprints_apache_issue", "storypoints_clover"])
def test_tables_that_are_no_export_of_issues_are_refused(name: str) -> None:
    with pytest.raises(JiraRefusedError, match="not_jira_csv"):
        take(shared(f"jira/{name}.csv").read_bytes())
