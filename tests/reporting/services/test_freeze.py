"""The cut: once, whole, consistent, constant in statements, and out of reach of any change."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import F
from django.db.utils import DatabaseError, InternalError
from django.test.utils import CaptureQueriesContext

from config import clock
from people.enums import Role
from people.models import AuditEntry
from people.services import audit
from portfolio.models import Project, ReportingCycle, StatusReport
from portfolio.services.standing import refresh_standing
from reporting.engines.canonical import data_hash
from reporting.enums import PackState
from reporting.models import Pack, Snapshot
from reporting.services.freeze import CannotFreezeError, freeze_cycle
from reporting.services.pack import edition_of
from tests.factories.governance import DecisionRequestFactory
from tests.factories.guards import guards_off
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    MilestoneFactory,
    ProjectFactory,
    ReportingCycleFactory,
    RiskFactory,
    StatusReportFactory,
    ToleranceFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
GUARDED = ("portfolio_project", "portfolio_budgetline", "portfolio_tolerance", "portfolio_milestone")


def portfolio(projects: int = 3, *, silent: int = 1) -> ReportingCycle:
    """This week with its statuses; the last `silent` projects gave none."""
    cycle = ReportingCycleFactory(opens_at=clock.now() - timedelta(days=4))
    for number in range(projects):
        project = ProjectFactory(priority_rank=number + 1, is_top=True)
        MilestoneFactory(project=project)
        BudgetLineFactory(project=project)
        RiskFactory(project=project)
        ToleranceFactory(project=project)
        if number < projects - silent:
            StatusReportFactory(project=project, cycle=cycle, overall="amber")
    refresh_standing(None, now=clock.now())
    return cycle


def in_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Run in a thread with its own database connection; what it answers or raises."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(work())
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def test_freeze_keeps_every_fact_with_its_hash_and_its_audit_row() -> None:
    cycle = portfolio(3, silent=1)
    DecisionRequestFactory(project=Project.objects.first(), options=[{"label": "A", "consequence": "x"}])
    by, head = user_with(Role.PSO), audit.head()
    snapshot = freeze_cycle(cycle, by, clock.now())
    edition = edition_of(snapshot)
    assert (edition.received, edition.expected) == (2, 3)
    assert snapshot.data_hash == data_hash(Snapshot.objects.get().data)
    assert (snapshot.audit_number, snapshot.audit_hash) == (head.number, head.hash)
    assert {
        len(row.milestones) + len(row.budget) + len(row.risks) + len(row.tolerances) for row in edition.projects
    } == {4}
    assert edition.requests[0].options[0].label == "A"
    assert Pack.objects.get().state == PackState.FROZEN
    assert ReportingCycle.objects.get().frozen_at == snapshot.frozen_at
    entry = AuditEntry.objects.get(verb="cycle.frozen")
    assert (entry.data["data_hash"], entry.actor_id) == (snapshot.data_hash, by.pk)
    assert audit.verify().sound


def test_a_silent_project_is_stale_and_its_last_colour_only_history() -> None:
    cycle = portfolio(2, silent=1)
    silent = Project.objects.order_by("pk").last()
    last_week = ReportingCycleFactory(week=str_week(cycle, -1))
    StatusReportFactory(project=silent, cycle=last_week, overall="green")
    edition = edition_of(freeze_cycle(cycle, None, clock.now()))
    row = edition.project(silent.code)
    assert (row.state, row.status, row.last_state) == ("stale", None, "green")
    assert row.history[-2:] == ("green", "stale")
    assert row.previous.state == "green"


def str_week(cycle: ReportingCycle, weeks: int) -> str:
    from portfolio.engines.reporting_calendar import IsoWeek

    return str(IsoWeek(cycle.iso_year, cycle.iso_week).plus(weeks))


def test_a_second_freeze_answers_the_first_snapshot() -> None:
    cycle = portfolio()
    first = freeze_cycle(cycle, None, clock.now())
    assert freeze_cycle(ReportingCycle.objects.get(), None, clock.now()) == first
    assert AuditEntry.objects.filter(verb="cycle.frozen").count() == 1


def test_two_freezes_at_once_make_one_snapshot() -> None:
    cycle = portfolio()
    runs = [in_thread(lambda: freeze_cycle(cycle, None, clock.now())) for _ in range(3)]
    for thread, _outcome in runs:
        thread.join()
    answers = [outcome[0] for _thread, outcome in runs]
    assert all(isinstance(answer, Snapshot) for answer in answers), answers
    assert len({answer.pk for answer in answers}) == Snapshot.objects.count() == 1
    assert AuditEntry.objects.filter(verb="cycle.frozen").count() == 1


def test_a_status_in_flight_is_waited_for_and_counted() -> None:
    cycle = portfolio(2, silent=1)
    silent = Project.objects.order_by("pk").last()
    by = user_with(Role.PM)
    holding = threading.Event()

    def submit() -> None:
        with transaction.atomic():
            ReportingCycle.objects.select_for_update(of=("self",), no_key=True).get(pk=cycle.pk)
            holding.set()
            time.sleep(0.7)
            StatusReportFactory(project=silent, cycle=cycle, author=by)

    thread, outcome = in_thread(submit)
    assert holding.wait(5)
    snapshot = freeze_cycle(cycle, None, clock.now())
    thread.join()
    assert outcome == [None]
    assert edition_of(snapshot).received == 2


def test_a_status_that_comes_during_the_freeze_finds_the_week_frozen() -> None:
    cycle = portfolio(2, silent=1)
    frozen_when_seen: list[Any] = []

    def late_status() -> None:
        with transaction.atomic():
            row = ReportingCycle.objects.select_for_update(of=("self",), no_key=True).get(pk=cycle.pk)
            frozen_when_seen.append(row.frozen_at)

    freeze_cycle(cycle, None, clock.now())
    thread, _outcome = in_thread(late_status)
    thread.join()
    assert frozen_when_seen[0] is not None


def test_the_database_refuses_to_change_or_delete_a_snapshot() -> None:
    freeze_cycle(portfolio(1), None, clock.now())
    with pytest.raises((InternalError, ProgrammingError, DatabaseError)):
        Snapshot.objects.update(schema_version=F("schema_version") + 1)
    with pytest.raises((InternalError, ProgrammingError, DatabaseError)):
        Snapshot.objects.all().delete()


def test_the_number_of_statements_does_not_grow_with_the_portfolio() -> None:
    counts = []
    for projects in (2, 7):
        StatusReport.objects.all().delete()
        with guards_off(*GUARDED), transaction.atomic():
            Project.objects.all().delete()
        cycle = portfolio(projects)
        with CaptureQueriesContext(connection) as queries:
            freeze_cycle(cycle, None, clock.now())
        counts.append(len(queries))
        clean()
    assert counts[0] == counts[1] <= 50


def clean() -> None:
    """Remove what the database protects, as only a test may."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reporting_snapshot, reporting_pack, portfolio_reportingcycle CASCADE")


def test_a_week_that_is_not_open_cannot_be_frozen() -> None:
    cycle = ReportingCycleFactory(week="2031-W02")
    with pytest.raises(CannotFreezeError) as refusal:
        freeze_cycle(cycle, None, clock.now())
    assert refusal.value.code == "week_not_open"
    assert not Snapshot.objects.exists()


def test_a_week_frozen_without_a_snapshot_is_refused_and_left_as_it_is() -> None:
    cycle = portfolio(1)
    ReportingCycle.objects.update(frozen_at=clock.now())
    with pytest.raises(CannotFreezeError) as refusal:
        freeze_cycle(cycle, None, clock.now())
    assert refusal.value.code == "frozen_without_snapshot"
    assert not Snapshot.objects.exists()
