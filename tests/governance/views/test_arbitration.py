"""The pages of an arbitration, by browser acts: asked, judged, analysed, compared, and what a stale page is told."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from governance.models import Arbitration, DecisionRequest
from governance.services.arbitration import request_arbitration
from people.models import User
from tests.governance.conflicts import VALUES, Conflict

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def act(conflict: Conflict, user: User, name: str, **data: object) -> int:
    row = conflict.fresh()
    address = reverse("governance:arbitration_act", args=[row.number, name])
    return client_of(user).post(address, {"version": row.version, **data}).status_code


def test_project_manager_asks_and_the_office_admits_on_its_pages() -> None:
    conflict = Conflict()
    form = {
        "project": conflict.project.pk,
        "kind": "budget",
        "question": "Qui reçoit la ligne de sécurité ?",
        "other_1": conflict.other.pk,
        **{f"role_{place}": "competes" for place in range(1, 5)},
    }
    client = client_of(conflict.pm)
    assert client.post(reverse("governance:arbitration_new"), {**form, "other_1": ""}).status_code == 422
    assert client.post(reverse("governance:arbitration_new"), {**form, "project": conflict.other.pk}).status_code == 422
    assert client.post(reverse("governance:arbitration_new"), form).status_code == 303
    assert Arbitration.objects.filter(question=form["question"]).count() == 1

    assert act(conflict, conflict.pm, "admit", analyst=conflict.analyst.person.pk) == 403
    assert act(conflict, conflict.pso, "admit", version=99, analyst=conflict.analyst.person.pk) == 409
    assert act(conflict, conflict.pso, "admit", analyst=conflict.analyst.person.pk) == 303
    assert act(conflict, conflict.analyst, "analyse") == 303
    assert act(conflict, conflict.analyst, "propose") == 303
    assert conflict.fresh().state == "options"


def test_analyst_poses_options_and_two_analysts_do_not_overwrite_each_other() -> None:
    conflict = Conflict().analysed()
    client = client_of(conflict.analyst)
    address = reverse("governance:arbitration_option_new", args=[conflict.row.number])
    row = conflict.fresh()
    shifts = {
        f"p{project.pk}_{name}": 0
        for project in (conflict.project, conflict.other)
        for name in ("scope", "quality", "benefits", "risk", "sustainability")
    }
    data = {"label": "Tout au demandeur", "version": row.version, "base": "{}", **shifts}
    data[f"p{conflict.project.pk}_cost"] = "-1 500,50"
    assert client.post(address, data).status_code == 303
    option = conflict.row.options.get(do_nothing=False)
    assert [str(impact.cost) for impact in option.impacts.order_by("project")] == ["-1500.50", "0.00"]

    address = reverse("governance:arbitration_option", args=[conflict.row.number, option.position])
    page = client.get(address)
    base = page.context["form"].base_text()
    mine, theirs = {**data, "base": base}, {**data, "base": base, "label": "Rien que le demandeur"}
    assert client.post(address, theirs).status_code == 303
    assert client.post(address, {**mine, "label": "Presque tout au demandeur"}).status_code == 409
    option.refresh_from_db()
    assert option.label == "Rien que le demandeur"


def test_list_and_page_say_who_has_the_ball_and_the_request_shows_the_comparison() -> None:
    conflict = Conflict()
    request = conflict.tabled()
    client = client_of(conflict.chair)
    text = client.get(reverse("governance:arbitrations")).content.decode()
    assert "1 arbitrage est en cours" in text
    assert conflict.body.name_fr in text
    page = client.get(conflict.row.get_absolute_url()).content.decode()
    assert "Un chacun" in page
    shown = client.get(request.get_absolute_url()).content.decode()
    assert ("Échelle d’escalade" in shown, "Accuser réception" in shown, "Un chacun" in shown) == (True, True, True)
    address = reverse("governance:request_acknowledge", args=[request.number])
    assert client_of(conflict.pm).post(address).status_code == 403
    assert client.post(address).status_code == 303
    request.refresh_from_db()
    assert request.acknowledged_by == conflict.chair.person


def test_late_requests_have_their_own_list() -> None:
    conflict = Conflict()
    request = conflict.tabled()
    client = client_of(conflict.pso)
    address = reverse("governance:requests")
    assert request.number not in client.get(f"{address}?late").content.decode()
    DecisionRequest.objects.filter(pk=request.pk).update(answer_by="2026-01-05")
    assert request.number in client.get(f"{address}?late").content.decode()


def test_api_gives_the_options_with_their_effects() -> None:
    conflict = Conflict()
    conflict.tabled()
    body = client_of(conflict.pso).get(f"/api/v1/arbitrations/{conflict.row.number}/").json()
    assert (body["state"], len(body["options"]), len(body["options"][0]["impacts"])) == ("on_agenda", 3, 2)
    assert client_of(conflict.pm).get("/api/v1/arbitrations/").json()["count"] == 1


def test_list_costs_the_same_statements_for_one_and_for_three() -> None:
    conflict = Conflict()
    client = client_of(conflict.pso)
    address = reverse("governance:arbitrations")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(2):
        request_arbitration(
            project=conflict.project,
            others=[(conflict.other, "holds")],
            by=conflict.pm,
            values=VALUES,
            on=clock.today(),
        )
    client.get(address)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(one) == len(three)
