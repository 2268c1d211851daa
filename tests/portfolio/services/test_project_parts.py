"""Stages, milestones, budget lines, tolerances, risks, axes and programmes: written by whom, kept how."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from config import clock
from people.enums import Role
from people.models import AuditEntry, User
from portfolio.enums import RiskState
from portfolio.models import Project, Standing
from portfolio.services.cost import create_budget_line, update_budget_line
from portfolio.services.milestone import create_milestone, update_milestone
from portfolio.services.programme import create_programme, update_programme
from portfolio.services.risk import close_risk, raise_risk, reopen_risk, update_risk
from portfolio.services.stage import create_stage, update_stage
from portfolio.services.strategic_axis import create_axis, update_axis
from portfolio.services.tolerance import create_tolerance, update_tolerance
from portfolio.services.versioned import ForbiddenFieldError
from tests.factories.people import user_with
from tests.factories.portfolio import BudgetLineFactory, MilestoneFactory, ProjectFactory, ToleranceFactory

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2027, 3, 1)


@pytest.fixture
def pm() -> User:
    return user_with(Role.PM)


@pytest.fixture
def project(pm: User) -> Project:
    made: Project = ProjectFactory(manager=pm.person)
    return made


def test_create_milestone_repeats_the_baseline_where_nothing_else_is_said(pm: User, project: Project) -> None:
    milestone = create_milestone(project=project, by=pm, name="Pilote", baseline=NEXT_YEAR)
    assert (milestone.first_approved, milestone.forecast, milestone.actual) == (NEXT_YEAR, NEXT_YEAR, None)
    assert Standing.objects.get(project=project).next_milestone == "Pilote"


def test_update_milestone_keeps_the_baseline_from_its_manager(pm: User, project: Project) -> None:
    milestone = MilestoneFactory(project=project)
    saved = update_milestone(milestone=milestone, changes={"forecast": NEXT_YEAR}, version=1, by=pm)
    assert saved.forecast == NEXT_YEAR
    with pytest.raises(ForbiddenFieldError):
        update_milestone(milestone=milestone, changes={"baseline": NEXT_YEAR}, version=2, by=pm)
    with pytest.raises(ForbiddenFieldError):
        update_milestone(milestone=milestone, changes={"baseline": NEXT_YEAR}, version=2, by=user_with(Role.PSO))


def test_update_milestone_lets_the_pso_set_its_baseline_before_the_authorisation() -> None:
    milestone = MilestoneFactory(project__life_cycle="preparation")
    moved = update_milestone(milestone=milestone, changes={"baseline": NEXT_YEAR}, version=1, by=user_with(Role.PSO))
    assert moved.baseline == NEXT_YEAR


def test_update_milestone_is_not_reached_in_the_future(pm: User, project: Project) -> None:
    milestone = MilestoneFactory(project=project)
    with pytest.raises(ValidationError, match="futur"):
        update_milestone(milestone=milestone, changes={"actual": clock.today() + timedelta(days=1)}, version=1, by=pm)


def test_stages_are_numbered_and_only_one_runs(pm: User, project: Project) -> None:
    first = create_stage(project=project, by=pm, name="Conception", state="running")
    second = create_stage(project=project, by=pm, name="Réalisation")
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(ValidationError):
        update_stage(stage=second, changes={"state": "running"}, version=1, by=pm)


def test_budget_line_of_a_manager_holds_a_forecast_and_no_approval(pm: User, project: Project) -> None:
    line = create_budget_line(project=project, by=pm, year=2026, nature="capex", forecast=Decimal("1000.00"))
    assert (line.approved, line.forecast) == (Decimal("0.00"), Decimal("1000.00"))
    with pytest.raises(ForbiddenFieldError):
        create_budget_line(project=project, by=pm, year=2027, nature="capex", approved=Decimal("5.00"))


@pytest.mark.parametrize(
    ("role", "fields"),
    [
        (Role.PM, {"forecast"}),
        (Role.FINANCE, {"actual", "actual_source", "actual_on"}),
        (Role.PSO, {"approved", "forecast", "actual", "actual_source", "actual_on"}),
        (Role.DIRECTOR, set()),
        (Role.CODIR, set()),
        (Role.AUDITOR, set()),
    ],
)
def test_budget_line_fields_by_role(role: Role, fields: set[str]) -> None:
    user = user_with(role)
    line = BudgetLineFactory(project=ProjectFactory(manager=user.person, life_cycle="preparation"))
    values = {
        "approved": Decimal("9.00"),
        "forecast": Decimal("9.00"),
        "actual": Decimal("9.00"),
        "actual_source": "SAP",
        "actual_on": date(2026, 11, 1),
    }
    written = set()
    version = 1
    for name, value in values.items():
        try:
            version = update_budget_line(line=line, changes={name: value}, version=version, by=user).version
            written.add(name)
        except ForbiddenFieldError:
            continue
    assert written == fields


def test_budget_line_of_a_year_and_nature_is_unique(pm: User, project: Project) -> None:
    create_budget_line(project=project, by=pm, year=2026, nature="opex")
    with pytest.raises(ValidationError, match="déjà une ligne"):
        create_budget_line(project=project, by=pm, year=2026, nature="opex")


def test_budget_forecast_reaches_the_standing_to_the_cent(pm: User, project: Project) -> None:
    line = BudgetLineFactory(project=project, approved=Decimal("250000.00"))
    update_budget_line(line=line, changes={"forecast": Decimal("250000.01")}, version=1, by=pm)
    assert Standing.objects.get(project=project).eac == Decimal("250000.01")


def test_the_approved_budget_of_an_authorised_project_is_nobodys_to_write() -> None:
    line = BudgetLineFactory()
    with pytest.raises(ForbiddenFieldError):
        update_budget_line(line=line, changes={"approved": Decimal(9)}, version=1, by=user_with(Role.PSO))
    with pytest.raises(ForbiddenFieldError):
        create_tolerance(
            project=line.project, by=user_with(Role.PSO), target="cost", minus=None, plus=Decimal(3), unit="percent"
        )


def test_tolerance_bounds_are_the_psos_and_the_forecast_the_managers(pm: User, project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(life_cycle="preparation")
    project.refresh_from_db()
    tolerance = create_tolerance(
        project=project, by=user_with(Role.PSO), target="quality", minus=Decimal(3), plus=None, unit="points"
    )
    saved = update_tolerance(tolerance=tolerance, changes={"forecast": Decimal(93)}, version=1, by=pm)
    assert saved.forecast == Decimal(93)
    with pytest.raises(ForbiddenFieldError):
        update_tolerance(tolerance=tolerance, changes={"plus": Decimal(50)}, version=2, by=pm)


def test_tolerance_without_any_bound_is_refused() -> None:
    tolerance = ToleranceFactory(project=ProjectFactory(life_cycle="initiation"), minus=None, plus=Decimal(5))
    with pytest.raises(ValidationError, match="au moins une borne"):
        update_tolerance(tolerance=tolerance, changes={"plus": None}, version=1, by=user_with(Role.PSO))


def test_risk_is_raised_changed_closed_and_reopened(pm: User, project: Project) -> None:
    risk = raise_risk(project=project, by=pm, title="Départ", cause="a", event="b", effect="c", probability=4, impact=4)
    assert (risk.number, risk.confirmed_on) == (1, clock.today())
    assert Standing.objects.get(project=project).high_risks == 1
    update_risk(risk=risk, changes={"impact": 1}, version=1, by=pm)
    closed = close_risk(risk=risk, version=2, by=pm)
    assert (closed.state, closed.closed_on) == (RiskState.CLOSED, clock.today())
    assert Standing.objects.get(project=project).open_risks == 0
    reopened = reopen_risk(risk=risk, version=3, by=pm)
    assert (reopened.state, reopened.closed_on) == (RiskState.OPEN, None)
    verbs = AuditEntry.objects.filter(verb__startswith="risk.").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["risk.raised", "risk.updated", "risk.closed", "risk.reopened"]


def test_risk_off_its_scales_is_refused_in_words(pm: User, project: Project) -> None:
    with pytest.raises(ValidationError, match="de 1 à 5"):
        raise_risk(project=project, by=pm, title="x", cause="a", event="b", effect="c", probability=6, impact=1)


def test_axes_and_programmes_are_created_and_changed() -> None:
    pso = user_with(Role.PSO)
    axis = create_axis(by=pso, code="A9", name_fr="Sobriété")
    programme = create_programme(by=pso, code="PG-9", name_fr="Écoles", axis=axis)
    assert update_axis(axis=axis, changes={"position": 4}, version=1, by=pso).position == 4
    assert update_programme(programme=programme, changes={"active": False}, version=1, by=pso).active is False
    with pytest.raises(ValidationError):
        create_axis(by=pso, code="A9", name_fr="Encore")
