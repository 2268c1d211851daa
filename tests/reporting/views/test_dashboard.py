from decimal import Decimal

import pytest
from django.test import Client

from config import clock
from people.enums import Role
from people.models import User
from people.services import audit
from portfolio.services.standing import refresh_standing
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
