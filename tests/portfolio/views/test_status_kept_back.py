import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from tests.factories.people import user_with
from tests.factories.portfolio import ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("given", "said"), [(True, "Ce statut est remis"), (False, "n’est pas encore remis")])
def test_codir_learns_that_a_status_is_given_but_not_its_words(*, given: bool, said: str) -> None:
    report = StatusReportFactory(message="Mots d’une semaine ouverte")
    cycle = report.cycle if given else ReportingCycleFactory(week="2099-W02")
    client = Client()
    client.force_login(user_with(Role.CODIR))

    page = client.get(reverse("portfolio:status", args=[report.project.code, cycle.slug])).content.decode()

    assert said in page
    assert "Mots d’une semaine ouverte" not in page
