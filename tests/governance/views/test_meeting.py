"""The meeting, the register and what follows a decision, through their pages."""

import pytest
from django.test import Client
from django.urls import reverse

from governance.models import Decision, DecisionRequest, FollowUp, Sitting
from people.enums import Role
from people.models import User
from tests.factories.governance import DecisionFactory, FollowUpFactory
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.governance.services.test_session import Meeting

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_secretary_and_chair_hold_a_session_by_its_pages() -> None:
    meeting = Meeting()
    secretary, chair = client_of(meeting.secretary), client_of(meeting.users[0])
    act = lambda name: secretary.post(reverse("governance:meeting_act", args=[meeting.sitting.pk, name]))  # noqa: E731
    item = lambda name: reverse(f"governance:{name}", args=[meeting.item.pk])  # noqa: E731
    assert act("publish").status_code == 303
    assert act("open").status_code == 303
    present = {"present": [str(person.pk) for person in meeting.members]}
    assert secretary.post(reverse("governance:attendance", args=[meeting.sitting.pk]), present).status_code == 303
    secretary.post(reverse("governance:item_act", args=[meeting.item.pk, "poll"]))
    for client, person in zip([chair, secretary, secretary], meeting.members, strict=False):
        answer = client.post(item("vote"), {"person": person.pk, "choice": "for", "paper": "1"})
        assert answer.status_code == 303
    stranger = client_of(meeting.users[3]).post(
        item("vote"), {"person": meeting.members[4].pk, "choice": "against", "paper": "1"}
    )
    assert stranger.status_code == 403
    secretary.post(reverse("governance:item_act", args=[meeting.item.pk, "count"]))
    decided = {"kind": "decision", "text": "Approuvé.", "publication": "portfolio"}
    assert secretary.post(item("outcome_add"), decided).status_code == 303
    assert secretary.post(item("outcome_add"), {"kind": "action", "text": "Faire"}).status_code == 422
    page = secretary.get(meeting.sitting.get_absolute_url()).content.decode()
    assert "Adoptée" in page
    assert "quorum réuni" in page
    act("adjourn")
    assert act("approve").status_code == 422
    assert chair.post(reverse("governance:meeting_act", args=[meeting.sitting.pk, "approve"])).status_code == 303
    assert act("close").status_code == 303
    assert Decision.objects.get().text == "Approuvé."
    minutes = chair.get(reverse("governance:meeting_minutes", args=[meeting.sitting.pk])).content.decode()
    assert "3 pour, 0 contre, 0 abstentions" in minutes
    assert chair.get(reverse("governance:meeting_screen", args=[meeting.sitting.pk])).status_code == 200
    assert chair.get(reverse("governance:meetings")).status_code == 200


def test_a_session_is_closed_to_who_does_not_sit_and_an_item_to_who_is_recused() -> None:
    meeting = Meeting().convene()
    meeting.item.recusals.create(person=meeting.members[4], ground="other", at=meeting.now)
    assert client_of(user_with(Role.CODIR)).get(meeting.sitting.get_absolute_url()).status_code == 404
    recused = client_of(meeting.users[4])
    text = recused.get(meeting.sitting.get_absolute_url()).content.decode()
    assert "Vous êtes récusé de ce point" in text
    assert meeting.request.question not in text
    for name in ("meeting_screen", "meeting_minutes"):
        shown = recused.get(reverse(f"governance:{name}", args=[meeting.sitting.pk])).content.decode()
        assert meeting.request.question not in shown


def test_a_note_that_meets_another_one_is_kept_and_both_are_shown() -> None:
    meeting = Meeting().begin()
    client, address = client_of(meeting.secretary), reverse("governance:notes", args=[meeting.item.pk])
    assert client.post(address, {"notes": "Premier texte", "version": "1"}).status_code == 303
    answer = client.post(address, {"notes": "Second texte", "version": "1"})
    assert answer.status_code == 409
    assert "Premier texte" in answer.content.decode()
    assert "Second texte" in answer.content.decode()


def test_the_register_is_searched_and_hides_what_the_reader_may_not_know() -> None:
    project = ProjectFactory(code="P-777")
    kept = DecisionFactory(text="Le budget est porté à 400 k€", project=project)
    DecisionFactory(text="Le jalon est refusé", publication="body")
    client = client_of(user_with(Role.DIRECTOR))
    page = client.get(reverse("governance:decisions"), {"q": "budget 400"}).content.decode()
    assert kept.number in page
    everything = client.get(reverse("governance:decisions")).content.decode()
    assert "Le jalon est refusé" not in everything
    manager = client_of(user_with(Role.PM))
    assert manager.get(kept.get_absolute_url()).status_code == 404
    fragment = client.get(reverse("governance:project_requests", args=["P-777"])).content.decode()
    assert kept.number in fragment
    answer = client.get(reverse("governance_api:decision", args=[kept.number])).json()
    assert (answer["number"], answer["project"]) == (kept.number, "P-777")


def test_the_owner_gives_his_evidence_and_the_secretary_judges_it() -> None:
    owner = user_with(Role.PM)
    row = FollowUpFactory(owner=owner.person)
    address = reverse("governance:follow_up", args=[row.pk])
    mine, secretary = client_of(owner), client_of(user_with(Role.SECRETARY))
    assert mine.post(address, {"act": "accept", "evidence": "x"}).status_code == 403
    assert mine.post(address, {"act": "submit", "evidence": "Rapport 12"}).status_code == 303
    assert secretary.post(address, {"act": "accept", "evidence": ""}).status_code == 303
    assert FollowUp.objects.get().state == "met"


def test_the_agenda_is_filled_from_what_waits_and_a_request_is_sent_up() -> None:
    meeting = Meeting()
    client = client_of(meeting.secretary)
    client.post(reverse("governance:item_act", args=[meeting.item.pk, "remove"]))
    assert DecisionRequest.objects.get().state == "open"
    client.post(reverse("governance:meeting_act", args=[meeting.sitting.pk, "fill"]))
    assert Sitting.objects.get().items.count() == 1
    page = client.get(reverse("governance:request_escalate", args=[meeting.request.number])).content.decode()
    assert "Aucune instance plus haute" in page
