"""Issues of the invented projects in every state, through the services that people use, and their change budgets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from governance.engines.change import PROPOSED, Rank
from governance.enums import ChangeAnswer
from governance.models import Change, ChangeBudget, ChangeClock
from governance.selectors.change_room import route_of
from governance.services.change import (
    assess_change,
    capture_change,
    close_change,
    merge_change,
    postpone_change,
    recommend_change,
    submit_change,
)
from governance.services.change_action import add_action, meet_action, submit_action
from governance.services.change_budget import delegate_changes, set_change_budget
from governance.services.change_ruling import Answer, answer_change
from people.models import Person, User
from portfolio.models import Project, Risk
from reporting.management.demo.change_texts import MONEY, REQUESTS, Case
from reporting.management.demo.change_troubles import TROUBLES
from reporting.management.demo.replay import Replay
from reporting.management.demo.words import typeset


class _Desk(NamedTuple):
    """Who works on the issues of one project."""

    project: Project
    manager: User
    replay: Replay

    def day(self, ago: int) -> date:
        return self.replay.today - timedelta(days=ago)


def load_changes(replay: Replay) -> None:
    """Clocks, change budgets, then every case; a project that is not in a smaller demonstration is left out."""
    _clocks(replay)
    projects = {row.name_fr: row for row in Project.objects.select_related("manager__user", "deputy")}
    for money in MONEY:
        if money.project in projects:
            _fund(projects[money.project], money.amount, money.authority, money.each, replay)
    for case in (*REQUESTS, *TROUBLES):
        project = projects.get(case.project)
        if project is not None and project.manager is not None and project.manager.user is not None:
            _play(_set(case), _Desk(project, project.manager.user, replay))


def _set(case: Case) -> Case:
    """The case with the spaces that French wants."""
    texts: dict[str, Any] = {name: typeset(one) for name, one in case._asdict().items() if isinstance(one, str)}
    return case._replace(**texts)


def _clocks(replay: Replay) -> None:
    since = date(replay.today.year - 1, 1, 1)
    ChangeClock.objects.bulk_create(
        ChangeClock(severity=number, step=step, days=days, valid_from=since, source="▲ proposé, à confirmer par le PSO")
        for step, row in PROPOSED.items()
        for number, days in enumerate(row, start=1)
    )


@transaction.atomic
def _fund(project: Project, amount: int, authority: str, each: int, replay: Replay) -> ChangeBudget:
    secretary, person = replay.cast.users["secretary"], replay.cast.people[authority]
    dates = {"valid_from": date(replay.today.year, 1, 1), "valid_to": date(replay.today.year + 1, 6, 30)}
    budget = set_change_budget(
        project=project,
        by=secretary,
        values={"amount": Decimal(amount), "source": "Comité de pilotage, à l’autorisation du projet", **dates},
    )
    if person.pk not in (project.manager_id, project.deputy_id):
        limits = {"limit_each": Decimal(each), "limit_total": Decimal(amount)}
        delegate_changes(budget=budget, by=secretary, values={"person": person, **limits, **dates})
    return budget


@transaction.atomic
def _play(case: Case, desk: _Desk) -> None:
    author = desk.replay.cast.people[case.author]
    values = {
        "kind": case.kind,
        "title": case.title,
        "description": case.description,
        "cause": case.cause,
        "severity": case.severity,
        "priority": case.priority,
        "author": author,
        "owner": desk.project.manager,
        "risk": Risk.objects.filter(project=desk.project, state="open").order_by("number").first()
        if case.kind in ("problem", "concern")
        else None,
    }
    change = capture_change(project=desk.project, by=desk.manager, values=values, on=desk.day(case.ago))
    if case.end in ("captured", "postponed", "merged"):
        _set_aside(case, change, desk)
        return
    change = _assess(case, change, desk)
    if case.end == "assessed":
        return
    proposed = {
        "recommended": case.answer,
        "recommendation": case.recommendation,
        "if_rejected": case.if_rejected,
    }
    change = recommend_change(
        change=change, by=desk.manager, changes=proposed, version=change.version, on=desk.day(case.ago - 2)
    )
    if case.end != "recommended":
        _answer(case, change, desk)


def _assess(case: Case, change: Change, desk: _Desk) -> Change:
    impacts = {
        target: {"amount": str(amount) if amount else "", "words": words} for target, amount, words in case.impacts
    }
    assessed = {
        "size": case.size,
        "cost": None if case.cost is None else Decimal(case.cost),
        "days": Decimal(case.days),
        "impacts": impacts,
    }
    return assess_change(
        change=change, by=desk.manager, changes=assessed, version=change.version, on=desk.day(case.ago - 1)
    )


def _set_aside(case: Case, change: Change, desk: _Desk) -> None:
    if case.end == "postponed":
        day = desk.replay.today + timedelta(days=40)
        postpone_change(
            change=change,
            by=desk.manager,
            version=change.version,
            review_on=day,
            reason=case.recommendation,
            on=desk.replay.today,
        )
    elif case.end == "merged":
        into = Change.objects.filter(project=desk.project).exclude(pk=change.pk).order_by("pk").first()
        if into is not None and not into.is_ended:
            merge_change(change=change, by=desk.manager, version=change.version, into=into, reason=case.recommendation)


def _answer(case: Case, change: Change, desk: _Desk) -> None:
    """By whoever is competent on the day; what a body has to decide waits before it."""
    day = desk.day(max(case.ago - 5, 0))
    view = route_of(change, desk.replay.now, day)
    if view.route.rank is Rank.BODY:
        submit_change(
            change=change, by=desk.manager, version=change.version, needed_on=desk.replay.today + timedelta(days=18)
        )
        return
    by = desk.manager if view.route.rank is Rank.MANAGER else _user(view.person)
    until = desk.replay.today + timedelta(days=case.until) if case.until else None
    given = Answer(case.answer, case.recommendation, until=until, condition=case.condition)
    answer_change(change=change, by=by, given=given, version=change.version, on=day)
    if case.answer in (ChangeAnswer.ACCEPT, ChangeAnswer.CONCESSION) and case.action:
        _carry_out(case, change, desk)


def _carry_out(case: Case, change: Change, desk: _Desk) -> None:
    doer = desk.replay.cast.people[case.doer]
    values = {"text": case.action, "owner": doer, "due": desk.replay.today + timedelta(days=case.due)}
    action = add_action(change=change, by=desk.manager, values=values)
    if case.end in ("proven", "closed"):
        submit_action(action=action, by=_user(doer), evidence=case.evidence, on=desk.replay.today)
    if case.end == "closed":
        meet_action(action=action, by=desk.manager, on=desk.replay.today)
        close_change(change=change, by=desk.manager, version=change.version, note=case.evidence)


def _user(person: Person | None) -> User:
    if person is None or person.user is None:
        raise ValueError("a person without account answers nothing")
    return person.user
