"""Writing one week's status of one fictional project: what is declared, why, and in which words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from config.clock import BRUSSELS
from config.web import formats
from people.models import User
from portfolio.engines.health import Assessment, assess
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.engines.status_checks import JUDGED, needs_reason
from portfolio.engines.verdict_codec import encode_assessment
from portfolio.engines.vocabulary import Dimension, Rag, worst
from portfolio.models import ReportingCycle, StatusReport
from portfolio.models.status_report import DIMENSIONS, MESSAGE_MAX
from reporting.management.demo import texts
from reporting.management.demo.plan import Plan
from reporting.management.demo.words import Words, capital, french_decimal, noun_words, typeset, with_article

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_MILDER = {Rag.RED: Rag.AMBER, Rag.AMBER: Rag.GREEN}


@dataclass(slots=True)
class WeekDesk:
    """One week of writing: no sentence is used twice in it, and no turn of phrase too often."""

    week: IsoWeek
    ago: int
    today: date
    rng: Random
    used: set[str] = field(default_factory=set)
    turns: Counter[str] = field(default_factory=Counter)

    def take(self, text: str) -> bool:
        """Reserve the sentences of `text`; False when one of them is already in this week."""
        sentences = {part.strip() for part in _SENTENCE.split(text)}
        if sentences & self.used:
            return False
        self.used |= sentences
        return True


@dataclass(frozen=True, slots=True)
class Declared:
    """The colours of one status, beside what was computed."""

    overall: Rag
    dimensions: dict[str, Rag]
    computed: dict[str, Rag]

    @property
    def driver(self) -> str:
        """The dimension the message is about: the gravest one, the first on a tie."""
        return max(DIMENSIONS, key=lambda name: self.dimensions[name].severity)

    def of(self, name: str) -> Rag:
        return self.overall if name == "overall" else self.dimensions[name]


def write_status(
    plan: Plan, desk: WeekDesk, *, cycle: ReportingCycle, author: User, at: datetime, previous: StatusReport | None
) -> StatusReport:
    """The unsaved status of `plan` for the week of the desk, from its facts of that day."""
    day = at.astimezone(BRUSSELS).date()
    assessment = assess(plan.facts(day))
    declared = declare(plan, assessment, desk.ago)
    words = words_of(plan, day, desk)
    language = "nl" if author.username in texts.DUTCH_WRITERS and desk.ago not in plan.story.lines else "fr"
    message = _message(plan, desk, declared, words, previous, language)
    report = StatusReport(
        project=plan.project,
        cycle=cycle,
        author=author,
        submitted_at=at,
        overall=declared.overall.value,
        message=message,
        message_language=language,
        unchanged=previous is not None and previous.message == message,
        computed=encode_assessment(assessment),
    )
    for name in DIMENSIONS:
        setattr(report, name, declared.dimensions[name].value)
    _explain(report, plan, desk, declared, words)
    return report


def declare(plan: Plan, assessment: Assessment, ago: int) -> Declared:
    """The computed colours, what the engine cannot see, and the project manager's own view of both."""
    computed = {name.value: verdict.rag for name, verdict in assessment.dimensions.items()}
    declared = {
        name: computed[name] if computed[name].is_known else colour(plan.story.use(name, ago)) for name in DIMENSIONS
    }
    optimist = ago < plan.story.optimist
    if optimist:
        gravest = max(DIMENSIONS, key=lambda name: declared[name].severity)
        declared[gravest] = _MILDER.get(declared[gravest], Rag.GREEN)
    if plan.story.pessimist and ago < 3 and declared[Dimension.RESOURCES.value] is Rag.GREEN:
        declared[Dimension.RESOURCES.value] = Rag.AMBER
    overall = worst(declared.values())
    return Declared(overall, declared, {"overall": assessment.overall.rag, **computed})


def colour(use: float) -> Rag:
    if use > 1:
        return Rag.RED
    return Rag.AMBER if use > 0.5 else Rag.GREEN


def words_of(plan: Plan, day: date, desk: WeekDesk) -> Words:
    """Every hole the banks may use, filled from the facts of the week."""
    following = plan.next_milestone
    late = (following.forecast - following.baseline).days
    size = quantity(plan)
    share = max(min(plan.progress - desk.ago * 0.012, 0.97), 0.05)
    rng = Random(f"{plan.project.code} {desk.week}")  # noqa: S311 -- invented figures
    return Words(
        {
            **noun_words(plan.spec),
            "base": desk.today,
            "next_year": desk.today.year + 1,
            "n": formats.number(round(size * share), lang="fr"),
            "m": formats.number(size, lang="fr"),
            "p": formats.number(round(size * min(share * 1.22, 0.99)), lang="fr"),
            "pct": round(share * 100) // 2 * 2,
            "step_low": with_article(following.name),
            "Step": capital(with_article(following.name)),
            "day": formats.date_day(following.forecast, lang="fr"),
            "day_nl": formats.date_day(following.forecast, lang="nl"),
            "today": formats.date_day(day, lang="fr"),
            "late": max(late, rng.randint(2, 6)),
            "over": french_decimal(max(float(plan.over_percent), 0.4)),
            "over_signed": french_decimal(float(plan.over_percent), signed=True),
            "tol": round(plan.cost_percent),
            "ttol": plan.time_days,
            "slack": max(plan.time_days - max(late, 0), 1),
            "keur": max(round(float(plan.bac) * 0.00004), 2) + rng.randint(0, 9),
            "lot": rng.randint(2, 4),
            "sprint": 6 + desk.week.week % 20,
            "risk": plan.lead.title,
            "count": plan.open_changes,
            "since": f"S{(desk.week.plus(desk.ago - 4)).week}",
        }
    )


def quantity(plan: Plan) -> int:
    """How many units the project counts: dozens of what is rare, thousands of what is common."""
    low, high, step = texts.MAGNITUDES.get(plan.spec.units, (60, 480, 1))
    return Random(plan.project.code).randrange(low, high, step)  # noqa: S311 -- invented figures


def _message(
    plan: Plan, desk: WeekDesk, declared: Declared, words: Words, previous: StatusReport | None, language: str
) -> str:
    scripted = plan.story.lines.get(desk.ago)
    if scripted:
        text = typeset(capital(scripted.format_map(words)))
        if len(text) <= MESSAGE_MAX and desk.take(text):
            return text
    if _nothing_changed(desk, declared, previous) and previous is not None and desk.take(previous.message):
        return previous.message
    bank = _bank(declared, previous, language)
    turns = sorted(bank, key=lambda turn: (desk.turns[turn], desk.rng.random()))
    for turn in turns:
        text = _finished(turn, desk, words, declared.overall, language)
        if text and (previous is None or text != previous.message) and desk.take(text):
            desk.turns[turn] += 1
            return text
    fallback = f"{plan.project.code} : {turns[0].format_map(words)}"
    return typeset(fallback)[:MESSAGE_MAX]


def _finished(turn: str, desk: WeekDesk, words: Words, overall: Rag, language: str) -> str:
    """The sentence, sometimes with a second one; empty when too long."""
    text = turn.format_map(words)
    chosen = typeset(capital(text))
    if language == "fr" and overall is not Rag.RED and len(chosen) <= MESSAGE_MAX // 2:
        calm = overall is Rag.GREEN
        ending = desk.rng.choice(texts.ENDINGS if calm else ("", "", *texts.ENDINGS[texts.CALM_ENDINGS :]))
        told = ("{day}" in turn and "{day}" in ending) or ("{actor}" in ending and "ctor" in turn)
        more = typeset(ending.format_map(words))
        if not told and "{over" not in turn + ending and more not in desk.used:
            chosen = f"{chosen} {more}".strip()
    return chosen if len(chosen) <= MESSAGE_MAX else ""


def _nothing_changed(desk: WeekDesk, declared: Declared, previous: StatusReport | None) -> bool:
    same = previous is not None and previous.overall == declared.overall.value == Rag.GREEN.value
    return same and desk.rng.random() < 0.08


def _bank(declared: Declared, previous: StatusReport | None, language: str) -> Sequence[str]:
    colour_now = declared.overall
    if language == "nl":
        return texts.DUTCH["green" if colour_now is Rag.GREEN else declared.driver]
    if previous is not None and Rag(previous.overall).severity > colour_now.severity and colour_now is Rag.GREEN:
        return texts.IMPROVED
    if colour_now is Rag.GREEN:
        return texts.GREEN
    return (texts.RED if colour_now is Rag.RED else texts.AMBER)[declared.driver]


def _explain(report: StatusReport, plan: Plan, desk: WeekDesk, declared: Declared, words: Words) -> None:
    """A cause for each dimension that is not green, a reason wherever the computation says otherwise."""
    for name in DIMENSIONS:
        if declared.dimensions[name] is Rag.GREEN:
            continue
        cause = plan.story.causes.get(name) or Random(f"{plan.project.code} {name}").choice(texts.CAUSES[name])  # noqa: S311
        setattr(report, f"cause_{name}", typeset(cause.format_map(words)))
    for name in JUDGED:
        computed = declared.computed[name]
        if not needs_reason(declared.of(name), computed):
            continue
        side = "greener" if declared.of(name).severity < computed.severity else "graver"
        reason = plan.story.reasons.get(name) or texts.REASONS[side][name]
        if name == "overall" and side == "graver" and declared.dimensions["resources"] is declared.overall:
            reason = report.cause_resources or reason
        setattr(report, f"reason_{name}", typeset(capital(reason.format_map(words))))
