"""Reading by the API: what a page shows to the same person, in pages, with known filters only."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from config import clock
from people.enums import Role
from people.models import User
from people.services.api_token import TokenScope, create_token
from portfolio.enums import Confidentiality
from portfolio.services.standing import refresh_standing
from tests.api.conftest import API, client_of
from tests.factories.governance import BodyFactory, DecisionRequestFactory, SittingFactory
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    MilestoneFactory,
    ProgrammeFactory,
    ProjectFactory,
    ReportingCycleFactory,
    RiskFactory,
    StageFactory,
    StatusReportFactory,
    StrategicAxisFactory,
    ToleranceFactory,
)

pytestmark = pytest.mark.django_db

WEEKS = ("2026-W40", "2026-W41", "2026-W42")
TARGETS = ("time", "cost", "risk")


def without_reference(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body["error"].items() if name != "reference"}


def test_project_has_decimals_as_text_and_its_version(pso: User, world: SimpleNamespace) -> None:
    body = client_of(pso).get(f"{API}/projects/P-MINE/").json()
    assert body["standing"]["bac"] == "400000.00"
    assert body["version"] == world.mine.version
    assert body["manager"] == {"id": world.mine.manager_id, "name": world.mine.manager.full_name}
    assert body["state"] == "stale"


def test_filter_and_order_of_the_register(pso: User, world: SimpleNamespace) -> None:
    ProjectFactory(code="P-ALONE")
    rows = client_of(pso).get(f"{API}/projects/?programme=PG-A&ordering=-name&page_size=1").json()
    assert (rows["count"], len(rows["results"])) == (2, 1)


@pytest.mark.parametrize(
    "query",
    [
        "fields=code",
        "ordering=dossier__amount",
        "manager__user__password=a",
        "page_size=201",
        "state=lilac",
        "page=0",
        "format=xml&q=a",
    ],
)
def test_unknown_filter_order_or_page_is_refused(pso: User, query: str) -> None:
    response = client_of(pso).get(f"{API}/projects/?{query}")
    assert response.status_code in (400, 404)
    assert response.json()["error"]["code"] in ("invalid", "not_found")


def test_unknown_filter_is_named(pso: User) -> None:
    error = client_of(pso).get(f"{API}/projects/?ordering=dossier__amount&colour=red").json()["error"]
    assert set(error["details"]) == {"colour"}


@pytest.mark.parametrize("text", ["%00", "%ED%A0%80", "%F0%9F%92%A9", "'%22;--"])
@pytest.mark.parametrize("address", ["projects/?q={}", "projects/?axis={}", "projects/{}/", "axes/{}/"])
def test_hostile_text_is_no_fault_of_the_server(pso: User, address: str, text: str) -> None:
    assert client_of(pso).get(f"{API}/{address.format(text)}").status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "address",
    [
        "projects/{}/",
        "projects/{}/milestones/",
        "projects/{}/budget-lines/",
        "projects/{}/risks/",
        "projects/{}/statuses/",
        "projects/{}/statuses/2026-W47/",
    ],
)
def test_restricted_project_answers_like_a_missing_one(pm: User, world: SimpleNamespace, address: str) -> None:
    ProjectFactory(code="P-SECRET", confidentiality=Confidentiality.RESTRICTED)
    client = client_of(pm)
    hidden, missing = (client.get(f"{API}/{address.format(code)}") for code in ("P-SECRET", "P-NONE"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert without_reference(hidden.json()) == without_reference(missing.json())
    assert {row["code"] for row in client.get(f"{API}/projects/").json()["results"]} == {"P-MINE", "P-OTHER"}


def test_child_of_another_project_is_not_found(pm: User, world: SimpleNamespace) -> None:
    client = client_of(pm)
    foreign = client.get(f"{API}/projects/P-MINE/milestones/{world.foreign_milestone.pk}/")
    missing = client.get(f"{API}/projects/P-MINE/milestones/987654/")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert without_reference(foreign.json()) == without_reference(missing.json())
    assert client.get(f"{API}/projects/P-MINE/risks/7/").status_code == 404


def test_budget_lines_are_for_the_own_project_and_totals_for_all(pm: User, world: SimpleNamespace) -> None:
    client = client_of(pm)
    assert client.get(f"{API}/projects/P-MINE/budget-lines/").json()["results"][0]["approved"] == "400000.00"
    assert client.get(f"{API}/projects/P-OTHER/budget-lines/").status_code == 403
    assert client.get(f"{API}/projects/P-OTHER/budget-totals/").status_code == 200


def test_words_of_a_status_of_an_open_week_are_hidden_from_codir(world: SimpleNamespace) -> None:
    client = client_of(user_with(Role.CODIR))
    assert client.get(f"{API}/projects/P-OTHER/").json()["message"] == ""
    assert client.get(f"{API}/projects/P-OTHER/statuses/").json()["count"] == 0
    assert client_of(user_with(Role.PSO)).get(f"{API}/projects/P-OTHER/").json()["message"] == world.report.message


def test_me_tells_roles_and_permissions(pm: User) -> None:
    body = client_of(pm).get(f"{API}/me/").json()
    assert body["roles"] == ["pm"]
    assert "status.submit" in body["permissions"]
    assert body["key"] is None


def test_reading_key_reads_and_does_not_write(pso: User, world: SimpleNamespace) -> None:
    key = create_token(owner=pso, name="essai", scopes=[TokenScope.READ], days=1).key
    client = APIClient(headers={"Authorization": f"Token {key}"})
    assert client.get(f"{API}/me/").json()["key"]["scopes"] == ["read"]
    assert client.get(f"{API}/projects/P-MINE/").status_code == 200
    assert client.patch(f"{API}/projects/P-MINE/", {"version": 1, "name_nl": "Naam"}).status_code == 403


def test_nobody_comes_in_without_session_or_key() -> None:
    response = APIClient().get(f"{API}/projects/")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")
    assert APIClient().get(f"{API}/schema/").status_code == 401


def test_auditor_reads_all_entries_and_others_their_own(world: SimpleNamespace) -> None:
    writer = user_with(Role.PSO)
    change = {"version": world.mine.version, "name_nl": "Naam"}
    assert client_of(writer).patch(f"{API}/projects/P-MINE/", change).status_code == 200
    entries = client_of(user_with(Role.AUDITOR)).get(f"{API}/audit-entries/?verb=project.updated").json()
    assert entries["results"][0]["channel"] == "api"
    assert client_of(user_with(Role.SECRETARY)).get(f"{API}/audit-entries/").json()["count"] == 0
    assert client_of(user_with(Role.CODIR)).get(f"{API}/audit-entries/").status_code == 403


def test_completeness_names_who_is_silent(pso: User, world: SimpleNamespace) -> None:
    body = client_of(pso).get(f"{API}/cycles/{world.cycle.slug}/completeness/").json()
    assert (body["expected"], body["received"]) == (2, 1)
    assert [row["code"] for row in body["missing"]] == ["P-MINE"]


def grow(kind: str, project: Any, number: int) -> None:
    """One more row of the kind."""
    makers: dict[str, Any] = {
        "axes": lambda: StrategicAxisFactory(),
        "programmes": lambda: ProgrammeFactory(),
        "projects": lambda: ProjectFactory(programme=ProgrammeFactory()),
        "milestones": lambda: MilestoneFactory(project=project),
        "stages": lambda: StageFactory(project=project),
        "budget-lines": lambda: BudgetLineFactory(project=project, year=2020 + number),
        "tolerances": lambda: ToleranceFactory(project=project, target=TARGETS[number]),
        "risks": lambda: RiskFactory(project=project, owner=project.sponsor),
        "statuses": lambda: StatusReportFactory(
            project=project, cycle=ReportingCycleFactory(week=WEEKS[number]), author=user_with(Role.PM)
        ),
        "cycles": lambda: ReportingCycleFactory(week=WEEKS[number]),
        "bodies": lambda: SittingFactory(body=BodyFactory()),
        "decision-requests": lambda: DecisionRequestFactory(owner=project.sponsor),
    }
    makers[kind]()
    refresh_standing(None, now=clock.now())


LISTS = {
    "axes": "axes/",
    "programmes": "programmes/",
    "projects": "projects/",
    "milestones": "projects/P-ONE/milestones/",
    "stages": "projects/P-ONE/stages/",
    "budget-lines": "projects/P-ONE/budget-lines/",
    "tolerances": "projects/P-ONE/tolerances/",
    "risks": "projects/P-ONE/risks/",
    "statuses": "projects/P-ONE/statuses/",
    "cycles": "cycles/",
    "bodies": "bodies/",
    "decision-requests": "decision-requests/",
}


@pytest.mark.parametrize("kind", LISTS)
def test_list_costs_the_same_for_one_row_and_for_three(pso: User, kind: str) -> None:
    project = ProjectFactory(code="P-ONE")
    client = client_of(pso)
    client.get(f"{API}/me/")
    costs, counts = [], []
    for number in range(3):
        grow(kind, project, number)
        with CaptureQueriesContext(connection) as captured:
            body = client.get(f"{API}/{LISTS[kind]}").json()
        costs.append(len(captured))
        counts.append(body["count"])
    assert counts[0] < counts[2]
    assert costs[0] == costs[2]
