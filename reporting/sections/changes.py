"""Page 2: what changed since the week before, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from django.utils.translation import gettext, ngettext

from config.web import formats
from reporting.engines.edition import AMBER, GREEN, RED, STALE, Edition, ProjectFacts
from reporting.sections.base import Mark, Page, clip, mark_of, sentence, subtitle

STATES_SHOWN, MONEY_SHOWN, SHOWN_BESIDE = 8, 5, 6
WINDOW = timedelta(days=7)
MONEY_FLOOR = Decimal(1000)
RISK_FLOOR = 10
Row = TypeVar("Row")
_SEVERITY = {GREEN: 1, AMBER: 2, RED: 3}


@dataclass(frozen=True, slots=True)
class StateChange:
    project: Mark
    why: str
    why_language: str
    direction: str


@dataclass(frozen=True, slots=True)
class MilestoneChange:
    project: Mark
    name: str
    on: date
    slip: int


@dataclass(frozen=True, slots=True)
class RiskChange:
    project: Mark
    title: str
    score: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class DecisionChange:
    number: str
    project: str
    question: str
    word: str


@dataclass(frozen=True, slots=True)
class MoneyChange:
    project: Mark
    delta: Decimal
    eac: Decimal


@dataclass(frozen=True, slots=True)
class Some(Generic[Row]):
    """The rows that fit the page and how many more there are."""

    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Changes:
    states: Some[StateChange]
    hit: Some[MilestoneChange]
    missed: Some[MilestoneChange]
    risks: Some[RiskChange]
    decisions: Some[DecisionChange]
    money: Some[MoneyChange]


def build(edition: Edition, language: str) -> Page | None:
    today = edition.today
    states = _states(edition, language)
    hit = _milestones(edition, language, today, reached=True)
    missed = _milestones(edition, language, today, reached=False)
    risks = _risks(edition, language, today)
    decisions = _decisions(edition, today)
    money = _money(edition, language)
    if not (states or hit or missed or risks or decisions or money):
        return None
    body = Changes(
        states=_some(states, STATES_SHOWN),
        hit=_some(hit, SHOWN_BESIDE),
        missed=_some(missed, SHOWN_BESIDE),
        risks=_some(risks, SHOWN_BESIDE),
        decisions=_some(decisions, SHOWN_BESIDE),
        money=_some(money, MONEY_SHOWN),
    )
    since = formats.week(edition.previous.week) if edition.previous else ""
    return Page(
        key="changes",
        name=gettext("Ce qui a changé"),
        title=_title(states, len(hit), len(missed), since),
        subtitle=subtitle(
            edition,
            gettext("États déclarés, jalons, risques, décisions et argent"),
            gettext("sept jours jusqu’au %(date)s") % {"date": formats.date_short(today)},
        ),
        template="sections/changes.html",
        body=body,
    )


def _some(rows: list[Row], limit: int) -> Some[Row]:
    return Some(tuple(rows[:limit]), max(0, len(rows) - limit))


def _title(states: list[StateChange], hit: int, missed: int, since: str) -> str:
    counts = {word: sum(1 for item in states if item.direction == word) for word in ("worse", "better", "silent")}
    parts = []
    if counts["worse"]:
        parts.append(
            ngettext("%(n)d projet se dégrade", "%(n)d projets se dégradent", counts["worse"]) % {"n": counts["worse"]}
        )
    if counts["better"]:
        parts.append(ngettext("%(n)d s’améliore", "%(n)d s’améliorent", counts["better"]) % {"n": counts["better"]})
    if counts["silent"]:
        parts.append(ngettext("%(n)d se tait", "%(n)d se taisent", counts["silent"]) % {"n": counts["silent"]})
    if hit:
        parts.append(ngettext("%(n)d jalon atteint", "%(n)d jalons atteints", hit) % {"n": hit})
    if missed:
        parts.append(ngettext("%(n)d manqué", "%(n)d manqués", missed) % {"n": missed})
    facts = sentence(parts) if parts else gettext("aucun état ne change, aucun jalon n’était dû")
    if since:
        return gettext("Depuis %(week)s : %(facts)s") % {"week": since, "facts": facts}
    return gettext("En sept jours : %(facts)s") % {"facts": facts}


def _direction(before: str, now: str) -> str:
    if now == STALE:
        return "silent"
    if before not in _SEVERITY or now not in _SEVERITY:
        return "other"
    return "worse" if _SEVERITY[now] > _SEVERITY[before] else "better"


def _states(edition: Edition, language: str) -> list[StateChange]:
    changes = []
    for row in edition.projects:
        if row.previous is None or row.previous.state in ("", "none", row.state):
            continue
        why, why_language = _why(row, language)
        changes.append(
            StateChange(mark_of(row, language), why, why_language, _direction(row.previous.state, row.state))
        )
    order = {"worse": 0, "silent": 1, "other": 2, "better": 3}
    return sorted(changes, key=lambda item: (order[item.direction], item.project.state != RED))


def _why(row: ProjectFacts, language: str) -> tuple[str, str]:
    if row.status is None:
        if row.last_status_on is None:
            return gettext("Aucun statut reçu à ce jour."), language
        return gettext("Dernier statut le %(date)s.") % {"date": formats.date_short(row.last_status_on)}, language
    worst = [name for name in row.status.causes if row.status.declared.get(name) == row.status.overall]
    text = row.status.causes[worst[0]] if worst else row.status.message
    return clip(text, 120), row.status.language


def _milestones(edition: Edition, language: str, today: date, *, reached: bool) -> list[MilestoneChange]:
    since = today - WINDOW
    rows = []
    for project in edition.projects:
        for item in project.milestones:
            on = item.actual if reached else item.forecast
            if on is None or (not reached and item.actual is not None):
                continue
            if since < on <= today if reached else since <= on < today:
                rows.append(MilestoneChange(mark_of(project, language), item.name, on, item.slip_on(today)))
    return sorted(rows, key=lambda item: (item.on, item.project.code))


def _risks(edition: Edition, language: str, today: date) -> list[RiskChange]:
    rows = []
    for project in edition.projects:
        for risk in project.risks:
            is_new = risk.closed_on is None and risk.raised_on > today - WINDOW and risk.score >= RISK_FLOOR
            is_retired = risk.closed_on is not None and risk.closed_on > today - WINDOW
            if is_new or is_retired:
                rows.append(RiskChange(mark_of(project, language), risk.title, risk.score, is_new))
    return sorted(rows, key=lambda item: (not item.is_new, -item.score, item.project.code))


def _decisions(edition: Edition, today: date) -> list[DecisionChange]:
    """What was decided, in its own words, then the requests that came, went up or were withdrawn."""
    taken = [row for row in edition.decisions if row.taken_on > today - WINDOW]
    decided = [
        DecisionChange(
            row.number, row.project, row.text, gettext("décidée") if row.verdict == "adopted" else gettext("rejetée")
        )
        for row in taken
    ]
    answered = {row.request for row in taken}
    return decided + [row for row in _requests(edition, today) if row.number not in answered]


def _requests(edition: Edition, today: date) -> list[DecisionChange]:
    words = {
        "open": gettext("demandée"),
        "settled": gettext("tranchée"),
        "withdrawn": gettext("retirée"),
        "escalated": gettext("montée"),
    }
    rows = []
    for item in edition.requests:
        on = item.asked_on if item.state == "open" else item.closed_on
        if on is not None and on > today - WINDOW:
            rows.append(DecisionChange(item.number, item.project, item.question, words.get(item.state, item.state)))
    return rows


def _money(edition: Edition, language: str) -> list[MoneyChange]:
    rows = []
    for project in edition.projects:
        before = project.previous.eac if project.previous else None
        if before is None or project.eac is None or abs(project.eac - before) < MONEY_FLOOR:
            continue
        rows.append(MoneyChange(mark_of(project, language), project.eac - before, project.eac))
    return sorted(rows, key=lambda item: -abs(item.delta))
