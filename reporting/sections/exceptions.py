"""Page 6: only the breaches of an agreed tolerance, at most eight, the largest exposure first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from config.web.languages import own_language
from governance.enums import ExceptionState
from portfolio.engines.verdict import Rule, Verdict
from portfolio.engines.verdict_codec import decode_verdict
from portfolio.enums import TargetChoice
from portfolio.selectors.wording import rule_text
from reporting.engines.edition import RED, Edition, ProjectFacts, VerdictFacts
from reporting.sections.base import Mark, Page, clip, listed, mark_of, sentence, subtitle

SHOWN, STEPS_SHOWN, CAUSE_MAX = 8, 2, 180
BREACHES = frozenset(
    {Rule.BEYOND_TOLERANCE, Rule.ZERO_TOLERANCE, Rule.MILESTONE_LATE, Rule.MILESTONE_OVERDUE, Rule.END_OVERDUE}
)
_MEASURED_TARGETS = frozenset({"scope", "quality", "benefits", "sustainability"})
_CAUSE_OF = {"time": "time", "cost": "cost", "risk": "risk"}


@dataclass(frozen=True, slots=True)
class Breach:
    target: str
    rule: str
    use: Decimal | None


@dataclass(frozen=True, slots=True)
class Step:
    """Where the exception stands on its way to a decision."""

    number: str
    state: str
    due_on: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    project: Mark
    breaches: tuple[Breach, ...]
    cause: str
    text_language: str
    action: str
    owner: str
    on: date | None
    exposure: Decimal
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Exceptions:
    rows: tuple[ExceptionRow, ...]
    others: tuple[Mark, ...]
    largest: Decimal


def build(edition: Edition, language: str) -> Page | None:
    found = [(row, breaches) for row in edition.projects if row.owes_status and (breaches := _breaches(row))]
    if not found:
        return None
    found.sort(key=lambda pair: (-pair[0].exposure, pair[0].code))
    rows = tuple(_row(edition, project, breaches, language) for project, breaches in found[:SHOWN])
    return Page(
        key="exceptions",
        name=gettext("Exceptions"),
        title=_title(found),
        subtitle=subtitle(
            edition,
            gettext("Tolérances convenues et dépassées, calcul au gel"),
            gettext("par exposition décroissante, en k€"),
        ),
        template="sections/exceptions.html",
        body=Exceptions(
            rows, tuple(mark_of(project, language) for project, _ in found[SHOWN:]), max(row.exposure for row in rows)
        ),
    )


def verdict_of(frozen: VerdictFacts, target: str = "") -> Verdict:
    """The engine's verdict as it was when the cut was made; `target` names what a bare measure is about."""
    facts: dict[str, tuple[str, str]] = {name: (pair[0], pair[1]) for name, pair in frozen.facts.items()}
    if target in _MEASURED_TARGETS:
        facts.setdefault("target", ("text", target))
    return decode_verdict(
        {
            "rag": frozen.rag,
            "rule": frozen.rule,
            "use": None if frozen.use is None else str(frozen.use),
            "facts": facts,
        }
    )


def _breaches(row: ProjectFacts) -> list[tuple[str, VerdictFacts]]:
    return [
        (name.removeprefix("target:"), verdict)
        for name, verdict in row.computed.items()
        if name.startswith("target:") and verdict.rag == RED and verdict.rule in BREACHES
    ]


def _row(edition: Edition, row: ProjectFacts, breaches: list[tuple[str, VerdictFacts]], language: str) -> ExceptionRow:
    """The words of the exception's report where one is written, else those of the status."""
    opened = [item for item in edition.exceptions if item.project == row.code]
    report = next((item for item in opened if item.cause), None)
    first = _CAUSE_OF.get(breaches[0][0], "scope")
    risk = next((item for item in row.open_risks if item.action), None)
    status = row.status
    asked = bool(status and status.ask_text)
    said = (status.causes.get(first) or status.message) if status else ""
    wanted = status.ask_text if status and asked else risk.action if risk else ""
    return ExceptionRow(
        project=mark_of(row, language),
        breaches=tuple(
            Breach(str(TargetChoice(target).label), rule_text(verdict_of(verdict, target)), verdict.use)
            for target, verdict in breaches
        ),
        cause=clip(report.cause, CAUSE_MAX) if report else said,
        text_language=own_language() if report else status.language if status else language,
        action=report.recommendation if report else wanted,
        owner=(risk.owner if risk and not asked else "") or (row.manager.full if row.manager else ""),
        on=status.ask_on if status else None,
        exposure=row.exposure,
        steps=tuple(
            Step(item.number, str(ExceptionState(item.state).label), item.due_on, item.days_late(edition.today))
            for item in opened[:STEPS_SHOWN]
        ),
    )


def _title(found: list[tuple[ProjectFacts, list[tuple[str, VerdictFacts]]]]) -> str:
    count = len(found)
    first = ngettext("%(n)d projet sort de ses tolérances", "%(n)d projets sortent de leurs tolérances", count) % {
        "n": count
    }
    words = {
        "time": gettext("%(n)d sur le délai"),
        "cost": gettext("%(n)d sur le coût"),
        "risk": gettext("%(n)d sur le risque"),
    }
    counts = {target: sum(any(name == target for name, _ in breaches) for _, breaches in found) for target in words}
    details = [words[target] % {"n": number} for target, number in counts.items() if number]
    return sentence([first, listed(details)] if details else [first])
