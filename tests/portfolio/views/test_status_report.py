"""The status page over HTTP: who sees what, what an error keeps, what a repetition does."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from config.web import formats
from people.enums import Role
from people.models import User
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.enums import Confidentiality
from portfolio.models import Project, ReportingCycle, StatusDraft, StatusReport
from tests.factories.people import user_with
from tests.factories.portfolio import (
    MilestoneFactory,
    ProjectFactory,
    ReportingCycleFactory,
    RiskFactory,
    StatusReportFactory,
)

pytestmark = pytest.mark.django_db
WEEK = IsoWeek.of(clock.today())


@pytest.fixture
def pm() -> User:
    return user_with(Role.PM)


@pytest.fixture
def cycle() -> ReportingCycle:
    ReportingCycleFactory(week=str(WEEK.previous), frozen_at=clock.now() - timedelta(days=2))
    cycle: ReportingCycle = ReportingCycleFactory(week=str(WEEK))
    return cycle


def make_project(pm: User, *, reported: bool = True, rows: int = 1, **fields: Any) -> Project:
    project: Project = ProjectFactory(manager=pm.person, **fields)
    if reported:
        previous = ReportingCycle.objects.get(iso_year=WEEK.previous.year, iso_week=WEEK.previous.week)
        StatusReportFactory(project=project, cycle=previous, author=pm)
    for _row in range(rows):
        MilestoneFactory(project=project)
        RiskFactory(project=project)
    return project


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url_of(project: Project, name: str = "status") -> str:
    return reverse(f"portfolio:{name}", args=[project.code, str(WEEK)])


def posted(client: Client, project: Project, **changes: str) -> dict[str, str]:
    """What the browser would post from the page as shown, with these changes."""
    html = client.get(url_of(project)).content.decode()
    base = json.loads(_hidden(html, "base"))
    fields = {name: value for name, value in base.items() if value}
    return {**fields, "base": json.dumps(base), "once": _hidden(html, "once"), "action": "publish", **changes}


def _hidden(html: str, name: str) -> str:
    from html import unescape

    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return unescape(found[1])


def test_publishing_opens_the_next_project_of_the_queue_then_my_work(pm: User, cycle: ReportingCycle) -> None:
    first = make_project(pm, priority_rank=1)
    second = make_project(pm, priority_rank=2)
    client = client_of(pm)
    answer = client.post(url_of(first), posted(client, first))
    assert (answer.status_code, answer.url) == (303, url_of(second))  # type: ignore[attr-defined]
    answer = client.post(url_of(second), posted(client, second))
    assert answer.url == f"{reverse('portfolio:my_work')}?done={WEEK}"  # type: ignore[attr-defined]
    assert "Votre file est vide" in client.get(answer.url).content.decode()  # type: ignore[attr-defined]


def test_nothing_changed_is_one_post(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm, rows=2)
    client = client_of(pm)
    client.post(url_of(project), posted(client, project, action="unchanged"))
    report = StatusReport.objects.get(cycle=cycle)
    assert (report.unchanged, report.message) == (True, "Lot 2 recetté sans réserve.")
    assert set(project.risks.values_list("confirmed_on", flat=True)) == {clock.today()}


def test_nothing_changed_is_refused_over_typed_changes_and_keeps_them(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    client = client_of(pm)
    answer = client.post(url_of(project), posted(client, project, action="unchanged", message="Ma nouvelle phrase."))
    assert answer.status_code == 422
    assert "Ma nouvelle phrase." in answer.content.decode()
    assert not StatusReport.objects.filter(cycle=cycle).exists()


def test_nothing_changed_is_refused_with_the_reason_when_incoherent(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    project.milestones.update(forecast=clock.today() - timedelta(days=3))
    client = client_of(pm)
    answer = client.post(url_of(project), posted(client, project, action="unchanged"))
    milestone = project.milestones.get()
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#f_milestone-{milestone.pk}"' in html
    assert "déjà passé" in html


def test_errors_are_summed_up_linked_and_keep_what_was_typed(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    client = client_of(pm)
    answer = client.post(url_of(project), posted(client, project, message="x" * 230, resources="amber"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error-summary"' in html
    assert 'href="#f_message"' in html
    assert 'aria-invalid="true"' in html
    assert "x" * 230 in html


@pytest.mark.parametrize("text", ["a\u202eb", "a\x07b"])
def test_invisible_signs_are_refused(pm: User, cycle: ReportingCycle, text: str) -> None:
    project = make_project(pm)
    client = client_of(pm)
    assert client.post(url_of(project), posted(client, project, message=text)).status_code == 422


def test_markup_in_a_message_is_shown_as_text(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    client = client_of(pm)
    hostile = "<img src=x onerror=alert(1)> hx-get"
    client.post(url_of(project), posted(client, project, message=hostile))
    html = client.get(url_of(project)).content.decode()
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_two_people_on_one_field_get_a_409_with_the_three_texts_and_may_keep_both(
    pm: User, cycle: ReportingCycle
) -> None:
    deputy = user_with(Role.PM)
    project = make_project(pm, deputy=deputy.person)
    mine, theirs = client_of(pm), client_of(deputy)
    my_post = posted(mine, project, message="Le mien.", risk="green")
    theirs.post(url_of(project), posted(theirs, project, message="Le leur."))
    answer = mine.post(url_of(project), my_post)
    html = answer.content.decode()
    assert answer.status_code == 409
    for text in ("Lot 2 recetté sans réserve.", "Le leur.", "Le mien.", deputy.full_name):
        assert text in html
    base = _hidden(html, "base")
    again = {**my_post, "base": base, "once": _hidden(html, "once"), "choose-message": "both"}
    assert mine.post(url_of(project), again).status_code == 303
    assert StatusReport.objects.get(cycle=cycle).message == "Le leur. Le mien."


def test_a_double_click_or_a_retry_writes_one_row(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    client = client_of(pm)
    data = posted(client, project, message="Une seule fois.")
    answers = [client.post(url_of(project), data) for _click in range(3)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, answers[0]["Location"])}
    assert StatusReport.objects.get(cycle=cycle).version == 1


def test_a_frozen_week_is_read_only_and_a_late_post_shows_what_was_typed(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    client = client_of(pm)
    data = posted(client, project, message="Trop tard, mais gardé.")
    ReportingCycle.objects.filter(pk=cycle.pk).update(frozen_at=clock.now())
    answer = client.post(url_of(project), data)
    assert answer.status_code == 409
    assert "Trop tard, mais gardé." in answer.content.decode()
    html = client.get(url_of(project)).content.decode()
    assert "gelée le" in html
    assert "status-form" not in html


def test_the_week_closes_by_the_clock_and_keeps_every_field_typed(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    milestone = project.milestones.get()
    client = client_of(pm)
    typed = {
        "message": "Écrit trop tard.",
        "cause_time": "Fournisseur absent.",
        f"milestone-{milestone.pk}": "2027-02-03",
    }
    data = posted(client, project, **typed)
    passed = clock.now() - timedelta(minutes=1)
    earlier = dict.fromkeys(("due_at", "cut_at"), passed - timedelta(days=2))
    ReportingCycle.objects.filter(pk=cycle.pk).update(
        **earlier, opens_at=passed - timedelta(days=7), freeze_at=passed, publish_at=passed + timedelta(hours=5)
    )
    for _click in range(2):
        answer = client.post(url_of(project), data)
        assert answer.status_code == 409
    assert not StatusReport.objects.filter(cycle=cycle).exists()
    html = client.get(url_of(project)).content.decode()
    assert "l’heure de son gel" in html
    assert "status-form" not in html
    for shown in ("Écrit trop tard.", "Fournisseur absent.", milestone.name, formats.date_long(date(2027, 2, 3))):
        assert shown in html
    assert "gardé" in client.post(url_of(project, "status_draft"), data).json()["message"]
    assert "Écrit trop tard." not in client_of(user_with(Role.PSO)).get(url_of(project)).content.decode()
    assert client.post(url_of(project), {"action": "discard"}).status_code == 303
    assert "Écrit trop tard." not in client.get(url_of(project)).content.decode()


def test_a_draft_comes_back_to_its_author_only(pm: User, cycle: ReportingCycle) -> None:
    deputy = user_with(Role.PM)
    pso = user_with(Role.PSO)
    project = make_project(pm, deputy=deputy.person)
    client = client_of(pm)
    answer = client.post(url_of(project, "status_draft"), posted(client, project, message="Encore en train."))
    assert "brouillon enregistré" in answer.json()["message"]
    assert "Encore en train." in client.get(url_of(project)).content.decode()
    for other in (deputy, pso):
        assert "Encore en train." not in client_of(other).get(url_of(project)).content.decode()


def test_an_unfinished_draft_is_shown_without_errors(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    client = client_of(pm)
    client.post(url_of(project), posted(client, project, message="", resources="red", action="draft"))
    html = client.get(url_of(project)).content.decode()
    assert StatusDraft.objects.get().data["values"]["resources"] == "red"
    assert "error-summary" not in html


def test_the_live_part_recomputes_without_writing(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    milestone = project.milestones.get()
    client = client_of(pm)
    later = (milestone.baseline + timedelta(days=18)).isoformat()
    changes = {f"milestone-{milestone.pk}": later, "message": "Le lot glisse."}
    html = client.post(url_of(project, "status_live"), posted(client, project, **changes)).content.decode()
    assert f'id="delta-{milestone.pk}" hx-swap-oob="true"' in html
    assert "+18" in html
    assert "Le lot glisse." in html
    milestone.refresh_from_db()
    assert milestone.forecast == milestone.baseline


def test_who_may_open_and_who_may_post(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm, reported=False)
    hidden = make_project(user_with(Role.PM), reported=False, confidentiality=Confidentiality.RESTRICTED)
    other, pso, ic, nobody = (
        user_with(*roles) for roles in ((Role.PM,), (Role.PSO,), (Role.INVESTMENT_COMMITTEE,), ())
    )
    expected = {pm: (200, 422), other: (200, 403), pso: (200, 403), ic: (200, 403), nobody: (403, 403)}
    for user, codes in expected.items():
        client = client_of(user)
        assert (client.get(url_of(project)).status_code, client.post(url_of(project), {}).status_code) == codes
    assert client_of(other).get(url_of(hidden)).status_code == 404
    assert client_of(other).post(url_of(hidden), {}).status_code == 404
    assert client_of(pm).get(reverse("portfolio:status", args=[project.code, "2026-W99"])).status_code == 404


def test_a_decided_only_reader_sees_frozen_weeks_and_no_open_one(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    client = client_of(pm)
    client.post(url_of(project), posted(client, project, message="Pas encore pour le CODIR."))
    reader = client_of(user_with(Role.CODIR))
    assert "Pas encore pour le CODIR." not in reader.get(url_of(project)).content.decode()
    history = reader.get(reverse("portfolio:statuses", args=[project.code])).content.decode()
    assert "Pas encore pour le CODIR." not in history
    assert "Lot 2 recetté sans réserve." in history


def test_a_milestone_of_another_project_in_the_post_is_404(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    foreign = MilestoneFactory()
    client = client_of(pm)
    data = posted(client, project, **{f"milestone-{foreign.pk}": "2030-01-01"})
    assert client.post(url_of(project), data).status_code == 404
    foreign.refresh_from_db()
    assert foreign.forecast != date(2030, 1, 1)


def test_two_weeks_are_compared_field_by_field(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    StatusReportFactory(project=project, cycle=cycle, author=pm, overall="red", message="Tout a changé.")
    url = reverse("portfolio:statuses", args=[project.code])
    html = client_of(pm).get(f"{url}?compare={WEEK.previous}&compare={WEEK}").content.decode()
    assert "<del>Lot 2 recetté sans réserve.</del>" in html
    assert "<ins>Tout a changé.</ins>" in html
    assert client_of(pm).get(f"{url}?compare=2019-W01&compare={WEEK}").status_code == 404


def test_a_person_without_projects_is_told_so(cycle: ReportingCycle) -> None:
    html = client_of(user_with(Role.CODIR)).get(reverse("portfolio:my_work")).content.decode()
    assert "Vous ne dirigez aucun projet" in html


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_the_same_statements_whatever_the_number_of_rows(
    pm: User, cycle: ReportingCycle, number: int
) -> None:
    projects = [make_project(pm, rows=number) for _project in range(number)]
    client = client_of(pm)
    client.get(url_of(projects[0]))
    with CaptureQueriesContext(connection) as captured:
        client.get(url_of(projects[0]))
    statements = [query["sql"] for query in captured]
    assert len(statements) <= 14, "\n".join(statements)
    pages = [sql for sql in statements if "portfolio_" in sql or "governance_" in sql]
    assert len(pages) == 7, "\n".join(pages)


def test_a_text_too_long_and_a_reason_missing_are_told_in_one_round(pm: User, cycle: ReportingCycle) -> None:
    project = make_project(pm)
    client = client_of(pm)
    too_long = "a" * 251

    answer = client.post(url_of(project), posted(client, project, message=too_long, cost="red", cause_cost=""))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "220 signes au plus ; ce texte en compte 251." in page
    assert "Donnez la cause en une ligne." in page
    assert "Assurez-vous" not in page
