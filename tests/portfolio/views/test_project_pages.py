"""The pages of one project over HTTP: who reads, who edits, what a clash and an error keep."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from people.enums import Role
from people.models import User
from portfolio.enums import Confidentiality
from portfolio.models import BudgetLine, Milestone, Project, Risk, StrategicAxis, Tolerance
from portfolio.services.milestone import create_milestone
from portfolio.services.project import move_project, update_project
from portfolio.services.standing import refresh_standing
from tests.factories.people import PersonFactory, user_with
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
PAGES = ("project", "plan", "finance", "raid", "tolerances")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def full_project(rows: int = 1, **fields: Any) -> Project:
    """A project with `rows` of everything a page lists."""
    project: Project = ProjectFactory(**fields)
    for position in range(rows):
        MilestoneFactory(project=project)
        StageFactory(project=project, number=position + 1)
        BudgetLineFactory(project=project, year=2026 + position)
        RiskFactory(project=project, number=position + 1)
        week = clock.today() - timedelta(days=7 * position)
        year, number, _day = week.isocalendar()
        StatusReportFactory(
            project=project,
            cycle=ReportingCycleFactory(week=f"{year}-W{number:02d}"),
            submitted_at=clock.now() - timedelta(days=7 * position),
        )
    ToleranceFactory(project=project)
    refresh_standing([project.pk], now=clock.now())
    return project


def url(name: str, *args: Any) -> str:
    return reverse(f"portfolio:{name}", args=args)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "role",
    [
        Role.PM,
        Role.PROGRAMME_MANAGER,
        Role.PSO,
        Role.HEAD_OF_CENTRE,
        Role.DIRECTOR,
        Role.CODIR,
        Role.FINANCE,
        Role.AUDITOR,
    ],
)
def test_portfolio_readers_open_every_page_they_are_offered(role: Role, page: str) -> None:
    project = full_project()
    client = client_of(user_with(role))
    overview = client.get(url("project", project.code))
    offered = {tab.key for tab in overview.context["tabs"]}
    answer = client.get(url(page, project.code))
    assert answer.status_code == (200 if page in offered else 403)


@pytest.mark.parametrize("page", [*PAGES, "project_edit", "milestone_new", "budget_line_new", "risk_new"])
def test_hidden_and_missing_projects_answer_the_same(page: str) -> None:
    ProjectFactory(code="SECRET", confidentiality=Confidentiality.RESTRICTED)
    client = client_of(user_with(Role.PM))
    hidden, missing = client.get(url(page, "SECRET")), client.get(url(page, "ABSENT"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert "SECRET" not in hidden.content.decode().replace(url(page, "SECRET"), "")


@pytest.mark.parametrize("page", PAGES)
def test_page_costs_the_same_for_one_and_three_rows(page: str) -> None:
    client = client_of(user_with(Role.PSO))
    counts = []
    for rows in (1, 3):
        project = full_project(rows)
        client.get(url(page, project.code))
        with CaptureQueriesContext(connection) as captured:
            client.get(url(page, project.code))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_project_page_says_the_rule_beside_the_declaration() -> None:
    project = full_project()
    page = client_of(user_with(Role.PSO)).get(url("project", project.code)).content.decode()
    assert "Lot 2 recetté sans réserve." in page
    assert "Déclaré et calculé" in page
    assert "tolérance" in page


def test_new_project_shows_what_to_fill_first() -> None:
    project = ProjectFactory()
    refresh_standing([project.pk], now=clock.now())
    page = client_of(user_with(Role.PSO)).get(url("project", project.code)).content.decode()
    assert "Avant la première porte" in page
    assert "Poser un premier jalon" in page


def test_closed_project_is_frozen_for_everybody() -> None:
    pm = user_with(Role.PM)
    project = full_project(manager=pm.person, life_cycle="closed", actual_end=clock.today())
    client = client_of(pm)
    assert "la fiche est figée" in client.get(url("project", project.code)).content.decode()
    for page in ("project_edit", "milestone_new", "budget_line_new", "risk_new"):
        assert client.get(url(page, project.code)).status_code == 403


def test_paused_project_says_why_and_until_when() -> None:
    project = ProjectFactory(life_cycle="on_hold", life_cycle_reason="Budget en arbitrage", review_on=date(2027, 1, 15))
    MilestoneFactory(project=project)
    refresh_standing([project.pk], now=clock.now())
    page = client_of(user_with(Role.PSO)).get(url("project", project.code)).content.decode()
    assert "Budget en arbitrage" in page
    assert "15\u00a0janvier 2027" in page


def test_finance_page_gives_a_foreign_manager_the_totals_only() -> None:
    project = full_project()
    BudgetLine.objects.update(actual_source="SOURCE-C2")
    own = user_with(Role.PM)
    Project.objects.filter(pk=project.pk).update(manager=own.person)
    detailed = client_of(own).get(url("finance", project.code)).content.decode()
    totals = client_of(user_with(Role.PM)).get(url("finance", project.code)).content.decode()
    assert "SOURCE-C2" in detailed
    assert "SOURCE-C2" not in totals
    assert "400\u00a0k€" in totals
    assert client_of(own).get(url("finance", project.code))["Cache-Control"].count("no-store") == 1


def form_data(client: Client, address: str, **changes: str) -> dict[str, str]:
    """What a browser would post from the edit page, with some fields typed over."""
    form = client.get(address).context["form"]
    base = json.loads(form["base"].value())
    return {"version": str(form["version"].value()), "base": form["base"].value(), **base, **changes}


def test_manager_edits_the_sheet_of_his_project() -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person)
    client, address = client_of(pm), url("project_edit", project.code)
    answer = client.post(address, form_data(client, address, name_fr="Nouveau nom"))
    project.refresh_from_db()
    assert (answer.status_code, project.name_fr, project.version) == (303, "Nouveau nom", 2)


@pytest.mark.parametrize("name", ["priority_rank", "is_top", "sponsor", "life_cycle", "created_at", "is_staff"])
def test_manager_posting_a_field_that_is_not_his_is_refused_by_name(name: str) -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person, name_fr="Avant")
    client, address = client_of(pm), url("project_edit", project.code)
    answer = client.post(address, form_data(client, address, name_fr="Après", **{name: "1"}))
    project.refresh_from_db()
    assert (answer.status_code, project.name_fr) == (400, "Avant")
    assert name in answer.content.decode()


def test_two_people_on_different_fields_both_keep_theirs() -> None:
    pso = user_with(Role.PSO)
    project = ProjectFactory(name_fr="Nom", purpose="But")
    client, address = client_of(pso), url("project_edit", project.code)
    mine = form_data(client, address, purpose="Mon but")
    client.post(address, form_data(client, address, name_fr="Leur nom"))
    assert client.post(address, mine).status_code == 303
    project.refresh_from_db()
    assert (project.name_fr, project.purpose, project.version) == ("Leur nom", "Mon but", 3)


def test_two_people_on_one_field_get_both_texts_and_a_choice() -> None:
    pso = user_with(Role.PSO)
    project = ProjectFactory(name_fr="Nom")
    client, address = client_of(pso), url("project_edit", project.code)
    mine = form_data(client, address, name_fr="Mon nom", purpose="Mon but")
    client.post(address, form_data(client, address, name_fr="Leur nom"))
    clash = client.post(address, mine)
    page = clash.content.decode()
    assert clash.status_code == 409
    assert all(text in page for text in ("Nom", "Leur nom", "Mon nom", "Mon but", pso.full_name))
    project.refresh_from_db()
    assert project.name_fr == "Leur nom"
    chosen = {
        "version": str(clash.context["version"]),
        "base": clash.context["base"],
        **dict(clash.context["carried"]),
        "name_fr": "Mon nom",
    }
    assert client.post(address, chosen).status_code == 303
    project.refresh_from_db()
    assert (project.name_fr, project.purpose) == ("Mon nom", "Mon but")


def test_double_click_saves_once() -> None:
    pso = user_with(Role.PSO)
    project = ProjectFactory(name_fr="Nom")
    client, address = client_of(pso), url("project_edit", project.code)
    data = form_data(client, address, name_fr="Autre")
    assert [client.post(address, data).status_code for _twice in range(2)] == [303, 303]
    project.refresh_from_db()
    assert project.version == 2


def test_error_keeps_what_was_typed_and_says_how_to_correct() -> None:
    pso = user_with(Role.PSO)
    project = ProjectFactory(life_cycle="preparation")
    client, address = client_of(pso), url("project_edit", project.code)
    answer = client.post(
        address, form_data(client, address, first_approved_cost="250k", purpose="Texte à garder", name_fr="")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Écrivez un montant en euros" in page
    assert "Texte à garder" in page
    assert 'value="250k"' in page
    assert "error-summary" in page


@pytest.mark.parametrize("role", [Role.PM, Role.CODIR, Role.FINANCE, Role.AUDITOR, Role.INVESTMENT_COMMITTEE])
def test_others_cannot_edit_a_sheet(role: Role) -> None:
    project = ProjectFactory()
    client = client_of(user_with(role))
    assert client.get(url("project_edit", project.code)).status_code == 403
    assert client.post(url("project_edit", project.code), {"name_fr": "x"}).status_code == 403
    assert client.get(url("project_move", project.code)).status_code == 403
    assert client.get(url("project_new")).status_code == 403


def test_new_project_asks_about_a_name_that_exists() -> None:
    pso = user_with(Role.PSO)
    axis = StrategicAxisFactory()
    ProjectFactory(name_fr="Migration de la paie enseignants", code="OLD")
    data = {
        "code": "P-777",
        "name_fr": "Migration paie enseignants",
        "axis": str(axis.pk),
        "manager": str(PersonFactory().pk),
        "cost": "250 000,01",
        "planned_end": "30/06/2027",
        "method": "hybrid",
        "confidentiality": "internal",
    }
    client = client_of(pso)
    asked = client.post(url("project_new"), data)
    assert "Migration de la paie enseignants" in asked.content.decode()
    assert not Project.objects.filter(code="P-777").exists()
    created = client.post(url("project_new"), data | {"duplicate_checked": "on"})
    assert created.status_code == 303
    assert Project.objects.get(code="P-777").first_approved_cost == Decimal("250000.01")


def test_project_moves_only_along_the_table() -> None:
    project = ProjectFactory(life_cycle="mandate")
    client, address = client_of(user_with(Role.PSO)), url("project_move", project.code)
    offered = [value for value, _label in client.get(address).context["form"].fields["target"].choices]
    assert offered == ["preparation", "cancelled"]
    assert client.post(address, {"version": "1", "target": "closed"}).status_code == 422
    assert client.post(address, {"version": "1", "target": "preparation"}).status_code == 303
    assert client.post(address, {"version": "1", "target": "cancelled", "reason": "x"}).status_code == 422


def test_plan_children_are_found_inside_their_project_only() -> None:
    pm = user_with(Role.PM)
    own, other = ProjectFactory(manager=pm.person), ProjectFactory()
    foreign = MilestoneFactory(project=other)
    client = client_of(pm)
    assert client.get(url("milestone_edit", own.code, foreign.pk)).status_code == 404
    assert client.get(url("milestone_edit", other.code, foreign.pk)).status_code == 403


def test_manager_adds_and_moves_a_milestone() -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person)
    client = client_of(pm)
    data = {"name": "Pilote", "kind": "delivery", "baseline": "2027-03-01", "forecast": ""}
    assert client.post(url("milestone_new", project.code), data).status_code == 303
    milestone = Milestone.objects.get(project=project)
    address = url("milestone_edit", project.code, milestone.pk)
    assert "baseline" not in client.get(address).context["form"].fields
    assert client.post(address, form_data(client, address, forecast="2027-03-15")).status_code == 303
    milestone.refresh_from_db()
    assert milestone.slip_days == 14


def test_manager_forecasts_and_finance_books() -> None:
    pm, finance = user_with(Role.PM), user_with(Role.FINANCE)
    project = ProjectFactory(manager=pm.person)
    line = BudgetLineFactory(project=project)
    address = url("budget_line_edit", project.code, line.year, line.nature)
    client = client_of(pm)
    assert client.post(address, form_data(client, address, forecast="412 000,00")).status_code == 303
    books = client_of(finance)
    assert books.post(address, form_data(books, address, actual="199 999,99")).status_code == 303
    line.refresh_from_db()
    assert (line.forecast, line.actual, line.approved) == (
        Decimal("412000.00"),
        Decimal("199999.99"),
        Decimal("400000.00"),
    )


def test_manager_raises_closes_and_reopens_a_risk() -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person)
    client = client_of(pm)
    data = {
        "title": "Départ",
        "cause": "a",
        "event": "b",
        "effect": "c",
        "probability": "4",
        "impact": "5",
        "response": "reduce",
        "proximity": "imminent",
    }
    assert client.post(url("risk_new", project.code), data).status_code == 303
    risk = Risk.objects.get(project=project)
    state = url("risk_state", project.code, risk.number)
    assert client.get(state).status_code == 405
    client.post(state, {"version": "1"})
    client.post(state, {"version": "1"})
    risk.refresh_from_db()
    assert (risk.state, risk.version) == ("closed", 2)
    client.post(state, {"version": "2"})
    risk.refresh_from_db()
    assert risk.state == "open"


def test_risk_matrix_places_open_risks() -> None:
    project = ProjectFactory()
    RiskFactory(project=project, number=1, probability=5, impact=5)
    page = client_of(user_with(Role.PSO)).get(url("raid", project.code))
    assert [risk.number for risk in page.context["page"].matrix[0][4].risks] == [1]


def test_tolerances_show_seven_targets_with_their_use() -> None:
    project = full_project()
    lines = client_of(user_with(Role.PM)).get(url("tolerances", project.code)).context["lines"]
    assert len(lines) == 7
    assert lines[0].use == Decimal(0)
    assert lines[2].tolerance is None


def test_pso_sets_a_tolerance_and_the_manager_cannot() -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person, life_cycle="preparation")
    address = url("tolerance_edit", project.code, "scope")
    data = {
        "minus": "2",
        "plus": "",
        "unit": "count",
        "measure": "Exigences Should",
        "baseline": "40",
        "forecast": "39",
    }
    assert client_of(pm).post(address, data).status_code == 403
    assert client_of(user_with(Role.PSO)).post(address, data).status_code == 303
    assert Tolerance.objects.get(project=project).minus == Decimal(2)
    assert client_of(pm).get(url("tolerance_edit", project.code, "nothing")).status_code == 404


def test_log_tells_the_manager_what_happened() -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person)
    create_milestone(project=project, by=pm, name="Pilote", baseline=date(2027, 3, 1))
    page = client_of(pm).get(url("log", project.code)).content.decode()
    assert "Jalon ajouté" in page
    assert "Versions de la fiche" in page


def test_log_shows_before_and_after_in_words() -> None:
    pso = user_with(Role.PSO)
    project = ProjectFactory(life_cycle="mandate", programme=ProgrammeFactory(name_fr="Écoles"))
    newer = ProgrammeFactory(name_fr="Identité")
    update_project(
        project=project,
        changes={"programme": newer, "planned_end": date(2027, 3, 1), "first_approved_cost": Decimal("1240.50")},
        version=1,
        by=pso,
    )
    move_project(project=project, target="preparation", version=2, by=pso)
    page = client_of(pso).get(url("log", project.code)).content.decode()
    assert all(
        text in page for text in ("Écoles", "Identité", "1er\u00a0mars\u00a02027", "1\u202f240,50", "Préparation")
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.PSO, 200), (Role.AUDITOR, 200), (Role.DIRECTOR, 200), (Role.PM, 403), (Role.CODIR, 403)],
)
def test_log_is_for_its_readers(role: Role, status: int) -> None:
    assert client_of(user_with(role)).get(url("log", ProjectFactory().code)).status_code == status


def test_programmes_list_totals_of_visible_projects() -> None:
    programme = ProgrammeFactory()
    BudgetLineFactory(project=ProjectFactory(programme=programme), approved=Decimal("5000000.01"))
    BudgetLineFactory(
        project=ProjectFactory(programme=programme, confidentiality=Confidentiality.RESTRICTED), approved=Decimal(7)
    )
    refresh_standing(None, now=clock.now())
    sums = {
        role: client_of(user_with(role)).get(url("programmes")).context["lines"][0].sums for role in (Role.PSO, Role.PM)
    }
    assert (sums[Role.PSO].projects, sums[Role.PM].projects) == (2, 1)
    assert sums[Role.PM].is_big
    page = client_of(user_with(Role.PM)).get(url("programme", programme.code))
    assert len(page.context["register"].rows) == 1


@pytest.mark.parametrize("page", ["programmes", "axes"])
def test_lists_cost_the_same_for_one_and_three_rows(page: str) -> None:
    client = client_of(user_with(Role.PSO))
    counts = []
    for number in (1, 2):
        for _each in range(number):
            programme = ProgrammeFactory()
            ProjectFactory(programme=programme, axis=programme.axis)
        refresh_standing(None, now=clock.now())
        client.get(url(page))
        with CaptureQueriesContext(connection) as captured:
            client.get(url(page))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_programme_manager_edits_his_programme_only() -> None:
    manager = user_with(Role.PROGRAMME_MANAGER)
    own, other = ProgrammeFactory(manager=manager.person), ProgrammeFactory()
    client = client_of(manager)
    address = url("programme_edit", own.code)
    assert client.post(address, form_data(client, address, name_fr="Écoles")).status_code == 303
    assert client.get(url("programme_edit", other.code)).status_code == 403
    assert client.get(url("programme_new")).status_code == 403


def test_axes_are_created_and_edited_by_the_pso_only() -> None:
    client = client_of(user_with(Role.PSO))
    data = {"code": "A9", "name_fr": "Sobriété", "position": "9", "active": "on"}
    assert client.post(url("axis_new"), data).status_code == 303
    address = url("axis_edit", "A9")
    assert client.post(address, form_data(client, address, position="2")).status_code == 303
    assert StrategicAxis.objects.get(code="A9").position == 2
    assert client.post(url("axis_new"), data).status_code == 422
    assert client_of(user_with(Role.DIRECTOR)).get(address).status_code == 403
