"""The pages of the packs: who sees what and when, the choices, the freeze, the file."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from config import clock
from people.enums import JobState, Role
from people.models import AuditEntry, Job, User
from people.services import jobs
from portfolio.models import Project, ReportingCycle
from portfolio.services.standing import refresh_standing
from reporting.enums import PackState
from reporting.models import Pack
from reporting.services.freeze import freeze_cycle
from reporting.services.pack import build_pack
from tests.factories.packs import published_pack
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    ProgrammeFactory,
    ProjectFactory,
    ReportingCycleFactory,
    StatusReportFactory,
)

pytestmark = pytest.mark.django_db

READERS_ONCE_PUBLISHED = (
    Role.CODIR,
    Role.HEAD_OF_CENTRE,
    Role.INVESTMENT_COMMITTEE,
    Role.FINANCE,
    Role.AUDITOR,
)
NEVER = (Role.PM, Role.PROGRAMME_MANAGER, Role.SECRETARY, Role.ADMINISTRATOR, Role.REVIEWER)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


@pytest.fixture
def cycle() -> ReportingCycle:
    """This week, open, with one status of two."""
    row = ReportingCycleFactory(opens_at=clock.now() - timedelta(days=4))
    for number in (1, 2):
        project = ProjectFactory(priority_rank=number, is_top=True)
        BudgetLineFactory(project=project)
        if number == 1:
            StatusReportFactory(project=project, cycle=row, overall="red")
    refresh_standing(None, now=clock.now())
    return row


def client_of(*roles: Role) -> Client:
    client = Client()
    client.force_login(user_with(*roles))
    return client


def url(name: str, cycle: ReportingCycle, *more: str) -> str:
    return reverse(f"reporting:{name}", args=[cycle.slug, *more])


def values(response) -> dict[str, str]:
    """The form of the page as a browser would post it unchanged."""
    form = response.context["form"]
    data = {"version": form.initial["version"], "base": form.initial["base"]}
    return {**data, **{name: text for name, text in form.texts(form.initial).items() if text}}


@pytest.mark.parametrize("role", [Role.PSO, Role.DIRECTOR])
def test_the_draft_is_previewed_on_live_facts_and_marked(role: Role, cycle: ReportingCycle) -> None:
    response = client_of(role).get(url("pack", cycle))
    assert response.status_code == 200
    page = response.content.decode()
    assert "Brouillon" in page
    assert "1/2 statuts reçus" in page
    assert response.context["completeness"].unnamed_figures == 0
    assert not Pack.objects.exists()


@pytest.mark.parametrize("role", [*READERS_ONCE_PUBLISHED, *NEVER])
def test_a_draft_is_hidden_from_everybody_else(role: Role, cycle: ReportingCycle) -> None:
    client = client_of(role)
    for name in ("pack", "pack_online", "pack_progress"):
        assert client.get(url(name, cycle)).status_code == 404


@pytest.mark.parametrize("role", READERS_ONCE_PUBLISHED)
def test_a_published_pack_is_read_by_those_who_read_what_is_decided(role: Role, cycle: ReportingCycle) -> None:
    published_pack(cycle)
    client = client_of(role)
    assert client.get(url("pack_online", cycle)).status_code == 200
    response = client.get(url("pack", cycle))
    assert response.status_code == 200
    assert response.context["form"] is None
    assert client.get(url("pack_freeze", cycle)).status_code == 403


@pytest.mark.parametrize("role", NEVER)
def test_a_published_pack_stays_unknown_to_the_others(role: Role, cycle: ReportingCycle) -> None:
    published_pack(cycle)
    client = client_of(role)
    for name in ("pack", "pack_online"):
        assert client.get(url(name, cycle)).status_code == 404
    assert client.get(url("pack_pdf", cycle, "fr")).status_code == 404


@pytest.mark.parametrize("week", ["2026-W99", "x", "2031-W01", "2026-w47"])
def test_a_week_that_does_not_exist_is_not_found(week: str) -> None:
    assert client_of(Role.PSO).get(f"/reports/packs/{week}/").status_code == 404


def test_the_twin_holds_the_pages_of_the_pdf_in_the_language_asked_for(cycle: ReportingCycle) -> None:
    published_pack(cycle)
    page = client_of(Role.CODIR).get(url("pack_online", cycle), {"language": "en"}).content.decode()
    assert '<div class="pack pk-pages" lang="en">' in page
    for key in ("cover", "health", "top", "finances", "sheet-1"):
        assert f'id="{key}"' in page
    assert "style=" not in page.split('<div class="pack')[1]


def test_the_director_writes_his_message_and_the_pso_arranges(cycle: ReportingCycle) -> None:
    director, pso = client_of(Role.DIRECTOR), client_of(Role.PSO)
    opened_by_both = values(director.get(url("pack", cycle))), values(pso.get(url("pack", cycle)))
    assert "director_message" not in opened_by_both[1]
    assert not any(name.startswith("show_") for name in opened_by_both[0])
    answer = director.post(url("pack", cycle), {**opened_by_both[0], "director_message": "Tenir **mars**."})
    assert answer.status_code == 303
    arranged = {name: text for name, text in opened_by_both[1].items() if name != "show_finances"}
    assert pso.post(url("pack", cycle), arranged).status_code == 303
    pack = Pack.objects.get()
    assert (pack.director_message, pack.hidden_pages) == ("Tenir **mars**.", ["finances"])
    page = pso.get(url("pack", cycle)).content.decode()
    assert "<strong>mars</strong>" in page
    assert 'id="finances"' not in page


def test_two_people_who_change_the_same_message_are_both_asked(cycle: ReportingCycle) -> None:
    first, second = client_of(Role.DIRECTOR), client_of(Role.DIRECTOR)
    opened = values(first.get(url("pack", cycle)))
    first.post(url("pack", cycle), {**opened, "director_message": "Un"})
    answer = second.post(url("pack", cycle), {**opened, "director_message": "Deux"})
    assert answer.status_code == 409
    assert "Un" in answer.content.decode()
    assert "Deux" in answer.content.decode()
    assert Pack.objects.get().director_message == "Un"


def test_a_message_of_601_signs_is_refused_and_kept_in_the_form(cycle: ReportingCycle) -> None:
    client = client_of(Role.DIRECTOR)
    opened = values(client.get(url("pack", cycle)))
    answer = client.post(url("pack", cycle), {**opened, "director_message": "x" * 601})
    assert answer.status_code == 422
    assert "x" * 601 in answer.content.decode()


def test_nothing_may_be_chosen_once_frozen(cycle: ReportingCycle) -> None:
    client = client_of(Role.DIRECTOR)
    opened = values(client.get(url("pack", cycle)))
    freeze_cycle(cycle, None, clock.now())
    assert client.post(url("pack", cycle), opened).status_code == 303
    answer = client.post(url("pack", cycle), {**opened, "director_message": "Trop tard"})
    assert answer.status_code == 409
    assert "Trop tard" in answer.content.decode()
    assert Pack.objects.get().director_message == ""


def test_freeze_asks_then_queues_one_job_that_prints_the_pack(cycle: ReportingCycle) -> None:
    client = client_of(Role.PSO)
    question = client.get(url("pack_freeze", cycle))
    silent = Project.objects.order_by("pk").last()
    assert silent.code in question.content.decode()
    for _ in range(2):
        assert client.post(url("pack_freeze", cycle)).status_code == 303
    job = Job.objects.get()
    waiting = client.get(url("pack_progress", cycle), headers={"hx-request": "true"})
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    assert "HX-Refresh" not in waiting
    freeze_cycle(cycle, None, clock.now())
    begun = client.get(f"{url('pack_progress', cycle)}?seen=draft", headers={"hx-request": "true"})
    assert begun["HX-Refresh"] == "true"
    assert 'http-equiv="refresh"' in client.get(url("pack", cycle)).content.decode()
    assert jobs.run_now(job.pk) == JobState.DONE
    done = client.get(url("pack_progress", cycle), headers={"hx-request": "true"})
    assert done["HX-Refresh"] == "true"
    assert Pack.objects.get().state == PackState.RENDERED
    assert "PDF français" in client.get(url("pack", cycle)).content.decode()


def test_another_language_is_printed_from_the_same_snapshot(cycle: ReportingCycle) -> None:
    client = client_of(Role.PSO)
    assert client.post(url("pack_print", cycle), {"language": "nl"}).status_code == 404
    build_pack(cycle=cycle, language="fr", by=None, now=clock.now())
    assert client.post(url("pack_print", cycle), {"language": "de"}).status_code == 404
    assert client.post(url("pack_print", cycle), {"language": "nl"}).status_code == 303
    assert jobs.run_now(Job.objects.get().pk) == JobState.DONE
    answer = client.get(url("pack_pdf", cycle, "nl"))
    assert answer.content.startswith(b"%PDF")


def test_the_file_is_an_attachment_that_no_cache_keeps_and_its_reader_is_recorded(cycle: ReportingCycle) -> None:
    rendition = published_pack(cycle).renditions.get()
    original = client_of(Role.AUDITOR).get(url("pack_pdf", cycle, "fr"))
    assert hashlib.sha256(original.content).hexdigest() == rendition.pdf_sha256
    response = client_of(Role.CODIR).get(url("pack_pdf", cycle, "fr"))
    assert hashlib.sha256(response.content).hexdigest() != rendition.pdf_sha256
    assert response["X-Original-SHA256"] == rendition.pdf_sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"] == f'attachment; filename="CODIR-{cycle.slug}-fr-v1.pdf"'
    entry = AuditEntry.objects.filter(verb="pack.downloaded").latest("number")
    assert User.objects.get(pk=entry.actor_id).role_set == {Role.CODIR}


def test_a_file_that_was_tampered_with_is_not_served(cycle: ReportingCycle) -> None:
    (Path(settings.PACKS_ROOT) / published_pack(cycle).renditions.get().path).write_bytes(b"%PDF other")
    assert client_of(Role.CODIR).get(url("pack_pdf", cycle, "fr")).status_code == 404


def test_the_list_shows_readers_the_published_weeks_only(cycle: ReportingCycle) -> None:
    from reporting.services.freeze import draft_pack

    draft_pack(cycle)
    reader, pso = client_of(Role.CODIR), client_of(Role.PSO)
    assert list(reader.get(reverse("reporting:reports")).context["lines"]) == []
    assert len(pso.get(reverse("reporting:reports")).context["lines"]) == 1
    published_pack(cycle)
    line = reader.get(reverse("reporting:reports")).context["lines"][0]
    assert (line.received, line.expected) == (1, 2)


def test_the_list_costs_the_same_with_one_and_three_packs(cycle: ReportingCycle, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from reporting.services.freeze import draft_pack

    client = client_of(Role.PSO)
    client.get(reverse("reporting:reports"))
    counts = []
    for week in ("2026-W10", "2026-W11", "2026-W12"):
        draft_pack(ReportingCycleFactory(week=week))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("reporting:reports"))
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_each_page_of_the_preview_has_a_link_and_a_silent_thumbnail(cycle: ReportingCycle) -> None:
    response = client_of(Role.PSO).get(url("pack", cycle))
    page = response.content.decode()
    for key in ("cover", "health", "top", "sheet-1", "sheet-2"):
        assert f'<a href="#{key}"><span class="pk-thumb" data-thumb="{key}" aria-hidden="true" hidden>' in page
        assert page.count(f'id="{key}"') == 1


def test_early_freeze_says_when_it_is_planned_and_that_it_is_final() -> None:
    row = ReportingCycleFactory(
        opens_at=clock.now() - timedelta(days=4),
        freeze_at=clock.now() + timedelta(days=2),
        publish_at=clock.now() + timedelta(days=3),
    )

    page = client_of(Role.PSO).get(url("pack_freeze", row)).content.decode()

    assert "vous gèleriez avant l’heure" in page
    assert "Un gel est irréversible." in page


def test_programme_manager_finds_the_sheets_of_his_programme_and_a_secretary_is_told_the_truth() -> None:
    manager = user_with(Role.PROGRAMME_MANAGER)
    own = ProjectFactory(is_top=True, priority_rank=1, programme=ProgrammeFactory(manager=manager.person))
    foreign = ProjectFactory(is_top=True, priority_rank=2)
    ReportingCycleFactory(frozen_at=clock.now())
    client = Client()
    client.force_login(manager)

    page = client.get(reverse("reporting:reports")).content.decode()

    assert reverse("reporting:pack_sheets", args=[own.code]) in page
    assert reverse("reporting:pack_sheets", args=[foreign.code]) not in page
    told = client_of(Role.SECRETARY).get(reverse("reporting:reports")).content.decode()
    assert "Pas encore de pack CODIR" not in page + told
