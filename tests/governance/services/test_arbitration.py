"""An arbitration from its request to its closing, and every way around a step that must be refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404

from config import clock
from config.web.versioned import StaleVersionError
from governance.enums import OutcomeKind, SeatRole
from governance.models import Arbitration, ArbitrationStep, Clock, Decision, DecisionRequest
from governance.selectors.arbitration import effects_on, get_arbitration, positions, visible_arbitrations
from governance.selectors.arbitration_table import table_of
from governance.selectors.arbitration_work import work_of_arbitrations
from governance.selectors.conflict import conflicts_on
from governance.selectors.ladder import ladder_of, late_requests, may_acknowledge
from governance.services.agenda import add_item
from governance.services.arbitration import request_arbitration
from governance.services.arbitration_body import table
from governance.services.closing import add_outcome
from governance.services.effect import add_effect
from governance.services.follow_up import accept_evidence, submit_evidence
from governance.services.ladder import acknowledge, raise_overdue
from governance.services.overdue import queue_overdue_requests, queue_overdue_steps
from people.enums import Role
from people.models import AuditEntry, Notification, User
from people.services import jobs
from portfolio.models import Project
from tests.factories.governance import SeatFactory, SittingFactory
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.governance.conflicts import Conflict
from tests.governance.services.test_session import Meeting

pytestmark = pytest.mark.django_db


class Hearing(Meeting):
    """A session of the arbitration committee on a request that stands for an arbitration."""

    def __init__(self, conflict: Conflict, request: DecisionRequest) -> None:
        self.now = clock.now()
        self.secretary = user_with(Role.SECRETARY)
        self.body, self.request, self.project = request.body, request, conflict.project
        self.users = [conflict.chair, *(user_with(Role.CODIR) for _ in range(4))]
        for user in self.users[1:]:
            SeatFactory(body=self.body, person=user.person, role=SeatRole.MEMBER)
        self.sitting = SittingFactory(body=self.body)
        self.item = add_item(sitting=self.sitting, by=self.secretary, kind="decision", request=request)

    def adopt(self, choice: str = "for") -> None:
        self.begin().poll()
        for person in self.members:
            self.vote(person, choice)
        self.count()
        self.decide()


def test_from_the_request_to_the_closing_with_the_option_the_body_retained() -> None:
    conflict = Conflict()
    hearing = Hearing(conflict, conflict.tabled())
    assert conflict.fresh().state == "on_agenda"
    hearing.adopt()
    outcome = hearing.fresh().outcomes.get()
    action = {"kind": OutcomeKind.ACTION, "text": "Replanifier", "parent": outcome, "owner": conflict.other_pm.person}
    add_outcome(item=hearing.fresh(), by=hearing.secretary, values={**action, "due": clock.today()})
    add_effect(outcome=outcome, by=hearing.secretary, values={"kind": "arbitration", "answer": "2"})
    add_effect(outcome=outcome, by=hearing.secretary, values={"kind": "rank", "rank": 7, "project": conflict.other})
    add_effect(outcome=outcome, by=hearing.secretary, values={"kind": "rank", "rank": 3, "project": conflict.project})
    (decision,) = hearing.finish()

    row = conflict.fresh()
    assert row.state == "decided"
    assert row.retained is not None
    assert row.retained.position == 2
    ranks = Project.objects.filter(pk__in=(conflict.project.pk, conflict.other.pk)).order_by("pk")
    assert list(ranks.values_list("priority_rank", flat=True)) == [3, 7]

    conflict.take("notify_concerned")
    told = Notification.objects.filter(kind="arbitration_decided").values_list("user", flat=True)
    assert sorted(told) == sorted((conflict.pm.pk, conflict.other_pm.pk))
    conflict.take("execute", note="Les architectes sont affectés.")
    with pytest.raises(ValidationError, match="ne sont pas levées"):
        conflict.take("verify", evidence="Plan signé")
    follow_up = decision.follow_ups.get()
    submit_evidence(follow_up=follow_up, by=conflict.other_pm, evidence="Plan v3", on=conflict.today)
    accept_evidence(follow_up=follow_up, by=conflict.pso, on=conflict.today)
    conflict.take("verify", evidence="Plan v3, feuille 2")
    assert conflict.take("close").state == "closed"
    with pytest.raises(ValidationError, match="fait nouveau"):
        conflict.take("reopen", new_fact="2 postes.")
    reopened = conflict.take("reopen", new_fact="Un architecte part le 1er mars.")
    assert (reopened.state, reopened.retained) == ("requested", None)
    assert {"arbitration.requested", "arbitration.decide", "arbitration.reopen"} <= set(
        AuditEntry.objects.values_list("verb", flat=True)
    )


def test_two_options_and_doing_nothing_with_all_effects_come_before_a_body() -> None:
    conflict = Conflict().analysed()
    conflict.option("Les deux au demandeur")
    conflict.option("Ne rien faire", nothing=True)
    row = conflict.fresh()
    with pytest.raises(ValidationError, match="au moins deux options"):
        table(row=row, by=conflict.pso, version=row.version, on=conflict.today)
    with pytest.raises(IntegrityError, match="come before the body"), transaction.atomic():
        Arbitration.objects.filter(pk=row.pk).update(state="on_agenda")
    assert not effects_on(row, clock.now()).complete


def test_what_a_body_was_asked_is_not_rewritten_by_any_route() -> None:
    conflict = Conflict()
    conflict.tabled()
    for statement in (
        "UPDATE governance_arbitrationoption SET label = 'x'",
        "UPDATE governance_optionimpact SET days = 1",
        "DELETE FROM governance_optionimpact",
        "DELETE FROM governance_arbitration",
        "UPDATE governance_arbitrationstep SET note = 'x'",
        "UPDATE governance_concernedproject SET role = 'depends' WHERE role = 'holds'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)
    with pytest.raises(ValidationError):
        conflict.option("Une de plus")


def test_a_conflict_takes_two_projects() -> None:
    conflict = Conflict()
    with pytest.raises(ValidationError, match="au moins deux projets"):
        request_arbitration(project=conflict.project, others=[], by=conflict.pm, values={}, on=conflict.today)


def test_nobody_judges_his_own_request_and_a_stale_page_moves_nothing() -> None:
    conflict = Conflict()
    Arbitration.objects.filter(pk=conflict.row.pk).update(requested_by=conflict.pso.person)
    with pytest.raises(ValidationError, match="Une autre personne que le demandeur"):
        conflict.take("admit", analyst=conflict.analyst.person)
    Arbitration.objects.filter(pk=conflict.row.pk).update(requested_by=conflict.pm.person)
    with pytest.raises(StaleVersionError):
        conflict.take("reject", reason="Une seule équipe", version=99)
    assert conflict.take("reject", reason="Une seule équipe").state == "rejected"


def test_a_party_to_any_of_the_projects_is_recused() -> None:
    conflict = Conflict()
    request = conflict.tabled()
    SeatFactory(body=conflict.body, person=conflict.other_pm.person)
    hearing = Hearing(conflict, request)
    members = [conflict.other_pm.person.pk, conflict.analyst.person.pk, hearing.users[1].person.pk]
    assert set(conflicts_on(hearing.fresh(), members, clock.today())) == set(members[:2])
    with connection.cursor() as cursor:
        for person, party in zip(members, (True, True, False), strict=True):
            cursor.execute("SELECT cadran_is_party(%s, %s)", [person, hearing.item.pk])
            assert cursor.fetchone() == (party,)


def test_an_effect_reaches_only_the_projects_concerned() -> None:
    conflict = Conflict()
    hearing = Hearing(conflict, conflict.tabled())
    hearing.adopt()
    with pytest.raises(ValidationError, match="ne concerne pas"):
        add_effect(
            outcome=hearing.fresh().outcomes.get(),
            by=hearing.secretary,
            values={"kind": "rank", "rank": 1, "project": ProjectFactory()},
        )


def test_an_adopted_decision_names_the_option_retained() -> None:
    conflict = Conflict()
    hearing = Hearing(conflict, conflict.tabled())
    hearing.adopt()
    with pytest.raises(ValidationError, match="Retenir une option"), transaction.atomic():
        hearing.finish()
    assert Decision.objects.count() == 0


def test_a_body_that_adopts_none_sends_the_arbitration_back_to_be_worked_out() -> None:
    conflict = Conflict()
    hearing = Hearing(conflict, conflict.tabled())
    hearing.adopt("against")
    hearing.finish()
    assert conflict.fresh().state == "deferred"
    assert conflict.take("rework", reason="Une troisième voie").state == "analysis"


def test_a_step_whose_clock_ran_out_goes_up_once() -> None:
    conflict = Conflict()
    step = ArbitrationStep.objects.get()
    late = clock.now() + timedelta(days=30)
    ArbitrationStep.objects.update(due_on=conflict.today - timedelta(days=1))
    (job,) = queue_overdue_steps(late)
    assert queue_overdue_steps(late) == []
    jobs.run_now(job.pk)
    step.refresh_from_db()
    assert (step.raised_on, step.raised_to) == (conflict.today, conflict.body.name_fr)
    assert Notification.objects.filter(kind="arbitration_overdue", user=conflict.chair).count() == 1
    (position,) = positions([conflict.row], conflict.today)
    assert (position.late, position.holder.value) == (True, "pso")
    conflict.take("admit", analyst=conflict.analyst.person)
    assert ArbitrationStep.objects.get(left_on=None).raised_on is None


def test_an_unanswered_request_goes_one_body_up_by_itself_once_and_the_ladder_shows_it() -> None:
    conflict = Conflict()
    upper = conflict.upper()
    request = conflict.tabled()
    assert request.raised_by == conflict.pso.person
    assert may_acknowledge(conflict.chair, request, conflict.today)
    acknowledge(request=request, by=conflict.chair, now=clock.now())
    with pytest.raises(ValidationError, match="déjà"):
        acknowledge(request=request, by=conflict.chair, now=clock.now())

    DecisionRequest.objects.filter(pk=request.pk).update(answer_by=conflict.today - timedelta(days=1))
    assert list(late_requests(conflict.pso, conflict.today)) == [request]
    (job,) = queue_overdue_requests(clock.now())
    jobs.run_now(job.pk)
    raised = DecisionRequest.objects.get(raised_from=request)
    assert (raised.body, raised.raised_by, raised.arbitration) == (upper, None, conflict.row)
    assert conflict.fresh().state == "escalated"
    rungs = ladder_of(raised, conflict.today)
    assert [(rung.row.body.code, rung.by_clock, rung.present) for rung in rungs] == [
        ("ARBITRAGE", False, False),
        ("CODIR", True, True),
    ]
    DecisionRequest.objects.filter(pk=raised.pk).update(answer_by=conflict.today - timedelta(days=1))
    assert raise_overdue(request_id=raised.pk, on=conflict.today) is None
    assert queue_overdue_requests(clock.now()) == []


def test_a_dated_clock_replaces_the_default_from_its_day() -> None:
    Clock.objects.create(kind="admissibility", days=9, valid_from=clock.today())
    step = Conflict().row.steps.get()
    assert step.due_on is not None
    assert (step.due_on - step.entered_on).days >= 11


def test_only_who_may_know_every_project_knows_of_the_arbitration() -> None:
    conflict = Conflict()
    stranger, secretary = user_with(Role.PM), user_with(Role.SECRETARY)
    assert get_arbitration(conflict.other_pm, conflict.row.number) == conflict.row
    assert list(visible_arbitrations(secretary)) == [conflict.row]
    with pytest.raises(Http404):
        get_arbitration(stranger, conflict.row.number)
    Project.objects.filter(pk=conflict.other.pk).update(confidentiality="restricted")
    assert not visible_arbitrations(conflict.pm).exists()
    assert not visible_arbitrations(secretary).exists()
    assert visible_arbitrations(conflict.pso).exists()


def test_the_table_says_which_option_leaves_least_outside_tolerance() -> None:
    conflict = Conflict().ripe()
    table = table_of(conflict.fresh(), clock.now())
    assert [option.label for option in table.options] == ["Ne rien faire", "Les deux au demandeur", "Un chacun"]
    assert [total and total.cost for total in table.totals] == [0, 1000, 0]
    assert table.message


def test_my_work_lists_it_for_who_has_the_ball() -> None:
    conflict = Conflict()
    now = clock.now()

    def codes(user: User) -> list[str]:
        return [line.code for block in work_of_arbitrations(user, now) for line in block.lines]

    assert (codes(conflict.pso), codes(conflict.analyst), codes(conflict.pm)) == ([conflict.row.number], [], [])
    conflict.take("admit", analyst=conflict.analyst.person)
    assert (codes(conflict.pso), codes(conflict.analyst)) == ([], [conflict.row.number])
