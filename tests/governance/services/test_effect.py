"""A decision changes its project by itself, in the transaction that enters it in the register, or not at all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from config import clock
from governance.models import Decision, Effect
from governance.services.effect import add_effect
from people.enums import Role
from people.models import AuditEntry
from portfolio.models import BudgetLine, Milestone, Project, Tolerance
from tests.factories.guards import settled
from tests.factories.people import user_with
from tests.factories.portfolio import MilestoneFactory, ProjectFactory
from tests.governance.services.test_session import Meeting

pytestmark = pytest.mark.django_db


def decided(choice: str = "for") -> Meeting:
    meeting = Meeting().begin().poll()
    for person in meeting.members:
        meeting.vote(person, choice)
    meeting.count()
    meeting.decide()
    return meeting


def effect(meeting: Meeting, **values: object) -> Effect:
    return add_effect(outcome=meeting.fresh().outcomes.get(), by=meeting.secretary, values=values)


def test_closing_carries_out_every_effect_and_says_before_and_after() -> None:
    meeting = decided()
    manager = user_with(Role.PM).person
    taken = ProjectFactory(priority_rank=3)
    effect(meeting, kind="budget", year=2027, nature="capex", amount=Decimal("400000.00"))
    effect(meeting, kind="tolerance", target="cost", plus=Decimal(5))
    effect(meeting, kind="rank", rank=3)
    effect(meeting, kind="manager", person=manager)
    effect(meeting, kind="baseline", day=clock.today().replace(year=2028, day=1))
    before = Project.objects.get(pk=meeting.project.pk)
    assert (before.priority_rank, before.manager) != (3, manager)

    (decision,) = meeting.finish()

    project = Project.objects.get(pk=meeting.project.pk)
    taken.refresh_from_db()
    assert (project.priority_rank, project.manager, taken.priority_rank) == (3, manager, 4)
    assert project.planned_end is not None
    assert project.planned_end.year == 2028
    assert BudgetLine.objects.get(project=project, year=2027).approved == Decimal("400000.00")
    assert Tolerance.objects.get(project=project, target="cost").plus == Decimal(5)
    assert list(decision.effects.filter(kind="rank").values_list("before", "after")) == [("", "3")]
    acts = AuditEntry.objects.filter(verb="decision.effect", target_id=str(decision.pk))
    assert acts.count() == 5


def test_a_decided_end_takes_the_milestones_to_come_along() -> None:
    meeting, today = decided(), clock.today()
    then, later = today + timedelta(days=20), today + timedelta(days=80)
    coming = MilestoneFactory(project=meeting.project, baseline=then, forecast=later)
    reached = MilestoneFactory(project=meeting.project, baseline=then, forecast=later, actual=today)
    settled()
    with pytest.raises(DatabaseError, match="by a decision only"), transaction.atomic():
        Milestone.objects.update(baseline=later)
    effect(meeting, kind="baseline", day=later)
    meeting.finish()
    coming.refresh_from_db()
    reached.refresh_from_db()
    assert (coming.first_approved, coming.baseline) == (then, later)
    assert reached.baseline == then
    for statement in ("UPDATE portfolio_milestone SET first_approved = baseline", "DELETE FROM portfolio_milestone"):
        with pytest.raises(DatabaseError, match="by a decision only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_rejected_decision_changes_nothing() -> None:
    meeting = decided("against")
    effect(meeting, kind="rank", rank=1)
    (decision,) = meeting.finish()
    assert (decision.verdict, decision.effects.count()) == ("rejected", 0)
    assert Project.objects.get(pk=meeting.project.pk).priority_rank is None


def test_an_effect_that_cannot_be_applied_refuses_the_whole_closing() -> None:
    meeting = decided()
    effect(meeting, kind="rank", rank=1)
    effect(meeting, kind="phase", phase="archived")
    with pytest.raises(ValidationError, match="est refusé"), transaction.atomic():
        meeting.finish()
    assert Decision.objects.count() == 0
    assert Project.objects.get(pk=meeting.project.pk).priority_rank is None


def test_an_applied_effect_is_kept_by_the_database() -> None:
    meeting = decided()
    effect(meeting, kind="rank", rank=1)
    meeting.finish()
    for statement in ("UPDATE governance_effect SET rank = 9", "DELETE FROM governance_effect"):
        with pytest.raises(DatabaseError, match="carried out is never changed"), transaction.atomic():
            connection.cursor().execute(statement)


def test_each_kind_says_what_it_needs() -> None:
    meeting = decided()
    for kind in ("budget", "rank", "manager", "baseline", "tolerance", "phase"):
        with pytest.raises(ValidationError):
            effect(meeting, kind=kind)


def test_secretary_adds_an_effect_on_its_page_and_the_decision_shows_it() -> None:
    meeting = decided()
    client = Client()
    client.force_login(meeting.secretary)
    address = reverse("governance:effect_add", args=[meeting.fresh().outcomes.get().pk])
    assert client.post(address, {"kind": "rank"}).status_code == 422
    assert client.post(address, {"kind": "rank", "rank": "2"}).status_code == 303
    assert "Changer le rang de priorité" in client.get(f"{meeting.sitting.get_absolute_url()}").content.decode()
    (decision,) = meeting.finish()
    text = client.get(decision.get_absolute_url()).content.decode()
    assert "Ce que la décision a changé" in text
