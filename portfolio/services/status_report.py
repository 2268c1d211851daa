"""Publishing a weekly status: merge with what others wrote, check, write everything or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from config.web.versioned import StaleVersionError
from people.models.user import User
from people.services import audit
from portfolio.engines.health import Assessment
from portfolio.engines.merge import Clash, changed_fields, three_way
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.engines.status_checks import JUDGED, Finding, check_status, errors, needs_reason
from portfolio.engines.verdict_codec import encode_assessment
from portfolio.engines.vocabulary import Rag
from portfolio.enums import AskKind
from portfolio.models import Milestone, Project, ReportingCycle, Risk, StatusDraft, StatusReport
from portfolio.models.status_report import DIMENSIONS
from portfolio.permissions import replaced_person
from portfolio.selectors.facts import ReportRow
from portfolio.selectors.status_report import (
    ON,
    StatusSheet,
    assess_values,
    computed_colours,
    entry_of,
    load_sheet,
    split_destination,
    stored_values,
    what_if,
)
from portfolio.services.after_status import status_published
from portfolio.services.ask_port import gateway
from portfolio.services.standing import store_standings

Values = Mapping[str, str]


class FrozenWeekError(Exception):
    """The hour of the freeze has passed, or the project owes no status: nothing may be published."""


class StatusConflictError(Exception):
    """Somebody else changed the same fields; nothing was written, nothing typed is lost."""

    def __init__(self, sheet: StatusSheet, clashes: tuple[Clash, ...], merged: Values, stored: Values) -> None:
        super().__init__(_("Une autre personne a changé les mêmes champs."))
        self.sheet, self.clashes, self.merged, self.stored = sheet, clashes, merged, stored


class StatusRefusedError(Exception):
    """The status is incoherent; `problems` says what to repair, field by field."""

    def __init__(self, problems: tuple[Finding, ...], values: Values, note: str = "") -> None:
        super().__init__(note or _("Ce statut ne peut pas être publié tel quel."))
        self.problems, self.values, self.note = problems, values, note


class UnknownRowError(Exception):
    """The form names a milestone or a risk that is not one of this project."""


@dataclass(frozen=True, slots=True)
class Published:
    """The outcome: the row, and the fields another person had changed meanwhile, kept beside ours."""

    report: StatusReport
    created: bool
    merged_fields: tuple[str, ...]


@transaction.atomic
def submit_status_report(
    *,
    project: Project,
    cycle: ReportingCycle,
    by: User,
    values: Values,
    base: Values,
    now: datetime,
    unchanged: bool = False,
) -> Published:
    """Publish the status of one project and week; a second publication before the freeze corrects it.

    `values` are the fields as typed, `base` the same fields as the person saw them. Raises FrozenWeekError,
    StatusConflictError, StatusRefusedError, UnknownRowError, or StaleVersionError when a milestone was edited in
    the same instant (try again); then nothing is written.
    """
    has_draft = _lock(project, cycle, by, now)
    sheet = load_sheet(project, cycle, weeks=2)
    stored = stored_values(sheet, now)
    merged = _merged(sheet, stored, values, base)
    assessment = assess_values(sheet, merged, now)
    _refuse_incoherence(sheet, merged, assessment, now)
    clean = _without_idle_texts(merged, assessment)
    report, created = _write_report(sheet, clean, assessment, by=by, now=now, unchanged=unchanged)
    data = {
        **_replaced(report),
        "declared": {name: clean[name] for name in JUDGED},
        "unchanged": unchanged,
        "milestones": _write_milestones(sheet, clean, stored, now),
        "risks_confirmed": _write_risks(sheet, clean, now),
    }
    if AskKind.DECISION in (report.ask_kind, stored["ask_kind"]):
        gateway().sync(report, by)
    if has_draft:
        discard_draft(project=project, cycle=cycle, by=by)
    verb = "status_report.submitted" if created else "status_report.corrected"
    audit.record(by=by, verb=verb, target=report, data={"project": project.code, "week": cycle.slug, **data})
    _store_standing(sheet, report, clean, now)
    status_published(report)
    return Published(report, created, merged_fields=tuple(sorted(set(changed_fields(base, stored)) & set(base))))


def publish_unchanged(*, project: Project, cycle: ReportingCycle, by: User, base: Values, now: datetime) -> Published:
    """Give last week's values again and confirm every open risk; refused when that would be incoherent."""
    values = {**base, **{name: ON for name in base if name.startswith("risk-")}}
    return submit_status_report(project=project, cycle=cycle, by=by, values=values, base=base, now=now, unchanged=True)


def _lock(project: Project, cycle: ReportingCycle, by: User, now: datetime) -> bool:
    """One status at a time, none during a freeze, which locks the same row, and none from its hour on.

    Answers whether a draft is kept.
    """
    drafts = StatusDraft.objects.filter(project=project, cycle=OuterRef("pk"), author=by)
    still_open = (
        ReportingCycle.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=cycle.pk, frozen_at__isnull=True, freeze_at__gt=now)
        .annotate(has_draft=Exists(drafts))
    )
    found = list(still_open.values_list("has_draft", flat=True))
    if not found or not project.owes_status:
        raise FrozenWeekError
    return bool(found[0])


def _merged(sheet: StatusSheet, stored: Values, values: Values, base: Values) -> dict[str, str]:
    """Ours and theirs together; a row deleted since is let go, one that was never on the form is not ours."""
    if any(name not in stored and name not in base for name in values):
        raise UnknownRowError
    outcome = three_way(base, stored, values)
    merged = {name: str(value) for name, value in outcome.merged.items() if name in stored}
    if not outcome.is_clean:
        raise StatusConflictError(sheet, outcome.clashes, merged, stored)
    return merged


def find_problems(sheet: StatusSheet, values: Values, now: datetime) -> tuple[Finding, ...]:
    """What these values, valid or not, would have to repair before they may be published."""
    return _problems(sheet, values, assess_values(sheet, values, now), now)


def _problems(sheet: StatusSheet, values: Values, assessment: Assessment, now: datetime) -> tuple[Finding, ...]:
    return errors(check_status(entry_of(sheet, values, assessment), now.astimezone(BRUSSELS).date()))


def _refuse_incoherence(sheet: StatusSheet, values: Values, assessment: Assessment, now: datetime) -> None:
    problems = _problems(sheet, values, assessment, now)
    if problems:
        raise StatusRefusedError(problems, values)


def _without_idle_texts(values: Values, assessment: Assessment) -> dict[str, str]:
    """Drop the reason where nothing differs, the cause of what is green, and the parts of an ask not made."""
    computed = computed_colours(assessment)
    clean = dict(values)
    for name in JUDGED:
        if not needs_reason(Rag(clean[name]), computed[name]):
            clean[f"reason_{name}"] = ""
    for name in DIMENSIONS:
        if clean[name] == Rag.GREEN:
            clean[f"cause_{name}"] = ""
    if clean["ask_kind"] == AskKind.NONE:
        clean["ask_text"] = ""
    if clean["ask_kind"] != AskKind.DECISION:
        clean["ask_to"] = ""
    return clean


def _write_report(
    sheet: StatusSheet, values: Values, assessment: Assessment, *, by: User, now: datetime, unchanged: bool
) -> tuple[StatusReport, bool]:
    created = sheet.current is None
    report = sheet.current or StatusReport()
    report.project, report.cycle = sheet.project, sheet.cycle
    body, day = split_destination(values["ask_to"])
    written: dict[str, Any] = {
        **{name: values[name] for name in JUDGED},
        **{f"reason_{name}": values[f"reason_{name}"] for name in JUDGED},
        **{f"cause_{name}": values[f"cause_{name}"] for name in DIMENSIONS},
        "message": values["message"],
        "ask_kind": values["ask_kind"],
        "ask_text": values["ask_text"],
        "ask_body": body,
        "ask_on": day,
        "author": by,
        "for_person": replaced_person(by, sheet.project),
        "submitted_at": now,
        "unchanged": unchanged,
        "computed": encode_assessment(assessment),
    }
    before = sheet.source.message if sheet.source else ""
    if created and sheet.source and before == values["message"]:
        written["message_language"] = sheet.source.message_language
    elif created or before != values["message"]:
        written["message_language"] = by.language
    for name, value in written.items():
        setattr(report, name, value)
    report.clean_fields(exclude={"project", "cycle", "author", "for_person", "computed"})
    if created:
        report.save(force_insert=True)
    else:
        report.version += 1
        report.save(update_fields=[*written, "version", "updated_at"])
    return report, created


def _replaced(report: StatusReport) -> dict[str, str]:
    """Whom the author stood in for, as the audit says it."""
    return {"for_person": report.for_person.full_name} if report.for_person is not None else {}


def _write_milestones(sheet: StatusSheet, values: Values, stored: Values, now: datetime) -> dict[str, list[str]]:
    """Write the dates that differ from what is stored, in one statement; answers them by name for the audit trail."""
    told: dict[str, list[str]] = {}
    mine, forecasts, actuals = Q(), [], []
    for key, fact in zip(sheet.row.milestone_keys, what_if(sheet, values).milestones, strict=True):
        names = (f"milestone-{key.pk}", f"reached-{key.pk}")
        if all(values.get(name, "") == stored[name] for name in names):
            continue
        mine |= Q(pk=key.pk, version=key.version)
        forecasts.append(When(pk=key.pk, then=Value(fact.forecast, DateField())))
        actuals.append(When(pk=key.pk, then=Value(fact.actual, DateField())))
        told[fact.name] = [stored[names[0]], values[names[0]]]
    if told:
        written = Milestone.objects.filter(mine, project=sheet.project).update(
            forecast=Cast(Case(*forecasts), DateField()),
            actual=Cast(Case(*actuals), DateField()),
            version=F("version") + 1,
            updated_at=now,
        )
        if written != len(told):
            raise StaleVersionError
    return told


def _write_risks(sheet: StatusSheet, values: Values, now: datetime) -> int:
    confirmed = [risk.pk for risk in sheet.risks if not risk.confirmed and values.get(f"risk-{risk.pk}") == ON]
    if confirmed:
        today = now.astimezone(BRUSSELS).date()
        Risk.objects.filter(pk__in=confirmed, project=sheet.project).update(confirmed_on=today, updated_at=now)
    return len(confirmed)


def _store_standing(sheet: StatusSheet, report: StatusReport, values: Values, now: datetime) -> None:
    """The standing from the facts already read, with what this publication changed."""
    given = ReportRow(
        cycle_id=sheet.cycle.pk,
        week=IsoWeek(sheet.cycle.iso_year, sheet.cycle.iso_week),
        submitted_on=now.astimezone(BRUSSELS).date(),
        overall=report.overall,
        declared=report.declared(),
        computed_overall=report.computed["overall"]["rag"],
        message=report.message,
        message_language=report.message_language,
        ask_kind=report.ask_kind,
        ask_text=report.ask_text,
        ask_body=report.ask_body,
        ask_on=report.ask_on,
    )
    reports = sorted(
        [given, *(row for row in sheet.row.reports if row.cycle_id != sheet.cycle.pk)],
        key=lambda row: row.week,
        reverse=True,
    )
    store_standings([replace(what_if(sheet, values), reports=tuple(reports))], now=now)


@transaction.atomic
def save_draft(
    *, project: Project, cycle: ReportingCycle, by: User, values: Values, base: Values, now: datetime
) -> bool:
    """Keep what is being typed, for its author only; a form back at its first state keeps nothing."""
    if not cycle.takes_statuses(now) or not project.owes_status:
        raise FrozenWeekError
    return keep_typed(project=project, cycle=cycle, by=by, values=values, base=base, now=now)


@transaction.atomic
def keep_typed(
    *, project: Project, cycle: ReportingCycle, by: User, values: Values, base: Values, now: datetime
) -> bool:
    """As `save_draft`, also of a week that takes no status any more: what was refused is not lost."""
    if not changed_fields(base, values):
        StatusDraft.objects.filter(project=project, cycle=cycle, author=by).delete()
        return False
    StatusDraft.objects.update_or_create(
        project=project,
        cycle=cycle,
        author=by,
        defaults={"data": {"values": dict(values), "base": dict(base)}, "saved_at": now},
    )
    return True


def discard_draft(*, project: Project, cycle: ReportingCycle, by: User) -> None:
    StatusDraft.objects.filter(project=project, cycle=cycle, author=by).delete()
