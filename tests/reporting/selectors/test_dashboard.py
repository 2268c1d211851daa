from datetime import timedelta
from decimal import Decimal

import pytest

from config import clock
from people.enums import Role
from people.models import User
from portfolio.enums import Confidentiality, LifeCycle
from portfolio.models import Project, Standing, StatusReport
from portfolio.selectors.register import RegisterQuery, every_row
from portfolio.services.standing import refresh_standing
from reporting.selectors.dashboard import Change, _is_worse, changes, health, largest_silent, triage
from tests.factories.governance import BodyFactory, DecisionRequestFactory
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    MilestoneFactory,
    ProgrammeFactory,
    ProjectFactory,
    ReportingCycleFactory,
    RiskFactory,
    StatusReportFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def director() -> User:
    return user_with(Role.DIRECTOR)


def _reported(*colours: str, **fields: object) -> Project:
    """A project with one status a week, the last one this week."""
    project = ProjectFactory(**fields)
    today = clock.today()
    for age, colour in enumerate(reversed(colours)):
        day = today - timedelta(weeks=age)
        year, week, _ = day.isocalendar()
        cycle = ReportingCycleFactory(week=f"{year}-W{week:02d}")
        StatusReportFactory(
            project=project, cycle=cycle, overall=colour, time=colour, submitted_at=clock.now() - timedelta(weeks=age)
        )
    return project


def _refresh() -> None:
    refresh_standing(None, now=clock.now())


def test_green_and_steady_red_projects_do_not_ask_for_the_director(director: User) -> None:
    _reported("green", "green")
    _reported("red", "red")
    _refresh()

    assert triage(director, clock.today()).rows == ()


def test_red_and_worsening_asked_and_silent_top_projects_do_and_the_most_exposed_comes_first(director: User) -> None:
    worsening = _reported("amber", "red")
    RiskFactory(project=worsening, probability=5, impact=5, impact_amount=Decimal(100_000))
    asked = _reported("green", "green")
    RiskFactory(project=asked, probability=5, impact=5, impact_amount=Decimal(400_000))
    DecisionRequestFactory(project=asked, body=BodyFactory(code="CODIR", level=7), question="Signer l’avenant")
    silent = ProjectFactory(is_top=True, priority_rank=3)
    _refresh()

    rows = triage(director, clock.today()).rows

    assert [row.code for row in rows] == [asked.code, worsening.code, silent.code]
    assert (rows[0].ask.verb, rows[0].ask.rest) == ("Signer", "l’avenant")
    assert rows[2].state == "stale"


def test_request_below_the_director_stays_with_its_committee(director: User) -> None:
    DecisionRequestFactory(project=_reported("green", "green"), body=BodyFactory(level=2))
    _refresh()

    assert triage(director, clock.today()).total == 0


def test_only_five_rows_are_shown_and_the_others_counted(director: User) -> None:
    for _ in range(7):
        _reported("green", "red")
    _refresh()

    found = triage(director, clock.today())

    assert (len(found.rows), found.total, found.more) == (5, 7, 2)


def test_portfolio_that_never_reported_shows_its_largest_projects(director: User) -> None:
    small, large = ProjectFactory(), ProjectFactory()
    BudgetLineFactory(project=small, approved=Decimal(100_000))
    BudgetLineFactory(project=large, approved=Decimal(9_000_000))
    _refresh()

    assert triage(director, clock.today()).total == 0
    assert [row.code for row in largest_silent(director, clock.today()).rows] == [large.code, small.code]


def test_health_counts_states_and_their_difference_with_last_week(director: User) -> None:
    _reported("green", "red")
    _reported("green", "green")
    ProjectFactory(life_cycle=LifeCycle.ON_HOLD, life_cycle_reason="Attente du cabinet", review_on=clock.today())
    _refresh()

    counts = {one.state: (one.count, one.delta) for one in health(director, clock.today()).counts}

    assert counts["red"] == (1, 1)
    assert counts["green"] == (1, -1)
    assert counts["paused"][0] == 1


def test_changes_name_the_dimension_that_moved(director: User) -> None:
    _reported("green", "amber")
    _reported("red", "green")
    _refresh()

    found = changes(director, clock.today())

    assert [(one.previous, one.state, one.dimension) for one in found.worse] == [("green", "amber", "délai")]
    assert [(one.previous, one.state) for one in found.better] == [("red", "green")]


@pytest.mark.parametrize(("state", "is_worse"), [("red", True), ("amber", True), ("green", False)])
def test_a_silence_that_ends_improves_only_into_green(state: str, is_worse: bool) -> None:
    assert _is_worse(Change(code="P-1", name="Un", state=state, previous="stale", dimension="")) is is_worse


def test_the_register_holds_the_changes_that_the_dashboard_counts(director: User) -> None:
    colours = ("green", "amber", "red")
    for before in colours:
        for after in colours:
            _reported(before, after)
    today = clock.today()
    gone_quiet = _reported("green")
    StatusReport.objects.filter(project=gone_quiet).delete()
    _refresh()
    Standing.objects.filter(project=gone_quiet).update(
        previous_overall="amber", last_status_on=today - timedelta(days=40)
    )

    found = changes(director, today, limit=100)
    worse = every_row(director, RegisterQuery(moved="worse"), today)
    better = every_row(director, RegisterQuery(moved="better"), today)

    assert {row.code for row in worse} == {one.code for one in found.worse} >= {gone_quiet.code}
    assert {row.code for row in better} == {one.code for one in found.better}
    assert (found.worse_total, found.better_total) == (4, 3)


def test_programme_manager_sees_his_programme_only() -> None:
    user = user_with(Role.PROGRAMME_MANAGER)
    own = _reported("green", "red", programme=ProgrammeFactory(manager=user.person))
    _reported("green", "red")
    _refresh()

    assert [row.code for row in triage(user, clock.today()).rows] == [own.code]
    assert health(user, clock.today()).total == 1


def test_restricted_project_is_not_even_counted_for_those_outside_its_circle(director: User) -> None:
    _reported("green", "red", confidentiality=Confidentiality.RESTRICTED)
    _refresh()

    assert health(user_with(Role.INVESTMENT_COMMITTEE), clock.today()).total == 0
    assert health(director, clock.today()).total == 1


@pytest.mark.parametrize("count", [1, 3])
def test_each_block_costs_one_statement_for_any_number_of_projects(
    count: int, director: User, django_assert_num_queries: object
) -> None:
    for _ in range(count):
        project = _reported("green", "red")
        MilestoneFactory(project=project)
        BudgetLineFactory(project=project)
    _refresh()
    director.role_set  # noqa: B018 -- read once per request

    with django_assert_num_queries(3):  # type: ignore[operator]
        triage(director, clock.today())
        health(director, clock.today())
        changes(director, clock.today())


def test_words_of_a_week_not_yet_frozen_are_kept_from_those_who_read_frozen_ones_only(director: User) -> None:
    project = _reported("green", "green")
    DecisionRequestFactory(project=project, body=BodyFactory(level=7))
    _refresh()

    assert triage(director, clock.today()).rows[0].why == "Lot 2 recetté sans réserve."
    assert "Lot 2" not in triage(user_with(Role.CODIR), clock.today()).rows[0].why
