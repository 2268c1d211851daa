import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from people.models import User
from portfolio.enums import Confidentiality
from tests.factories.governance import DecisionRequestFactory
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory, ReportingCycleFactory

pytestmark = pytest.mark.django_db


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _form(client: Client, url: str) -> dict[str, str]:
    form = client.get(url).context["form"]
    return {**form.texts(form.initial), "version": form.initial["version"], "base": form.initial["base"]}


def test_project_manager_completes_his_request() -> None:
    user = user_with(Role.PM)
    row = DecisionRequestFactory(project=ProjectFactory(manager=user.person))
    client, url = _client(user), reverse("governance:request_edit", args=[row.number])

    answer = client.post(
        url,
        {
            **_form(client, url),
            "amount": "120 000,50",
            "options": "* Reporter à mars : 40 k€ de licences\nNe rien faire : bascule manquée",
            "cost_of_waiting": "12 k€ par semaine",
        },
    )

    row.refresh_from_db()
    assert answer.status_code == 303
    assert str(row.amount) == "120000.50"
    assert row.options == [
        {"label": "Reporter à mars", "consequence": "40 k€ de licences", "recommended": True},
        {"label": "Ne rien faire", "consequence": "bascule manquée", "recommended": False},
    ]


def test_option_without_consequence_is_refused_with_its_line() -> None:
    row = DecisionRequestFactory()
    client, url = _client(user_with(Role.PSO)), reverse("governance:request_edit", args=[row.number])

    page = client.post(url, {**_form(client, url), "options": "A : oui\nB"})

    assert page.status_code == 422
    assert "Ligne 2" in page.content.decode()


def test_another_project_manager_does_not_learn_that_the_request_exists() -> None:
    row = DecisionRequestFactory()
    client = _client(user_with(Role.PM))

    missing = client.get(reverse("governance:request", args=["2026-NONE-001"]))
    foreign = client.get(row.get_absolute_url())

    assert (missing.status_code, foreign.status_code) == (404, 404)


def test_auditor_reads_and_may_not_complete() -> None:
    row = DecisionRequestFactory(question="Signer la mise en demeure")
    client = _client(user_with(Role.AUDITOR))

    assert "Signer la mise en demeure" in client.get(row.get_absolute_url()).content.decode()
    assert client.get(reverse("governance:request_edit", args=[row.number])).status_code == 403


def test_closed_request_is_read_only() -> None:
    row = DecisionRequestFactory(state="withdrawn", closed_on="2026-11-01")

    assert _client(user_with(Role.PSO)).get(reverse("governance:request_edit", args=[row.number])).status_code == 403


def test_fragment_shows_no_more_than_the_page_and_hides_restricted_projects() -> None:
    row = DecisionRequestFactory(project=ProjectFactory(confidentiality=Confidentiality.RESTRICTED))
    url = reverse("governance:project_requests", args=[row.project.code])

    assert _client(user_with(Role.FINANCE)).get(url, headers={"HX-Request": "true"}).status_code == 200
    outsider = _client(user_with(Role.INVESTMENT_COMMITTEE))
    assert outsider.get(url, headers={"HX-Request": "true"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_queries_for_any_number_of_requests(
    count: int, django_assert_max_num_queries: object
) -> None:
    DecisionRequestFactory.create_batch(count)
    ReportingCycleFactory()
    client = _client(user_with(Role.PSO))
    client.get("/accessibility/")

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = client.get(reverse("governance:requests"))

    assert len(page.context["requests"]) == count
