"""An exception from the forecast that raises it to the decision that ends it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from config import clock
from governance.enums import BodyKind, EffectKind, Subject, ToleranceLevel
from governance.models import DecisionRequest, ProjectException
from governance.services.agenda import add_item
from governance.services.effect import add_effect
from governance.services.exception_clock import run_clocks
from governance.services.exception_report import save_plan, save_report, settle, submit_plan, submit_report
from people.enums import Role
from people.models import AuditEntry, Notification, User
from portfolio.models import BudgetLine, PartTolerance, Project, Tolerance, WorkPackage
from portfolio.services.cost import update_budget_line
from portfolio.services.standing import refresh_standing
from portfolio.services.tolerance import create_part_tolerance
from portfolio.services.versioned import ForbiddenFieldError
from portfolio.services.work_package import update_work_package
from tests.factories.governance import BodyFactory, MandateFactory, SittingFactory
from tests.factories.guards import settled
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    PartToleranceFactory,
    ProjectFactory,
    StageFactory,
    ToleranceFactory,
    WorkPackageFactory,
)
from tests.governance.engines.test_exception import OTHER, WHOLE
from tests.governance.services.test_session import Meeting

pytestmark = pytest.mark.django_db
REPORT = {
    "cause": "Le marché a coûté plus que prévu.",
    "consequences": "Le budget de l’année est épuisé en mars.",
    "business_case": "Les bénéfices restent supérieurs au coût.",
    "recommendation": "Ajouter 25 k€.",
    "options": [WHOLE, OTHER],
    "amount": Decimal("25000.00"),
}


@pytest.fixture
def pm() -> User:
    return user_with(Role.PM)


@pytest.fixture
def project(pm: User) -> Project:
    """BAC 400 k€ under a cost tolerance of +5 %, the worked example of the domain reference."""
    made: Project = ProjectFactory(manager=pm.person, sponsor=None)
    BudgetLineFactory(project=made)
    ToleranceFactory(project=made, target="cost", plus=Decimal(5), minus=Decimal(10), unit="percent")
    return made


def forecast(project: Project, amount: str, by: User) -> None:
    line = BudgetLine.objects.get(project=project)
    update_budget_line(line=line, changes={"forecast": Decimal(amount)}, version=line.version, by=by)


def raised(project: Project, by: User) -> ProjectException:
    forecast(project, "421000.00", by)
    return ProjectException.objects.get(project=project)


def submitted(project: Project, by: User) -> DecisionRequest:
    row = save_report(exception=raised(project, by), by=by, changes=REPORT, version=1)
    return submit_report(exception=row, by=by, version=row.version)


class Hearing(Meeting):
    """The body a request came to, in session on it."""

    sittings = 0

    def answer(self, request: DecisionRequest, answer: str, *effects: dict[str, Any], choice: str = "for") -> None:
        """Hear the request in a session of its own and close it."""
        self.sittings += 1
        self.sitting = SittingFactory(body=self.body, starts_at=clock.now() + timedelta(days=50 + self.sittings))
        self.item = add_item(sitting=self.sitting, by=self.secretary, kind="decision", request=request)
        self.begin().poll()
        for person in self.members:
            self.vote(person, choice)
        self.count()
        self.decide(text=f"Décision {self.sittings}.")
        outcome = self.fresh().outcomes.get()
        for values in (*effects, {"kind": EffectKind.EXCEPTION, "answer": answer}) if choice == "for" else ():
            add_effect(outcome=outcome, by=self.secretary, values=values)
        self.finish()


def test_the_forecast_alone_raises_it_once_and_ends_it(pm: User, project: Project) -> None:
    forecast(project, "412000.00", pm)
    assert not ProjectException.objects.exists()
    row = raised(project, pm)
    assert (row.number, row.level, row.state) == (f"{project.code}-E01", ToleranceLevel.PROJECT, "raised")
    assert row.breaches["cost"]["use"] == "1.0500"
    assert Notification.objects.filter(user=pm, kind="exception_raised").count() == 1
    forecast(project, "430000.00", pm)
    row.refresh_from_db()
    assert (ProjectException.objects.count(), row.breaches["cost"]["use"]) == (1, "1.5000")
    forecast(project, "410000.00", pm)
    row.refresh_from_db()
    assert (row.state, row.closing) == ("closed", "back")
    verbs = AuditEntry.objects.filter(verb__startswith="exception.").order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == ["exception.raised", "exception.close"]


def test_only_an_authorised_project_has_exceptions(pm: User) -> None:
    early = ProjectFactory(life_cycle="initiation")
    BudgetLineFactory(project=early, forecast=Decimal("900000.00"))
    ToleranceFactory(project=early, target="cost", plus=Decimal(5), unit="percent")
    refresh_standing([early.pk], now=clock.now())
    assert not ProjectException.objects.exists()


def test_a_report_goes_to_the_body_whose_mandate_reaches_the_level(pm: User, project: Project) -> None:
    board = BodyFactory(code="COPIL", kind=BodyKind.PROJECT_BOARD, level=2)
    MandateFactory(body=board, kind=Subject.EXCEPTION, amount_max=None, level=ToleranceLevel.STAGE)
    hearing = Hearing()
    row = save_report(exception=raised(project, pm), by=pm, changes={"cause": "Le marché."}, version=1)
    with pytest.raises(ValidationError) as refused:
        submit_report(exception=row, by=pm, version=row.version)
    assert {"option2_label", "recommendation"} <= set(refused.value.message_dict)
    row = save_report(exception=row, by=pm, changes=REPORT, version=row.version)
    request = submit_report(exception=row, by=pm, version=row.version)
    row.refresh_from_db()
    assert (request.body, request.exception, row.state) == (hearing.body, row, "submitted")
    assert [option["recommended"] for option in request.options] == [True, False]


def test_a_decision_changes_budget_and_tolerance_and_the_exception_ends(pm: User, project: Project) -> None:
    hearing, request = Hearing(), submitted(project, pm)
    with pytest.raises(ValidationError, match="Ajoutez ce que la décision change"), transaction.atomic():
        hearing.answer(request, "adjust_tolerance")
    request.refresh_from_db()
    hearing.answer(
        request,
        "adjust_tolerance",
        {"kind": "budget", "year": 2026, "nature": "capex", "amount": Decimal("425000.00")},
        {"kind": "tolerance", "target": "cost", "minus": Decimal(10), "plus": Decimal(8)},
    )
    row = ProjectException.objects.get(project=project)
    assert (row.state, row.closing, row.answer) == ("closed", "back", "adjust_tolerance")
    assert row.decision is not None
    assert Tolerance.objects.get(project=project).plus == Decimal(8)


def test_an_exception_plan_comes_back_and_replaces_the_baseline(pm: User, project: Project) -> None:
    hearing, request = Hearing(), submitted(project, pm)
    hearing.answer(request, "exception_plan_requested")
    project.refresh_from_db()
    row = ProjectException.objects.get(project=project)
    assert (row.state, project.life_cycle) == ("decided", "exception")
    forecast(project, "410000.00", pm)
    assert ProjectException.objects.get(pk=row.pk).is_open
    forecast(project, "424000.00", pm)

    end = clock.today() + timedelta(days=300)
    row.refresh_from_db()
    plan = {"plan_summary": "Deux livraisons de plus.", "plan_end": end, "plan_year": 2026, "plan_nature": "capex"}
    plan |= {"plan_budget": Decimal("424000.00"), "plan_tolerances": {"cost": {"minus": "10", "plus": "6"}}}
    row = save_plan(exception=row, by=pm, changes=plan, version=row.version)
    again = submit_plan(exception=row, by=pm, version=row.version)
    hearing.answer(again, "approve_plan")
    project.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, row.closing, project.life_cycle, project.planned_end) == ("closed", "back", "stage", end)
    assert BudgetLine.objects.get(project=project).approved == Decimal("424000.00")
    assert Tolerance.objects.get(project=project, target="cost").plus == Decimal(6)


def test_more_information_and_a_failed_vote_give_the_report_back(pm: User, project: Project) -> None:
    hearing, request = Hearing(), submitted(project, pm)
    hearing.answer(request, "more_info")
    row = ProjectException.objects.get(project=project)
    assert (row.state, row.answer) == ("report_drafted", "more_info")
    again = submit_report(exception=row, by=pm, version=row.version)
    hearing.answer(again, "", choice="against")
    row.refresh_from_db()
    assert row.state == "report_drafted"


def test_an_accepted_deviation_is_not_raised_again_until_it_grows(pm: User, project: Project) -> None:
    hearing, request = Hearing(), submitted(project, pm)
    hearing.answer(request, "accept")
    refresh_standing([project.pk], now=clock.now())
    assert ProjectException.objects.filter(closed_on__isnull=True).count() == 0
    forecast(project, "422000.00", pm)
    assert ProjectException.objects.get(closed_on__isnull=True).number == f"{project.code}-E02"


def test_the_manager_answers_for_a_work_package_and_the_board_for_a_stage(pm: User, project: Project) -> None:
    package: WorkPackage = WorkPackageFactory(project=project)
    create_part_tolerance(part=package, by=pm, target="cost", values={"plus": Decimal(10), "unit": "percent"})
    update_work_package(work_package=package, changes={"forecast_cost": Decimal("60000.00")}, version=1, by=pm)
    row = ProjectException.objects.get(work_package=package)
    assert row.level == ToleranceLevel.WORK_PACKAGE
    settle(exception=row, by=pm, answer="accept", reason="Le lot suivant compense.", version=row.version)
    assert ProjectException.objects.get(pk=row.pk).closing == "accepted"

    stage = StageFactory(project=project, number=1, state="running", planned_end=clock.today(), start=clock.today())
    PartToleranceFactory(stage=stage, work_package=None, target="time", plus=Decimal(5), unit="days")
    stage.forecast_end = clock.today() + timedelta(days=9)
    stage.save()
    refresh_standing([project.pk], now=clock.now())
    assert ProjectException.objects.get(stage=stage).level == ToleranceLevel.STAGE


def test_each_level_sets_its_own_tolerances(pm: User, project: Project) -> None:
    pso = user_with(Role.PSO)
    package, stage = WorkPackageFactory(project=project), StageFactory(project=project, number=1)
    values = {"plus": Decimal(10), "unit": "percent"}
    for part, by in ((package, pso), (stage, pm)):
        with pytest.raises(ForbiddenFieldError):
            create_part_tolerance(part=part, by=by, target="cost", values=values)
    create_part_tolerance(part=stage, by=pso, target="cost", values=values)
    create_part_tolerance(part=package, by=pm, target="cost", values=values)
    assert PartTolerance.objects.count() == 2


def test_the_database_refuses_moves_outside_the_table_and_a_second_open_one(pm: User, project: Project) -> None:
    row = raised(project, pm)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProjectException.objects.filter(pk=row.pk).update(state="plan_approved", answer="accept")
    with pytest.raises(DatabaseError), transaction.atomic():
        ProjectException.objects.create(number="X-E99", project=project, level=3, raised_on=clock.today(), breaches={})


def test_what_the_manager_leaves_goes_up_one_level_once(pm: User, project: Project) -> None:
    above = user_with(Role.DIRECTOR)
    Project.objects.filter(pk=project.pk).update(sponsor=above.person)
    row = raised(project, pm)
    ProjectException.objects.filter(pk=row.pk).update(due_on=clock.today() - timedelta(days=1))
    assert run_clocks(clock.now())["raised"] == 1
    assert run_clocks(clock.now())["raised"] == 0
    assert Notification.objects.filter(user=above, kind="exception_late").count() == 1
    row.refresh_from_db()
    assert row.escalated_on == clock.today()


def test_the_manager_writes_and_hands_in_his_report_on_its_pages(pm: User, project: Project) -> None:
    Hearing()
    row = raised(project, pm)
    client = Client()
    client.force_login(pm)
    address = reverse("governance:exception_report", args=[row.number])
    page = client.get(address)
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"cause": "Le marché.", "consequences": "Plus rien en mars.", "business_case": "Intacte."}
    data |= {"recommendation": "Ajouter.", "recommended": "2"}
    for number in ("1", "2"):
        data |= {f"option{number}_label": f"Option {number}", f"option{number}_consequence": "Suite"}
    assert client.post(address, data).status_code == 303
    mine = {**data, "cause": "Autre chose."}
    theirs = client.post(address, {**mine, "base": data["base"]})
    assert theirs.status_code == 409
    row.refresh_from_db()
    sent = client.post(reverse("governance:exception_submit", args=[row.number]), {"version": row.version})
    assert sent.status_code == 303, sent.content.decode()
    row.refresh_from_db()
    assert row.state == "submitted"
    text = client.get(row.get_absolute_url()).content.decode()
    assert "Option 2" in text
    assert client.get(reverse("governance:exceptions")).status_code == 200
    assert row.number in client.get(reverse("governance:project_changes", args=[project.code])).content.decode()


def test_a_foreign_manager_does_not_know_of_it(pm: User, project: Project) -> None:
    row = raised(project, pm)
    client = Client()
    client.force_login(user_with(Role.PM))
    assert client.get(row.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_the_bounds_of_a_stage_for_its_board(project: Project, act: str) -> None:
    row = PartToleranceFactory(
        stage=StageFactory(project=project, number=1), work_package=None, target="time", plus=Decimal(5), unit="days"
    )
    settled()
    kept = PartTolerance.objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError, match="by a decision only"), transaction.atomic():
        kept.update(plus=Decimal(50)) if act == "update" else kept.delete()
    assert kept.get().plus == Decimal(5)
