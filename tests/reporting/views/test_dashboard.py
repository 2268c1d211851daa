from decimal import Decimal

import pytest
from django.test import Client

from config import clock
from people.enums import Role
from people.models import User
from people.services import audit
from portfolio.services.standing import refresh_standing
from reporting.selectors.dashboard import reader_of
from reporting.selectors.dashboard_words import Facts, ask_of
from tests.factories.people import user_with
from tests.factories.portfolio import BudgetLineFactory, MilestoneFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_project_manager_is_taken_to_his_own_work() -> None:
    answer = _client(user_with(Role.PM)).get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/my/")


def test_administrator_without_portfolio_is_taken_to_his_own_work() -> None:
    assert _client(user_with(Role.ADMINISTRATOR)).get("/")["Location"] == "/my/"


def test_calm_portfolio_says_so() -> None:
    page = _client(user_with(Role.DIRECTOR)).get("/").content.decode()

    assert "Aucun projet ne demande votre intervention" in page


def test_portfolio_that_never_reported_says_how_many_and_shows_no_inherited_colour() -> None:
    for cost in (1, 2, 3):
        BudgetLineFactory(project=ProjectFactory(manager=None), approved=Decimal(cost * 1_000_000))
    refresh_standing(None, now=clock.now())

    page = _client(user_with(Role.DIRECTOR)).get("/").content.decode()

    assert "3 projets, et pas encore de statut" in page
    assert "Nommer" in page


def test_whole_page_without_script_equals_its_fragments() -> None:
    MilestoneFactory(project=ProjectFactory())
    refresh_standing(None, now=clock.now())
    client = _client(user_with(Role.DIRECTOR))

    whole = client.get("/?full=1").content.decode()
    week = client.get("/dashboard/week/", headers={"HX-Request": "true"}).content.decode()
    outlook = client.get("/dashboard/outlook/", headers={"HX-Request": "true"}).content.decode()

    assert week.strip() in whole
    assert outlook.strip() in whole


def test_page_follows_the_portfolio_as_soon_as_an_act_is_recorded() -> None:
    user = user_with(Role.DIRECTOR)
    client = _client(user)
    assert "Aucun projet n’est en cours" in client.get("/").content.decode()

    project = ProjectFactory()
    refresh_standing([project.pk], now=clock.now())
    audit.record(by=user, verb="project.created", target=project)

    assert "Aucun projet n’est en cours" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.DIRECTOR, "/reports/late/"),
        (Role.PSO, "/reports/late/"),
        (Role.CODIR, "/projects/?preset=stale"),
        (Role.INVESTMENT_COMMITTEE, "/projects/?preset=stale"),
        (Role.SECRETARY, "/projects/?preset=stale"),
        (Role.FINANCE, "/projects/?preset=stale"),
        (Role.AUDITOR, "/projects/?preset=stale"),
    ],
)
def test_silent_project_leads_where_the_reader_may_go(role: Role, address: str) -> None:
    user = user_with(role)
    silent = Facts(
        state="stale",
        computed={},
        last_status_on=None,
        message="",
        milestone="",
        milestone_on=None,
        manager="Sarah Lemineur",
        request_number="",
        request_question="",
        request_body="",
        request_on=None,
    )

    found = ask_of(silent, reader_of(user)).url

    assert (found, _client(user).get(found).status_code) == (address, 200)


@pytest.mark.parametrize("role", [Role.PSO, Role.CODIR, Role.SECRETARY, Role.FINANCE, Role.AUDITOR])
def test_only_the_director_is_told_that_he_must_act(role: Role) -> None:
    page = _client(user_with(role)).get("/").content.decode()

    assert "Aucun projet n’appelle de décision" in page
    assert "votre intervention" not in page
