"""A gate: prepared with evidence, sent to the lowest body, answered by it, and the project moves or does not."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from config import clock
from config.web.versioned import StaleVersionError
from governance.enums import BodyKind, OutcomeKind, Verdict
from governance.models import (
    Confidence,
    ConfidenceAction,
    DecisionRequest,
    FollowUp,
    GateAnswer,
    GateReview,
    GateRules,
    LessonAnswer,
)
from governance.selectors.gate_review import criteria_on
from governance.services.agenda import add_item
from governance.services.closing import add_outcome
from governance.services.confidence import close_action, give_confidence
from governance.services.decision_request import move_request
from governance.services.effect import add_effect
from governance.services.gate_checklist import load_proposed, revise_criterion, set_gate_rules
from governance.services.gate_review import (
    bypass_review,
    drop_review,
    name_reviewer,
    start_review,
    submit_review,
    take_back,
    write_review,
)
from people.enums import Role
from portfolio.enums import StageState
from portfolio.models import Project, Stage
from tests.factories.gates import (
    ConfidenceActionFactory,
    ConfidenceFactory,
    GateCriterionFactory,
    LessonFactory,
    complete,
)
from tests.factories.governance import BodyFactory, DecisionFactory, MandateFactory
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import BudgetLineFactory, ProjectFactory, StageFactory
from tests.governance.services.test_session import Meeting

pytestmark = pytest.mark.django_db


class Gated(Meeting):
    """A project in its first of two stages, whose complete review is before a committee of five."""

    def __init__(self, gate: str = "Gn", phase: str = "stage", stages: int = 2) -> None:
        super().__init__()
        MandateFactory(body=self.body, kind="stage", subject="Portes")
        self.pm = user_with(Role.PM)
        self.project = ProjectFactory(life_cycle=phase, manager=self.pm.person, sponsor=None)
        for number in range(1, stages + 1):
            state = StageState.RUNNING if number == 1 and phase == "stage" else StageState.PLANNED
            StageFactory(project=self.project, number=number, state=state, actual_end=None)
        GateCriterionFactory(gate=gate, text="Les produits sont acceptés")
        self.review = start_review(project=self.project, gate=gate, planned_on=clock.today(), by=self.pm)

    def send(self) -> "Gated":
        complete(self.review)
        self.request: DecisionRequest = submit_review(review=self.review, by=self.pm)
        self.item = add_item(sitting=self.sitting, by=self.secretary, kind="decision", request=self.request)
        return self

    def adopt(self, answer: str, *, choice: str = "for", condition: bool = False) -> None:
        self.begin().poll()
        for person in self.members:
            self.vote(person, choice)
        self.count()
        self.decide()
        outcome = self.fresh().outcomes.get()
        if condition:
            values: dict[str, Any] = {
                "kind": OutcomeKind.SUBSEQUENT,
                "text": "Recette du lot 2",
                "parent": outcome,
                "owner": PersonFactory(),
                "due": clock.today(),
            }
            add_outcome(item=self.fresh(), by=self.secretary, values=values)
        if answer:
            add_effect(outcome=outcome, by=self.secretary, values={"kind": "gate", "answer": answer})
        self.finish()
        self.review.refresh_from_db()
        self.project = Project.objects.get(pk=self.project.pk)

    def stages(self) -> list[str]:
        return list(Stage.objects.filter(project=self.project).order_by("number").values_list("state", flat=True))


def test_a_review_begins_with_the_checklist_the_figures_and_the_lessons_of_similar_projects() -> None:
    project = ProjectFactory(code="P-7", life_cycle="stage", method="agile")
    LessonFactory(project__axis=project.axis, project__method="agile")
    LessonFactory(project__axis=project.axis, project__method="agile", project__confidentiality="restricted")
    GateCriterionFactory(position=1)
    GateCriterionFactory(position=2, valid_to=clock.today().replace(year=2026, month=1, day=2))
    review = start_review(project=project, gate="Gn", planned_on=clock.today(), by=user_with(Role.PSO))
    assert review.number == "P-7-G01"
    assert (review.answers.count(), review.method) == (1, "prince2")
    assert review.lessons.count() == (1 if project.axis else 0)
    assert "Jalons de référence atteints" in review.performance
    with pytest.raises(ValidationError, match="déjà en cours"):
        start_review(project=project, gate="Gn", planned_on=clock.today(), by=user_with(Role.PSO))


def test_a_gate_that_does_not_lie_ahead_is_refused() -> None:
    with pytest.raises(ValidationError, match="n’est pas devant cette porte"):
        start_review(
            project=ProjectFactory(life_cycle="stage"), gate="G0", planned_on=clock.today(), by=user_with(Role.PSO)
        )


def test_an_incomplete_review_is_not_submitted_and_says_what_it_lacks() -> None:
    gated = Gated()
    with pytest.raises(ValidationError, match="critères obligatoires sans réponse : 1"):
        submit_review(review=gated.review, by=gated.pm)
    GateAnswer.objects.update(reply="yes")
    with pytest.raises(ValidationError, match="critères sans preuve : 1"):
        submit_review(review=gated.review, by=gated.pm)
    complete(gated.review)
    LessonAnswer.objects.create(review=gated.review, lesson=LessonFactory())
    with pytest.raises(ValidationError, match=r"leçons proposées sans réponse, .* : 1"):
        submit_review(review=gated.review, by=gated.pm)
    assert not DecisionRequest.objects.filter(gate_review=gated.review).exists()


def test_passing_ends_the_stage_and_begins_the_next_one() -> None:
    gated = Gated().send()
    assert (gated.request.kind, gated.request.body, gated.review.state) == ("stage", gated.body, "submitted")
    gated.adopt("pass")
    assert (gated.review.state, gated.project.life_cycle) == ("passed", "stage")
    assert gated.stages() == ["completed", "running"]
    assert Stage.objects.get(project=gated.project, number=1).actual_end == gated.review.closed_on
    assert gated.request.number in gated.project.life_cycle_reason or "CODIR" in gated.project.life_cycle_reason


def test_without_a_planned_stage_behind_it_the_gate_is_not_passed() -> None:
    gated = Gated(stages=1).send()
    with pytest.raises(ValidationError, match="Aucune séquence n’est planifiée"), transaction.atomic():
        gated.adopt("pass")
    assert GateReview.objects.get(pk=gated.review.pk).state == "submitted"


def test_conditions_need_at_least_one_in_the_minutes() -> None:
    gated = Gated().send()
    with pytest.raises(ValidationError, match="en porte au moins une"), transaction.atomic():
        gated.adopt("conditions")


def test_passed_under_conditions_the_project_moves_and_the_condition_is_followed() -> None:
    gated = Gated(gate="Gc", stages=1).send()
    gated.adopt("conditions", condition=True)
    assert (gated.review.state, gated.project.life_cycle, gated.stages()) == ("conditional", "closing", ["completed"])
    assert FollowUp.objects.filter(decision__request=gated.request, text="Recette du lot 2").exists()


@pytest.mark.parametrize(("answer", "choice"), [("refuse", "for"), ("", "against")])
def test_refused_or_voted_down_the_project_stays_and_another_review_may_begin(answer: str, choice: str) -> None:
    gated = Gated().send()
    gated.adopt(answer, choice=choice)
    assert (gated.review.state, gated.project.life_cycle, gated.stages()) == (
        "refused",
        "stage",
        ["running", "planned"],
    )
    again = start_review(project=gated.project, gate="Gn", planned_on=clock.today(), by=gated.pm)
    assert again.number.endswith("-G02")


def test_sent_back_the_project_returns_before_the_earlier_gate_and_its_stage_waits() -> None:
    gated = Gated().send()
    gated.adopt("back_G1")
    assert (gated.review.state, gated.review.back_to) == ("sent_back", "G1")
    assert (gated.project.life_cycle, gated.stages()) == ("initiation", ["planned", "planned"])


def test_an_adopted_decision_says_what_the_body_answers() -> None:
    with pytest.raises(ValidationError, match="Répondre à une revue de porte"):
        Gated().send().adopt("")


def test_g1_above_the_limit_waits_for_the_investment_committee() -> None:
    GateRules.objects.create(valid_from=clock.today(), investment_limit=Decimal(250000))
    gated = Gated(gate="G1", phase="initiation")
    BudgetLineFactory(project=gated.project, approved=Decimal("250000.01"))
    Project.objects.filter(pk=gated.project.pk).update(first_approved_cost=Decimal("250000.01"))
    gated.review.refresh_from_db()
    gated.review.project.refresh_from_db()
    complete(gated.review)
    with pytest.raises(ValidationError, match="Comité d’investissement décide avant la porte G1"):
        submit_review(review=gated.review, by=gated.pm)
    with pytest.raises(ValidationError, match="Comité d’investissement"):
        bypass_review(review=gated.review, by=user_with(Role.PSO), reason="Urgence")
    committee = BodyFactory(kind=BodyKind.INVESTMENT, code="CI")
    DecisionFactory(project=gated.project, body=committee, verdict=Verdict.ADOPTED)
    gated.send().adopt("pass")
    assert (gated.project.life_cycle, gated.stages()) == ("stage", ["running", "planned"])


def test_the_project_office_dispenses_from_the_list_with_a_reason_and_the_body_still_decides() -> None:
    gated = Gated()
    pso = user_with(Role.PSO)
    with pytest.raises(ValidationError):
        bypass_review(review=gated.review, by=pso, reason="  ")
    request = bypass_review(review=gated.review, by=pso, reason="Crue : salle serveur à vider")
    gated.review.refresh_from_db()
    assert (gated.review.state, gated.review.bypass_reason) == ("submitted", "Crue : salle serveur à vider")
    assert request.is_open
    assert Project.objects.get(pk=gated.project.pk).life_cycle == "stage"


def test_a_submitted_review_is_kept_until_its_request_is_withdrawn() -> None:
    gated = Gated()
    complete(gated.review)
    request = submit_review(review=gated.review, by=gated.pm)
    with pytest.raises(ValidationError, match="ne se modifie plus"):
        write_review(
            review=gated.review,
            by=gated.pm,
            changes={"forecast": "autre"},
            answers={},
            lessons={},
            version=gated.review.version,
        )
    take_back(review=gated.review, by=gated.pm)
    assert (gated.review.state, gated.review.figures) == ("draft", {})
    request = submit_review(review=gated.review, by=gated.pm)
    move_request(request=request, act="withdraw", by=gated.secretary)
    gated.review.refresh_from_db()
    assert gated.review.state == "draft"
    drop_review(review=gated.review, by=gated.pm)
    assert gated.review.closed_on == clock.today()


def test_two_people_do_not_overwrite_each_other_and_strange_evidence_is_refused() -> None:
    gated = Gated()
    key = gated.review.answers.get().pk

    def write(evidence: str, version: int) -> GateReview:
        values = {key: {"reply": "yes", "evidence": evidence}}
        return write_review(review=gated.review, by=gated.pm, changes={}, answers=values, lessons={}, version=version)

    seen = gated.review.version
    assert write("PV de réception", seen).version == seen + 1
    with pytest.raises(StaleVersionError):
        write("Autre PV", seen)
    with pytest.raises(ValidationError, match="https"):
        write("javascript:alert(1)", seen + 1)


def test_confidence_is_never_given_by_who_leads_the_project_in_service_or_database() -> None:
    gated = Gated()
    deputy = user_with(Role.PSO)
    Project.objects.filter(pk=gated.project.pk).update(deputy=deputy.person)
    project = Project.objects.get(pk=gated.project.pk)
    for user in (gated.pm, deputy):
        with pytest.raises(ValidationError, match="jamais par le chef de projet"):
            give_confidence(project=project, by=user, level="green", reason="Tout va", on=clock.today())
        with pytest.raises(DatabaseError, match="confidence refused"), transaction.atomic():
            ConfidenceFactory(project=project, given_by=user)
    row = give_confidence(project=project, by=user_with(Role.PSO), level="red", reason="Non", on=clock.today())
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Confidence.objects.filter(pk=row.pk).update(level="green")


def test_a_named_reviewer_gives_his_confidence_and_nobody_else_of_his_role() -> None:
    gated = Gated()
    reviewer, other = user_with(Role.REVIEWER), user_with(Role.REVIEWER)
    name_reviewer(review=gated.review, reviewer=reviewer.person, by=user_with(Role.PSO))
    gated.review.refresh_from_db()
    with pytest.raises(ValidationError, match="propre revue"):
        name_reviewer(review=gated.review, reviewer=gated.pm.person, by=user_with(Role.PSO))

    def give(user: Any) -> Confidence:
        return give_confidence(
            project=gated.project, by=user, level="amber", reason="Oui", on=clock.today(), review=gated.review
        )

    assert give(reviewer).review == gated.review
    with pytest.raises(ValidationError):
        give(other)


def test_mandatory_actions_become_follow_ups_of_the_decision() -> None:
    gated = Gated().send()
    confidence = ConfidenceFactory(project=gated.project)
    owner = user_with(Role.PM)
    done = ConfidenceActionFactory(confidence=confidence, owner=owner.person, text="Déjà faite")
    ConfidenceActionFactory(confidence=confidence, owner=gated.pm.person, text="À faire encore")
    with pytest.raises(ValidationError, match="lui-même"):
        close_action(action=done, by=gated.pm, evidence="PV", on=clock.today())
    close_action(action=done, by=owner, evidence="PV 14", on=clock.today())
    gated.adopt("pass")
    assert list(FollowUp.objects.filter(decision__request=gated.request).values_list("text", flat=True)) == [
        "À faire encore"
    ]
    carried = ConfidenceAction.objects.get(text="À faire encore")
    with pytest.raises(ValidationError, match="suivie avec la décision"):
        close_action(action=carried, by=gated.pm, evidence="PV", on=clock.today())


def test_three_levels_refuse_what_lies_between() -> None:
    set_gate_rules(by=user_with(Role.PSO), values={"valid_from": clock.today(), "scale": 3}, today=clock.today())
    project = ProjectFactory()
    with pytest.raises(ValidationError, match="trois niveaux"):
        give_confidence(project=project, by=user_with(Role.PSO), level="amber_red", reason="Non", on=clock.today())


def test_checklists_are_dated_and_a_revision_leaves_what_was_answered() -> None:
    pso, today = user_with(Role.PSO), clock.today()
    assert load_proposed(by=pso, since=today.replace(year=2026, month=1, day=1)) > 60
    assert load_proposed(by=pso, since=today) == 0
    gated = Gated(gate="Gc", stages=1)
    first = gated.review.answers.order_by("pk")[0].criterion
    revised = revise_criterion(
        criterion=first, by=pso, changes={"text": "Autres mots"}, version=first.version, today=today
    )
    first.refresh_from_db()
    assert (revised.text, first.text) == ("Autres mots", gated.review.answers.order_by("pk")[0].criterion.text)
    assert first.valid_to is not None
    assert revised in criteria_on("Gc", "prince2", today)
    assert first not in criteria_on("Gc", "prince2", today)
