import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from config import clock
from people.enums import Role
from people.models import Notification, User
from portfolio.models import ChaseNote, Reminder
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


def sent(client: Client, *codes: str, **more: str) -> str:
    data = {"rows": list(codes), "week": "2026-W47", "list": "sort=rank", **more}
    return client.post("/reports/late/remind/", data, follow=True).content.decode()


def test_bulk_reminder_takes_two_activations_without_javascript() -> None:
    projects = [ProjectFactory(manager=user_with(Role.PM).person) for _number in range(3)]
    pso = signed_in(user_with(Role.PSO))
    ReportingCycleFactory(week="2026-W47")

    chosen = pso.get("/reports/late/?select=all").content.decode()
    codes = re.findall(r'name="rows" value="([^"]+)" form="late-selection"[^>]* checked', chosen)
    text = sent(pso, *codes)

    assert sorted(codes) == sorted(project.code for project in projects)
    assert "3 personnes relancées pour 3 projets." in text
    assert {note.path for note in Notification.objects.all()} == {
        f"/projects/{project.code}/status/2026-W47/" for project in projects
    }


def test_reminder_is_not_repeated_within_the_hour_and_says_so() -> None:
    project = ProjectFactory(manager=user_with(Role.PM).person)
    other = ProjectFactory(manager=project.manager)
    pso = signed_in(user_with(Role.PSO))
    ReportingCycleFactory(week="2026-W47")

    sent(pso, project.code)
    again = sent(pso, project.code, other.code)

    assert f"Déjà relancés il y a moins d’une heure, donc pas maintenant : {project.code}." in unescape(again)
    assert Reminder.objects.filter(project=project).count() == 1
    assert "Relance" in again
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        sent(signed_in(user_with(Role.PSO)), project.code)
    assert Reminder.objects.filter(project=project).count() == 2


def test_who_was_reminded_by_whom_and_what_was_said_stand_on_the_row() -> None:
    project = ProjectFactory(manager=user_with(Role.PM).person)
    user = user_with(Role.PSO)
    pso = signed_in(user)
    ReportingCycleFactory(week="2026-W47")
    sent(pso, project.code)

    note = {"code": project.code, "week": "2026-W47", "text": "Vu au <b>café</b> : lundi"}
    text = pso.post("/reports/late/note/", note, follow=True).content.decode()

    assert f"→ {project.manager}" in text
    assert f"par {user.full_name}" in text
    assert "Vu au &lt;b&gt;café&lt;/b&gt; : lundi" in text
    assert f"{user.full_name}, 20\u00a0nov." in text


def test_empty_note_is_refused_and_a_frozen_week_reminds_nobody() -> None:
    project = ProjectFactory(manager=user_with(Role.PM).person)
    pso = signed_in(user_with(Role.PSO))
    ReportingCycleFactory(week="2026-W47", frozen_at=clock.now())

    empty = pso.post("/reports/late/note/", {"code": project.code, "week": "2026-W47", "text": "  "}, follow=True)
    frozen = sent(pso, project.code)

    assert empty.status_code == 200
    assert not ChaseNote.objects.exists()
    assert "plus personne n’est à relancer" in unescape(frozen)
    assert not Reminder.objects.exists()


def test_a_refused_note_comes_back_once_in_its_field_with_the_reason() -> None:
    project = ProjectFactory(manager=user_with(Role.PM).person)
    pso = signed_in(user_with(Role.PSO))
    ReportingCycleFactory(week="2026-W47")

    typed = {"code": project.code, "week": "2026-W47", "text": "Vu mardi \u202e, <i>lundi</i>"}
    refused = unescape(pso.post("/reports/late/note/", typed, follow=True).content.decode())

    assert 'value="Vu mardi \u202e, <i>lundi</i>"' in refused
    assert "U+202E" in refused
    assert "Vu mardi" not in pso.get("/reports/late/").content.decode()
    assert not ChaseNote.objects.exists()


def test_a_project_nobody_answers_for_cannot_be_chosen() -> None:
    ProjectFactory(manager=PersonFactory())

    text = page(Role.PSO)

    assert "aucun compte à joindre" in text
    assert 'name="rows"' not in text


def test_director_reads_the_list_without_reminders_to_send() -> None:
    project = ProjectFactory(manager=user_with(Role.PM).person)

    assert "late-selection" not in page(Role.DIRECTOR)
    assert signed_in(user_with(Role.DIRECTOR)).post("/reports/late/remind/", {"rows": project.code}).status_code == 403


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

    assert len(statements) <= 15
