"""Two publications, or a publication and a freeze, in the same instant."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from config import clock
from people.enums import Role
from people.services import audit
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.models import Project, ReportingCycle, StatusReport
from portfolio.selectors.status_report import load_sheet, stored_values
from portfolio.services.status_report import FrozenWeekError, StatusConflictError, submit_status_report
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = IsoWeek.of(clock.today())


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at once, each on its own connection; an exception is an outcome."""
    gate, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            outcomes.append(act())
        except (FrozenWeekError, StatusConflictError) as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def make() -> tuple[Project, ReportingCycle, dict[str, str]]:
    previous = ReportingCycleFactory(week=str(WEEK.previous), frozen_at=clock.now() - timedelta(days=2))
    cycle = ReportingCycleFactory(week=str(WEEK))
    project = ProjectFactory()
    StatusReportFactory(project=project, cycle=previous)
    project = Project.objects.get(pk=project.pk)
    return project, cycle, stored_values(load_sheet(project, cycle), clock.now())


def publisher(project: Project, cycle: ReportingCycle, base: dict[str, str], **changes: str) -> Callable[[], Any]:
    user = user_with(Role.PM)
    return lambda: submit_status_report(
        project=project, cycle=cycle, by=user, values={**base, **changes}, base=base, now=clock.now()
    )


def test_the_same_field_at_once_gives_one_row_and_one_conflict() -> None:
    project, cycle, base = make()
    outcomes = together(*(publisher(project, cycle, base, message=f"Phrase {number}.") for number in range(4)))
    conflicts = [outcome for outcome in outcomes if isinstance(outcome, StatusConflictError)]
    assert (len(outcomes), len(conflicts)) == (4, 3)
    assert StatusReport.objects.get(cycle=cycle).version == 1
    assert audit.verify().sound


def test_different_fields_at_once_are_both_kept() -> None:
    project, cycle, base = make()
    together(
        publisher(project, cycle, base, message="Une phrase."),
        publisher(project, cycle, base, ask_kind="information", ask_text="Une information."),
    )
    report = StatusReport.objects.get(cycle=cycle)
    assert (report.message, report.ask_text, report.version) == ("Une phrase.", "Une information.", 2)


def test_a_status_is_before_the_freeze_or_refused_never_between() -> None:
    project, cycle, base = make()
    seen: list[int] = []

    def freeze() -> None:
        with transaction.atomic():
            row = ReportingCycle.objects.select_for_update().get(pk=cycle.pk)
            seen.append(StatusReport.objects.filter(cycle=cycle).count())
            row.frozen_at = clock.now()
            row.save(update_fields=["frozen_at"])

    outcomes = together(publisher(project, cycle, base, message="Au dernier instant."), freeze)
    refused = any(isinstance(outcome, FrozenWeekError) for outcome in outcomes)
    assert (seen[0], StatusReport.objects.filter(cycle=cycle).count()) == ((0, 0) if refused else (1, 1))
