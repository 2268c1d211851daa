"""The project office enters the absence of a project manager who is ill: he is told, and it never serves the office."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from config.clock import BRUSSELS
from people.enums import Role
from people.models import Absence, AuditEntry, Notification, User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.services.absence import enter_absence
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 10, tzinfo=BRUSSELS)
TODAY = NOW.date()
PAGE = "/absences/"


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pso() -> User:
    return user_with(Role.PSO)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(person: User, deputy: User) -> dict[str, object]:
    days = {"first_day": TODAY.isoformat(), "last_day": (TODAY + timedelta(days=3)).isoformat()}
    return {"person": person.person.pk, "deputy": deputy.person.pk, **days}


def test_the_office_names_a_deputy_and_both_are_told(pso: User) -> None:
    ill, deputy = user_with(Role.PM), user_with(Role.PM)
    project = ProjectFactory(manager=ill.person)
    client = client_of(pso)
    assert f'href="{PAGE}"' in client.get("/my/absences/").content.decode()
    assert "Personne n’est absent" in client.get(PAGE).content.decode()
    for _click in range(2):
        assert client.post(PAGE, form(ill, deputy)).status_code == 303
    absence = Absence.objects.get()
    assert (absence.person, absence.deputy, absence.created_by) == (ill.person, deputy.person, pso)
    assert has_permission(User.objects.get(pk=deputy.pk), Permission.STATUS_SUBMIT, project)
    told = dict(Notification.objects.values_list("user", "kind"))
    assert told == {ill.pk: "absence_entered", deputy.pk: "absence_named"}
    entry = AuditEntry.objects.get(verb="absence.added")
    assert (entry.data["for_person"], entry.data["deputy"]) == (ill.full_name, deputy.full_name)
    page = client.get(PAGE).content.decode()
    assert ill.full_name in page
    assert f"/my/absences/{absence.pk}/end/" in page


@pytest.mark.parametrize("who", ["pso", "ill"])
def test_the_office_or_the_person_ends_it(pso: User, who: str) -> None:
    ill, deputy = user_with(Role.PM), user_with(Role.PM)
    client_of(pso).post(PAGE, form(ill, deputy))
    ending = client_of({"pso": pso, "ill": ill}[who]).post(f"/my/absences/{Absence.objects.get().pk}/end/")
    assert ending.status_code == 303
    assert ending["Location"] == {"pso": PAGE, "ill": "/my/absences/"}[who]
    assert Absence.objects.get().ended_at == NOW


def test_the_office_gives_itself_nothing_and_leaves_a_director_alone(pso: User) -> None:
    ill, deputy, director = user_with(Role.PM), user_with(Role.PM), user_with(Role.DIRECTOR, Role.PM)
    first, last = TODAY, TODAY + timedelta(days=3)
    for person, stand_in in ((ill, pso), (director, deputy), (user_with(Role.CODIR), deputy)):
        with pytest.raises(ValidationError):
            enter_absence(by=pso, person=person.person, deputy=stand_in.person, first_day=first, last_day=last, now=NOW)
        assert client_of(pso).post(PAGE, form(person, stand_in)).status_code == 422
    assert not Absence.objects.exists()


@pytest.mark.parametrize("role", [Role.PM, Role.PROGRAMME_MANAGER, Role.DIRECTOR, Role.ADMINISTRATOR])
def test_nobody_else_enters_the_absence_of_another(role: Role) -> None:
    client = client_of(user_with(role))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, form(user_with(Role.PM), user_with(Role.PM))).status_code == 403
    assert f'href="{PAGE}"' not in client.get("/my/absences/").content.decode()
