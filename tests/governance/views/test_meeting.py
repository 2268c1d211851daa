"""The meeting, the register and what follows a decision, through their pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.models import Decision, DecisionRequest, FollowUp, Sitting
from people.enums import Role
from people.models import User
from tests.factories.governance import DecisionFactory, FollowUpFactory, SeatFactory, SittingFactory
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


def test_two_secretaries_who_write_other_lines_keep_both_texts() -> None:
    meeting = Meeting().begin()
    client, address = client_of(meeting.secretary), reverse("governance:notes", args=[meeting.item.pk])
    client.post(address, {"notes": "Le projet est présenté.", "version": "1", "base": ""})
    base = "Le projet est présenté."
    client.post(address, {"notes": f"{base}\nLes finances donnent leur avis.", "version": "2", "base": base})
    answer = client.post(address, {"notes": f"{base}\nLe PSO aussi.", "version": "2", "base": base}, follow=True)
    assert "les deux textes sont réunis" in answer.content.decode()
    assert meeting.fresh().notes.splitlines() == [base, "Les finances donnent leur avis.", "Le PSO aussi."]
    client.post(address, {"notes": "Le projet est défendu.", "version": "2", "base": base})
    clash = client.post(address, {"notes": "Le projet est retiré.", "version": "2", "base": base})
    assert clash.status_code == 409


def test_consensus_is_written_down_in_one_act_and_only_for_who_may_vote() -> None:
    meeting = Meeting().begin(present=4)
    meeting.item.recusals.create(person=meeting.members[3], ground="other", at=meeting.now)
    meeting.poll()
    meeting.vote(meeting.members[2], "abstain")
    client = client_of(meeting.secretary)
    page = client.get(meeting.sitting.get_absolute_url()).content.decode()
    assert 'data-key="alt+c"' in page
    client.post(reverse("governance:item_act", args=[meeting.item.pk, "consensus"]))
    assert dict(meeting.item.votes.values_list("person", "choice")) == {
        meeting.members[0].pk: "for",
        meeting.members[1].pk: "for",
        meeting.members[2].pk: "abstain",
    }


def test_a_key_opens_the_outcome_form_on_a_decision_or_an_action() -> None:
    meeting = Meeting().begin()
    address = f"{meeting.sitting.get_absolute_url()}?item={meeting.item.pk}"
    page = client_of(meeting.secretary).get(f"{address}&act=action").content.decode()
    assert '<option value="action" selected>' in page
    assert client_of(meeting.secretary).get(f"{address}&act=x").status_code == 200


def test_the_projection_names_nobody_and_shows_no_note() -> None:
    meeting = Meeting().begin().poll()
    meeting.vote(meeting.members[1], "against")
    client = client_of(meeting.secretary)
    client.post(reverse("governance:notes", args=[meeting.item.pk]), {"notes": "Propos tenus", "version": "1"})
    shown = client.get(reverse("governance:meeting_screen", args=[meeting.sitting.pk])).content.decode()
    assert meeting.request.question in shown
    for private in (meeting.secretary.full_name, meeting.users[1].full_name, "Propos tenus"):
        assert private not in shown


def test_the_list_of_sessions_begins_with_ones_own_bodies_week_by_week() -> None:
    meeting = Meeting()
    SeatFactory(body=meeting.body, person=meeting.secretary.person, role="secretary", votes=False)
    Sitting.objects.filter(pk=meeting.sitting.pk).update(starts_at=meeting.now + timedelta(days=3))
    other = SittingFactory(starts_at=meeting.now + timedelta(hours=1))
    page = client_of(meeting.secretary).get(reverse("governance:meetings")).content.decode()
    assert page.index("Mes instances") < page.index(meeting.sitting.get_absolute_url())
    assert page.index("Autres instances") < page.index(other.get_absolute_url())


def test_the_page_of_a_body_shows_what_was_decided_and_not_done() -> None:
    row = FollowUpFactory()
    page = client_of(user_with(Role.DIRECTOR)).get(row.decision.body.get_absolute_url()).content.decode()
    assert "Décidé, non exécuté" in page
    assert row.text in page
    hidden = FollowUpFactory(decision__publication="body")
    page = client_of(user_with(Role.DIRECTOR)).get(hidden.decision.body.get_absolute_url()).content.decode()
    assert hidden.text not in page


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


def test_an_item_that_follows_a_condition_says_who_owes_it_and_by_when() -> None:
    meeting = Meeting()
    decision = DecisionFactory(body=meeting.body, number="2026-CODIR-009")
    row = FollowUpFactory(decision=decision, text="Avis des finances joint", due=timezone.localdate())
    client = client_of(meeting.secretary)
    client.post(reverse("governance:meeting_act", args=[meeting.sitting.pk, "fill"]))
    item = meeting.sitting.items.get(kind="follow_up")
    page = client.get(f"{meeting.sitting.get_absolute_url()}?item={item.pk}").content.decode()
    assert row.owner.full_name in page
    assert reverse("governance:follow_up", args=[row.pk]) in page


def test_a_decision_begins_with_the_wording_that_was_recommended() -> None:
    meeting = Meeting()
    DecisionRequest.objects.update(recommendation="Reporter la bascule à mars.")
    meeting.begin()
    address = f"{meeting.sitting.get_absolute_url()}?item={meeting.item.pk}&act=decision"
    assert "Reporter la bascule à mars.</textarea>" in client_of(meeting.secretary).get(address).content.decode()


def test_an_effect_asks_only_what_its_kind_needs() -> None:
    meeting = Meeting().begin().poll()
    for person in meeting.members:
        meeting.vote(person)
    meeting.count()
    meeting.decide()
    address = reverse("governance:effect_add", args=[meeting.item.outcomes.get().pk])
    client = client_of(meeting.secretary)
    page = client.get(f"{address}?kind=rank").content.decode()
    assert 'name="rank"' in page
    assert 'name="amount"' not in page
    assert "kind=gate" not in page
    assert client.post(address, {"kind": "rank", "rank": ""}).status_code == 422
    assert client.post(address, {"kind": "gate", "answer": "pass"}).status_code == 422
    assert client.post(address, {"kind": "rank", "rank": "3"}).status_code == 303
    assert meeting.item.outcomes.get().effects.get().rank == 3
