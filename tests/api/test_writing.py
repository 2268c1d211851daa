"""Writing by the API: named fields only, a version on every change, once per idempotency key."""

from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from people.enums import Role
from people.models import AuditEntry, User
from people.services.api_token import TokenScope, create_token
from portfolio.enums import LifeCycle
from portfolio.models import Milestone, Project, Risk, StatusReport
from tests.api.conftest import API, client_of
from tests.factories.governance import DecisionRequestFactory
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProjectFactory, ReportingCycleFactory, StrategicAxisFactory

pytestmark = pytest.mark.django_db

GREEN = dict.fromkeys(("overall", "time", "cost", "scope", "resources", "risk"), "green")
REASONS = {f"reason_{name}": "Mesure en cours de recalage." for name in GREEN}


def details(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = response.json()["error"]["details"]
    return found


def test_project_is_created_with_its_location(pso: User) -> None:
    axis = StrategicAxisFactory(code="AX-A")
    body = {"code": "P-NEW", "name_fr": "Archivage", "axis": "AX-A", "cost": "250000.00", "planned_end": "2027-06-30"}
    response = client_of(pso).post(f"{API}/projects/", body)
    assert (response.status_code, response["Location"]) == (201, f"{API}/projects/P-NEW/")
    project = Project.objects.get(code="P-NEW")
    assert (project.axis, str(project.first_approved_cost)) == (axis, "250000.00")
    assert response.json()["standing"]["bac"] == "250000.00"
    assert AuditEntry.objects.get(verb="project.created").channel == "api"


@pytest.mark.parametrize(
    "key", ["is_staff", "state", "created_by", "decided_at", "version", "pk", "source", "__class__"]
)
def test_extra_key_of_a_new_project_is_named_and_nothing_written(pso: User, key: str) -> None:
    response = client_of(pso).post(f"{API}/projects/", {"code": "P-NEW", "name_fr": "Archivage", key: 1})
    assert (response.status_code, set(details(response))) == (400, {key})
    assert not Project.objects.filter(code="P-NEW").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"is_staff": True},
        {"sponsor": 1},
        {"state": "green"},
        {"life_cycle": "closed"},
        {"code": "P-X"},
        {"is_top": True},
    ],
)
def test_manager_changes_no_field_that_is_not_his(pm: User, world: SimpleNamespace, change: dict[str, Any]) -> None:
    body = {"version": world.mine.version, "name_nl": "Naam", **change}
    response = client_of(pm).patch(f"{API}/projects/P-MINE/", body)
    assert (response.status_code, set(details(response))) == (400, set(change))
    world.mine.refresh_from_db()
    assert (world.mine.name_nl, world.mine.version) == ("", 1)


def test_project_of_somebody_else_is_refused_and_unchanged(pm: User, world: SimpleNamespace) -> None:
    response = client_of(pm).patch(f"{API}/projects/P-OTHER/", {"version": 1, "name_nl": "Naam"})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "permission_denied")


def test_change_raises_the_version(pm: User, world: SimpleNamespace) -> None:
    response = client_of(pm).patch(f"{API}/projects/P-MINE/", {"version": 1, "name_nl": "Archivering"})
    assert (response.status_code, response.json()["version"], response.json()["name_nl"]) == (200, 2, "Archivering")


def test_stale_version_shows_both_and_writes_nothing(pm: User, pso: User, world: SimpleNamespace) -> None:
    assert client_of(pso).patch(f"{API}/projects/P-MINE/", {"version": 1, "name_nl": "Van PSO"}).status_code == 200
    mine = {"version": 1, "name_nl": "Van mij"}
    response = client_of(pm).patch(f"{API}/projects/P-MINE/", mine)
    told = details(response)
    assert (response.status_code, response.json()["error"]["code"], told["code"]) == (
        409,
        "stale_version",
        "stale_version",
    )
    assert (told["current"]["version"], told["current"]["name_nl"], told["yours"]) == (2, "Van PSO", mine)
    world.mine.refresh_from_db()
    assert world.mine.name_nl == "Van PSO"


def test_change_without_version_is_refused(pm: User, world: SimpleNamespace) -> None:
    response = client_of(pm).patch(f"{API}/projects/P-MINE/", {"name_nl": "Naam"})
    assert (response.status_code, set(details(response))) == (400, {"version"})


def test_repeated_key_answers_the_same_and_writes_once(pso: User, world: SimpleNamespace) -> None:
    body = {"name": "Recette", "baseline": "2026-12-15"}
    client, key = client_of(pso), {"Idempotency-Key": "a-1"}
    first, second = (client.post(f"{API}/projects/P-MINE/milestones/", body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json(), first["Location"]) == (second.json(), second["Location"])
    assert second["Idempotency-Replayed"] == "true"
    assert Milestone.objects.filter(name="Recette").count() == 1
    other = client.post(f"{API}/projects/P-MINE/milestones/", {**body, "name": "Autre"}, headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert client.post(f"{API}/projects/P-MINE/milestones/", body, headers={"Idempotency-Key": "é"}).status_code == 400


def test_each_kind_is_created_and_changed(pso: User, world: SimpleNamespace) -> None:
    Project.objects.filter(pk=world.mine.pk).update(life_cycle="preparation")
    client, owner = client_of(pso), PersonFactory()
    home = f"{API}/projects/P-MINE"
    made = {
        f"{home}/stages/": {"name": "Déploiement", "start": "2027-01-04"},
        f"{home}/budget-lines/": {"year": 2027, "nature": "opex", "approved": "1000.10"},
        f"{home}/tolerances/": {"target": "cost", "plus": "5", "unit": "percent"},
        f"{API}/axes/": {"code": "AX-N", "name_fr": "Nouvel axe"},
        f"{API}/programmes/": {"code": "PG-N", "name_fr": "Nouveau programme", "manager": owner.pk},
    }
    changes = {"stages": {"name": "Bascule"}, "budget-lines": {"forecast": "1200.00"}, "tolerances": {"plus": "6.00"}}
    for address, body in made.items():
        created = client.post(address, body)
        assert created.status_code == 201, created.content
        change = changes.get(address.rstrip("/").rpartition("/")[2], {"name_nl": "Naam"})
        changed = client.patch(created["Location"], {"version": 1, **change})
        assert changed.status_code == 200, changed.content
        assert changed.json()["version"] == 2
        assert {name: changed.json()[name] for name in change} == change
        assert client.get(created["Location"]).json() == changed.json()
        assert client.patch(created["Location"], {"version": 1, **change}).status_code == 409


def test_risk_is_raised_changed_closed_and_reopened(pm: User, world: SimpleNamespace) -> None:
    client, home = client_of(pm), f"{API}/projects/P-MINE/risks/"
    said = {"title": "Éditeur", "cause": "a", "event": "b", "effect": "c", "probability": 3, "impact": 4}
    created = client.post(home, said)
    assert (created.status_code, created.json()["number"], created.json()["score"]) == (201, 2, 12)
    here = created["Location"]
    assert client.patch(here, {"version": 1, "impact": 6}).status_code == 400
    assert client.patch(here, {"version": 1, "impact_amount": "12500.00"}).json()["impact_amount"] == "12500.00"
    closed = client.post(f"{here}state/", {"version": 2, "state": "closed"})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert client.post(f"{here}state/", {"version": 3, "state": "closed"}).status_code == 409
    assert client.post(f"{here}state/", {"version": 3, "state": "open"}).json()["closed_on"] is None
    assert Risk.objects.get(number=2).version == 4


def test_approved_figures_are_not_the_managers(pm: User, world: SimpleNamespace) -> None:
    client, home = client_of(pm), f"{API}/projects/P-MINE"
    refused = {
        f"{home}/milestones/{world.milestone.pk}/": {"baseline": "2027-01-01"},
        f"{home}/budget-lines/2026/capex/": {"approved": "1.00"},
        f"{home}/tolerances/time/": {"plus": "99.00"},
    }
    for address, change in refused.items():
        response = client.patch(address, {"version": 1, **change})
        assert (response.status_code, set(details(response))) == (400, set(change)), address
    assert client.patch(f"{home}/budget-lines/2026/capex/", {"version": 1, "forecast": "5.00"}).status_code == 200


def test_rule_of_the_model_is_told_by_field(pso: User, world: SimpleNamespace) -> None:
    response = client_of(pso).patch(f"{API}/projects/P-MINE/", {"version": 1, "is_top": True})
    assert (response.status_code, set(details(response))) == (400, {"non_field_errors"})
    late = client_of(pso).patch(
        f"{API}/projects/P-MINE/milestones/{world.milestone.pk}/", {"version": 1, "actual": "2090-01-01"}
    )
    assert (late.status_code, set(details(late))) == (400, {"actual"})


@pytest.mark.parametrize("amount", ["NaN", "1e400", "-0.01", "250k", "0.001", "Infinity", "9" * 40, True, {}])
def test_amount_that_is_none_is_a_field_error(pso: User, world: SimpleNamespace, amount: Any) -> None:
    response = client_of(pso).patch(
        f"{API}/projects/P-MINE/budget-lines/2026/capex/", {"version": 1, "approved": amount}
    )
    assert response.status_code == 400


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b"{",
        b'{"version": NaN}',
        b'{"\\ud800": 1}',
        b"\xff",
        b"[]",
        b'"a"',
        b"",
        b'{"name_nl": "a\\u0000"}',
    ],
)
def test_body_that_is_no_object_of_text_is_refused(pso: User, world: SimpleNamespace, raw: bytes) -> None:
    response = client_of(pso).patch(f"{API}/projects/P-MINE/", raw, content_type="application/json")
    assert response.status_code == 400
    assert set(response.json()["error"]) == {"code", "message", "details", "reference"}


def test_body_has_a_limit(pso: User, world: SimpleNamespace) -> None:
    raw = b'{"purpose": "' + b"a" * 2_700_000 + b'"}'
    assert client_of(pso).patch(f"{API}/projects/P-MINE/", raw, content_type="application/json").status_code == 413


def test_other_media_types_are_refused(pso: User, world: SimpleNamespace) -> None:
    assert client_of(pso).patch(f"{API}/projects/P-MINE/", "version=1", content_type="text/plain").status_code == 415
    assert client_of(pso).get(f"{API}/projects/", headers={"Accept": "text/html"}).status_code == 406


def test_closed_project_is_not_changed(pso: User) -> None:
    ProjectFactory(code="P-DONE", life_cycle=LifeCycle.CLOSED, actual_end="2026-01-01")
    assert client_of(pso).patch(f"{API}/projects/P-DONE/", {"version": 1, "name_nl": "Naam"}).status_code == 403


def test_project_moves_along_its_life_cycle(pso: User, world: SimpleNamespace) -> None:
    Project.objects.filter(pk=world.mine.pk).update(life_cycle="preparation")
    client, here = client_of(pso), f"{API}/projects/P-MINE/move/"
    pause = {"version": 1, "target": "on_hold", "reason": "Marché suspendu", "review_on": "2027-02-01"}
    assert client.post(here, {**pause, "target": "archived"}).status_code == 400
    moved = client.post(here, pause)
    assert (moved.status_code, moved.json()["state"]) == (200, "paused")
    assert client.post(here, pause).status_code in (400, 409)


def submit(client: APIClient, cycle: Any, **changes: Any) -> Any:
    body = {"version": 0, "message": "Recette terminée.", **GREEN, **REASONS, **changes}
    return client.put(f"{API}/projects/P-MINE/statuses/{cycle.slug}/", body)


def test_status_is_submitted_then_corrected(pm: User, world: SimpleNamespace) -> None:
    client = client_of(pm)
    first = submit(client, world.cycle)
    assert first.status_code == 201, first.content
    assert (first.json()["week"], first.json()["version"], first.json()["overall"]) == (world.cycle.slug, 1, "green")
    again = submit(client, world.cycle, version=1, message="Recette terminée, deux réserves.")
    assert (again.status_code, again.json()["version"]) == (200, 2)
    stale = submit(client, world.cycle, version=1, message="Autre")
    assert (stale.status_code, details(stale)["current"]["version"]) == (409, 2)
    assert StatusReport.objects.get(project=world.mine).message == "Recette terminée, deux réserves."


def test_status_moves_milestones_and_confirms_risks(pm: User, world: SimpleNamespace) -> None:
    moved = {"id": world.milestone.pk, "expected": "2027-03-01"}
    response = submit(
        client_of(pm),
        world.cycle,
        milestones=[moved],
        confirmed_risks=[world.risk.pk],
        time="amber",
        cause_time="Retard",
    )
    assert response.status_code == 201, response.content
    world.milestone.refresh_from_db()
    world.risk.refresh_from_db()
    assert str(world.milestone.forecast) == "2027-03-01"
    assert world.risk.confirmed_on is not None


def test_status_names_no_row_of_another_project(pm: User, world: SimpleNamespace) -> None:
    foreign = {"id": world.foreign_milestone.pk, "expected": "2027-03-01"}
    assert submit(client_of(pm), world.cycle, milestones=[foreign]).status_code == 404
    assert submit(client_of(pm), world.cycle, confirmed_risks=[world.foreign_risk.pk]).status_code == 404
    assert not StatusReport.objects.filter(project=world.mine).exists()


def test_incoherent_status_is_refused_by_field(pm: User, world: SimpleNamespace) -> None:
    response = submit(client_of(pm), world.cycle, ask_kind="decision", ask_text="")
    assert response.status_code == 400
    assert set(details(response)) & {"ask_text", "ask_body", "ask_to"}


def test_frozen_week_takes_no_status(pm: User, world: SimpleNamespace) -> None:
    cycle = ReportingCycleFactory(week="2026-W30", frozen_at="2026-07-27T10:00:00Z")
    response = submit(client_of(pm), cycle)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "conflict")


def test_only_the_manager_submits(pso: User, world: SimpleNamespace) -> None:
    assert submit(client_of(pso), world.cycle).status_code == 403
    assert submit(client_of(user_with(Role.PM)), world.cycle).status_code == 403


def test_writing_key_submits(pm: User, world: SimpleNamespace) -> None:
    key = create_token(owner=pm, name="essai", scopes=[TokenScope.READ, TokenScope.WRITE], days=1).key
    client = APIClient(headers={"Authorization": f"Token {key}"})
    assert submit(client, world.cycle).status_code == 201


def test_session_needs_the_token_against_forgery(pm: User, world: SimpleNamespace) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(pm)
    assert submit(client, world.cycle).status_code == 403


def test_decision_request_is_completed_by_its_project(pm: User, world: SimpleNamespace) -> None:
    row = DecisionRequestFactory(project=world.mine)
    here = f"{API}/decision-requests/{row.number}/"
    option = {"label": "Reporter", "consequence": "Deux mois", "recommended": True}
    response = client_of(pm).patch(here, {"version": 1, "options": [option], "amount": "180000.00"})
    assert (response.status_code, response.json()["options"], response.json()["version"]) == (200, [option], 2)
    assert client_of(user_with(Role.CODIR)).patch(here, {"version": 2, "amount": "1.00"}).status_code == 403
    assert client_of(pm).patch(here, {"version": 2, "state": "settled"}).status_code == 400
