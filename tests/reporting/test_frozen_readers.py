"""CODIR reads the last frozen week everywhere; the director reads the week that is still open."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from config import clock
from people.enums import Role
from people.models import User
from portfolio.engines.reporting_calendar import IsoWeek, current_week
from portfolio.models import FrozenStanding, Project, ReportingCalendar
from portfolio.selectors.project import get_project
from portfolio.selectors.project_page import project_page
from portfolio.services.standing import refresh_standing, store_frozen_standings
from portfolio.tasks import refresh_all
from reporting.selectors.dashboard import changes, health
from reporting.selectors.search import find
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_weeks() -> Project:
    """A project red in the frozen week, green in the open one."""
    now = clock.now()
    this = current_week(now)
    project = ProjectFactory(code="ROUGE", name_fr="Archivage probant")
    frozen = ReportingCycleFactory(week=str(this.previous), frozen_at=now - timedelta(days=1))
    StatusReportFactory(project=project, cycle=frozen, overall="red", message="Le marché est bloqué.")
    still_open = ReportingCycleFactory(week=str(this), opens_at=now - timedelta(days=7))
    StatusReportFactory(
        project=project, cycle=still_open, overall="green", message="Le marché est attribué.", submitted_at=now
    )
    refresh_standing(None, now=now)
    store_frozen_standings(frozen, now=now - timedelta(days=1))
    return project


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def on_the_register(user: User) -> str:
    return str(client_of(user).get("/projects/").context["register"].rows[0].state)


def on_its_page(user: User) -> str:
    return str(client_of(user).get("/projects/ROUGE/").context["page"].state)


def on_its_plan(user: User) -> str:
    return str(client_of(user).get("/projects/ROUGE/plan/").context["state"])


def on_the_dashboard(user: User) -> str:
    return next(one.state for one in health(user, clock.today()).counts if one.count)


def in_the_search(user: User) -> str:
    return find(user, "archivage", clock.today()).projects[0].state


def in_the_api(user: User) -> str:
    client = APIClient()
    client.force_authenticate(user)
    return str(client.get("/api/v1/projects/").json()["results"][0]["state"])


def by_filter(user: User) -> str:
    red = client_of(user).get("/projects/?state=red").context["register"].totals.count
    return "red" if red else "green"


PLACES: list[Callable[[User], str]] = [
    on_the_register,
    on_its_page,
    on_its_plan,
    on_the_dashboard,
    in_the_search,
    in_the_api,
    by_filter,
]


@pytest.mark.usefixtures("two_weeks")
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_codir_sees_the_frozen_colour_and_the_director_the_open_one(place: Callable[[User], str]) -> None:
    assert place(user_with(Role.CODIR)) == "red"
    assert place(user_with(Role.DIRECTOR)) == "green"


@pytest.mark.usefixtures("two_weeks")
@pytest.mark.parametrize("address", ["/", "/projects/", "/projects/ROUGE/", "/projects/ROUGE/status/"])
def test_codir_reads_no_word_of_the_open_week(address: str) -> None:
    page = client_of(user_with(Role.CODIR)).get(address).content.decode()
    week = current_week(clock.now()).previous.week
    assert "Le marché est attribué." not in page
    assert f"Données gelées de la semaine {week}" in page


@pytest.mark.usefixtures("two_weeks")
def test_words_and_colour_of_a_page_are_of_the_same_week() -> None:
    codir = user_with(Role.CODIR)
    page = project_page(codir, get_project(codir, "ROUGE"), clock.today())
    assert (page.message, page.state) == ("Le marché est bloqué.", "red")
    assert {line.declared for line in page.dimensions} == {"green"}


@pytest.mark.usefixtures("two_weeks")
def test_finance_exports_the_frozen_week() -> None:
    content = client_of(user_with(Role.FINANCE)).get("/projects/export.csv").content.decode("utf-8-sig")
    line = next(csv.DictReader(io.StringIO(content, newline=""), delimiter=";"))
    assert "rouge" in line.values()
    assert "Le marché est attribué." not in content


@pytest.mark.usefixtures("two_weeks")
def test_codir_is_told_no_change_of_the_open_week() -> None:
    assert changes(user_with(Role.DIRECTOR), clock.today()).better_total == 1
    assert changes(user_with(Role.CODIR), clock.today()).better_total == 0


def test_before_the_first_freeze_codir_sees_no_colour() -> None:
    StatusReportFactory(
        project=ProjectFactory(code="ROUGE"), cycle=ReportingCycleFactory(), overall="red", submitted_at=clock.now()
    )
    refresh_standing(None, now=clock.now())
    codir = user_with(Role.CODIR)
    assert on_the_register(codir) == on_its_page(codir) == "none"
    assert "Aucune semaine n’est encore gelée" in client_of(codir).get("/projects/").content.decode()


def test_silence_is_counted_to_the_day_of_the_freeze(two_weeks: Project) -> None:
    last = FrozenStanding.objects.get(project=two_weeks)
    FrozenStanding.objects.update(computed_at=clock.now() - timedelta(days=60), last_status_on=last.last_status_on)
    codir = user_with(Role.CODIR)
    assert on_the_register(codir) == on_its_page(codir) == "red"


def test_the_rhythm_says_when_a_status_is_stale() -> None:
    now = clock.now()
    ReportingCalendar.objects.create(valid_from=(now - timedelta(days=90)).date(), stale_after_days=7)
    project = ProjectFactory(code="ROUGE")
    week = IsoWeek.of(now.date() - timedelta(days=9))
    given = ReportingCycleFactory(week=str(week))
    StatusReportFactory(project=project, cycle=given, overall="green", submitted_at=now - timedelta(days=9))
    refresh_standing(None, now=now)
    director = user_with(Role.DIRECTOR)
    assert on_the_register(director) == on_its_page(director) == in_the_api(director) == "stale"
    ReportingCalendar.objects.update(stale_after_days=9)
    assert on_the_register(director) == on_its_page(director) == in_the_api(director) == "green"


def test_a_night_gives_frozen_standings_to_a_week_frozen_before_they_were_kept(two_weeks: Project) -> None:
    FrozenStanding.objects.all().delete()

    class Run:
        def progress(self, _percent: int) -> None:
            """Nobody watches."""

    refresh_all(Run())  # type: ignore[arg-type]
    assert FrozenStanding.objects.get(project=two_weeks).declared_overall == "red"


def test_an_earlier_week_frozen_late_does_not_replace_a_later_one(two_weeks: Project) -> None:
    earlier = current_week(clock.now()).previous.previous
    late = ReportingCycleFactory(week=str(earlier), frozen_at=clock.now())
    store_frozen_standings(late, now=datetime.now(tz=clock.BRUSSELS))
    assert FrozenStanding.objects.get(project=two_weeks).declared_overall == "red"


def test_codir_counts_a_project_silent_in_the_frozen_week_as_its_pack_does() -> None:
    now = clock.now()
    frozen_week = current_week(now).previous
    project = ProjectFactory(code="ROUGE")
    earlier = ReportingCycleFactory(week=str(frozen_week.previous), frozen_at=now - timedelta(days=8))
    StatusReportFactory(project=project, cycle=earlier, overall="green", submitted_at=now - timedelta(days=9))
    silent = ReportingCycleFactory(week=str(frozen_week), frozen_at=now - timedelta(days=1))
    refresh_standing(None, now=now)
    store_frozen_standings(silent, now=now - timedelta(days=1))
    codir, director = user_with(Role.CODIR), user_with(Role.DIRECTOR)
    assert on_the_register(director) == on_the_dashboard(director) == "green"
    assert on_the_register(codir) == on_its_page(codir) == on_the_dashboard(codir) == in_the_api(codir) == "stale"
    assert "sans statut</a>" in client_of(codir).get("/").content.decode()


def test_codir_is_given_the_frozen_figures(two_weeks: Project) -> None:
    FrozenStanding.objects.filter(project=two_weeks).update(exposure=111, eac=222, bac=200, next_milestone="Gelé")
    two_weeks.standing.__class__.objects.filter(project=two_weeks).update(exposure=999, eac=888, next_milestone="Neuf")
    for role, figures in ((Role.CODIR, ("Gelé", 222, 111)), (Role.DIRECTOR, ("Neuf", 888, 999))):
        client = client_of(user_with(role))
        register = client.get("/projects/?sort=-exposure").context["register"]
        row = register.rows[0]
        assert (row.milestone, row.eac, row.exposure) == figures
        assert register.totals.eac == figures[1]
        assert client.get("/projects/ROUGE/").context["page"].standing.eac == figures[1]


def test_a_page_says_which_of_its_parts_are_of_today(two_weeks: Project) -> None:
    note = "jalons, risques, lignes de budget et demandes sont à jour"
    assert note in client_of(user_with(Role.CODIR)).get(f"/projects/{two_weeks.code}/").content.decode()
    assert note not in client_of(user_with(Role.DIRECTOR)).get(f"/projects/{two_weeks.code}/").content.decode()
