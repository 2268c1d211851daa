"""Random walks through a session: whatever is tried in whatever order, no decision lacks quorum or counts a party."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from math import ceil
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from governance.enums import Presence, RecusalGround, SeatRole, VoteChoice
from governance.models import Attendance, Decision, Recusal, Seat, Vote
from governance.services.closing import close_session
from governance.services.session import adjourn, approve, open_session, publish
from governance.services.vote import recuse
from tests.governance.services.test_session import Meeting

pytestmark = pytest.mark.django_db
WALKS, DETOURS = 24, 0.35
Act = Callable[[], object]


def roads_of(meeting: Meeting, chance: random.Random) -> tuple[list[Act], list[Act]]:
    """What the people of a session do in the ordinary order, and what they may try too early, too late or twice."""
    sitting, secretary, now = meeting.sitting, meeting.secretary, meeting.now

    def anyone() -> int:
        return chance.randrange(5)

    def attend() -> None:
        present = chance.choice((1, 2, 3, 4, 5))
        away = meeting.members[present:]
        meeting.attend(present, {away[0].pk: meeting.members[anyone()].pk} if away and chance.random() < 0.5 else None)

    def stand_aside() -> None:
        person = meeting.members[anyone()]
        recuse(item=meeting.fresh(), by=secretary, person=person, ground=RecusalGround.OTHER, now=now)

    def vote() -> None:
        meeting.vote(meeting.members[anyone()], chance.choice((*VoteChoice.values, "for", "for")))

    before: list[Act] = [
        lambda: publish(sitting=sitting, by=secretary, now=now),
        lambda: open_session(sitting=sitting, by=secretary, now=now),
        attend,
        meeting.poll,
    ]
    after: list[Act] = [
        meeting.count,
        meeting.decide,
        lambda: adjourn(sitting=sitting, by=secretary, now=now),
        lambda: approve(sitting=sitting, by=meeting.users[0], now=now),
        lambda: close_session(sitting=sitting, by=secretary, now=now),
    ]
    return [*before, vote, vote, vote, vote, *after], [*before, stand_aside, stand_aside, vote, *after]


def tried(act: Act, meeting: Meeting) -> None:
    try:
        with transaction.atomic():
            act()
    except (ValidationError, PermissionDenied, DatabaseError):
        pass
    meeting.sitting.refresh_from_db()


def check(decision: Decision, meeting: Meeting) -> None:
    """Counted anew from the rows: who was there, who stood aside, who voted."""
    recused = people(Recusal.objects.filter(item=decision.item_id))
    rows = Attendance.objects.filter(sitting=meeting.sitting)
    present = people(rows.filter(presence=Presence.PRESENT)) - recused
    held = people(rows.filter(proxy_to__in=present)) - recused
    seats = Seat.objects.filter(body=meeting.body)
    assert recused.isdisjoint(people(Vote.objects.filter(item=decision.item_id)))
    assert len(present) >= 2
    assert len(present | held) >= ceil(len(people(seats) - recused) / 2)
    assert seats.filter(role__in=(SeatRole.CHAIR, SeatRole.DEPUTY), person__in=present).exists()


def people(rows: QuerySet[Any]) -> set[int]:
    return set(rows.values_list("person", flat=True))


def walk(meeting: Meeting, seed: int) -> Counter[str]:
    """One session from its draft to wherever chance leads it, then to its end where it has one."""
    chance = random.Random(seed)
    road, detours = roads_of(meeting, chance)
    for act in road:
        while chance.random() < DETOURS:
            tried(chance.choice(detours), meeting)
        tried(act, meeting)
    decisions = list(Decision.objects.filter(body=meeting.body))
    for decision in decisions:
        check(decision, meeting)
    return Counter({meeting.sitting.state: 1, "decisions": len(decisions)})


def test_random_walks_never_reach_a_decision_without_quorum_or_by_a_party() -> None:
    meeting, reached = Meeting(), Counter[str]()
    for seed in range(WALKS):
        with transaction.atomic():
            reached += walk(meeting, seed)
            transaction.set_rollback(True)
        meeting.sitting.refresh_from_db()
    assert reached["decisions"] >= 3
    assert reached["closed"] > reached["decisions"]
