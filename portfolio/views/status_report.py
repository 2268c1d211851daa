"""The weekly status: form, draft, live part, publication; and its read-only face for everybody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web import formats
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.views.once import keeps_what_it_wrote, repeatable
from portfolio.engines.merge import three_way
from portfolio.forms.status_report import StatusReportForm, read_base, with_choices
from portfolio.models import Project, ReportingCycle
from portfolio.selectors.my_work import Queue, status_queue
from portfolio.selectors.project import get_project
from portfolio.selectors.reporting_cycle import get_cycle
from portfolio.selectors.status_report import StatusSheet, load_sheet, stored_values
from portfolio.selectors.status_wording import problem_text
from portfolio.services.ask_port import gateway
from portfolio.services.status_report import (
    FrozenWeekError,
    Published,
    StatusConflictError,
    StatusRefusedError,
    UnknownRowError,
    discard_draft,
    find_problems,
    keep_typed,
    publish_unchanged,
    submit_status_report,
)
from portfolio.views.status_conflict import conflict_rows
from portfolio.views.status_page import FINDING, form_context, live_context, rows_to_show
from portfolio.views.status_reading import reading_page

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at the status of one project and week."""

    request: AuthenticatedRequest
    project: Project
    cycle: ReportingCycle
    now: datetime
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> dict[str, Any]:
        return {"project": self.project, "cycle": self.cycle, "by": self.request.user}

    @property
    def url(self) -> str:
        return reverse("portfolio:status", args=[self.project.code, self.cycle.slug])

    @property
    def may_write(self) -> bool:
        return has_permission(self.request.user, Permission.STATUS_SUBMIT, self.project)

    @property
    def is_open(self) -> bool:
        return self.cycle.takes_statuses(self.now) and self.project.owes_status

    def offers(self) -> Any:
        return gateway().destinations(self.project, clock.today())


@requires(Permission.STATUS_SUBMIT, Permission.STATUS_VIEW)
@require_http_methods(["GET", "POST"])
def status(request: AuthenticatedRequest, code: str, week: str) -> HttpResponse:
    """The form for who leads the project while the week is open; else the submitted status."""
    desk = _desk(request, code, week)
    if request.method == "POST":
        return _act(desk)
    if not (desk.may_write and desk.is_open):
        return reading_page(request, desk.project, desk.cycle, now=desk.now, may_write=desk.may_write)
    sheet = load_sheet(desk.project, desk.cycle)
    stored = stored_values(sheet, desk.now)
    queue = status_queue(request.user, desk.cycle)
    item = queue.item(code)
    values, base = _resumed(item.draft if item else {}, stored)
    form = _form(desk, sheet, base, values, quiet=True)
    draft_at = item.draft_saved_at if item else None
    return _page(desk, sheet, form, values, queue=queue, draft_saved_at=draft_at)


@repeatable
@requires(Permission.STATUS_SUBMIT)
@require_POST
def save_status_draft(request: AuthenticatedRequest, code: str, week: str) -> HttpResponse:
    """Autosave: what is typed, as it is; answers what to say beside the form."""
    desk = _writing_desk(request, code, week)
    kept = _keep_draft(desk, request.POST)
    if not desk.is_open:
        return JsonResponse({"message": _("Semaine close : votre texte est gardé, mais ne peut plus être remis.")})
    return JsonResponse({"message": _draft_text(desk.now) if kept else ""})


@repeatable
@requires(Permission.STATUS_SUBMIT)
@require_POST
def status_live(request: AuthenticatedRequest, code: str, week: str) -> HttpResponse:
    """The computation, the checks and the CODIR line for what is typed; nothing is stored."""
    desk = _writing_desk(request, code, week)
    sheet = load_sheet(desk.project, desk.cycle, weeks=2)
    values = {**stored_values(sheet, desk.now), **_bound(desk, request.POST).raw_values()}
    context = {**live_context(sheet, values, desk.now), "project": desk.project, "is_live": True}
    return render(request, "portfolio/status/_live.html", context)


def _desk(request: AuthenticatedRequest, code: str, week: str) -> Desk:
    return Desk(request, get_project(request.user, code), get_cycle(week), clock.now())


def _writing_desk(request: AuthenticatedRequest, code: str, week: str) -> Desk:
    desk = _desk(request, code, week)
    if not desk.may_write:
        raise PermissionDenied(_("Seul le chef de projet ou son suppléant remet ce statut."))
    return desk


def _act(desk: Desk) -> HttpResponse:
    """One post of the form: publish, nothing changed, keep or drop the draft."""
    if not desk.may_write:
        raise PermissionDenied(_("Seul le chef de projet ou son suppléant remet ce statut."))
    data = with_choices(desk.request.POST)
    form = _bound(desk, data)
    action = data.get("action", "publish")
    if action == "discard":
        discard_draft(**desk.keys)
        return see_other(desk.url)
    if not desk.is_open:
        return _closed(desk, data)
    if action == "draft":
        kept = _keep_draft(desk, data)
        messages.info(desk.request, _draft_text(desk.now) if kept else _("Rien à enregistrer : rien n’a changé."))
        return see_other(desk.url)
    return _publish(desk, data, form, unchanged=action == "unchanged")


def _publish(desk: Desk, data: QueryDict, form: StatusReportForm, *, unchanged: bool) -> HttpResponse:
    base = read_base(data.get("base", ""))
    if not base:
        form.add_error(None, _("Cet envoi est incomplet : relisez vos valeurs ci-dessous, puis publiez."))
        return _again(desk, form, 422)
    if unchanged and any(base.get(name, "") != value for name, value in form.raw_values().items() if _matters(name)):
        form.full_clean()
        form.add_error(None, _("Vous avez changé des champs : publiez-les, ou abandonnez votre brouillon."))
        return _again(desk, form, 422)
    if not unchanged and not form.is_valid():
        _add_findings(desk, form)
        return _again(desk, form, 422)
    write = (
        partial(publish_unchanged, base=base)
        if unchanged
        else partial(submit_status_report, values=form.values(), base=base)
    )
    try:
        return see_other(_published(desk, partial(write, **desk.keys, now=desk.now)))
    except StatusConflictError as conflict:
        return _conflict(desk, form, conflict)
    except StatusRefusedError as refusal:
        return _refused(desk, form, refusal, unchanged=unchanged)
    except FrozenWeekError:
        return _closed(desk, data)
    except UnknownRowError as error:
        raise Http404 from error


def _add_findings(desk: Desk, form: StatusReportForm) -> None:
    """What else is incoherent, beside what cannot be read: everything to repair is told in one round."""
    sheet = load_sheet(desk.project, desk.cycle, weeks=2)
    values = {**stored_values(sheet, desk.now), **form.raw_values()}
    for problem in find_problems(sheet, values, desk.now):
        if problem.field not in form.errors:
            told = ValidationError(problem_text(problem), code=FINDING)
            form.add_error(problem.field if problem.field in form.fields else None, told)


def _matters(name: str) -> bool:
    """Unconfirmed risks are confirmed by "nothing changed"; a tick is no change to lose."""
    return not name.startswith("risk-")


def _published(desk: Desk, write: Any) -> str:
    """Publish; answers where to go next."""
    published = _with_retries(write)
    following = status_queue(desk.request.user, desk.cycle).next_waiting(desk.project.code)
    _tell(desk, published)
    url = reverse("portfolio:status", args=[following.code, desk.cycle.slug]) if following else ""
    return url or f"{reverse('portfolio:my_work')}?done={desk.cycle.slug}"


def _with_retries(write: Any) -> Published:
    for _attempt in range(ATTEMPTS - 1):
        try:
            published: Published = write()
        except StaleVersionError:
            continue
        return published
    last: Published = write()
    return last


def _tell(desk: Desk, published: Published) -> None:
    text = _("Statut de %(name)s publié.") if published.created else _("Statut de %(name)s corrigé.")
    messages.success(desk.request, text % {"name": f"{desk.project.code} {desk.project.name}"})
    if published.merged_fields:
        count = len(published.merged_fields)
        told = ngettext(
            "%(count)s champ changé entre-temps par une autre personne a été gardé.",
            "%(count)s champs changés entre-temps par une autre personne ont été gardés.",
            count,
        )
        messages.info(desk.request, told % {"count": count})


def _conflict(desk: Desk, form: StatusReportForm, conflict: StatusConflictError) -> HttpResponse:
    """409: the form keeps my text, shows theirs and the base of each clashing field."""
    sheet = load_sheet(desk.project, desk.cycle)
    mine = {**conflict.stored, **conflict.merged, **{clash.field: str(clash.mine) for clash in conflict.clashes}}
    again = _form(desk, sheet, conflict.stored, mine, quiet=True)
    rows = conflict_rows(conflict.clashes, again, desk.offers)
    return _page(desk, sheet, again, mine, status=409, conflicts=rows)


def _refused(desk: Desk, form: StatusReportForm, refusal: StatusRefusedError, *, unchanged: bool) -> HttpResponse:
    form.full_clean()
    if unchanged:
        form.add_error(None, _("« Rien n’a changé » serait incohérent : voici pourquoi."))
    for problem in refusal.problems:
        known = problem.field in form.fields
        told = ValidationError(problem_text(problem), code=FINDING)
        form.add_error(problem.field if known else None, told)
    return _again(desk, form, 422)


def _closed(desk: Desk, data: QueryDict) -> HttpResponse:
    """The read-only page, with what was typed beside it and kept: refused is not lost."""
    _keep_draft(desk, data)
    page = reading_page(desk.request, desk.project, desk.cycle, now=desk.now, may_write=True, status=409)
    return keeps_what_it_wrote(page)


def _again(desk: Desk, form: StatusReportForm, status_code: int) -> HttpResponse:
    """The same form with its values, its errors and its own base."""
    sheet = load_sheet(desk.project, desk.cycle)
    stored = stored_values(sheet, desk.now)
    values = {**stored, **form.raw_values()}
    labels = rows_to_show(sheet, desk.now)
    for name, bound in form.fields.items():
        bound.label = labels.get(name, bound.label)
    form.initial = {**stored, **read_base(form.data.get("base", ""))}
    form.offer(desk.offers())
    return _page(desk, sheet, form, values, status=status_code)


def _page(
    desk: Desk,
    sheet: StatusSheet,
    form: StatusReportForm,
    values: Mapping[str, str],
    *,
    status: int = 200,
    queue: Queue | None = None,
    **extra: Any,
) -> HttpResponse:
    queue = queue or status_queue(desk.request.user, desk.cycle)
    before, after = queue.neighbours(desk.project.code)
    context = {
        **form_context(sheet, form, values, desk.now),
        "project": desk.project,
        "cycle": desk.cycle,
        "queue": queue,
        "position": queue.position(desk.project.code),
        "before": before,
        "after": after,
        "base": json.dumps({name: str(value) for name, value in form.initial.items()}, ensure_ascii=False),
        "version": sheet.current.version if sheet.current else 0,
        "is_due": desk.cycle.state(desk.now) == "due",
        "now": desk.now,
        "draft_saved_at": None,
        "conflicts": (),
        **extra,
    }
    return render(desk.request, "portfolio/status/form.html", context, status=status)


def _form(
    desk: Desk, sheet: StatusSheet, base: Mapping[str, str], values: Mapping[str, str], *, quiet: bool
) -> StatusReportForm:
    form = StatusReportForm(values, initial=base, rows=rows_to_show(sheet, desk.now), quiet=quiet)
    form.offer(desk.offers())
    return form


def _bound(desk: Desk, data: QueryDict) -> StatusReportForm:
    return StatusReportForm(data, initial=read_base(data.get("base", "")), destinations=desk.offers)


def _keep_draft(desk: Desk, data: QueryDict) -> bool:
    form = _bound(desk, data)
    base = read_base(data.get("base", ""))
    return keep_typed(**desk.keys, values={**base, **form.raw_values()}, base=base, now=desk.now)


def _resumed(draft: Mapping[str, Any], stored: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Values and base of a draft brought up to date: what others changed since is taken in, clashes stay mine."""
    if not draft:
        return stored, stored
    typed = {name: str(value) for name, value in draft.get("values", {}).items() if name in stored}
    base = {name: str(value) for name, value in draft.get("base", {}).items() if name in stored}
    merge = three_way(base, stored, typed)
    mine = {clash.field: str(clash.mine) for clash in merge.clashes}
    old = {clash.field: base.get(clash.field, "") for clash in merge.clashes}
    return {**stored, **{name: str(value) for name, value in merge.merged.items()}, **mine}, {**stored, **old}


def _draft_text(now: datetime) -> str:
    return _("brouillon enregistré à %(time)s") % {"time": formats.time_short(now)}
