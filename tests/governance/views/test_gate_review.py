"""Gates on screen: prepared, conflicting, sent, dispensed, read over; what is hidden stays hidden."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from governance.models import Confidence, DecisionRequest, GateCriterion, GateReview, Lesson
from governance.services.gate_review import name_reviewer, start_review
from people.enums import Role
from people.models import User
from portfolio.enums import Confidentiality, StageState
from tests.factories.gates import (
    ConfidenceActionFactory,
    ConfidenceFactory,
    GateCriterionFactory,
    GateReviewFactory,
    LessonFactory,
    complete,
)
from tests.factories.governance import BodyFactory, MandateFactory
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory, StageFactory

pytestmark = pytest.mark.django_db


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def pm() -> User:
    return user_with(Role.PM)


@pytest.fixture
def review(pm: User) -> GateReview:
    project = ProjectFactory(code="P-1", life_cycle="stage", manager=pm.person)
    for number in (1, 2):
        state = StageState.RUNNING if number == 1 else StageState.PLANNED
        StageFactory(project=project, number=number, state=state, actual_end=None)
    GateCriterionFactory(gate="Gn", text="Les produits sont acceptés")
    LessonFactory(project__axis=project.axis, project__method=project.method)
    MandateFactory(body=BodyFactory(code="CODIR", level=7), kind="stage")
    return start_review(project=project, gate="Gn", planned_on=clock.today(), by=pm)


def posted(client: Client, review: GateReview, **changes: str) -> dict[str, str]:
    """The form as it was shown, with some fields typed over."""
    form = client.get(reverse("governance:gate_review_edit", args=[review.number])).context["form"]
    shown = {"version": str(form.initial["version"]), "base": form.initial["base"], **form.texts(form.initial)}
    return {**shown, **changes}


def test_a_manager_completes_and_submits_his_review(review: GateReview, pm: User) -> None:
    client = signed(pm)
    key = review.answers.get().pk
    address = reverse("governance:gate_review_edit", args=[review.number])
    page = client.get(review.get_absolute_url()).content.decode()
    assert "critères obligatoires sans réponse : 1" in page
    values: dict[str, Any] = {f"reply_{key}": "yes", f"evidence_{key}": "ftp://x", "business_case": "valid"}
    refused = client.post(address, posted(client, review, **values))
    assert refused.status_code == 422
    values[f"evidence_{key}"] = "https://ged.example.org/pv"
    for lesson in review.lessons.all():
        values |= {f"lesson_{lesson.pk}": "not_relevant", f"words_{lesson.pk}": "Autre contexte"}
    assert client.post(address, posted(client, review, **values)).status_code == 303
    review.refresh_from_db()
    assert review.answers.get().evidence == "https://ged.example.org/pv"
    sent = client.post(reverse("governance:gate_act", args=[review.number, "submit"]))
    assert sent.status_code == 303
    request = DecisionRequest.objects.get(gate_review=review)
    assert (request.kind, request.body.code) == ("stage", "CODIR")
    assert review.number in client.get(reverse("governance:project_gates", args=["P-1"])).content.decode()
    assert review.number in signed(user_with(Role.PSO)).get(request.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 403


def test_an_incomplete_review_says_why_it_is_not_sent(review: GateReview, pm: User) -> None:
    answer = signed(pm).post(reverse("governance:gate_act", args=[review.number, "submit"]))
    assert answer.status_code == 422
    assert "La revue n’est pas complète" in answer.content.decode()
    assert signed(pm).post(reverse("governance:gate_act", args=[review.number, "explode"])).status_code == 404


def test_two_people_on_the_same_line_get_both_texts(review: GateReview, pm: User) -> None:
    key = review.answers.get().pk
    address = reverse("governance:gate_review_edit", args=[review.number])
    mine, theirs = signed(pm), signed(user_with(Role.PSO))
    first = posted(mine, review, **{f"comment_{key}": "Mon texte"})
    theirs.post(address, posted(theirs, review, **{f"comment_{key}": "Leur texte"}))
    clash = mine.post(address, first)
    assert clash.status_code == 409
    text = clash.content.decode()
    assert "Mon texte" in text
    assert "Leur texte" in text
    other = posted(mine, review, forecast="Autre champ")
    assert mine.post(address, other).status_code == 303


def test_only_the_project_office_dispenses_and_everybody_reads_why(review: GateReview, pm: User) -> None:
    address = reverse("governance:gate_bypass", args=[review.number])
    assert signed(pm).get(address).status_code == 403
    pso = signed(user_with(Role.PSO))
    assert pso.post(address, {"reason": ""}).status_code == 422
    assert pso.post(address, {"reason": "Crue de la Meuse"}).status_code == 303
    assert "Crue de la Meuse" in signed(pm).get(review.get_absolute_url()).content.decode()
    assert DecisionRequest.objects.filter(gate_review=review, state="open").exists()


def test_a_reviewer_reads_the_review_he_was_named_for_and_no_other(review: GateReview, pm: User) -> None:
    reviewer = user_with(Role.REVIEWER)
    client = signed(reviewer)
    assert client.get(review.get_absolute_url()).status_code == 404
    name_reviewer(review=review, reviewer=reviewer.person, by=user_with(Role.PSO))
    assert client.get(review.get_absolute_url()).status_code == 200
    address = reverse("governance:gate_confidence", args=[review.number])
    assert client.get(address).status_code == 200
    assert client.post(address, {"level": "amber", "reason": ""}).status_code == 422
    assert client.post(address, {"level": "amber", "reason": "Deux jalons glissent"}).status_code == 303
    assert Confidence.objects.get().given_by == reviewer
    assert signed(pm).get(address).status_code == 403


def test_confidence_stands_beside_the_colour_with_its_meaning_and_actions(review: GateReview) -> None:
    ConfidenceActionFactory(confidence=ConfidenceFactory(project=review.project, level="amber_red"))
    client = signed(user_with(Role.DIRECTOR))
    address = reverse("governance:project_confidence", args=["P-1"])
    for text in (
        client.get(address).content.decode(),
        client.get(address, headers={"HX-Request": "true"}).content.decode(),
    ):
        assert "Compromise" in text
        assert "Livrer est douteux" in text
        assert "Replanifier la recette" in text
    assert address in client.get(review.project.get_absolute_url()).content.decode()


def test_an_action_is_closed_by_its_owner_with_evidence(review: GateReview, pm: User) -> None:
    action = ConfidenceActionFactory(confidence__project=review.project, owner=pm.person)
    address = reverse("governance:confidence_action", args=[action.pk])
    assert signed(user_with(Role.PSO)).post(address, {"evidence": "PV"}).status_code == 422
    assert signed(pm).post(address, {"evidence": "PV 12"}).status_code == 303
    assert "PV 12" in signed(pm).get(address).content.decode()


def test_lessons_are_searched_and_those_of_a_hidden_project_are_not_there(pm: User) -> None:
    LessonFactory(event="Recettes écourtées")
    hidden = LessonFactory(event="Recette secrète", project__confidentiality=Confidentiality.RESTRICTED)
    client = signed(pm)
    found = client.get(reverse("governance:lessons"), {"q": "recette"}).content.decode()
    assert "Recettes écourtées" in found
    assert "Recette secrète" not in found
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert "Aucune leçon" in client.get(reverse("governance:lessons"), {"q": "introuvable"}).content.decode()


def test_a_lesson_is_noted_then_completed_by_its_project(review: GateReview, pm: User) -> None:
    client = signed(pm)
    values = {"kind": "data", "event": "E", "effect": "F", "cause": "C", "recommendation": "R"}
    assert client.post(reverse("governance:lesson_new", args=["P-1"]), values).status_code == 303
    lesson = Lesson.objects.get(event="E")
    assert lesson.number.startswith(f"L-{clock.today().year}-")
    assert "identifiée" in client.get(lesson.get_absolute_url()).content.decode()
    other = user_with(Role.PM)
    assert signed(other).get(reverse("governance:lesson_edit", args=[lesson.number])).status_code == 403


def test_the_project_office_keeps_the_lists(pm: User) -> None:
    client = signed(user_with(Role.PSO))
    assert "Commencer par les listes proposées" in client.get(reverse("governance:gate_criteria")).content.decode()
    client.post(reverse("governance:criteria_load"))
    row = GateCriterion.objects.filter(method="agile", gate="G1").first()
    assert row is not None
    assert row.text in signed(pm).get(f"{reverse('governance:gate_criteria')}?method=agile").content.decode()
    assert signed(pm).get(reverse("governance:criterion_edit", args=[row.pk])).status_code == 403
    client.post(reverse("governance:criterion_end", args=[row.pk]), {"version": row.version})
    row.refresh_from_db()
    assert row.valid_to == clock.today()
    rules = {"valid_from": clock.today().isoformat(), "scale": "3", "investment_limit": "250000"}
    assert client.post(reverse("governance:gate_rules"), rules).status_code == 303
    assert "trois niveaux" in client.get(reverse("governance:gate_criteria")).content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(review: GateReview) -> None:
    client = signed(user_with(Role.PSO))
    client.get(reverse("governance:gates"))
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("governance:gates"))
            client.get("/api/v1/gate-reviews/")
            client.get("/api/v1/lessons/")
        counts.append(len(seen))
        for _more in range(2):
            GateReviewFactory()
            LessonFactory()
    assert counts[0] == counts[1]


def test_the_interface_gives_a_review_with_its_checklist(review: GateReview, pm: User) -> None:
    complete(review)
    client = signed(pm)
    data = client.get(f"/api/v1/gate-reviews/{review.number}/").json()
    assert data["answers"][0]["evidence"] == "https://docs.example.org/preuve"
    ConfidenceFactory(project=review.project)
    rows = client.get("/api/v1/confidences/", {"project": "P-1"}).json()
    assert rows["results"][0]["level"] == "amber"


def test_my_work_lists_the_review_to_complete_the_one_to_read_and_the_action_to_do(
    review: GateReview, pm: User
) -> None:
    reviewer = user_with(Role.REVIEWER)
    name_reviewer(review=review, reviewer=reviewer.person, by=user_with(Role.PSO))
    ConfidenceActionFactory(confidence__project=review.project, owner=pm.person, text="Essayer le repli")
    mine = signed(pm).get(reverse("portfolio:my_work")).content.decode()
    assert "revue à compléter" in mine
    assert "Essayer le repli" in mine
    assert "revue à relire" in signed(reviewer).get(reverse("portfolio:my_work")).content.decode()
    assert review.number in signed(reviewer).get(reverse("people:inbox")).content.decode()
