"""Jira over the wire, from a real server on the loopback: whole, in order, patient, bounded, silent on the token."""

import json
from datetime import date

import pytest

from portfolio.engines.jira_item import Category
from portfolio.engines.jira_json import read_jira_json
from portfolio.services.importers import jira_client
from portfolio.services.importers.jira_client import JiraAccess, JiraCloud
from portfolio.services.importers.refusals import ImportRefusedError
from tests.jira_server import EMAIL, TOKEN, FakeJira, jira_server

IDS = {"To Do": "1", "Done": "3"}


def issue(number: int, *steps: tuple[str, str, str]) -> dict:
    status = {"id": "3", "name": "Done", "statusCategory": {"key": "done"}}
    histories = [
        {
            "created": f"{day}T10:00:00.000+0100",
            "author": {"displayName": "Ada Lambert", "emailAddress": "ada@example.org"},
            "items": [
                {"field": "status", "from": IDS[left], "fromString": left, "to": IDS[entered], "toString": entered}
            ],
        }
        for day, left, entered in steps
    ]
    fields = {
        "summary": f"Demande {number}",
        "status": status,
        "created": "2026-10-01T09:00:00.000+0200",
        "assignee": {"displayName": "Ada Lambert"},
        "description": "privé",
    }
    return {"id": str(number), "key": f"ABC-{number}", "fields": fields, "changelog": {"histories": histories}}


ISSUES = [issue(number, ("2026-11-03", "To Do", "Done")) for number in range(1, 6)]


def cloud(jira: FakeJira, *, token: str = TOKEN, pauses: list[float] | None = None, seconds: float = 20) -> JiraCloud:
    kept = [] if pauses is None else pauses
    return JiraCloud(JiraAccess(jira.url, EMAIL, token), "ABC", pause=kept.append, seconds=seconds)


def refusal_of(source: JiraCloud) -> ImportRefusedError:
    with pytest.raises(ImportRefusedError) as refusal:
        source.document()
    assert TOKEN not in repr(refusal.value.as_json()) + repr(source)
    return refusal.value


def test_every_page_is_read_once_and_nothing_about_people() -> None:
    with jira_server(ISSUES) as jira:
        document = cloud(jira).document()
    assert [query.get("nextPageToken") for _path, query in jira.requests] == [None, "t2", "t4"]
    assert jira.requests[0][1]["jql"] == 'project = "ABC" ORDER BY key ASC'
    assert jira.requests[0][1]["expand"] == "changelog"
    text = document.data.decode()
    assert document.is_complete
    assert "Ada" not in text
    assert "privé" not in text
    file = read_jira_json(document.data, today=date(2026, 11, 21))
    assert [one.key for one in file.issues] == [f"ABC-{number}" for number in range(1, 6)]
    assert {(one.category, one.done_on) for one in file.issues} == {(Category.DONE, date(2026, 11, 3))}


def test_a_long_changelog_is_fetched_whole() -> None:
    steps = [(f"2026-11-{day:02d}", *words) for day, words in enumerate([("To Do", "Done"), ("Done", "To Do")] * 4, 2)]
    with jira_server([issue(1, *steps[:7])]) as jira:
        document = cloud(jira).document()
    assert len(json.loads(document.data)["issues"][0]["changelog"]["histories"]) == 7
    assert [path.rpartition("/")[2] for path, _query in jira.requests] == ["jql", "changelog", "changelog", "changelog"]
    assert read_jira_json(document.data, today=date(2026, 11, 21)).issues[0].done_on == date(2026, 11, 8)


@pytest.mark.parametrize(
    ("script", "pauses"),
    [
        ([(429, {"Retry-After": "7"})], [7.0]),
        ([(503, {}), (500, {})], [1.0, 2.0]),
        (["well", "cut"], [1.0]),
        (["half"], [1.0]),
        (["hang up"], [1.0]),
    ],
)
def test_what_passes_is_waited_for(script: list, pauses: list[float]) -> None:
    waited: list[float] = []
    with jira_server(ISSUES, script=script) as jira:
        document = cloud(jira, pauses=waited).document()
    assert waited == pauses
    assert len(json.loads(document.data)["issues"]) == 5


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ([(429, {"Retry-After": "600"})], "jira_busy"),
        ([(503, {})] * 4, "jira_away"),
        (["half"] * 4, "jira_unreadable"),
        ([(302, {"Location": "http://127.0.0.1:1/elsewhere"})], "jira_answer"),
        ([(400, {})], "jira_unknown_project"),
        ([(404, {})], "jira_answer"),
        ([b"[]"], "jira_unreadable"),
        ([b'{"issues": "no"}'], "jira_unreadable"),
        ([b'{"issues": [], "nextPageToken": "t0"}', b'{"issues": [], "nextPageToken": "t0"}'], "jira_unreadable"),
    ],
)
def test_what_does_not_pass_is_refused_in_a_sentence(script: list, code: str) -> None:
    with jira_server(ISSUES, script=script) as jira:
        assert refusal_of(cloud(jira)).code == code


def test_a_wrong_token_is_told_as_such_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    with jira_server(ISSUES) as jira:
        found = refusal_of(cloud(jira, token="faux-jeton-99"))
    assert found.code == "jira_unauthorised"
    assert "faux-jeton-99" not in found.message + caplog.text + repr(found.details)


def test_a_slow_server_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jira_client, "CONNECT_SECONDS", 0.2)
    with jira_server(ISSUES, script=["slow"] * 4) as jira:
        assert refusal_of(cloud(jira, seconds=1)).code == "jira_slow"


def test_an_answer_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jira_client, "MOST_BYTES", 200)
    with jira_server(ISSUES) as jira:
        assert refusal_of(cloud(jira)).code == "jira_too_big"


@pytest.mark.parametrize("url", ["http://jira.example.org", "ftp://127.0.0.1", "https://", "https://127.0.0.1:99999"])
def test_only_an_encrypted_address_or_this_machine_is_called(url: str) -> None:
    assert refusal_of(JiraCloud(JiraAccess(url, EMAIL, TOKEN), "ABC")).code == "jira_address"


@pytest.mark.parametrize("key", ["", "abc", 'ABC" OR project = "SECRET', "ABC\n"])
def test_the_query_takes_a_key_and_nothing_else(key: str) -> None:
    assert refusal_of(JiraCloud(JiraAccess("https://jira.example.org", EMAIL, TOKEN), key)).code == "jira_no_project"
