"""A written procedure: all answer within its working days, one objection or a silence sends it to a session."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from config.clock import BRUSSELS
from governance.enums import SittingState
from governance.models import AgendaItem, Decision, Sitting
from governance.selectors.body import askable_bodies
from governance.services.closing import close_session, remove_outcome
from governance.services.session import adjourn, approve, resume
from governance.services.vote import cast_vote, close_poll
from governance.services.written import any_due, open_written, settle_due
from governance.tasks import queue_settling
from people.models import AuditEntry, Job, Mail, Notification
from tests.factories.governance import SeatFactory
from tests.governance.services.test_session import Meeting
from tests.governance.views.test_meeting import client_of

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 12, 3, 10, 0, tzinfo=BRUSSELS)
PROPOSED = "Le budget est porté à 400 k€."


class Written:
    """A request put to five members in writing on a Thursday: they answer until Tuesday."""

    def __init__(self) -> None:
        self.meeting = meeting = Meeting()
        client_of(meeting.secretary).post(reverse("governance:item_act", args=[meeting.item.pk, "remove"]))
        meeting.request.refresh_from_db()
        self.sitting: Sitting = open_written(
            request=meeting.request,
            by=meeting.secretary,
            text="Le budget est porté à 400 k€.",
            rationale="",
            now=THURSDAY,
        )

    @property
    def item(self) -> AgendaItem:
        return AgendaItem.objects.select_related("sitting__body", "request__project", "request__report").get(
            sitting=self.sitting
        )

    def answer(self, index: int, choice: str = "for", now: datetime = THURSDAY) -> None:
        user = self.meeting.users[index]
        cast_vote(item=self.item, by=user, person=user.person, choice=choice, paper=1, now=now)

    def state(self) -> tuple[str, str, str]:
        self.sitting.refresh_from_db()
        self.meeting.request.refresh_from_db()
        return (self.sitting.state, self.item.verdict, self.meeting.request.state)


def test_members_are_asked_by_mail_and_when_all_agree_the_proposal_becomes_a_decision() -> None:
    written = Written()
    assert written.sitting.written_until.isoformat() == "2026-12-08"
    assert Mail.objects.filter(key__startswith="written:").count() == 5
    offered = [row for body in askable_bodies(THURSDAY.date()) for row in body.coming]  # type: ignore[attr-defined]
    assert written.sitting not in offered
    for index in range(4):
        written.answer(index, "abstain" if index else "for")
    assert written.state() == ("in_progress", "", "on_agenda")
    written.answer(4)
    assert written.state() == ("minutes_draft", "adopted", "on_agenda")
    approve(sitting=written.sitting, by=written.meeting.users[0], now=THURSDAY)
    (decision,) = close_session(sitting=written.sitting, by=written.meeting.secretary, now=THURSDAY)
    assert (decision.text, decision.verdict) == (PROPOSED, "adopted")
    assert written.state()[2] == "settled"
    assert AuditEntry.objects.filter(verb="session.written_settled").count() == 1


def test_one_objection_sends_it_to_a_session_at_once() -> None:
    written = Written()
    written.answer(0)
    written.answer(1, "against")
    assert written.state() == ("minutes_draft", "to_session", "deferred")
    with pytest.raises(ValidationError, match="pas ouvert"):
        written.answer(2)
    approve(sitting=written.sitting, by=written.meeting.users[0], now=THURSDAY)
    assert close_session(sitting=written.sitting, by=written.meeting.secretary, now=THURSDAY) == []
    assert (Decision.objects.count(), written.state()[2]) == (0, "deferred")


def test_a_silence_at_the_end_of_the_last_day_sends_it_to_a_session_and_the_clock_acts_once() -> None:
    written = Written()
    written.answer(0)
    last = THURSDAY.replace(day=8, hour=23)
    assert (any_due(last.date()), settle_due(last)) == (False, 0)
    over = last + timedelta(hours=2)
    (job,) = queue_settling(over)
    assert queue_settling(over) == []
    assert (settle_due(over), settle_due(over)) == (1, 0)
    assert written.state() == ("minutes_draft", "to_session", "deferred")
    assert Job.objects.get(pk=job.pk).kind == "written.settle"


def test_who_is_recused_is_not_asked_and_does_not_answer() -> None:
    meeting = Meeting()
    client_of(meeting.secretary).post(reverse("governance:item_act", args=[meeting.item.pk, "remove"]))
    meeting.project.sponsor = meeting.members[4]
    meeting.project.save()
    meeting.request.refresh_from_db()
    sitting = open_written(request=meeting.request, by=meeting.secretary, text="Oui.", rationale="", now=THURSDAY)
    assert Mail.objects.filter(key__startswith="written:").count() == 4
    item = AgendaItem.objects.select_related("sitting__body", "request__project").get(sitting=sitting)
    with pytest.raises(ValidationError, match="partie au dossier"):
        cast_vote(item=item, by=meeting.users[4], person=meeting.members[4], choice="for", paper=1, now=THURSDAY)


def test_nobody_closes_it_early_answers_for_another_or_takes_it_up_again() -> None:
    written = Written()
    by = written.meeting.secretary
    with pytest.raises(ValidationError, match="procédure écrite se clôt"):
        close_poll(item=written.item, by=by)
    with pytest.raises(ValidationError, match="procédure écrite se clôt"):
        remove_outcome(outcome=written.item.outcomes.get(), by=by)
    assert "Acter une décision" not in client_of(by).get(written.sitting.get_absolute_url()).content.decode()
    assert client_of(by).get(reverse("governance:meeting_calendar", args=[written.sitting.pk])).status_code == 404
    with pytest.raises(ValidationError, match="encore ouvert"):
        adjourn(sitting=written.sitting, by=by, now=THURSDAY)
    address = reverse("governance:vote", args=[written.item.pk])
    answer = client_of(by).post(address, {"person": written.meeting.members[0].pk, "choice": "for", "paper": "1"})
    assert answer.status_code == 403
    written.answer(0, "against")
    with pytest.raises(ValidationError, match="ne se reprend pas"):
        resume(sitting=written.sitting, by=by)


def test_the_secretary_opens_it_from_the_request_and_is_told_when_it_is_over() -> None:
    meeting = Meeting()
    client = client_of(meeting.secretary)
    SeatFactory(body=meeting.body, person=meeting.secretary.person, role="secretary", votes=False)
    address = reverse("governance:request_written", args=[meeting.request.number])
    assert client.get(address).status_code == 404
    client.post(reverse("governance:item_act", args=[meeting.item.pk, "remove"]))
    assert "procédure écrite" in client.get(meeting.request.get_absolute_url()).content.decode()
    assert "jours ouvrables" in client.get(address).content.decode()
    assert client.post(address, {"text": ""}).status_code == 422
    answer = client.post(address, {"text": "Oui.", "rationale": "Urgent"})
    assert answer.status_code == 303
    sitting = Sitting.objects.get(mode="written")
    assert sitting.state == SittingState.IN_PROGRESS
    page = client_of(meeting.users[1]).get(answer["Location"]).content.decode()
    assert "Procédure écrite : réponses jusqu’au" in page
    vote = reverse("governance:vote", args=[sitting.items.get().pk])
    said = {"person": meeting.members[1].pk, "choice": "against", "paper": "1", "dissent": "Trop tôt"}
    assert client_of(meeting.users[1]).post(vote, said).status_code == 303
    assert Notification.objects.filter(user=meeting.secretary, kind="session_written_over").count() == 1
    assert "une objection" in client.get(answer["Location"]).content.decode()


def test_too_few_who_may_answer_refuse_it_whole() -> None:
    meeting = Meeting()
    client_of(meeting.secretary).post(reverse("governance:item_act", args=[meeting.item.pk, "remove"]))
    meeting.body.seats.exclude(person=meeting.members[0]).delete()
    meeting.request.refresh_from_db()
    with pytest.raises(ValidationError, match="Trop peu"):
        open_written(request=meeting.request, by=meeting.secretary, text="Oui.", rationale="", now=THURSDAY)
    meeting.request.refresh_from_db()
    assert (Sitting.objects.filter(mode="written").count(), meeting.request.state) == (0, "open")
