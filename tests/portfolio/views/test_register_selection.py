"""Rows chosen on the register: exported as they are, or given one manager or programme, all or none."""

import csv
import io
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from config import clock
from people.enums import Role
from people.models import AuditEntry
from portfolio.enums import Confidentiality, LifeCycle
from portfolio.models import Project, Reminder, ReportingCycle
from portfolio.services.standing import refresh_standing
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProgrammeFactory, ProjectFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db
ASSIGN = "/projects/assign/"


def client_of(role: Role) -> Client:
    client = Client()
    client.force_login(user_with(role))
    return client


def codes(answer: HttpResponse) -> list[str]:
    text = answer.content.decode("utf-8-sig")
    return [line["Code"] for line in csv.DictReader(io.StringIO(text, newline=""), delimiter=";")]


def test_the_file_holds_the_rows_chosen_in_the_order_of_the_page() -> None:
    for rank, code in enumerate(("A-1", "B-2", "C-3"), 1):
        ProjectFactory(code=code, priority_rank=rank)
    refresh_standing(None, now=clock.now())
    answer = client_of(Role.PSO).post("/projects/export.csv", {"rows": ["A-1", "C-3"], "register": "sort=-rank"})
    assert codes(answer) == ["C-3", "A-1"]


def test_a_hidden_project_is_in_no_file_whatever_is_chosen() -> None:
    ProjectFactory(code="SEEN")
    ProjectFactory(code="HIDDEN", confidentiality=Confidentiality.RESTRICTED)
    assert codes(client_of(Role.PM).post("/projects/export.csv", {"rows": ["SEEN", "HIDDEN"]})) == ["SEEN"]


@pytest.mark.parametrize("address", [ASSIGN, "/projects/export.csv"])
def test_nothing_chosen_leads_back_to_the_register(address: str) -> None:
    answer = client_of(Role.PSO).post(address, {"register": "preset=top"}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/projects/")
    assert "Choisissez d’abord au moins un projet." in answer.content.decode()


def test_chosen_projects_get_one_manager_and_programme_each_with_its_audit_entry() -> None:
    first, second = (ProjectFactory(code=code, life_cycle="preparation") for code in ("A-1", "B-2"))
    manager, programme = PersonFactory(), ProgrammeFactory()
    client = client_of(Role.PSO)
    page = client.post(ASSIGN, {"rows": ["A-1", "B-2"], "register": "preset=top"})
    assert [project.code for project in page.context["projects"]] == ["A-1", "B-2"]
    answer = client.post(
        ASSIGN,
        {
            "rows": ["A-1", "B-2"],
            "versions": [first.version, second.version],
            "manager": manager.pk,
            "programme": programme.pk,
            "register": "preset=top",
            "assign": "1",
        },
    )
    assert (answer.status_code, answer["Location"]) == (303, "/projects/?preset=top")
    assert set(Project.objects.values_list("manager", "programme", "version")) == {(manager.pk, programme.pk, 2)}
    assert AuditEntry.objects.filter(verb="project.ranked").count() == 2


def test_one_row_changed_meanwhile_stops_all() -> None:
    first, second = (ProjectFactory(code=code, life_cycle="preparation") for code in ("A-1", "B-2"))
    Project.objects.filter(pk=second.pk).update(version=5)
    before = AuditEntry.objects.count()
    answer = client_of(Role.PSO).post(
        ASSIGN,
        {"rows": ["A-1", "B-2"], "versions": [first.version, 1], "manager": PersonFactory().pk, "assign": "1"},
    )
    assert answer.status_code == 409
    assert "Modifié entre-temps : B-2. Rien n’a été écrit." in answer.content.decode()
    assert Project.objects.get(pk=first.pk).manager_id == first.manager_id
    assert AuditEntry.objects.count() == before


def test_who_chooses_neither_manager_nor_programme_is_told_so() -> None:
    ProjectFactory(code="A-1")
    answer = client_of(Role.PSO).post(ASSIGN, {"rows": ["A-1"], "versions": ["1"], "assign": "1"})
    assert answer.status_code == 422
    assert "Choisissez un chef de projet, un programme, ou les deux." in answer.content.decode()


def test_a_closed_project_is_left_out() -> None:
    ProjectFactory(code="OPEN")
    ProjectFactory(code="DONE", life_cycle=LifeCycle.CLOSED, actual_end=clock.today())
    page = client_of(Role.PSO).post(ASSIGN, {"rows": ["OPEN", "DONE"]})
    assert [project.code for project in page.context["projects"]] == ["OPEN"]
    assert "1 projet clos est laissé de côté" in page.content.decode()


def test_a_code_one_may_not_know_of_is_no_page() -> None:
    assert client_of(Role.PSO).post(ASSIGN, {"rows": ["NOPE"]}).status_code == 404


@pytest.mark.parametrize("data", [{"versions": ["x"]}, {"versions": []}, {"rows": [str(n) for n in range(501)]}])
def test_a_forged_choice_is_refused(data: dict[str, list[str]]) -> None:
    assert client_of(Role.PSO).post(ASSIGN, {"rows": ["A-1"], "assign": "1", **data}).status_code == 400


def test_who_may_neither_export_nor_assign_chooses_nothing() -> None:
    ProjectFactory(code="A-1")
    refresh_standing(None, now=clock.now())
    assert 'name="rows"' not in client_of(Role.CODIR).get("/projects/").content.decode()
    assert 'name="rows"' in client_of(Role.DIRECTOR).get("/projects/").content.decode()
    assert ASSIGN not in client_of(Role.DIRECTOR).get("/projects/").content.decode()


REMIND = "/projects/remind/"


def test_the_chosen_silent_projects_are_reminded_from_the_register_each_person_once() -> None:
    ReportingCycleFactory(opens_at=clock.now() - timedelta(days=4))
    pm = user_with(Role.PM)
    for code in ("A-1", "B-2"):
        ProjectFactory(code=code, manager=pm.person)
    ProjectFactory(code="GIVEN")
    StatusReportFactory(project=Project.objects.get(code="GIVEN"), cycle=ReportingCycle.objects.get())
    ProjectFactory(code="IDEA", life_cycle=LifeCycle.IDEA)
    refresh_standing(None, now=clock.now())
    client = client_of(Role.PSO)
    assert f'formaction="{REMIND}"' in client.get("/projects/").content.decode()
    data = {"rows": ["A-1", "B-2", "GIVEN", "IDEA"], "register": "preset=top"}
    answer = client.post(REMIND, data, follow=True)
    assert answer.redirect_chain[0] == ("/projects/?preset=top", 303)
    text = answer.content.decode()
    for told in ("1 personne relancée pour 2 projets.", "Statut reçu entre-temps : GIVEN.", "statut attendu : IDEA."):
        assert told in text
    assert pm.notifications.filter(kind="status_manual").count() == 1
    assert "Déjà relancés" in client.post(REMIND, data, follow=True).content.decode()
    assert Reminder.objects.count() == 2


@pytest.mark.parametrize("role", [Role.PM, Role.PROGRAMME_MANAGER, Role.DIRECTOR, Role.HEAD_OF_CENTRE])
def test_only_the_project_office_reminds_from_the_register(role: Role) -> None:
    ReportingCycleFactory(opens_at=clock.now() - timedelta(days=4))
    ProjectFactory(code="A-1")
    client = client_of(role)
    assert REMIND not in client.get("/projects/").content.decode()
    assert client.post(REMIND, {"rows": ["A-1"]}).status_code == 403
    assert not Reminder.objects.exists()
