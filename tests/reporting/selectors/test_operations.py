"""`/status/`: green when the work goes by itself, and each fault seen under its own name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from config import clock
from people.enums import JobState, MailState, OperationKind, Purpose, Role
from people.models import Job, Mail, User
from people.services.operations import record_operation
from reporting.selectors.operations import Condition, checks
from reporting.services.freeze import freeze_cycle
from tests.factories.people import user_with
from tests.factories.portfolio import ReportingCycleFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pso() -> User:
    return user_with(Role.PSO)


def conditions(user: User) -> dict[str, Condition]:
    return {str(check.name): check.condition for check in checks(user, clock.now())}


def mail(state: MailState, **values: Any) -> Mail:
    return Mail.objects.create(
        key=f"m{Mail.objects.count()}",
        purpose=Purpose.PACK,
        address="a@example.org",
        subject="s",
        text="t",
        message_id=f"<{Mail.objects.count()}@example.org>",
        state=state,
        **values,
    )


def test_service_in_order_asks_for_nothing(pso: User) -> None:
    record_operation(OperationKind.BACKUP)
    record_operation(OperationKind.DRILL)
    freeze_cycle(ReportingCycleFactory(opens_at=clock.now() - timedelta(days=4)), None, clock.now())
    asking = {name for name, condition in conditions(pso).items() if condition is not Condition.GOOD}
    assert asking == set()


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (
            "Tâches en attente",
            lambda: Job.objects.create(kind="k", key="k", run_after=clock.now() - timedelta(hours=1)),
        ),
        (
            "Tâches mises de côté",
            lambda: Job.objects.create(kind="k", key="k", state=JobState.PARKED, error="x", finished_at=clock.now()),
        ),
        ("Courriels en attente", lambda: mail(MailState.QUEUED, created_at=clock.now() - timedelta(hours=1))),
        ("Courriels refusés ou d’issue inconnue", lambda: mail(MailState.UNKNOWN)),
        ("Courriels refusés ou d’issue inconnue", lambda: mail(MailState.REFUSED, reply="550 no such user")),
        ("Sauvegarde", lambda: None),
        ("Dernier pack", lambda: None),
    ],
)
def test_each_fault_is_shown_under_its_name(pso: User, name: str, fault: Any) -> None:
    fault()
    assert conditions(pso)[name] is not Condition.GOOD


def test_page_serves_pso_and_administrator_in_constant_statements(
    client: Client, pso: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(pso)
    for number in range(3):
        mail(MailState.UNKNOWN)
        Job.objects.create(kind="k", key=f"k{number}")
    with django_assert_max_num_queries(25):
        page = client.get("/status/")
    assert page.status_code == 200
    assert "demandent une main" in page.content.decode()
    client.force_login(user_with(Role.ADMINISTRATOR))
    assert client.get("/status/").status_code == 200
    client.force_login(user_with(Role.PM))
    assert client.get("/status/").status_code == 403
