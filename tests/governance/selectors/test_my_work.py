"""My work lists what the bodies wait for from this person, and from nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from config import clock
from governance.enums import SeatRole
from governance.models import FollowUp, Sitting
from governance.selectors.my_work import work_of_bodies
from governance.services.session import adjourn, open_session
from people.enums import Role
from people.models import User
from tests.factories.governance import FollowUpFactory, SeatFactory, SittingFactory
from tests.factories.people import user_with
from tests.governance.services.test_session import Meeting
from tests.governance.views.test_meeting import client_of

pytestmark = pytest.mark.django_db


def titles(user: User) -> dict[str, list[str]]:
    return {block.title: [line.text for line in block.lines] for block in work_of_bodies(user, clock.now())}


def test_a_member_finds_the_vote_that_awaits_him_until_he_has_voted() -> None:
    meeting = Meeting().begin(present=4)
    meeting.item.recusals.create(person=meeting.members[3], ground="other", at=meeting.now)
    meeting.poll()
    assert titles(meeting.users[0])["Votes attendus"] == [meeting.item.title]
    assert titles(meeting.users[3])["Votes attendus"] == []
    assert titles(meeting.users[4])["Votes attendus"] == []
    meeting.vote(meeting.members[0])
    assert titles(meeting.users[0])["Votes attendus"] == []


def test_papers_to_read_sessions_to_prepare_and_minutes_to_approve() -> None:
    meeting = Meeting()
    SeatFactory(body=meeting.body, person=meeting.secretary.person, role=SeatRole.SECRETARY, votes=False)
    Sitting.objects.filter(pk=meeting.sitting.pk).update(starts_at=meeting.now + timedelta(days=5))
    meeting.sitting.refresh_from_db()
    assert titles(meeting.secretary)["Séances à préparer"] == [meeting.body.name]
    meeting.convene()
    assert titles(meeting.users[2])["Pièces à lire"] == [meeting.body.name]
    assert titles(meeting.secretary)["Pièces à lire"] == []
    open_session(sitting=meeting.sitting, by=meeting.secretary, now=meeting.now)
    adjourn(sitting=meeting.sitting, by=meeting.secretary, now=meeting.now)
    assert titles(meeting.users[0])["Procès-verbaux à approuver"] == [meeting.body.name]
    assert titles(meeting.users[2])["Procès-verbaux à approuver"] == []


def test_the_page_lists_what_to_do_and_is_not_called_empty() -> None:
    owner = user_with(Role.PM)
    row = FollowUpFactory(owner=owner.person, due=clock.today() - timedelta(days=2))
    page = client_of(owner).get(reverse("portfolio:my_work")).content.decode()
    assert row.text in page
    assert "dépassé" in page
    assert "Rien n’est attendu de vous" not in page
    FollowUp.objects.update(state="submitted", evidence="x", submitted_on=clock.today())
    assert row.text not in client_of(owner).get(reverse("portfolio:my_work")).content.decode()


def test_who_sits_nowhere_is_not_asked_for_anything() -> None:
    SittingFactory()
    assert [block for block in work_of_bodies(user_with(Role.PSO), clock.now()) if block.lines] == []
