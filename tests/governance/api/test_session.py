"""Sessions and follow-ups through the API: what the pages show, without votes and minutes, at a constant cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.enums import SittingState
from governance.models import Sitting
from people.enums import Role
from tests.factories.governance import AgendaItemFactory, FollowUpFactory, SittingFactory
from tests.factories.people import user_with
from tests.governance.services.test_session import Meeting
from tests.governance.views.test_meeting import client_of

pytestmark = pytest.mark.django_db


def test_a_session_tells_its_agenda_and_neither_votes_nor_notes() -> None:
    meeting = Meeting().begin().poll()
    meeting.vote(meeting.members[0])
    address = reverse("governance_api:session", args=[meeting.sitting.pk])
    body = client_of(meeting.users[1]).get(address).json()
    assert (body["body"], body["state"], body["revision"]) == ("CODIR", "in_progress", 1)
    (item,) = body["agenda"]
    assert (item["position"], item["request"], item["title"]) == (1, "2026-CODIR-D001", meeting.request.question)
    assert not {"votes", "notes", "ballots", "tally"} & set(item)
    assert client_of(user_with(Role.CODIR)).get(address).status_code == 404
    assert client_of(meeting.secretary).post(address, {}).status_code == 403


def test_a_recused_member_learns_no_more_than_that_the_item_exists() -> None:
    meeting = Meeting().convene()
    meeting.item.recusals.create(person=meeting.members[4], ground="other", at=meeting.now)
    body = client_of(meeting.users[4]).get(reverse("governance_api:session", args=[meeting.sitting.pk])).json()
    assert body["agenda"][0]["withheld"]
    assert {body["agenda"][0][name] for name in ("title", "kind", "request", "verdict")} == {None}


def test_lists_are_filtered_and_cost_the_same_for_one_row_and_for_three() -> None:
    secretary = client_of(user_with(Role.SECRETARY))
    for name, make in (("sessions", SittingFactory), ("follow_ups", FollowUpFactory)):
        address = reverse(f"governance_api:{name}")
        secretary.get(address)
        costs = []
        for number in range(1, 4):
            make()
            with CaptureQueriesContext(connection) as statements:
                body = secretary.get(address).json()
            costs.append(len(statements))
            assert body["count"] >= number
        assert len(set(costs)) == 1, name
    Sitting.objects.filter(pk=SittingFactory().pk).update(state=SittingState.CANCELLED)
    assert secretary.get(reverse("governance_api:sessions"), {"state": "cancelled"}).json()["count"] == 1
    assert secretary.get(reverse("governance_api:sessions"), {"place": "x"}).status_code == 400


def test_an_agenda_costs_the_same_for_one_item_and_for_three() -> None:
    sitting, secretary = SittingFactory(), client_of(user_with(Role.SECRETARY))
    address = reverse("governance_api:session", args=[sitting.pk])
    secretary.get(address)
    costs = []
    for _number in range(3):
        AgendaItemFactory(sitting=sitting)
        with CaptureQueriesContext(connection) as statements:
            secretary.get(address)
        costs.append(len(statements))
    assert len(set(costs)) == 1


def test_the_owner_finds_his_follow_up_and_a_stranger_does_not() -> None:
    owner = user_with(Role.PM)
    row = FollowUpFactory(owner=owner.person, decision__publication="body")
    FollowUpFactory()
    mine = client_of(owner).get(reverse("governance_api:follow_ups"), {"mine": "true"}).json()
    assert [one["decision"] for one in mine["results"]] == [row.decision.number]
    address = reverse("governance_api:follow_up", args=[row.pk])
    assert client_of(owner).get(address).status_code == 200
    assert client_of(user_with(Role.DIRECTOR)).get(address).status_code == 404
