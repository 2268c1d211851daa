"""An exception from the forecast that raises it to the condition met with evidence, by nothing but the pages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from config import clock
from governance.enums import SeatRole, Subject, ToleranceLevel
from governance.models import Body, Decision, DecisionRequest, FollowUp, ProjectException, Sitting
from people.enums import Role
from people.models import AuditEntry
from people.services import jobs
from portfolio.models import BudgetLine, Project, Tolerance
from tests.browser.session import effect, fill, open_and_vote, outcome, press
from tests.factories.governance import BodyFactory, MandateFactory, SeatFactory, SittingFactory
from tests.factories.people import user_with
from tests.factories.portfolio import BudgetLineFactory, ProjectFactory, ToleranceFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CONDITIONS = ("Avis du contrôle financier joint", "Plan de réduction présenté au CODIR")
STEPS = (
    "exception.raised",
    "exception.report_saved",
    "exception.submit",
    "decision_request.opened",
    "decision_request.table",
    "session.publish",
    "session.open",
    "session.outcome_added",
    "decision.registered",
    "decision.effect",
    "budget_line.decided",
    "tolerance.decided",
    "project.decided",
    "session.close",
    "follow_up.submit",
    "follow_up.meet",
)


class Committee:
    """A steering committee whose mandate ends at 10 000 €, and a CODIR of five of which one is the sponsor."""

    def __init__(self) -> None:
        self.pm, self.secretary, self.auditor = user_with(Role.PM), user_with(Role.SECRETARY), user_with(Role.AUDITOR)
        self.members = [user_with(Role.CODIR) for _ in range(5)]
        self.sponsor = self.members[2]
        self.project: Project = ProjectFactory(
            manager=self.pm.person, sponsor=self.sponsor.person, planned_end=date(2027, 3, 31)
        )
        BudgetLineFactory(project=self.project)
        ToleranceFactory(project=self.project, target="cost", plus=Decimal(5), minus=Decimal(10), unit="percent")
        board: Body = BodyFactory(code="COPIL", level=2, project=self.project, name_fr="Comité de pilotage du projet")
        MandateFactory(body=board, kind=Subject.EXCEPTION, amount_max=Decimal(10000), level=ToleranceLevel.PROJECT)
        self.codir: Body = BodyFactory(code="CODIR", kind="executive", level=7, name_fr="Comité de direction")
        MandateFactory(body=self.codir, kind=Subject.EXCEPTION)
        for index, user in enumerate(self.members):
            role = SeatRole.CHAIR if index == 0 else SeatRole.DEPUTY if index == 1 else SeatRole.MEMBER
            SeatFactory(body=self.codir, person=user.person, role=role)
        SeatFactory(body=self.codir, person=self.secretary.person, role=SeatRole.SECRETARY, votes=False)
        today = clock.now()
        self.first: Sitting = SittingFactory(body=self.codir, starts_at=today + timedelta(days=3))
        self.second: Sitting = SittingFactory(body=self.codir, starts_at=today + timedelta(days=10))


@pytest.fixture
def committee() -> Committee:
    """In one transaction: a project is born with its budget and tolerances, later only decisions change them."""
    with transaction.atomic():
        return Committee()


def report(page: Page) -> None:
    fill(
        page,
        cause="Le marché a coûté plus que prévu.",
        consequences="Le budget de l’année est épuisé en mars.",
        business_case="Les bénéfices restent supérieurs au coût.",
        recommendation="Ajouter 60 k€ et deux mois.",
        amount="60000",
        option1_label="Ajouter 60 k€",
        option1_consequence="Le périmètre reste entier.",
        option2_label="Réduire le périmètre",
        option2_consequence="Le lot 3 sort du projet.",
        recommended="1",
    )
    press(page, "Enregistrer le rapport")
    press(page, "Remettre le rapport à l’instance")


def test_from_the_forecast_that_breaks_its_tolerance_to_the_condition_met(committee: Committee, screens: Any) -> None:
    project, pm, secretary = committee.project, committee.pm, committee.secretary
    chair = committee.members[0]
    line = BudgetLine.objects.get(project=project)

    page = screens(pm, f"/projects/{project.code}/finance/{line.year}/{line.nature}/")
    fill(page, forecast="460000")
    press(page, "Enregistrer")
    exception = ProjectException.objects.get(project=project)
    page = screens(pm, exception.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text("hors tolérance")
    with page.expect_navigation():
        page.get_by_role("link", name="Rédiger le rapport").click()
    report(page)

    request = DecisionRequest.objects.get(exception=exception)
    assert request.body == committee.codir
    assert request.question == f"Ajouter 60 k€ et deux mois ? ({exception.number} : coût hors tolérance)"
    page = screens(secretary, request.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Comité de pilotage du projet")
    expect(page.locator("main")).to_contain_text("le montant dépasse sa limite")

    cockpit = f"/meetings/{committee.first.pk}/"
    page = screens(secretary, cockpit)
    press(page, "Reprendre ce qui attend")
    press(page, "Figer les pièces et convoquer")
    expect(page.locator("main aside")).to_contain_text("partie au projet")
    sponsor = screens(committee.sponsor, cockpit)
    expect(sponsor.locator("main")).to_contain_text("Vous êtes récusé de ce point")
    expect(sponsor.locator("main")).not_to_contain_text("Ajouter 60 k€")

    page = screens(secretary, cockpit)
    open_and_vote(page, "4 pour, 0 contre")

    outcome(page, kind="decision", text="Budget porté à 460 k€, fin au 31 mai 2027.", rationale="Le besoin demeure.")
    effect(page, {"kind": "exception", "answer": "adjust_tolerance"})
    effect(page, {"kind": "budget", "year": str(line.year), "nature": line.nature, "amount": "460000"})
    effect(page, {"kind": "tolerance", "target": "cost", "plus": "8", "minus": "10"})
    effect(page, {"kind": "baseline", "day": "2027-05-31"})
    decision_row = page.locator('select[name="parent"] option').nth(1).get_attribute("value") or ""
    due = (clock.today() + timedelta(days=9)).isoformat()
    for kind, text in zip(("precedent", "subsequent"), CONDITIONS, strict=True):
        outcome(page, kind=kind, text=text, parent=decision_row, owner=str(pm.person.pk), due=due)
    press(page, "Lever la séance")
    page = screens(chair, cockpit)
    press(page, "Approuver le procès-verbal")
    assert BudgetLine.objects.get(pk=line.pk).approved != Decimal(460000)
    page = screens(secretary, cockpit)
    press(page, "Clore et inscrire au registre")

    decision = Decision.objects.get()
    project.refresh_from_db()
    line.refresh_from_db()
    exception.refresh_from_db()
    assert (line.approved, project.planned_end) == (Decimal(460000), date(2027, 5, 31))
    assert Tolerance.objects.get(project=project, target="cost").plus == Decimal(8)
    assert (exception.answer, exception.decision) == ("adjust_tolerance", decision)
    page = screens(secretary, decision.get_absolute_url())
    for words in ("460 000", "31 mai 2027", *CONDITIONS, committee.sponsor.person.full_name):
        expect(page.locator("main")).to_contain_text(words.replace(" ", "\u202f") if words == "460 000" else words)

    while (run := jobs.claim()) is not None:
        jobs.execute(run)
    page = screens(secretary, f"/meetings/{committee.first.pk}/minutes/")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    later = f"/meetings/{committee.second.pk}/"
    page = screens(secretary, later)
    expect(page.locator("main")).to_contain_text(CONDITIONS[0])
    follow_up = FollowUp.objects.get(text=CONDITIONS[0])
    page = screens(pm, f"/follow-ups/{follow_up.pk}/")
    fill(page, evidence="https://intranet.example/avis-2027-014")
    press(page, "Remettre la preuve")
    page = screens(secretary, f"/follow-ups/{follow_up.pk}/")
    press(page, "Accepter : levée")
    follow_up.refresh_from_db()
    assert follow_up.state == "met"
    page = screens(secretary, later)
    expect(page.locator("main")).not_to_contain_text(CONDITIONS[0])
    expect(page.locator("main")).to_contain_text(CONDITIONS[1])

    verbs = list(AuditEntry.objects.order_by("number").values_list("verb", flat=True))
    assert [step for step in STEPS if step not in verbs] == []
    page = screens(committee.auditor, "/audit/")
    for number in (exception.number, decision.number):
        expect(page.locator("main")).to_contain_text(number)
