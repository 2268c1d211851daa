"""An issue from its capture to its end, who may answer it, and every way around that must be refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from config import clock
from config.web.versioned import StaleVersionError
from governance.enums import ChangeKind
from governance.models import Change, ChangeBudget, ChangeDelegation, ChangeRuling, DecisionRequest
from governance.selectors.change_room import route_of
from governance.services.change import (
    assess_change,
    capture_change,
    close_change,
    merge_change,
    postpone_change,
    recall_change,
    recommend_change,
    resume_change,
    submit_change,
    update_change,
)
from governance.services.change_action import add_action, meet_action, submit_action
from governance.services.change_budget import delegate_changes, set_change_budget
from governance.services.change_clock import run_clocks
from governance.services.change_ruling import Answer, answer_change
from governance.services.decision_request import move_request
from governance.services.effect import add_effect
from people.enums import Role
from people.models import AuditEntry, Notification, User
from portfolio.services.standing import refresh_standing
from tests.factories.changes import ChangeBudgetFactory, ChangeDelegationFactory, ChangeFactory
from tests.factories.governance import BodyFactory, MandateFactory
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import BudgetLineFactory, MilestoneFactory, ProjectFactory, ToleranceFactory
from tests.governance.services.test_session import Meeting

pytestmark = pytest.mark.django_db


class Case:
    """A project with tolerances (5 % of 100 k€, ten days), a change budget of 20 k€ and its authority."""

    @transaction.atomic
    def __init__(self) -> None:
        self.manager = user_with(Role.PM)
        self.authority = user_with(Role.HEAD_OF_CENTRE)
        self.project = ProjectFactory(manager=self.manager.person)
        BudgetLineFactory(project=self.project, approved=Decimal(100_000), forecast=Decimal(100_000))
        ToleranceFactory(project=self.project, target="cost", minus=None, plus=Decimal(5), unit="percent")
        ToleranceFactory(project=self.project, target="time", minus=None, plus=Decimal(10), unit="days")
        refresh_standing([self.project.pk], now=clock.now())
        self.budget = ChangeBudgetFactory(project=self.project)
        self.delegation = ChangeDelegationFactory(budget=self.budget, person=self.authority.person)

    def ready(self, kind: str = ChangeKind.REQUEST, cost: int | None = 5000, days: int = 0, **values: Any) -> Change:
        """An issue of somebody of the team, assessed and recommended by the manager."""
        captured = {"kind": kind, "title": "Un écran de plus", "description": "Demandé.", "author": PersonFactory()}
        change = capture_change(project=self.project, by=self.manager, values={**captured, **values})
        changes = {
            "size": 2,
            "cost": None if cost is None else Decimal(cost),
            "impacts": {"time": {"amount": str(days), "words": "deux semaines"}},
        }
        change = assess_change(change=change, by=self.manager, changes=changes, version=change.version)
        proposed = {"recommended": "accept", "recommendation": "Utile", "if_rejected": "Double saisie"}
        return recommend_change(change=change, by=self.manager, changes=proposed, version=change.version)

    def answer(self, change: Change, by: User, answer: str = "accept", **values: Any) -> ChangeRuling:
        given = Answer(answer, values.pop("reason", "Utile"), **values)
        return answer_change(change=change, by=by, given=given, version=change.version)


def test_an_issue_is_captured_numbered_and_put_on_the_clock_of_its_severity() -> None:
    case = Case()
    values = {"kind": "problem", "title": "Panne", "description": "Le banc est en panne.", "severity": 5}
    first = capture_change(project=case.project, by=case.manager, values=values, on=date(2026, 11, 20))
    second = capture_change(project=case.project, by=case.manager, values=values)
    assert (first.number, second.number) == (f"{case.project.code}-C01", f"{case.project.code}-C02")
    assert first.author == first.recorded_by == case.manager.person
    assert first.due_on == date(2026, 11, 24)  # Friday plus two working days
    with pytest.raises(ValidationError, match="de ce projet"):
        capture_change(project=case.project, by=case.manager, values={**values, "milestone": MilestoneFactory()})


def test_another_severity_is_another_clock() -> None:
    case = Case()
    values = {"kind": "problem", "title": "Panne", "description": "Le banc est en panne.", "severity": 1}
    change = capture_change(project=case.project, by=case.manager, values=values)
    before = change.due_on
    change = update_change(change=change, by=case.manager, changes={"severity": 5}, version=change.version)
    assert change.due_on is not None
    assert before is not None
    assert change.due_on < before


def test_the_manager_answers_a_problem_inside_his_tolerance_and_nothing_else() -> None:
    case = Case()
    inside = case.ready(ChangeKind.PROBLEM, cost=5000, days=10)
    ruling = case.answer(inside, case.manager)
    assert (ruling.taken_as, ruling.amount, inside.state) == ("manager", 0, "implementing")
    too_late = case.ready(ChangeKind.PROBLEM, cost=0, days=11)
    with pytest.raises(ValidationError, match="Une instance en décide"):
        case.answer(too_late, case.manager)
    request = case.ready(ChangeKind.REQUEST, cost=10)
    with pytest.raises(ValidationError, match="autre personne"):
        case.answer(request, case.manager)


def test_the_authority_answers_within_its_delegation_and_the_database_adds_it_up() -> None:
    case = Case()
    change = case.ready(cost=8000)
    ruling = case.answer(change, case.authority, reason="Gain pour les écoles")
    budget, delegation = ChangeBudget.objects.get(), ChangeDelegation.objects.get()
    assert (ruling.taken_as, ruling.amount) == ("authority", Decimal(8000))
    assert (budget.spent, budget.left, delegation.left) == (Decimal(8000), Decimal(12000), Decimal(7000))
    assert (change.state, change.decided_on) == ("implementing", clock.today())
    assert AuditEntry.objects.filter(verb="change.ruled", target_id=str(change.pk)).exists()
    assert Notification.objects.filter(kind="change_answered", user=case.manager).exists()
    second = case.ready(cost=7500)
    assert route_of(second, clock.now(), clock.today()).route.why == "above_total"
    with pytest.raises(ValidationError, match="n’a plus assez"):
        case.answer(second, case.authority)


def test_a_rejection_and_a_question_cost_nothing() -> None:
    case = Case()
    change = case.ready(cost=8000)
    case.answer(change, case.authority, "more_info", reason="Combien d’écoles ?")
    assert change.state == "assessed"
    changes = {"recommended": "reject"}
    change = recommend_change(change=change, by=case.manager, changes=changes, version=change.version)
    case.answer(change, case.authority, "reject", reason="Pas cette année")
    assert (change.state, change.closed_on) == ("rejected", clock.today())
    assert ChangeBudget.objects.get().spent == 0


@pytest.mark.parametrize("who", ["author", "manager", "deputy", "recorder"])
def test_the_authority_never_answers_its_own_issue(who: str) -> None:
    case = Case()
    change = case.ready(author=case.authority.person if who == "author" else PersonFactory())
    if who == "recorder":
        Change.objects.filter(pk=change.pk).update(recorded_by=case.authority.person)
    if who in ("manager", "deputy"):
        setattr(case.project, who, case.authority.person)
        connection.cursor().execute(
            f"UPDATE portfolio_project SET {who}_id = %s WHERE id = %s",
            [case.authority.person.pk, case.project.pk],
        )
    change = Change.objects.select_related("project").get(pk=change.pk)
    with pytest.raises(ValidationError):
        case.answer(change, case.authority)
    with pytest.raises(IntegrityError, match="party to the issue"), transaction.atomic():
        ChangeRuling.objects.create(
            change=change,
            taken_as="authority",
            person=case.authority.person,
            delegation=case.delegation,
            answer="accept",
            reason="Utile",
            amount=10,
            taken_on=clock.today(),
        )


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"amount": Decimal("8000.01")}, "above the limit"),
        ({"taken_on": date(2025, 12, 31)}, "no delegation that day"),
        ({"taken_as": "manager", "delegation": None}, "change_ruling_amount"),
        ({"reason": ""}, "change_ruling_reasoned"),
    ],
)
def test_the_database_refuses_an_answer_outside_the_delegation(values: dict[str, Any], why: str) -> None:
    case = Case()
    row = {
        "change": case.ready(),
        "taken_as": "authority",
        "person": case.authority.person,
        "delegation": case.delegation,
        "answer": "accept",
        "reason": "Utile",
        "amount": Decimal(10),
        "taken_on": clock.today(),
    }
    with pytest.raises(IntegrityError, match=why), transaction.atomic():
        ChangeRuling.objects.create(**{**row, **values})


def test_the_database_keeps_answers_and_sums() -> None:
    case = Case()
    change = case.ready()
    with pytest.raises(IntegrityError, match="nobody has given"), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(state="implementing")
    case.answer(change, case.authority)
    for statement in (
        "UPDATE governance_changeruling SET amount = 0",
        "DELETE FROM governance_changeruling",
        "UPDATE governance_changebudget SET spent = 0",
        "UPDATE governance_changedelegation SET spent = 0",
    ):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            connection.cursor().execute(statement)
    with pytest.raises(IntegrityError, match="change_budget_not_overspent"), transaction.atomic():
        ChangeBudget.objects.update(amount=1)


def test_a_concession_is_for_an_off_specification_and_runs_out() -> None:
    case = Case()
    change = case.ready(ChangeKind.OFF_SPECIFICATION, cost=0)
    with pytest.raises(ValidationError, match="date de fin ou une condition"):
        case.answer(change, case.authority, "concession")
    until = clock.today() + timedelta(days=30)
    case.answer(change, case.authority, "concession", until=until)
    assert (change.state, change.due_on) == ("conceded", until)
    Change.objects.filter(pk=change.pk).update(review_on=clock.today() - timedelta(days=1))
    assert run_clocks(clock.now())["expired"] == 1
    change.refresh_from_db()
    assert change.state == "captured"
    with pytest.raises(ValidationError, match="n’appartient pas"):
        case.answer(case.ready(ChangeKind.REQUEST, cost=0), case.authority, "concession", until=until)


def test_what_was_accepted_is_closed_by_the_evidence_of_its_actions() -> None:
    case = Case()
    change = case.ready()
    case.answer(change, case.authority)
    with pytest.raises(ValidationError, match="preuve"):
        close_change(change=change, by=case.manager, version=change.version, note="Fait")
    doer = user_with(Role.PM)
    values = {"text": "Livrer", "owner": doer.person, "due": clock.today()}
    action = add_action(change=change, by=case.manager, values=values)
    submit_action(action=action, by=doer, evidence="Recette signée", on=clock.today())
    with pytest.raises(ValidationError, match="autre personne"):
        meet_action(action=action, by=doer, on=clock.today())
    meet_action(action=action, by=case.manager, on=clock.today())
    close_change(change=change, by=case.manager, version=change.version, note="Livré et accepté")
    assert (change.state, change.closed_on) == ("closed", clock.today())


def test_postponed_resumed_and_merged() -> None:
    case = Case()
    first, second = case.ready(), case.ready()
    later = clock.today() + timedelta(days=20)
    postpone_change(change=first, by=case.manager, version=first.version, review_on=later, reason="Attendre le lot 2")
    assert (first.state, first.due_on) == ("postponed", later)
    resume_change(change=first, by=case.manager, version=first.version)
    assert first.state == "captured"
    with pytest.raises(ValidationError, match="même projet"):
        merge_change(change=first, by=case.manager, version=first.version, into=ChangeFactory(), reason="Doublon")
    merge_change(change=first, by=case.manager, version=first.version, into=second, reason="Doublon")
    assert (first.state, first.merged_into) == ("merged", second)


def test_two_people_do_not_move_the_same_issue_twice() -> None:
    case = Case()
    change = case.ready()
    with pytest.raises(StaleVersionError):
        answer_change(change=change, by=case.authority, given=Answer("accept", "Utile"), version=change.version - 1)
    assert ChangeRuling.objects.count() == 0


def boards() -> None:
    board = BodyFactory(code="COPIL", level=2)
    MandateFactory(body=board, kind="change", amount_max=Decimal(50_000), level=2)
    MandateFactory(body=BodyFactory(code="DIRECTION", level=7), kind="change")


@pytest.mark.parametrize(
    ("cost", "days", "body"), [(4000, 3, "COPIL"), (4000, 11, "DIRECTION"), (60_000, 0, "DIRECTION")]
)
def test_beyond_the_delegation_the_lowest_competent_body_is_asked(cost: int, days: int, body: str) -> None:
    case = Case()
    boards()
    ChangeDelegation.objects.update(valid_to=date(2026, 1, 2))
    change = case.ready(cost=cost, days=days)
    request = submit_change(change=change, by=case.manager, version=change.version)
    assert (request.body.code, request.change, request.amount) == (body, change, Decimal(cost))
    assert [option["recommended"] for option in request.options] == [True, False]
    assert change.state == "submitted"


def test_an_issue_comes_back_when_it_is_recalled_or_its_request_withdrawn() -> None:
    case = Case()
    boards()
    change = case.ready(cost=60_000)
    submit_change(change=change, by=case.manager, version=change.version)
    recall_change(change=change, by=case.manager, version=change.version)
    assert (change.state, DecisionRequest.objects.get().state) == ("recommended", "withdrawn")
    request = submit_change(change=change, by=case.manager, version=change.version)
    move_request(request=request, act="withdraw", by=case.manager)
    change.refresh_from_db()
    assert change.state == "recommended"


def meeting_on(change: Change, choice: str = "for") -> Meeting:
    meeting = Meeting()
    DecisionRequest.objects.filter(pk=meeting.request.pk).update(change=change, project=change.project, kind="change")
    meeting.begin().poll()
    for person in meeting.members:
        meeting.vote(person, choice)
    meeting.count()
    meeting.decide(rationale="Dans l’intérêt du service.")
    return meeting


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("accept", "implementing"),
        ("reject", "rejected"),
        ("concession", "conceded"),
        ("exception_plan", "exception_plan"),
        ("more_info", "assessed"),
    ],
)
def test_a_body_answers_by_the_effect_of_its_decision(answer: str, state: str) -> None:
    case = Case()
    boards()
    change = case.ready(ChangeKind.OFF_SPECIFICATION, cost=60_000)
    submit_change(change=change, by=case.manager, version=change.version)
    meeting = meeting_on(change)
    day = clock.today() + timedelta(days=60) if answer == "concession" else None
    values = {"kind": "change", "answer": answer, "day": day}
    add_effect(outcome=meeting.fresh().outcomes.get(), by=meeting.secretary, values=values)
    (decision,) = meeting.finish()
    change.refresh_from_db()
    ruling = change.rulings.get()
    assert (change.state, ruling.taken_as, ruling.decision, ruling.amount) == (state, "body", decision, 0)
    assert ChangeBudget.objects.get().spent == 0


def test_a_vote_that_fails_rejects_the_change_and_an_adopted_one_must_say_its_answer() -> None:
    case = Case()
    boards()
    change = case.ready(cost=60_000)
    submit_change(change=change, by=case.manager, version=change.version)
    with pytest.raises(ValidationError, match="ajoutez l’effet"), transaction.atomic():
        meeting_on(change).finish()
    meeting_on(change, "against").finish()
    change.refresh_from_db()
    assert (change.state, change.rulings.get().answer) == ("rejected", "reject")


def test_reminders_go_once_and_escalate_once() -> None:
    case = Case()
    change = case.ready()
    pso = user_with(Role.PSO)
    Change.objects.filter(pk=change.pk).update(due_on=clock.today() - timedelta(days=1))
    assert run_clocks(clock.now())["told"] == 2
    assert run_clocks(clock.now())["told"] == 0
    assert set(Notification.objects.filter(kind="change_late").values_list("user", flat=True)) == {
        case.manager.pk,
        case.authority.pk,
    }
    Change.objects.filter(pk=change.pk).update(due_on=clock.today() - timedelta(days=20))
    run_clocks(clock.now())
    run_clocks(clock.now())
    assert Notification.objects.filter(kind="change_escalated", user=pso).count() == 1


def test_a_change_budget_names_an_authority_that_is_neither_manager_nor_oneself() -> None:
    case = Case()
    pso = user_with(Role.PSO)
    budget = set_change_budget(
        project=ProjectFactory(manager=case.manager.person),
        by=pso,
        values={
            "amount": Decimal(10_000),
            "valid_from": date(2026, 1, 1),
            "valid_to": date(2026, 12, 31),
            "source": "COPIL",
        },
    )
    values = {
        "limit_each": Decimal(3000),
        "limit_total": Decimal(10_000),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    for person in (case.manager.person, pso.person, PersonFactory()):
        with pytest.raises(ValidationError):
            delegate_changes(budget=budget, by=pso, values={**values, "person": person})
    person = case.authority.person
    with pytest.raises(ValidationError, match="vérifiez les trois montants"):
        delegate_changes(budget=budget, by=pso, values={**values, "person": person, "limit_total": Decimal(10_001)})
    assert delegate_changes(budget=budget, by=pso, values={**values, "person": person}).left == Decimal(10_000)
    with pytest.raises(ValidationError, match="déjà une partie"):
        delegate_changes(budget=budget, by=pso, values={**values, "person": person})


@pytest.mark.django_db(transaction=True)
def test_ten_answers_at_once_never_spend_more_than_the_change_budget() -> None:
    case = Case()
    changes = [case.ready(cost=4000) for _ in range(10)]

    def accept(pk: int) -> str:
        try:
            change = Change.objects.select_related("project").get(pk=pk)
            user = User.objects.get(pk=case.authority.pk)
            return case.answer(change, user).answer
        except ValidationError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(accept, [change.pk for change in changes]))
    assert (answers.count("accept"), answers.count("refused")) == (3, 7)
    assert ChangeDelegation.objects.get().spent == Decimal(12_000)
