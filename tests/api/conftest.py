"""Shared by the tests of the API: a small portfolio, clients without throttle."""

from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from config import clock
from people.enums import Role
from people.models import User
from portfolio.services.standing import refresh_standing
from tests.factories.people import user_with
from tests.factories.portfolio import (
    BudgetLineFactory,
    MilestoneFactory,
    ProgrammeFactory,
    ProjectFactory,
    ReportingCycleFactory,
    RiskFactory,
    StageFactory,
    StatusReportFactory,
    ToleranceFactory,
)

API = "/api/v1"


@pytest.fixture(autouse=True)
def without_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": None, "user": None})


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def pso() -> User:
    return user_with(Role.PSO)


@pytest.fixture
def pm() -> User:
    return user_with(Role.PM)


@pytest.fixture
def world(pm: User) -> SimpleNamespace:
    """One project of `pm` with one row of each kind, and one of somebody else."""
    programme = ProgrammeFactory(code="PG-A")
    mine = ProjectFactory(code="P-MINE", manager=pm.person, programme=programme, axis=programme.axis)
    other = ProjectFactory(code="P-OTHER", programme=programme)
    rows = SimpleNamespace(programme=programme, mine=mine, other=other, cycle=ReportingCycleFactory())
    rows.milestone = MilestoneFactory(project=mine)
    rows.stage = StageFactory(project=mine, number=1)
    rows.line = BudgetLineFactory(project=mine)
    rows.tolerance = ToleranceFactory(project=mine)
    rows.risk = RiskFactory(project=mine, number=1)
    rows.foreign_milestone = MilestoneFactory(project=other)
    rows.foreign_risk = RiskFactory(project=other, number=7)
    rows.report = StatusReportFactory(project=other, cycle=rows.cycle)
    refresh_standing(None, now=clock.now())
    return rows
