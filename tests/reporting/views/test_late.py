from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from config import clock
from people.enums import Role
from people.models import User
from portfolio.services.standing import refresh_standing
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProjectFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db
READERS = {Role.PSO, Role.HEAD_OF_CENTRE, Role.DIRECTOR}


@pytest.fixture(autouse=True)
def friday_evening() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 20, 17, tzinfo=UTC)):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(role: Role, query: str = "") -> str:
    refresh_standing(None, now=clock.now())
    return signed_in(user_with(role)).get(f"/reports/late/{query}").content.decode()


@pytest.mark.parametrize("role", Role)
def test_only_who_may_see_who_is_late(role: Role) -> None:
    answer = signed_in(user_with(role)).get("/reports/late/")

    assert answer.status_code == (200 if role in READERS else 403)


def test_headline_answers_first() -> None:
    week = ReportingCycleFactory(week="2026-W47")
    for _number in range(2):
        StatusReportFactory(cycle=week)
    ProjectFactory(name_fr="Annuaire muet")

    text = page(Role.PSO)

    assert "2 statuts reçus sur 3\u00a0: 1 projet se tait" in text
    assert "Annuaire muet" in text


def test_complete_week_says_so() -> None:
    StatusReportFactory(cycle=ReportingCycleFactory(week="2026-W47"))

    assert "Personne à relancer" in page(Role.PSO)


def test_portfolio_that_never_reported_has_no_columns_of_history() -> None:
    ProjectFactory(manager=None)

    text = page(Role.PSO)

    assert "Aucun statut reçu pour S47\u00a0: 1 projet attendu" in text
    assert "Dernière couleur" not in text
    assert "Nommer" in text


def test_letter_is_in_the_language_of_the_project_manager_and_leads_to_his_form() -> None:
    project = ProjectFactory(manager=PersonFactory(email="ann@example.org"), code="P-009")

    text = unquote(page(Role.PSO))

    assert "mailto:ann@example.org?subject=Statut S47 de P-009&amp;body=" in text
    assert f"/projects/{project.code}/status/2026-W47/" in text


def test_one_letter_reaches_all_by_blind_copy() -> None:
    for name in ("ann", "bob"):
        ProjectFactory(manager=PersonFactory(email=f"{name}@example.org"))

    assert "mailto:?bcc=ann@example.org,bob@example.org&amp;subject=" in page(Role.PSO)


def test_director_reads_the_list_without_letters_to_send() -> None:
    ProjectFactory(manager=PersonFactory(email="ann@example.org"))

    assert "subject=" not in page(Role.DIRECTOR)


def test_name_of_a_project_is_only_text() -> None:
    name = '<script>alert("x")</script>'
    ProjectFactory(name_fr=name)

    text = page(Role.PSO)

    assert name not in text
    assert escape(name) in text


@pytest.mark.parametrize("query", ["?show=x", "?axis=x", "?sort=x", "?page=0", "?page=a"])
def test_unknown_filter_is_refused(query: str) -> None:
    assert signed_in(user_with(Role.PSO)).get(f"/reports/late/{query}").status_code == 400


def test_unknown_week_is_not_found() -> None:
    assert signed_in(user_with(Role.PSO)).get("/reports/late/?week=2019-W01").status_code == 404


@pytest.mark.parametrize("projects", [1, 12])
def test_number_of_statements_does_not_grow(projects: int) -> None:
    StatusReportFactory(cycle=ReportingCycleFactory(week="2026-W47"))
    for _number in range(projects):
        ProjectFactory()
    refresh_standing(None, now=clock.now())
    client = signed_in(user_with(Role.PSO))
    client.get("/reports/late/")

    with CaptureQueriesContext(connection) as statements:
        client.get("/reports/late/")

    assert len(statements) <= 10
