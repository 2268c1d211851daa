"""A project manager moves his plan: new dates come into force by a decision, a slip is told wherever people look."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import transaction
from playwright.sync_api import expect

from config import clock
from governance.enums import SeatRole, Subject
from governance.models import Decision, Sitting
from people.enums import Role
from people.models import User
from portfolio.models import Milestone, PlanBaseline, Project, ReportingCycle
from portfolio.models.status_report import DIMENSIONS
from portfolio.services.standing import refresh_standing
from reporting.services.freeze import freeze_cycle
from tests.browser.person import WEEK, given
from tests.browser.session import effect, fill, open_and_vote, outcome, press
from tests.factories.governance import (
    BodyFactory,
    DecisionRequestFactory,
    MandateFactory,
    SeatFactory,
    SittingFactory,
)
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    MilestoneFactory,
    ProjectFactory,
    ReportingCycleFactory,
    StatusReportFactory,
    ToleranceFactory,
)
from tests.portfolio.engines.test_mspdi_reader import document, link, task
from tests.portfolio.services.test_plan_import import row, take

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MONDAY = clock.today() + timedelta(days=7 - clock.today().weekday())
GO, LATE = "Bascule", "+21\u00a0j"
CAUSE = "Règles livrées trois semaines trop tard."


def plan(days: int) -> bytes:
    """Analysis of a week, work of so many days, then the switch."""
    rows = (row(1, 5), row(2, days, link(1)), task(3, f"<Milestone>1</Milestone><Name>{GO}</Name>", link(2)))
    text = document("".join(rows), before=f"<StartDate>{MONDAY}T08:00:00</StartDate>").decode()
    return text.replace("<Name>Tâche 3</Name>", "").encode()


@pytest.fixture
def project(pm: User) -> Project:
    """A plan whose switch is where its milestone was approved, told and kept a month ago."""
    with transaction.atomic():
        row: Project = ProjectFactory(manager=pm.person, priority_rank=1, is_top=True, planned_end=MONDAY)
        gate = MilestoneFactory(project=row, name=GO, baseline=MONDAY)
        take(row, plan(20))
        gate.refresh_from_db()
        end = gate.forecast
        BudgetLineFactory(project=row)
        ToleranceFactory(project=row, target="time", plus=Decimal(15), minus=Decimal(15), unit="days")
        Milestone.objects.filter(pk=gate.pk).update(baseline=end, first_approved=end)
        Project.objects.filter(pk=row.pk).update(planned_end=end, first_approved_end=end, forecast_end=end)
    with pgtrigger.ignore("portfolio.MilestoneEvent:append_only"):
        apps.get_model("portfolio", "MilestoneEvent")._default_manager.update(
            pgh_created_at=clock.now() - timedelta(days=30)
        )
    previous = ReportingCycleFactory(week=str(WEEK.previous), frozen_at=clock.now() - timedelta(days=2))
    ReportingCycleFactory(week=str(WEEK))
    StatusReportFactory(project=row, cycle=previous, author=pm)
    refresh_standing(None, now=clock.now())
    row.refresh_from_db()
    return row


def gate_of(project: Project) -> Milestone:
    return project.milestones.get(name=GO)


def test_a_proposed_baseline_comes_into_force_by_its_decision(project: Project, pm: User, screens: Any) -> None:
    secretary, members = user_with(Role.SECRETARY), [user_with(Role.CODIR) for _ in range(3)]
    codir = BodyFactory(code="CODIR", kind="executive", level=7)
    MandateFactory(body=codir, kind=Subject.STAGE)
    for user, role in zip(members, (SeatRole.CHAIR, SeatRole.DEPUTY, SeatRole.MEMBER), strict=True):
        SeatFactory(body=codir, person=user.person, role=role)
    SeatFactory(body=codir, person=secretary.person, role=SeatRole.SECRETARY, votes=False)
    sitting: Sitting = SittingFactory(body=codir, starts_at=clock.now() + timedelta(days=3))
    DecisionRequestFactory(project=project, body=codir, kind=Subject.STAGE, question="Remplacer la référence ?")
    approved = gate_of(project).baseline
    take(project, plan(30))
    later = gate_of(project).forecast

    page = screens(pm, f"/projects/{project.code}/plan/baseline/")
    fill(page, reason="Deux bascules à blanc au lieu d’une.")
    press(page, "Proposer")
    expect(page.locator("main")).to_contain_text("en attente d’une décision")
    assert gate_of(project).baseline == approved

    cockpit = f"/meetings/{sitting.pk}/"
    page = screens(secretary, cockpit)
    press(page, "Reprendre ce qui attend")
    press(page, "Figer les pièces et convoquer")
    open_and_vote(page, "3 pour, 0 contre")
    outcome(page, kind="decision", text="La référence du plan est remplacée.", rationale="Le besoin demeure.")
    effect(page, {"kind": "baseline", "day": later.isoformat()})
    press(page, "Lever la séance")
    press(screens(members[0], cockpit), "Approuver le procès-verbal")
    press(screens(secretary, cockpit), "Clore et inscrire au registre")

    decision = Decision.objects.get()
    assert PlanBaseline.objects.get().decision == decision.number
    project.refresh_from_db()
    assert (gate_of(project).baseline, project.planned_end) == (later, later)
    page = screens(pm, f"/projects/{project.code}/plan/baseline/")
    expect(page.locator("main")).to_contain_text(decision.number)
    expect(page.locator("main")).not_to_contain_text("en attente d’une décision")
    assert gate_of(project).first_approved == approved


def test_three_weeks_late_in_status_dashboard_roadmap_and_pack(project: Project, pm: User, screens: Any) -> None:
    director, pso = user_with(Role.DIRECTOR), user_with(Role.PSO)
    page = screens(pm, f"/projects/{project.code}/plan/activities/2/")
    fill(page, duration="35j")
    press(page, "Enregistrer")
    gate = gate_of(project)
    assert gate.forecast == gate.baseline + timedelta(days=21)

    page = screens(pm, f"/projects/{project.code}/status/{WEEK}/")
    expect(page.locator(f"#delta-{gate.pk}")).to_contain_text(LATE)
    for name in ("overall", *DIMENSIONS):
        colour = "red" if name in ("overall", "time") else "green"
        page.locator(f'label:has(input[name="{name}"][value="{colour}"])').click()
    fill(page, cause_time=CAUSE, message="La bascule passe au mois suivant.")
    page.locator('button[value="publish"]').click()
    page.wait_for_url("**/my/**")
    assert given(project).time == "red"

    page = screens(director, "/")
    expect(page.locator(".triage [data-row]").first).to_contain_text("Fin prévue 21\u00a0j après la référence")
    page = screens(director, "/roadmap/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 jalon a glissé en 7 jours")
    expect(page.locator("main")).to_contain_text(LATE)

    freeze_cycle(ReportingCycle.objects.latest("opens_at"), pso, clock.now())
    page = screens(pso, f"/reports/packs/{WEEK}/online/")
    sheet = page.locator("main section", has_text=project.code).last
    for words in (CAUSE, GO, "+21"):
        expect(sheet).to_contain_text(words)
    milestone = page.get_by_role("row").filter(has_text=GO).filter(has_text=project.code)
    expect(milestone.first).to_contain_text("+21")
