import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from people.models import User
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", Role)
def test_everybody_searches_in_what_he_may_see(role: Role) -> None:
    ProjectFactory(name_fr="Annuaire des agents")

    answer = signed_in(user_with(role)).get("/search/?q=annuaire")

    assert answer.status_code == 200
    sees = role not in (Role.REVIEWER, Role.ADMINISTRATOR)
    assert ("Annuaire des agents" in answer.content.decode()) is sees


def test_nothing_found_names_the_text_as_text() -> None:
    page = signed_in(user_with(Role.PSO)).get("/search/", {"q": "<b>zz</b>"}).content.decode()

    assert "Rien ne répond à « &lt;b&gt;zz&lt;/b&gt; »" in page


def test_empty_search_explains_itself() -> None:
    assert (
        "Les accents et les majuscules ne comptent pas"
        in signed_in(user_with(Role.PM)).get("/search/").content.decode()
    )


def test_htmx_gets_the_results_alone_and_announces_their_number() -> None:
    ProjectFactory(name_fr="Annuaire")

    answer = signed_in(user_with(Role.PSO)).get("/search/?q=annuaire", headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert "<html" not in text
    assert 'id="found-count"' in text
    assert "HX-Request" in answer["Vary"]


def test_masthead_leads_here_and_keeps_the_text() -> None:
    page = signed_in(user_with(Role.PSO)).get("/search/?q=annuaire").content.decode()

    assert f'action="{reverse("reporting:search")}"' in page
    assert page.count('value="annuaire"') == 2


@pytest.mark.parametrize("anchor", ["health", "selection", "exposure", "completeness"])
def test_help_publishes_the_rules(anchor: str) -> None:
    assert f'id="{anchor}"' in signed_in(user_with(Role.CODIR)).get(reverse("help")).content.decode()
