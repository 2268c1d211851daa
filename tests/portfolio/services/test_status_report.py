"""A weekly status is published whole or not at all, and nothing anybody typed is lost."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.clock import BRUSSELS
from people.enums import Role
from people.models import AuditEntry, User
from portfolio.engines.status_checks import Check
from portfolio.models import Project, ReportingCycle, StatusDraft, StatusReport
from portfolio.selectors.status_report import load_sheet, stored_values
from portfolio.services.status_report import (
    FrozenWeekError,
    StatusConflictError,
    StatusRefusedError,
    UnknownRowError,
    publish_unchanged,
    save_draft,
    submit_status_report,
)
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

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=BRUSSELS)
GREENS = dict.fromkeys(("overall", "time", "cost", "scope", "resources", "risk"), "green")


def make(*, milestones: int = 1, risks: int = 1, **fields: Any) -> tuple[Project, ReportingCycle, User]:
    """A project of one PM, reported last week, with milestones ahead and open risks."""
    pm = user_with(Role.PM)
    fields = {"start": date(2026, 1, 5), "planned_end": date(2027, 6, 30), **fields}
    project = ProjectFactory(manager=pm.person, **fields)
    ReportingCycleFactory(week="2026-W46", frozen_at=NOW - timedelta(days=3))
    previous = ReportingCycle.objects.get(iso_week=46)
    cycle = ReportingCycleFactory(week="2026-W47")
    StatusReportFactory(project=project, cycle=previous, author=pm, message="Lot 2 recetté sans réserve.")
    for number in range(milestones):
        MilestoneFactory(project=project, name=f"Lot {number}", baseline=date(2026, 12, 4))
    for _number in range(risks):
        RiskFactory(project=project)
    return Project.objects.get(pk=project.pk), cycle, pm


def shown(project: Project, cycle: ReportingCycle) -> dict[str, str]:
    return stored_values(load_sheet(project, cycle), NOW)


def publish(project: Project, cycle: ReportingCycle, by: User, **changes: str) -> Any:
    base = changes.pop("_base", None) or shown(project, cycle)  # type: ignore[call-overload]
    values = {**base, **changes}
    return submit_status_report(project=project, cycle=cycle, by=by, values=values, base=base, now=NOW)


def codes(refusal: pytest.ExceptionInfo[StatusRefusedError]) -> list[tuple[Check, str]]:
    return [(problem.check, problem.field) for problem in refusal.value.problems]


def test_a_status_is_prefilled_from_last_week() -> None:
    project, cycle, _pm = make()
    values = shown(project, cycle)
    assert {name: values[name] for name in GREENS} == GREENS
    assert values["message"] == "Lot 2 recetté sans réserve."


def test_a_first_status_is_built_from_plan_and_mandate() -> None:
    project, cycle, _pm = make()
    StatusReport.objects.all().delete()
    ToleranceFactory(project=project, target="time", plus=Decimal(30), unit="days")
    values = shown(project, cycle)
    assert (values["time"], values["cost"], values["message"]) == ("green", "", "")


def test_publishing_writes_report_milestone_risk_standing_and_audit() -> None:
    project, cycle, pm = make()
    ToleranceFactory(project=project, target="time", plus=Decimal(30), unit="days")
    milestone, risk = project.milestones.get(), project.risks.get()
    outcome = publish(
        project,
        cycle,
        pm,
        overall="amber",
        time="amber",
        message="Le lot 0 glisse de 18 jours.",
        **{f"milestone-{milestone.pk}": "2026-12-22", f"risk-{risk.pk}": "on"},
    )
    milestone.refresh_from_db()
    risk.refresh_from_db()
    project = Project.objects.select_related("standing").get(pk=project.pk)
    assert outcome.created
    assert outcome.report.computed["dimensions"]["time"]["rag"] == "amber"
    assert (milestone.forecast, milestone.version) == (date(2026, 12, 22), 2)
    assert risk.confirmed_on == date(2026, 11, 19)
    assert (project.standing.declared_overall, project.standing.previous_overall) == ("amber", "green")
    assert project.standing.next_milestone_slip == 18
    entry = AuditEntry.objects.get(verb="status_report.submitted")
    assert entry.data["milestones"] == {"Lot 0": ["2026-12-04", "2026-12-22"]}


def test_a_standing_stored_by_a_publication_equals_one_rebuilt_afterwards() -> None:
    from portfolio.models import Standing
    from portfolio.services.standing import refresh_standing

    project, cycle, pm = make()
    publish(project, cycle, pm, message="Rien de neuf, tout avance.")
    (stored,) = Standing.objects.values()
    refresh_standing([project.pk], now=NOW)
    assert Standing.objects.values().get() == stored


def test_a_second_publication_corrects_the_same_row() -> None:
    project, cycle, pm = make()
    first = publish(project, cycle, pm).report
    second = publish(project, cycle, pm, message="Précision : recette signée.")
    assert (second.created, second.report.pk, second.report.version) == (False, first.pk, 2)
    assert StatusReport.objects.filter(cycle=cycle).count() == 1


def test_a_declaration_other_than_the_computation_needs_its_reason() -> None:
    project, cycle, pm = make()
    ToleranceFactory(project=project, target="time", plus=Decimal(10), unit="days")
    milestone = project.milestones.get()
    moved = {f"milestone-{milestone.pk}": "2026-12-31"}
    with pytest.raises(StatusRefusedError) as refusal:
        publish(project, cycle, pm, **moved)
    assert (Check.REASON_MISSING, "reason_time") in codes(refusal)
    assert StatusReport.objects.filter(cycle=cycle).count() == 0
    report = publish(
        project, cycle, pm, **moved, reason_time="Marge rendue par le lot suivant.", reason_overall="Idem."
    ).report
    assert report.reason_time == "Marge rendue par le lot suivant."


def test_a_worse_dimension_needs_its_cause_but_the_same_colour_does_not() -> None:
    project, cycle, pm = make()
    with pytest.raises(StatusRefusedError) as refusal:
        publish(project, cycle, pm, resources="amber")
    assert codes(refusal) == [(Check.CAUSE_MISSING, "cause_resources")]


def test_a_milestone_in_the_past_is_refused_until_moved_or_reached() -> None:
    project, cycle, pm = make()
    milestone = project.milestones.get()
    with pytest.raises(StatusRefusedError) as refusal:
        publish(project, cycle, pm, **{f"milestone-{milestone.pk}": "2026-11-16"})
    assert (Check.MILESTONE_PAST, f"milestone-{milestone.pk}") in codes(refusal)
    reached = {f"milestone-{milestone.pk}": "2026-11-16", f"reached-{milestone.pk}": "on"}
    publish(project, cycle, pm, **reached)
    milestone.refresh_from_db()
    assert milestone.actual == date(2026, 11, 16)


def test_an_unneeded_reason_and_cause_are_dropped() -> None:
    project, cycle, pm = make()
    report = publish(project, cycle, pm, reason_time="Inutile", cause_time="Inutile").report
    assert (report.reason_time, report.cause_time) == ("", "")


def test_unchanged_gives_last_week_again_and_confirms_every_risk() -> None:
    project, cycle, pm = make(risks=3)
    outcome = publish_unchanged(project=project, cycle=cycle, by=pm, base=shown(project, cycle), now=NOW)
    assert outcome.report.unchanged
    assert outcome.report.message == "Lot 2 recetté sans réserve."
    assert set(project.risks.values_list("confirmed_on", flat=True)) == {date(2026, 11, 19)}


def test_unchanged_is_refused_when_a_milestone_has_passed() -> None:
    project, cycle, pm = make()
    project.milestones.update(forecast=date(2026, 11, 17))
    with pytest.raises(StatusRefusedError):
        publish_unchanged(project=project, cycle=cycle, by=pm, base=shown(project, cycle), now=NOW)
    assert set(project.risks.values_list("confirmed_on", flat=True)) == {None}


def test_two_people_on_different_fields_are_merged() -> None:
    project, cycle, pm = make()
    deputy = user_with(Role.PM)
    base = shown(project, cycle)
    publish(project, cycle, pm, message="Le pilote démarre.")
    mine = {**base, "ask_kind": "information", "ask_text": "Le CODIR est invité à la démonstration."}
    outcome = submit_status_report(project=project, cycle=cycle, by=deputy, values=mine, base=base, now=NOW)
    outcome.report.refresh_from_db()
    assert outcome.report.message == "Le pilote démarre."
    assert outcome.report.ask_text == "Le CODIR est invité à la démonstration."
    assert outcome.merged_fields == ("message",)


def test_two_people_on_the_same_field_clash_and_nothing_is_written() -> None:
    project, cycle, pm = make()
    base = shown(project, cycle)
    milestone = project.milestones.get()
    publish(project, cycle, pm, message="Le sien.", **{f"milestone-{milestone.pk}": "2026-12-10"})
    mine = {**base, "message": "Le mien.", f"milestone-{milestone.pk}": "2026-12-11"}
    with pytest.raises(StatusConflictError) as conflict:
        submit_status_report(project=project, cycle=cycle, by=pm, values=mine, base=base, now=NOW)
    told = {clash.field: (clash.base, clash.theirs, clash.mine) for clash in conflict.value.clashes}
    assert told["message"] == ("Lot 2 recetté sans réserve.", "Le sien.", "Le mien.")
    assert told[f"milestone-{milestone.pk}"] == ("2026-12-04", "2026-12-10", "2026-12-11")
    assert StatusReport.objects.get(cycle=cycle).message == "Le sien."


def test_a_frozen_week_refuses_status_and_draft() -> None:
    project, cycle, pm = make()
    base = shown(project, cycle)
    ReportingCycle.objects.filter(pk=cycle.pk).update(frozen_at=NOW)
    with pytest.raises(FrozenWeekError):
        publish(project, cycle, pm, _base=base)  # type: ignore[arg-type]
    cycle.refresh_from_db()
    with pytest.raises(FrozenWeekError):
        save_draft(project=project, cycle=cycle, by=pm, values={**base, "message": "x"}, base=base, now=NOW)


def test_a_status_is_refused_from_the_hour_of_the_freeze_on_even_if_nothing_froze_the_week() -> None:
    project, cycle, pm = make()
    base = shown(project, cycle)
    for now in (cycle.freeze_at, cycle.freeze_at + timedelta(hours=3)):
        with pytest.raises(FrozenWeekError):
            submit_status_report(project=project, cycle=cycle, by=pm, values=base, base=base, now=now)
    last = cycle.freeze_at - timedelta(seconds=1)
    submit_status_report(project=project, cycle=cycle, by=pm, values=base, base=base, now=last)
    assert StatusReport.objects.filter(cycle=cycle).count() == 1


def test_a_row_of_another_project_is_refused() -> None:
    project, cycle, pm = make()
    foreign = MilestoneFactory()
    with pytest.raises(UnknownRowError):
        submit_status_report(
            project=project,
            cycle=cycle,
            by=pm,
            values={**shown(project, cycle), f"milestone-{foreign.pk}": "2027-01-01"},
            base=shown(project, cycle),
            now=NOW,
        )
    foreign.refresh_from_db()
    assert foreign.version == 1


def test_a_draft_is_kept_per_author_and_goes_with_the_publication() -> None:
    project, cycle, pm = make()
    base = shown(project, cycle)
    assert save_draft(project=project, cycle=cycle, by=pm, values={**base, "message": "En cours"}, base=base, now=NOW)
    assert not StatusReport.objects.filter(cycle=cycle).exists()
    publish(project, cycle, pm, message="Fini.")
    assert not StatusDraft.objects.exists()


def test_a_draft_without_change_is_not_kept() -> None:
    project, cycle, pm = make()
    base = shown(project, cycle)
    assert not save_draft(project=project, cycle=cycle, by=pm, values=base, base=base, now=NOW)
    assert not StatusDraft.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_a_save_takes_the_same_statements_whatever_the_number_of_rows(number: int) -> None:
    """Eight for the status, one that has its texts tried; three more append the audit entry to the chain."""
    project, cycle, pm = make(milestones=number, risks=number)
    BudgetLineFactory(project=project)
    base = shown(project, cycle)
    values = {**base, "message": "Tout avance.", "time": "amber", "overall": "amber"}
    for name in base:
        if name.startswith("milestone-"):
            values[name] = "2026-12-11"
        if name.startswith("risk-"):
            values[name] = "on"
    with CaptureQueriesContext(connection) as captured:
        submit_status_report(project=project, cycle=cycle, by=pm, values=values, base=base, now=NOW)
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    audit = [sql for sql in statements if "people_auditentry" in sql or "pg_advisory" in sql]
    assert (len(audit), len(statements) - len(audit)) == (3, 11), "\n".join(statements)


def test_a_decision_asked_opens_its_request_and_taking_it_back_withdraws_it() -> None:
    from governance.enums import RequestState
    from governance.models import DecisionRequest
    from tests.factories.governance import BodyFactory

    project, cycle, pm = make()
    body = BodyFactory()
    ask = {"ask_kind": "decision", "ask_text": "Réserver 0,5 ETP architecte.", "ask_to": f"{body.code}@2027-01-15"}
    publish(project, cycle, pm, **ask)
    request = DecisionRequest.objects.get()
    assert (request.body, request.question, request.needed_on) == (body, ask["ask_text"], date(2027, 1, 15))
    publish(project, cycle, pm, ask_kind="none")
    request.refresh_from_db()
    assert request.state == RequestState.WITHDRAWN
    assert StatusReport.objects.get(cycle=cycle).ask_text == ""
