"""A form sent twice is one act, whatever made it go twice; a form changed in between is another."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from config import clock
from people.enums import Role
from people.models import IdempotencyKey, User
from portfolio.models import Milestone, Project
from portfolio.services.standing import refresh_standing
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory

ADDRESS = "/projects/{}/plan/milestones/new/"


@pytest.fixture
def pso() -> User:
    return user_with(Role.PSO)


@pytest.fixture
def project() -> Project:
    project = ProjectFactory()
    refresh_standing(None, now=clock.now())
    return project


def hidden(html: str) -> dict[str, str]:
    found = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', html))
    assert re.fullmatch("[0-9a-f]{32}", found["once"])
    return found


def filled(client: Client, address: str, **values: str) -> dict[str, str]:
    page = client.get(address)
    assert page.status_code == 200
    once = {"once": hidden(page.content.decode())["once"]}
    dates = dict.fromkeys(("first_approved", "baseline", "forecast"), "2027-03-01")
    return {"name": "Recette", "kind": "delivery", **dates, **once, **values}


@pytest.mark.django_db
def test_same_form_twice_writes_one_row_and_gets_one_answer(client: Client, pso: User, project: Project) -> None:
    client.force_login(pso)
    address = ADDRESS.format(project.code)
    values = filled(client, address)
    first, second = client.post(address, values), client.post(address, values)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Milestone.objects.count() == 1


@pytest.mark.django_db
def test_form_changed_after_the_back_button_is_another_act(client: Client, pso: User, project: Project) -> None:
    client.force_login(pso)
    address = ADDRESS.format(project.code)
    values = filled(client, address)
    client.post(address, values)
    client.post(address, {**values, "name": "Mise en service"})
    assert set(Milestone.objects.values_list("name", flat=True)) == {"Recette", "Mise en service"}


@pytest.mark.django_db
def test_refused_form_may_be_sent_again(client: Client, pso: User, project: Project) -> None:
    client.force_login(pso)
    address = ADDRESS.format(project.code)
    values = filled(client, address, name="")
    assert client.post(address, values).status_code == 422
    assert client.post(address, {**values, "name": "Recette"}).status_code == 303
    assert Milestone.objects.count() == IdempotencyKey.objects.count() == 1


@pytest.mark.django_db
def test_key_of_somebody_else_serves_nothing(client: Client, pso: User, project: Project) -> None:
    client.force_login(pso)
    address = ADDRESS.format(project.code)
    values = filled(client, address)
    client.post(address, values)
    client.force_login(user_with(Role.PM))
    assert client.post(address, values).status_code in (403, 404)


@pytest.mark.django_db(transaction=True)
def test_double_click_at_the_same_instant_is_one_act(client: Client, pso: User, project: Project) -> None:
    client.force_login(pso)
    address = ADDRESS.format(project.code)
    values = filled(client, address)
    answers: list[Any] = []

    def press() -> None:
        try:
            clicking = Client()
            clicking.cookies = client.cookies
            answers.append(clicking.post(address, values).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _click in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert Milestone.objects.count() == 1
