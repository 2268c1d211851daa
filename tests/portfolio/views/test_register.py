"""The register over HTTP: filters, totals, presets, the edited row, and what a hidden project never shows."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from people.enums import Role
from people.models import User
from portfolio.enums import Confidentiality
from portfolio.models import Project
from portfolio.services.standing import refresh_standing, store_frozen_standings
from tests.factories.governance import MandateFactory
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    ProgrammeFactory,
    ProjectFactory,
    ReportingCycleFactory,
    StatusReportFactory,
    StrategicAxisFactory,
)

pytestmark = pytest.mark.django_db
URL = "/projects/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def pso() -> User:
    return user_with(Role.PSO)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def refresh() -> None:
    refresh_standing(None, now=clock.now())


def reported(project: Project, overall: str = "green", message: str = "Tout va bien.") -> None:
    StatusReportFactory(
        project=project, cycle=ReportingCycleFactory(), overall=overall, message=message, submitted_at=clock.now()
    )


def test_register_opens_with_a_sentence_and_its_rows(pso: User) -> None:
    reported(ProjectFactory(name_fr="Archivage probant"), "red")
    ProjectFactory(name_fr="Portail muet")
    refresh()
    page = client_of(pso).get(URL).content.decode()
    assert "2 projets, dont 1 rouge, 1 périmé" in page
    assert "Archivage probant" in page
    assert "Portail muet" in page


def test_register_of_an_empty_portfolio_says_what_to_do(pso: User) -> None:
    assert "Le portefeuille est vide" in client_of(pso).get(URL).content.decode()


def test_register_fragment_and_page_show_the_same_rows(pso: User) -> None:
    ProjectFactory(name_fr="Archivage probant")
    refresh()
    client = client_of(pso)
    fragment = client.get(URL, {"q": "archivage"}, **HTMX)
    assert "<html" not in fragment.content.decode()
    assert "Archivage probant" in fragment.content.decode()
    assert fragment["HX-Push-Url"] == "/projects/?q=archivage"
    assert "HX-Request" in fragment["Vary"]


@pytest.mark.parametrize("address", ["fields=code", "sort=secret", "ordering=x", "axis=NOPE", "state=blue", "offset=x"])
def test_register_refuses_an_unknown_filter(pso: User, address: str) -> None:
    answer = client_of(pso).get(f"{URL}?{address}")
    assert answer.status_code == 400
    assert "Filtre inconnu" in answer.content.decode()


def test_register_filters_combine_and_totals_follow(pso: User) -> None:
    axis = StrategicAxisFactory()
    kept = ProjectFactory(axis=axis, name_fr="Gardé")
    BudgetLineFactory(project=kept, approved=Decimal("1000000.00"), forecast=Decimal("1100000.00"))
    BudgetLineFactory(project=ProjectFactory(name_fr="Écarté"), approved=Decimal("9000000.00"))
    refresh()
    page = client_of(pso).get(URL, {"axis": axis.code}).content.decode()
    assert "Gardé" in page
    assert "Écarté" not in page
    assert "1 projet" in page
    assert page.count("1\u202f100") == 2
    assert "+10,0\u202f%" in page


@pytest.mark.parametrize(
    ("preset", "code"), [("top", "TOP"), ("alert", "RED"), ("stale", "MUTE"), ("big", "BIG"), ("mine", "MINE")]
)
def test_register_presets_hold_their_projects(preset: str, code: str) -> None:
    pm = user_with(Role.PM)
    for name, fields in {
        "TOP": {"is_top": True, "priority_rank": 1},
        "RED": {},
        "MUTE": {},
        "BIG": {},
        "MINE": {"manager": pm.person},
    }.items():
        project = ProjectFactory(code=name, **fields)
        if name != "MUTE":
            reported(project, "red" if name == "RED" else "green")
        if name == "BIG":
            BudgetLineFactory(project=project, approved=Decimal("5000000.01"))
    refresh()
    answer = client_of(pm).get(URL, {"preset": preset})
    assert [row.code for row in answer.context["register"].rows] == [code]


def test_register_names_the_criterion_that_removed_the_last_row(pso: User) -> None:
    axis = StrategicAxisFactory(name_fr="Sobriété")
    reported(ProjectFactory(axis=axis))
    refresh()
    page = client_of(pso).get(URL, {"axis": axis.code, "state": "red"}).content.decode()
    assert "Plus aucun projet après le critère « État : rouge »" in page
    assert f'href="/projects/?axis={axis.code}"' in page


def test_register_sorts_by_its_allow_list_with_unknown_values_last(pso: User) -> None:
    cheap, dear, unknown = (ProjectFactory(code=code) for code in ("A", "B", "C"))
    BudgetLineFactory(project=cheap, forecast=Decimal(1))
    BudgetLineFactory(project=dear, forecast=Decimal(900000))
    refresh()
    client = client_of(pso)
    orders = {
        sort: [row.code for row in client.get(URL, {"sort": sort}).context["register"].rows] for sort in ("eac", "-eac")
    }
    assert orders == {"eac": ["A", "B", unknown.code], "-eac": ["B", "A", unknown.code]}
    assert 'aria-sort="descending"' in client.get(URL, {"sort": "-eac"}).content.decode()


def test_register_groups_by_axis_with_subtotals(pso: User) -> None:
    first, second = StrategicAxisFactory(position=1), StrategicAxisFactory(position=2)
    for axis in (second, first, second):
        ProjectFactory(axis=axis)
    refresh()
    groups = client_of(pso).get(URL, {"group": "axis"}).context["register"].groups
    assert [(group.label, len(group.rows)) for group in groups] == [(first.name, 1), (second.name, 2)]


def test_register_leaves_closed_projects_out_unless_asked(pso: User) -> None:
    ProjectFactory(code="OPEN")
    ProjectFactory(code="DONE", life_cycle="closed", actual_end=clock.today())
    refresh()
    client = client_of(pso)
    assert [row.code for row in client.get(URL).context["register"].rows] == ["OPEN"]
    assert len(client.get(URL, {"closed": "1"}).context["register"].rows) == 2
    assert [row.code for row in client.get(URL, {"state": "closed"}).context["register"].rows] == ["DONE"]


@pytest.mark.parametrize("role", [Role.PM, Role.PROGRAMME_MANAGER, Role.INVESTMENT_COMMITTEE])
def test_register_never_mentions_a_restricted_project(role: Role) -> None:
    axis, programme = StrategicAxisFactory(name_fr="Axe caché"), ProgrammeFactory(name_fr="Programme caché")
    ProjectFactory(name_fr="CANARI-1", axis=axis, programme=programme, confidentiality=Confidentiality.RESTRICTED)
    refresh()
    client = client_of(user_with(role))
    for query in ({}, {"q": "CANARI"}, {"group": "axis"}, {"columns": "axis"}):
        answer = client.get(URL, query)
        text = answer.content.decode()
        assert "CANARI-1" not in text
        assert "Axe caché" not in text
        assert answer.context["register"].totals.count == 0


def test_register_hides_the_words_of_a_status_that_is_not_the_readers() -> None:
    reported(ProjectFactory(), message="MOTS DU CHEF DE PROJET")
    refresh()
    seen = {
        role: "MOTS DU CHEF DE PROJET" in client_of(user_with(role)).get(URL).content.decode()
        for role in (Role.PM, Role.PSO, Role.DIRECTOR, Role.CODIR, Role.PROGRAMME_MANAGER)
    }
    assert seen == {
        Role.PM: True,
        Role.PSO: True,
        Role.DIRECTOR: True,
        Role.CODIR: False,
        Role.PROGRAMME_MANAGER: False,
    }


def test_register_shows_codir_the_words_of_a_frozen_week() -> None:
    cycle = ReportingCycleFactory(frozen_at=clock.now())
    StatusReportFactory(project=ProjectFactory(), cycle=cycle, message="MOTS GELÉS", submitted_at=clock.now())
    refresh()
    store_frozen_standings(cycle, now=clock.now())
    assert "MOTS GELÉS" in client_of(user_with(Role.CODIR)).get(URL).content.decode()


def test_register_shows_hostile_text_as_text(pso: User) -> None:
    reported(ProjectFactory(name_fr='"><script>alert(1)</script>'), message="<img src=x onerror=alert(2)>")
    refresh()
    page = client_of(pso).get(URL).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_register_costs_the_same_for_one_and_three_projects(pso: User) -> None:
    client = client_of(pso)
    counts = []
    for number in (1, 2):
        for _each in range(number):
            project = ProjectFactory(programme=ProgrammeFactory(), is_top=False)
            reported(project)
            BudgetLineFactory(project=project)
        refresh()
        # What pages keep for a while is kept by the minute.
        with time_machine.travel(clock.now(), tick=False):
            client.get(URL)
            with CaptureQueriesContext(connection) as captured:
                client.get(URL)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_register_beyond_two_hundred_loads_by_fifty(pso: User) -> None:
    axis = StrategicAxisFactory()
    Project.objects.bulk_create(
        Project(code=f"B-{number:04d}", name_fr=f"Projet {number}", axis=axis, life_cycle="stage")
        for number in range(230)
    )
    refresh()
    client = client_of(pso)
    first = client.get(URL)
    assert (len(first.context["register"].rows), first.context["register"].next_offset) == (50, 50)
    assert "Charger plus" in first.content.decode()
    more = client.get(URL, {"offset": "200"}, **HTMX, HTTP_HX_TARGET="register-more")
    assert (len(more.context["register"].rows), more.context["register"].next_offset) == (30, None)
    assert "<table" not in more.content.decode()


def row_data(project: Project, **changes: str) -> dict[str, str]:
    shown = {
        "priority_rank": str(project.priority_rank or ""),
        "manager": str(project.manager_id or ""),
        "programme": str(project.programme_id or ""),
    }
    return {"version": str(project.version), "base": json.dumps(shown), **shown, **changes}


def test_row_is_edited_in_place_by_the_pso(pso: User) -> None:
    project = ProjectFactory(priority_rank=3, life_cycle="preparation")
    refresh()
    client, url = client_of(pso), reverse("portfolio:register_row", args=[project.code])
    form = client.get(url, **HTMX).content.decode()
    assert form.strip().startswith("<tr")
    answer = client.post(url, row_data(project, priority_rank="9"), **HTMX)
    project.refresh_from_db()
    assert (answer.status_code, project.priority_rank, project.version) == (200, 9, 2)
    assert answer.content.decode().strip().startswith("<tr")


def test_row_of_an_authorised_project_names_who_decides_and_where_to_ask(pso: User) -> None:
    project = ProjectFactory(priority_rank=3)
    MandateFactory(kind="priority", body__name_fr="Comité des priorités")
    refresh()
    client, url = client_of(pso), reverse("portfolio:register_row", args=[project.code])
    page = client.get(url, **HTMX)
    assert set(page.context["form"].fields) == {"version", "base", "programme"}
    text = page.content.decode()
    assert "Projet autorisé : le rang de priorité change par une décision" in text
    assert "Comité des priorités" in text
    ask = client.get(reverse("governance:request_new", args=[project.code]), {"matter": "rank"})
    assert f"Changer le rang de priorité de {project.code}" in ask.content.decode()
    assert client.post(url, row_data(project, priority_rank="9"), **HTMX).status_code == 400


def test_row_is_edited_without_javascript(pso: User) -> None:
    project = ProjectFactory(priority_rank=3, life_cycle="preparation")
    refresh()
    client, url = client_of(pso), reverse("portfolio:register_row", args=[project.code])
    assert "<html" in client.get(url).content.decode()
    answer = client.post(url, row_data(project, priority_rank="9"))
    assert (answer.status_code, answer["Location"]) == (303, "/projects/")


def test_row_changed_by_two_people_merges_other_cells_and_asks_about_the_same(pso: User) -> None:
    project = ProjectFactory(priority_rank=3, life_cycle="preparation")
    seen = row_data(project)
    programme = ProgrammeFactory()
    Project.objects.filter(pk=project.pk).update(priority_rank=5, version=2)
    refresh()
    client, url = client_of(pso), reverse("portfolio:register_row", args=[project.code])
    merged = client.post(url, seen | {"programme": str(programme.pk)}, **HTMX)
    project.refresh_from_db()
    assert (merged.status_code, project.priority_rank, project.programme) == (200, 5, programme)
    clash = client.post(url, seen | {"priority_rank": "7"}, **HTMX)
    assert clash.status_code == 409
    assert "garder 5" in clash.content.decode()
    assert "mettre 7" in clash.content.decode()
    project.refresh_from_db()
    assert project.priority_rank == 5


@pytest.mark.parametrize("name", ["field", "__class__", "owner__password", "is_staff", "is_top"])
def test_row_refuses_a_field_it_does_not_have(pso: User, name: str) -> None:
    project = ProjectFactory(priority_rank=3)
    url = reverse("portfolio:register_row", args=[project.code])
    answer = client_of(pso).post(url, row_data(project, **{name: "delete", "priority_rank": "9"}), **HTMX)
    project.refresh_from_db()
    assert (answer.status_code, project.priority_rank) == (400, 3)
    assert name in answer.content.decode()


@pytest.mark.parametrize(
    "role", [Role.PM, Role.PROGRAMME_MANAGER, Role.DIRECTOR, Role.CODIR, Role.FINANCE, Role.AUDITOR]
)
def test_row_is_text_for_everybody_else(role: Role) -> None:
    user = user_with(role)
    project = ProjectFactory(manager=user.person, priority_rank=3)
    refresh()
    client, url = client_of(user), reverse("portfolio:register_row", args=[project.code])
    assert url not in client.get(URL).content.decode()
    assert client.post(url, row_data(project, priority_rank="9")).status_code == 403


def test_row_of_a_closed_project_is_frozen(pso: User) -> None:
    project = ProjectFactory(priority_rank=3, life_cycle="closed", actual_end=clock.today())
    refresh()
    client, url = client_of(pso), reverse("portfolio:register_row", args=[project.code])
    assert url not in client.get(URL, {"closed": "1"}).content.decode()
    assert client.post(url, row_data(project, priority_rank="9")).status_code == 403


def test_administrator_has_no_register() -> None:
    assert client_of(user_with(Role.ADMINISTRATOR)).get(URL).status_code == 403


def test_anonymous_is_sent_to_the_log_in_page() -> None:
    answer = Client().get(URL)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_stale_row_shows_silence_not_its_last_colour(pso: User) -> None:
    project = ProjectFactory()
    week = clock.today() - timedelta(days=21)
    cycle = ReportingCycleFactory(week=f"{week.isocalendar().year}-W{week.isocalendar().week:02d}")
    StatusReportFactory(project=project, cycle=cycle, overall="green", submitted_at=clock.now() - timedelta(days=21))
    refresh()
    assert client_of(pso).get(URL).context["register"].rows[0].state == "stale"
