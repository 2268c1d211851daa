"""From an export of Jira to a sentence on when the work is done: deposited, groups settled, agreed to, read."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.enums import JobState, Role
from people.models import Job
from people.services import jobs
from portfolio.models import ImportRun, ImportUpload, JiraBacklog, JiraIssue
from portfolio.services.importers.jira_live import designate_project
from portfolio.tasks import queue_jira_reads
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory, WorkPackageFactory
from tests.jira_server import EMAIL, TOKEN, jira_server
from tests.portfolio.services.test_jira_import import answer, issue, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    """A project manager at his own project."""
    user = user_with(Role.PM)
    client = Client()
    client.force_login(user)
    return client, ProjectFactory(code="PRJ-1", manager=user.person, forecast_end=date(2027, 2, 26))


def to(name: str, project) -> str:
    return reverse(f"portfolio:{name}", args=[project.code])


def deposit(client: Client, project, *issues: dict, name: str = "jira.json", **more):
    data = {"file": SimpleUploadedFile(name, answer(*issues).data), "grouping": "epic", **more}
    return client.post(to("jira_import", project), data)


def agree(client: Client, project, url: str, **chosen: str):
    page = client.get(url)
    assert page.status_code == 200
    form = page.context["form"]
    posted = dict(form.initial) | {name: form[name].value() for name in form.groups} | chosen
    return page, client.post(to("jira_import", project), posted)


def steady(weeks: int, each: int, left: int) -> list[dict]:
    """So many finished every Wednesday up to 18 November 2026, and some still to do."""
    found = []
    for week in range(weeks):
        day = date(2026, 11, 18) - timedelta(weeks=week)
        for _one in range(each):
            done = f"{day}T10:00:00.000+0100"
            found.append(issue(f"ABC-{len(found) + 1}", "Done", "ABC-900", resolutiondate=done, created=STARTED))
    return found + [
        issue(f"ABC-{len(found) + one}", "To Do", "ABC-901", created=STARTED, updated="2026-11-20T10:00:00.000+0100")
        for one in range(1, left + 1)
    ]


STARTED = "2026-07-01T10:00:00.000+0200"


def test_groups_are_settled_before_anything_is_written_and_move_their_package(desk) -> None:
    client, project = desk
    package = WorkPackageFactory(project=project, code="WP1", progress=0, state="planned")
    deposited = deposit(client, project, issue("ABC-1", "Done", "ABC-9"), issue("ABC-2", epic="ABC-9"), issue("x"))
    assert deposited.status_code == 303
    assert not JiraBacklog.objects.exists()
    page, done = agree(client, project, deposited.url, group_0=str(package.pk))
    text = page.content.decode()
    assert "2 demandes ajoutées" in text
    assert "Ce n’est pas une clé de Jira" in text
    assert done.url == to("plan_jira", project)
    package.refresh_from_db()
    assert (package.progress, package.state) == (50, "running")
    assert not ImportUpload.objects.exists()
    assert ImportRun.objects.get().created == 2
    page, _done = agree(client, project, deposit(client, project, issue("ABC-2", "Done", "ABC-9")).url)
    assert page.context["form"]["group_0"].value() == str(package.pk)
    assert "<del>À faire</del>" in page.content.decode()
    package.refresh_from_db()
    assert package.progress == 100
    # The same plan is not mistaken for an import of schedules.
    assert "jira.json" not in client.get(to("plan_import", project)).content.decode()
    assert "jira.json" in client.get(to("jira_import", project)).content.decode()


def test_what_moved_on_since_the_comparison_is_compared_again(desk) -> None:
    client, project = desk
    first = client.get(deposit(client, project, issue("ABC-1")).url).context["form"].initial
    agree(client, project, deposit(client, project, issue("ABC-2"), issue("ABC-3", epic="ABC-9")).url)
    refused = client.post(to("jira_import", project), dict(first) | {"group_0": "followed"})
    assert refused.status_code == 409
    assert "Refaire la comparaison" in refused.content.decode()


def test_a_choice_that_was_not_offered_is_refused(desk) -> None:
    client, project = desk
    foreign = WorkPackageFactory()
    _page, answered = agree(client, project, deposit(client, project, issue("ABC-1")).url, group_0=str(foreign.pk))
    assert answered.status_code == 422
    assert not JiraBacklog.objects.exists()


def test_a_document_serves_its_author_and_its_project_only(desk) -> None:
    client, project = desk
    url = deposit(client, project, issue("ABC-1")).url
    other = ProjectFactory(code="PRJ-2", manager=project.manager)
    assert client.get(url.replace("PRJ-1", "PRJ-2")).status_code == 410
    assert client.get(f"{to('jira_import', other)}?upload=rien").status_code == 410
    pso = Client()
    pso.force_login(user_with(Role.PSO))
    assert pso.get(url).status_code == 404


def test_what_cannot_be_read_is_told_beside_its_field(desk) -> None:
    client, project = desk
    table = SimpleUploadedFile("jira.csv", b"Issue key,Status,Created\r\nABC-1,Done,03/04/2026\r\n")
    unclear = client.post(to("jira_import", project), {"file": table, "grouping": "epic"})
    assert unclear.status_code == 422
    assert "se lit de deux façons" in str(unclear.context["form"].errors["dates"])
    table.seek(0)
    clear = client.post(to("jira_import", project), {"file": table, "grouping": "epic", "dates": "day"})
    assert clear.status_code == 303
    broken = SimpleUploadedFile("jira.json", b'{"issues": [')
    assert client.post(to("jira_import", project), {"file": broken, "grouping": "epic"}).status_code == 422


def test_the_page_says_first_when_the_work_is_done(desk) -> None:
    client, project = desk
    assert "Rien n’est encore suivi" in client.get(to("plan_jira", project)).content.decode()
    take(project, answer(*steady(weeks=8, each=4, left=12)))
    page = client.get(to("plan_jira", project))
    text = page.content.decode()
    # Four a week for the whole weeks up to 15 November; twelve are left on Friday the 20th: three weeks after S47.
    assert page.context["headline"].startswith("Fini en S50\u00a02026, huit fois sur dix au moins")
    assert page.context["told"] == [("P50", "S50\u00a02026"), ("P80", "S50\u00a02026"), ("P90", "S50\u00a02026")]
    assert page.context["mean"] == "4,0"
    assert page.context["chance"] == "100\u202f%"
    assert 'id="throughput"' in text
    assert "10 000 tirages" in text


def test_the_api_answers_what_the_page_shows(desk) -> None:
    client, project = desk
    url = reverse("portfolio_api:throughput", args=[project.code])
    assert client.get(url).status_code == 404
    take(project, answer(*steady(weeks=8, each=4, left=12)))
    found = client.get(url).json()
    assert (found["total"], found["done"], found["remaining"]) == (44, 32, 12)
    assert found["outlook"] == {"p50": "2026-W50", "p80": "2026-W50", "p90": "2026-W50"}
    assert found["weeks"][-1] == {"week": "2026-W46", "added": 0, "removed": 0, "done": 4, "open": 16}


@pytest.mark.parametrize(
    ("issues", "sentence"),
    [
        (steady(weeks=3, each=4, left=5), "5 demandes restent ; l’historique est trop court"),
        (steady(weeks=8, each=1, left=0), "Toutes les demandes suivies sont terminées"),
        ([issue("ABC-1", created="", status="To Do")], "1 demande reste ; l’historique est trop court"),
        ([issue("ABC-1", issuetype={"name": "Epic"})], "Aucune demande n’est suivie"),
        (steady(weeks=8, each=1, left=900), "ne serait pas fini avant trois ans"),
    ],
)
def test_the_page_says_what_it_cannot_say(desk, issues: list[dict], sentence: str) -> None:
    client, project = desk
    take(project, answer(*issues))
    assert sentence in client.get(to("plan_jira", project)).context["headline"]


def test_the_page_costs_the_same_for_any_backlog(desk) -> None:
    client, project = desk
    counts = []
    for each in (1, 3):
        take(project, answer(*steady(weeks=8, each=each, left=4 * each)))
        client.get(to("plan_jira", project))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(to("plan_jira", project))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_jira_is_read_as_a_job_for_the_project_the_office_designated(desk) -> None:
    client, project = desk
    pso = Client()
    pso.force_login(user_with(Role.PSO))
    assert client.post(to("jira_project", project), {"jira_project": "ABC"}).status_code == 403
    assert "Lire dans Jira" not in client.get(to("jira_import", project)).content.decode()
    with (
        jira_server([issue("ABC-1", "Done"), issue("ABC-2")]) as jira,
        override_settings(JIRA_BASE_URL=jira.url, JIRA_EMAIL=EMAIL, JIRA_API_TOKEN=TOKEN),
    ):
        assert pso.post(to("jira_project", project), {"jira_project": 'ABC" OR 1=1'}).status_code == 422
        assert pso.post(to("jira_project", project), {"jira_project": "ABC"}).status_code == 303
        assert client.post(to("jira_fetch", project), {"grouping": "epic"}).status_code == 303
        assert "en cours de lecture" in client.get(to("jira_import", project)).content.decode()
        job = Job.objects.get(kind="jira.fetch")
        assert jobs.run_now(job.pk) == JobState.DONE
        page = client.get(to("jira_import", project))
    assert "Jira a été lu le" in page.content.decode()
    assert TOKEN not in page.content.decode() + json.dumps(list(Job.objects.values("payload", "result", "error")))
    upload = page.context["fetched"]
    _page, done = agree(client, project, f"{to('jira_import', project)}?upload={upload.token}")
    assert done.status_code == 303
    assert JiraIssue.objects.count() == 2


def test_a_read_that_fails_says_why(desk) -> None:
    client, project = desk
    pso = Client()
    pso.force_login(user_with(Role.PSO))
    with (
        jira_server([], script=[(401, {})]) as jira,
        override_settings(JIRA_BASE_URL=jira.url, JIRA_EMAIL=EMAIL, JIRA_API_TOKEN="faux-jeton"),
    ):
        pso.post(to("jira_project", project), {"jira_project": "ABC"})
        client.post(to("jira_fetch", project), {"grouping": "epic"})
        assert jobs.run_now(Job.objects.get(kind="jira.fetch").pk) == JobState.FAILED
        text = client.get(to("jira_import", project)).content.decode()
    assert "Jira refuse le compte de ce serveur" in text
    assert "faux-jeton" not in text + json.dumps(list(Job.objects.values("payload", "result", "error")))


def test_groups_are_settled_again_without_an_import(desk) -> None:
    client, project = desk
    package = WorkPackageFactory(project=project, code="WP1", progress=0, state="planned")
    assert client.get(to("jira_groups", project)).status_code == 404
    take(project, answer(issue("ABC-1", "Done", "ABC-9"), issue("ABC-2", epic="ABC-9")))
    assert "1 groupe attend d’être relu" in client.get(to("plan_jira", project)).content.decode()
    page = client.get(to("jira_groups", project))
    assert "proposé, à relire" in page.content.decode()
    chosen = {"version": page.context["form"].initial["version"], "group_0": str(package.pk)}
    assert client.post(to("jira_groups", project), chosen).status_code == 303
    package.refresh_from_db()
    assert (package.progress, package.state) == (50, "running")
    assert "attend d’être relu" not in client.get(to("plan_jira", project)).content.decode()
    assert client.post(to("jira_groups", project), chosen | {"group_0": "ignored"}).status_code == 409
    assert client.post(to("jira_groups", project), chosen | {"group_0": "-1"}).status_code == 422


def test_a_designated_project_is_read_every_night(desk) -> None:
    client, project = desk
    take(project, answer(issue("ABC-1", epic="ABC-9")))
    designate_project(project=project, jira_project="ABC", by=user_with(Role.PSO))
    assert queue_jira_reads(None) == {"queued": 0}
    with (
        jira_server([issue("ABC-1", "Done", "ABC-9"), issue("ABC-2", epic="ABC-8")], script=["well"] * 2) as jira,
        override_settings(JIRA_BASE_URL=jira.url, JIRA_EMAIL=EMAIL, JIRA_API_TOKEN=TOKEN),
    ):
        assert queue_jira_reads(None) == {"queued": 1}
        job = Job.objects.get(kind="jira.read")
        assert jobs.run_now(job.pk) == JobState.DONE
        jira.script = [(401, {})]
        job = Job.objects.create(kind="jira.read", key=f"jira.read:{project.pk}:2099-01-01", payload=job.payload)
        assert jobs.run_now(job.pk) == JobState.FAILED
    assert JiraIssue.objects.get(key="ABC-1").category == "done"
    text = client.get(to("plan_jira", project)).content.decode()
    assert "2 groupes attendent d’être relus" in text
    assert "Jira refuse le compte de ce serveur" in text
