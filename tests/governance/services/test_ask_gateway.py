from datetime import timedelta

import pytest
from django.urls import reverse

from config import clock
from governance.models import DecisionRequest
from people.models import AuditEntry
from portfolio.services.ask_port import gateway
from tests.factories.governance import BodyFactory, SittingFactory
from tests.factories.people import UserFactory
from tests.factories.portfolio import ProjectFactory, StatusReportFactory

pytestmark = pytest.mark.django_db


def _asking(body: str, **fields: object) -> object:
    values = {
        "ask_kind": "decision",
        "ask_text": "Reporter la bascule à mars",
        "ask_body": body,
        "ask_on": clock.today() + timedelta(days=5),
    }
    return StatusReportFactory(**values | fields)


def test_status_that_asks_a_decision_opens_one_numbered_request() -> None:
    BodyFactory(code="CODIR")
    report = _asking("CODIR")

    gateway().sync(report, by=UserFactory())
    gateway().sync(report, by=UserFactory())

    request = DecisionRequest.objects.get()
    assert request.number == f"{clock.today().year}-CODIR-D001"
    assert (request.question, request.state, request.owner) == (
        "Reporter la bascule à mars",
        "open",
        report.project.manager,
    )
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["decision_request.opened"]


def test_status_that_asks_something_else_of_the_same_body_keeps_the_request_and_its_number() -> None:
    BodyFactory(code="CODIR")
    report = _asking("CODIR")
    gateway().sync(report, by=UserFactory())

    report.ask_text = "Réduire le périmètre"
    gateway().sync(report, by=UserFactory())

    request = DecisionRequest.objects.get()
    assert (request.question, request.version) == ("Réduire le périmètre", 2)


def test_status_that_turns_to_another_body_withdraws_the_first_request() -> None:
    BodyFactory(code="CODIR")
    BodyFactory(code="COPIL")
    report = _asking("CODIR")
    gateway().sync(report, by=UserFactory())

    report.ask_body = "COPIL"
    gateway().sync(report, by=UserFactory())

    states = dict(DecisionRequest.objects.values_list("body__code", "state"))
    assert states == {"CODIR": "withdrawn", "COPIL": "open"}
    assert DecisionRequest.objects.get(body__code="CODIR").closed_on == clock.today()


def test_status_that_no_longer_asks_withdraws_its_request() -> None:
    BodyFactory(code="CODIR")
    report = _asking("CODIR")
    gateway().sync(report, by=UserFactory())

    report.ask_kind = "none"
    gateway().sync(report, by=UserFactory())

    assert DecisionRequest.objects.get().state == "withdrawn"


def test_numbers_run_on_per_body_and_year() -> None:
    BodyFactory(code="CODIR")
    BodyFactory(code="COPIL")
    for body in ("CODIR", "CODIR", "COPIL"):
        gateway().sync(_asking(body), by=UserFactory())

    year = clock.today().year
    assert sorted(DecisionRequest.objects.values_list("number", flat=True)) == [
        f"{year}-CODIR-D001",
        f"{year}-CODIR-D002",
        f"{year}-COPIL-D001",
    ]


def test_destinations_are_the_active_bodies_with_their_coming_sittings() -> None:
    codir = BodyFactory(code="CODIR", level=7)
    BodyFactory(code="OLD", active=False)
    BodyFactory(code="COPIL", level=2)
    sitting = SittingFactory(body=codir)
    SittingFactory(body=codir, starts_at=clock.now() - timedelta(days=9))

    destinations = gateway().destinations(ProjectFactory(), clock.today())

    assert [(one.code, one.dates) for one in destinations] == [
        ("CODIR", (sitting.starts_at.astimezone(clock.BRUSSELS).date(),)),
        ("COPIL", ()),
    ]


def test_a_manager_is_led_to_the_request_that_his_status_stands_for() -> None:
    BodyFactory(code="CODIR")
    report = _asking("CODIR")
    gateway().sync(report, by=UserFactory())
    silent = ProjectFactory()

    number = DecisionRequest.objects.get().number
    found = gateway().addresses([report.project, silent])
    assert found == {report.project_id: reverse("governance:request", args=[number])}
