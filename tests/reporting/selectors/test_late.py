from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import clock
from people.enums import Role
from people.models import User
from portfolio.enums import Confidentiality, LifeCycle
from portfolio.models import Project, ReportingCycle
from portfolio.services.standing import refresh_standing
from reporting.selectors.late import LateQuery, find_late
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    ProjectFactory,
    ReportingCycleFactory,
    StatusDraftFactory,
    StatusReportFactory,
    StrategicAxisFactory,
    ToleranceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def friday_evening() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 20, 17, tzinfo=UTC)):
        yield


@pytest.fixture
def pso() -> User:
    return user_with(Role.PSO)


@pytest.fixture
def week() -> ReportingCycle:
    return ReportingCycleFactory(week="2026-W47")


def silent_since(week: str, **fields: object) -> Project:
    project = ProjectFactory(**fields)
    StatusReportFactory(project=project, cycle=ReportingCycleFactory(week=week))
    return project


def late(user: User, cycle: ReportingCycle, **query: object) -> list[str]:
    refresh_standing(None, now=clock.now())
    found = find_late(user, cycle, LateQuery(**query), clock.today())  # type: ignore[arg-type]
    return [row.code for row in found.rows]


def test_counts_what_is_owed_and_lists_only_what_is_missing(pso: User, week: ReportingCycle) -> None:
    StatusReportFactory(project=ProjectFactory(), cycle=week)
    begun = StatusDraftFactory(project=silent_since("2026-W46"), cycle=week).project
    stale = silent_since("2026-W44", is_top=True, priority_rank=3)
    never = ProjectFactory()
    ProjectFactory(life_cycle=LifeCycle.IDEA)
    refresh_standing(None, now=clock.now())

    found = find_late(pso, week, LateQuery(), clock.today())

    assert (found.expected, found.received, found.missing) == (4, 1, 3)
    assert found.counts == {"untouched": 2, "begun": 1, "stale": 2, "never": 1, "unreminded": 3, "top": 1}
    assert [row.code for row in found.rows] == [never.code, stale.code, begun.code]
    assert [(row.weeks_silent, row.is_stale, row.begun) for row in found.rows] == [
        (None, True, False),
        (3, True, False),
        (1, False, True),
    ]


def test_last_colour_is_told_as_history_beside_the_stale_state(pso: User, week: ReportingCycle) -> None:
    silent_since("2026-W43")
    refresh_standing(None, now=clock.now())

    row = find_late(pso, week, LateQuery(), clock.today()).rows[0]

    assert (row.state, row.last_state) == ("stale", "green")


def test_filters_and_orders(pso: User, week: ReportingCycle) -> None:
    axis = StrategicAxisFactory()
    first = silent_since("2026-W45", priority_rank=2, axis=axis)
    second = silent_since("2026-W43", priority_rank=9)

    assert late(pso, week, show="stale") == [second.code]
    assert late(pso, week, axis=axis.code) == [first.code]
    assert late(pso, week) == [second.code, first.code]
    assert late(pso, week, sort="-silence") == [first.code, second.code]
    assert late(pso, week, sort="rank") == [first.code, second.code]


def test_restricted_project_is_neither_listed_nor_counted_for_who_may_not_know_of_it(week: ReportingCycle) -> None:
    ProjectFactory(confidentiality=Confidentiality.RESTRICTED)
    outsider = user_with(Role.PROGRAMME_MANAGER)

    found = find_late(outsider, week, LateQuery(), clock.today())

    assert (found.expected, found.rows) == (0, ())


def test_colour_that_differs_from_the_computation_without_a_reason_is_named(pso: User, week: ReportingCycle) -> None:
    explained, silent = (ProjectFactory(code=code) for code in ("P-EXPLAINED", "P-SILENT"))
    for project in (explained, silent):
        BudgetLineFactory(project=project, approved=100_000, forecast=130_000)
        ToleranceFactory(project=project, target="cost", plus=5, unit="percent")
    StatusReportFactory(
        project=explained, cycle=week, reason_overall="avenant signé", reason_cost="avenant signé", reason_time="-"
    )
    StatusReportFactory(project=silent, cycle=week)
    refresh_standing(None, now=clock.now())

    gaps = find_late(pso, week, LateQuery(), clock.today()).gaps

    assert [(gap.code, gap.declared, gap.computed, gap.dimensions) for gap in gaps] == [
        ("P-SILENT", "green", "red", ("overall", "cost"))
    ]


@pytest.mark.parametrize("projects", [1, 30])
def test_number_of_statements_does_not_grow(pso: User, week: ReportingCycle, projects: int) -> None:
    for _number in range(projects):
        ProjectFactory()
    StatusReportFactory(cycle=week)
    refresh_standing(None, now=clock.now())
    assert pso.role_set

    with CaptureQueriesContext(connection) as statements:
        found = find_late(pso, week, LateQuery(), clock.today())

    assert len(found.rows) == projects
    assert len(statements) == 6
