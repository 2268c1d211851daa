"""The pages of issues: capture, the targets beside what is left, the answer, the change budget, lists and files."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from config import clock
from governance.models import Change, ChangeBudget, ChangeClock, ChangeRuling
from governance.services.change import submit_change
from governance.services.change_action import add_action
from people.enums import Role
from people.models import User
from portfolio.enums import Confidentiality
from tests.factories.changes import ChangeBudgetFactory, ChangeFactory
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProjectFactory
from tests.governance.services.test_change import Case, boards

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(client: Client, url: str) -> dict[str, Any]:
    """The form of the page as it would be posted untouched."""
    form = client.get(url).context["form"]
    return {**form.texts(form.initial), "version": form.initial["version"], "base": form.initial["base"]}


def test_the_manager_captures_assesses_and_recommends_in_the_browser() -> None:
    case = Case()
    client = client_of(case.manager)
    url = reverse("governance:change_new", args=[case.project.code])
    values = {"kind": "request", "title": "Un écran", "description": "Demandé.", "severity": "4", "priority": "3"}
    assert client.post(url, {**typed(client, url), **values, "title": ""}).status_code == 422
    answer = client.post(url, {**typed(client, url), **values})
    row = Change.objects.get()
    assert (answer.status_code, answer["Location"], row.severity) == (303, row.get_absolute_url(), 4)

    url = reverse("governance:change_assess", args=[row.number])
    page = client.get(url).content.decode()
    assert "+10" in page  # ten days are left
    assert "+5" in page  # 5 % of 100 k€
    typing = {"size": "2", "cost": "4 500,00", "amount_time": "11", "words_time": "un jour de trop"}
    assert client.post(url, {**typed(client, url), **typing}).status_code == 303
    row.refresh_from_db()
    assert row.impacts == {"time": {"amount": "11.00", "words": "un jour de trop"}}
    assert (row.state, row.cost, row.size) == ("assessed", Decimal(4500), 2)
    text = client.get(row.get_absolute_url()).content.decode()
    assert "1 tolérance ne suffit pas" in text
    assert "dépasse" in text

    url = reverse("governance:change_recommend", args=[row.number])
    values = {"recommended": "accept", "recommendation": "Utile", "if_rejected": "Double saisie"}
    assert client.post(url, {**typed(client, url), **values}).status_code == 303
    row.refresh_from_db()
    assert (row.state, row.recommended) == ("recommended", "accept")


def test_two_assessments_of_the_same_target_are_both_shown() -> None:
    case = Case()
    row = ChangeFactory(project=case.project)
    client, url = client_of(case.manager), reverse("governance:change_assess", args=[row.number])
    first, second = typed(client, url), typed(client, url)
    assert client.post(url, {**first, "amount_time": "3", "words_cost": "dix jours d’intégrateur"}).status_code == 303
    answer = client.post(url, {**second, "amount_time": "7"})
    assert answer.status_code == 409
    assert Change.objects.get().impacts["time"]["amount"] == "3.00"
    assert client.post(url, {**second, "words_scope": "un lot de plus"}).status_code == 303
    impacts = Change.objects.get().impacts
    assert impacts["scope"]["words"] == "un lot de plus"
    assert impacts["cost"]["words"] == "dix jours d’intégrateur"


def test_the_authority_answers_and_a_page_that_is_no_longer_true_is_a_409() -> None:
    case = Case()
    row = case.ready(cost=5000)
    client, url = client_of(case.authority), reverse("governance:change_answer", args=[row.number])
    old = typed(client, url)
    Change.objects.filter(pk=row.pk).update(version=row.version + 1)
    answer = client.post(url, {**old, "answer": "accept", "reason": "Utile aux écoles"})
    assert answer.status_code == 409
    assert "Utile aux écoles" in answer.content.decode()
    assert ChangeRuling.objects.count() == 0
    answer = client.post(url, {**typed(client, url), "answer": "accept", "reason": "Utile aux écoles"})
    assert answer.status_code == 303
    text = client.get(row.get_absolute_url()).content.decode()
    assert "imputés au budget de changement" in text
    assert client_of(case.manager).get(url).status_code == 403


def test_a_concession_without_end_is_refused_beside_its_field() -> None:
    case = Case()
    row = case.ready("off_spec", cost=0)
    client, url = client_of(case.authority), reverse("governance:change_answer", args=[row.number])
    answer = client.post(url, {**typed(client, url), "answer": "concession", "reason": "Sans gêne"})
    assert answer.status_code == 422
    assert "une date de fin ou une condition" in answer.content.decode()
    until = (clock.today() + timedelta(days=60)).isoformat()
    assert (
        client.post(url, {**typed(client, url), "answer": "concession", "reason": "x", "until": until}).status_code
        == 303
    )


def test_what_a_body_was_asked_is_read_by_its_secretary_and_shown_on_the_request() -> None:
    case = Case()
    boards()
    row = case.ready(cost=60_000)
    secretary = client_of(user_with(Role.SECRETARY))
    assert secretary.get(row.get_absolute_url()).status_code == 404
    url = reverse("governance:change_act", args=[row.number, "submit"])
    answer = client_of(case.manager).post(url, {"version": row.version})
    assert answer.status_code == 303
    assert secretary.get(row.get_absolute_url()).status_code == 200
    text = secretary.get(row.requests.get().get_absolute_url()).content.decode()
    assert row.number in text
    assert "Double saisie" in text


def test_a_step_from_a_page_that_is_no_longer_true_does_nothing() -> None:
    case = Case()
    row = case.ready()
    client = client_of(case.manager)
    url = reverse("governance:change_act", args=[row.number, "postpone"])
    values = {"version": row.version - 1, "reason": "Plus tard", "review_on": "2027-06-01"}
    assert client.post(url, values).status_code == 303
    row.refresh_from_db()
    assert row.state == "recommended"
    assert client.post(url, {**values, "version": row.version, "review_on": ""}).status_code == 422
    assert client.post(url, {**values, "version": row.version}).status_code == 303
    row.refresh_from_db()
    assert row.state == "postponed"


def test_evidence_is_given_by_the_owner_and_judged_by_another() -> None:
    case = Case()
    row = case.ready()
    case.answer(row, case.authority)
    doer = user_with(Role.SECRETARY)
    values = {"text": "Livrer", "owner": doer.person, "due": clock.today()}
    url = reverse("governance:change_action", args=[add_action(change=row, by=case.manager, values=values).pk])
    assert client_of(case.manager).post(url, {"act": "submit", "evidence": "Fait"}).status_code == 403
    assert client_of(doer).post(url, {"act": "submit", "evidence": "Recette signée"}).status_code == 303
    assert client_of(case.manager).post(url, {"act": "accept", "evidence": ""}).status_code == 303
    assert row.actions.get().state == "met"


def test_the_secretary_sets_a_change_budget_and_names_its_authority() -> None:
    project, authority = ProjectFactory(), user_with(Role.HEAD_OF_CENTRE)
    client, url = client_of(user_with(Role.SECRETARY)), reverse("governance:change_budget", args=[project.code])
    values = {"amount": "20 000", "valid_from": "2026-01-01", "valid_to": "2027-12-31", "source": "2026-COPIL-004"}
    assert client.post(url, {**typed(client, url), **values}).status_code == 303
    budget = ChangeBudget.objects.get()
    url = reverse("governance:delegation_add", args=[project.code, budget.pk])
    values = {"limit_each": "5000", "limit_total": "20000", "valid_from": "2026-01-01", "valid_to": "2027-12-31"}
    refused = client.post(url, {**values, "person": project.manager.pk})
    assert refused.status_code == 422
    assert client.post(url, {**values, "person": authority.person.pk}).status_code == 303
    page = client_of(authority).get(reverse("governance:project_changes", args=[project.code])).content.decode()
    assert authority.full_name in page


def test_new_clocks_count_from_their_day() -> None:
    client, url = client_of(user_with(Role.PSO)), reverse("governance:change_clocks")
    form = client.get(url).context["form"]
    values = {name: form.fields[name].initial for name in form.fields if "_" in name and name != "valid_from"}
    values |= {"valid_from": clock.today().isoformat(), "source": "CODIR du mois", "assess_5": 1}
    assert client.post(url, values).status_code == 303
    row = ChangeClock.objects.get()
    assert (row.severity, row.step, row.days) == (5, "assess", 1)


def test_lists_put_late_ones_first_and_filter() -> None:
    project = ProjectFactory()
    today = clock.today()
    ChangeFactory(project=project, title="Plus tard", due_on=today + timedelta(days=1))
    ChangeFactory(project=project, title="En retard", due_on=today - timedelta(days=1), kind="problem")
    ChangeFactory(title="Caché", project=ProjectFactory(confidentiality=Confidentiality.RESTRICTED))
    client = client_of(user_with(Role.PM))
    page = client.get(reverse("governance:changes")).content.decode()
    assert "1 incidence a dépassé son délai" in page
    assert page.index("En retard") < page.index("Plus tard")
    assert "Caché" not in page
    page = client.get(reverse("governance:project_changes", args=[project.code]), {"kind": "request"}).content.decode()
    assert "Plus tard" in page
    assert "En retard</a>" not in page
    page = client.get(reverse("governance:changes"), {"state": "merged"}).content.decode()
    assert "Aucune incidence ne répond à ces critères" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_statements_does_not_grow_with_the_list(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    project = ProjectFactory()
    ChangeBudgetFactory(project=project)
    for _ in range(count):
        ChangeFactory(project=project, owner=PersonFactory())
    client = client_of(user_with(Role.PSO))
    for url in (reverse("governance:changes"), reverse("governance:project_changes", args=[project.code])):
        client.get(url)
        with django_assert_max_num_queries(24):
            client.get(url)


def test_the_list_as_a_file_holds_what_the_reader_may_know() -> None:
    ChangeFactory(title="=HYPERLINK(1)", cost=Decimal("1240.50"))
    ChangeFactory(title="Caché", project=ProjectFactory(confidentiality=Confidentiality.RESTRICTED))
    client = client_of(user_with(Role.PM))
    answer = client.get(reverse("reporting:changes_export", args=["csv"]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][12] == "1240.50"
    assert client.get(reverse("reporting:changes_export", args=["xlsx"])).content[:2] == b"PK"
    assert client.get(reverse("reporting:changes_export", args=["exe"])).status_code == 404


def test_the_programming_interface_lists_shows_and_raises() -> None:
    case = Case()
    client = client_of(case.manager)
    url = reverse("governance_api:project_changes", args=[case.project.code])
    body = {"kind": "concern", "title": "Deux absences", "description": "Pendant la bascule.", "severity": 2}
    answer = client.post(url, body, content_type="application/json")
    assert answer.status_code == 201
    row = Change.objects.get()
    assert answer["Location"].endswith(reverse("governance_api:change", args=[row.number]))
    assert row.author == case.manager.person
    change = case.ready()
    detail = client.get(reverse("governance_api:change", args=[change.number])).json()
    assert detail["impacts"] == [{"target": "time", "amount": "0", "words": "deux semaines"}]
    assert [one["number"] for one in client.get(url, {"kind": "concern"}).json()["results"]] == [row.number]
    foreign = reverse("governance_api:project_changes", args=[ProjectFactory().code])
    assert client.post(foreign, body, content_type="application/json").status_code == 403


def test_while_a_body_has_it_the_manager_may_only_take_it_back() -> None:
    case = Case()
    boards()
    row = case.ready(cost=60_000)
    submit_change(change=row, by=case.manager, version=row.version)
    page = client_of(case.manager).get(row.get_absolute_url()).content.decode()
    assert "Devant l’instance" in page
    assert "Reprendre : retirer la demande" in page
    assert "Revoir l’évaluation" not in page


def test_my_work_lists_what_waits_for_the_authority_the_owner_and_the_doer() -> None:
    case = Case()
    row = case.ready(cost=5000, owner=case.manager.person)
    for user in (case.authority, case.manager):
        assert row.number in client_of(user).get(reverse("portfolio:my_work")).content.decode()
    case.answer(row, case.authority)
    assert row.number not in client_of(case.authority).get(reverse("portfolio:my_work")).content.decode()
    doer = user_with(Role.PM)
    add_action(
        change=row, by=case.manager, values={"text": "Livrer l’écran", "owner": doer.person, "due": clock.today()}
    )
    assert "Livrer l’écran" in client_of(doer).get(reverse("portfolio:my_work")).content.decode()
