"""The packs: the list by week, the preview with its choices, the freeze, the file and its HTML twin."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config import clock
from config.web import formats
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, conflict_page
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.services import jobs
from portfolio.selectors.log import last_author
from portfolio.selectors.reporting_cycle import get_cycle
from portfolio.services.reporting_cycle import current_cycle
from reporting.engines.edition import Edition
from reporting.enums import DownloadChannel, Language, PackState
from reporting.forms.pack import PackForm, pack_values
from reporting.models import Pack
from reporting.packs.codir import Document, page_names
from reporting.sections.decisions import codir_requests
from reporting.selectors.edition import (
    get_pack,
    job_of,
    reads_whole_packs,
    rendition_of,
    renditions_of,
    week_lines,
)
from reporting.selectors.pack_sheet import sheet_projects
from reporting.services.freeze import draft_pack
from reporting.services.pack import (
    PackFrozenError,
    document_of,
    draft_document,
    update_choices,
)
from reporting.tasks import queue_freeze, queue_render
from reporting.views.pack_file import hand_over_file
from reporting.views.pack_life import life_context

ATTEMPTS = 3
UNSAVED_SIGNS = 5000


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of the pack as HTML, with what the list of pages says of it."""

    key: str
    name: str
    title: str
    level: int
    html: SafeString


@dataclass(frozen=True, slots=True)
class Completeness:
    """What the PSO checks before the freeze."""

    received: int
    expected: int
    silent: tuple[tuple[str, str], ...]
    unexplained: tuple[tuple[str, str], ...]
    figures: int
    unnamed_figures: int


@requires(Permission.PACK_PREVIEW, Permission.PACK_READ, Permission.DASHBOARD_VIEW)
@require_GET
def reports(request: AuthenticatedRequest) -> HttpResponse:
    """Packs by week, and the way to the other reports."""
    week = current_cycle(clock.now())
    lines = week_lines(request.user, clock.now())
    context = {
        "lines": lines,
        "packs": sum(not line.is_missed for line in lines),
        "sheet_projects": sheet_projects(request.user),
        "reads_whole_packs": reads_whole_packs(request.user),
        "printed_on_demand": any(line.may_print for line in lines),
        "may_print": has_permission(request.user, Permission.PACK_BUILD),
        "language": formats.active_language(),
        "current": week,
        "may_preview": has_permission(request.user, Permission.PACK_PREVIEW),
        "current_is_listed": any(line.cycle.pk == week.pk for line in lines),
        "may_chase": has_permission(request.user, Permission.CHASE_VIEW),
        "may_see_calendar": has_permission(request.user, Permission.CALENDAR_VIEW),
        "may_export": has_permission(request.user, Permission.EXPORT),
    }
    return render(request, "reporting/pack/list.html", context)


@requires(Permission.PACK_PREVIEW, Permission.PACK_READ, hide=True)
@require_http_methods(["GET", "POST"])
@never_cache
def pack(request: AuthenticatedRequest, week: str) -> HttpResponse:
    """The preview: true pages, completeness, and what may be chosen until the freeze."""
    shown = get_pack(request.user, week, edition=_edition(request))
    document = _document(shown, _language(request))
    form = _form(request, shown, document)
    if request.method == "POST":
        return _save_choices(request, shown, document)
    return _preview(request, shown, document, form)


@requires(Permission.CYCLE_FREEZE)
@require_http_methods(["GET", "POST"])
@never_cache
def freeze(request: AuthenticatedRequest, week: str) -> HttpResponse:
    """Ask once more, then queue the freeze and the PDF."""
    shown = get_pack(request.user, week)
    here = reverse("reporting:pack", args=[week])
    if shown.state != PackState.DRAFT and renditions_of(shown):
        messages.info(request, _("La semaine est déjà gelée et son pack est prêt."))
        return see_other(here)
    if request.method == "POST":
        queue_freeze(shown.cycle, request.user)
        return see_other(here)
    document = _document(shown, _language(request))
    return render(
        request,
        "reporting/pack/freeze.html",
        {
            "pack": shown,
            "facts": document.facts,
            "title": document.pages[0].title,
            "is_early": clock.now() < shown.cycle.freeze_at,
        },
    )


@requires(Permission.PACK_PREVIEW, Permission.PACK_READ, hide=True)
@require_GET
@never_cache
def progress(request: AuthenticatedRequest, week: str) -> HttpResponse:
    """How far the printing is; once it ends, or the pack is no longer in the state seen, the page is loaded again."""
    shown = get_pack(request.user, week)
    job = job_of(shown.cycle)
    may_print = has_permission(request.user, Permission.PACK_BUILD)
    response = render(request, "reporting/pack/_progress.html", {"pack": shown, "job": job, "may_stop": may_print})
    if job is None or job.is_finished or request.GET.get("seen", shown.state) != shown.state:
        response["HX-Refresh"] = "true"
    return response


@requires(Permission.PACK_BUILD)
@require_POST
def stop_build(request: AuthenticatedRequest, week: str) -> HttpResponse:
    """End the work on the pack that the page showed; another build may then begin."""
    shown = get_pack(request.user, week)
    job = job_of(shown.cycle)
    if job is None or str(job.pk) != request.POST.get("job", ""):
        raise Http404
    if not jobs.stop(job=job, by=request.user):
        messages.info(request, _("La construction était déjà finie."))
    elif get_cycle(week).frozen_at:
        messages.success(request, _("Construction annulée. La semaine reste gelée ; le pack peut être imprimé."))
    else:
        messages.success(request, _("Construction annulée. Rien n’est gelé."))
    return see_other(reverse("reporting:pack", args=[week]))


@requires(Permission.PACK_BUILD)
@require_POST
def print_language(request: AuthenticatedRequest, week: str) -> HttpResponse:
    """Print the frozen pack in one more language."""
    shown = get_pack(request.user, week)
    language = request.POST.get("language", "")
    if language not in Language.values or shown.state == PackState.DRAFT:
        raise Http404
    queue_render(shown, language, request.user)
    return see_other(reverse("reporting:pack", args=[week]))


@requires(Permission.PACK_PREVIEW, Permission.PACK_READ, hide=True)
@require_GET
@never_cache
def online(request: AuthenticatedRequest, week: str) -> HttpResponse:
    """The HTML twin of the PDF: the same pages, for a screen and a screen reader."""
    shown = get_pack(request.user, week, edition=_edition(request))
    language = _language(request)
    document = _document(shown, language)
    context = {
        "pack": shown,
        "document": document,
        "pages": _printed(document),
        "languages": Language.choices,
        "renditions": renditions_of(shown),
    }
    return render(request, "reporting/pack/online.html", context)


@requires(Permission.PACK_PREVIEW, Permission.PACK_READ, hide=True)
@require_GET
def download(request: AuthenticatedRequest, week: str, language: str) -> HttpResponseBase:
    """The reader’s own copy, never kept by a cache; who took it is written down."""
    shown = get_pack(request.user, week, edition=_edition(request))
    rendition = rendition_of(shown, language)
    return hand_over_file(rendition, request.user, DownloadChannel.SESSION)


def _edition(request: AuthenticatedRequest) -> int | None:
    """`?edition=1` names a superseded version; anything else that is given names none."""
    wanted = request.GET.get("edition", "")
    if not wanted:
        return None
    return int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 4 else 0


def _language(request: AuthenticatedRequest) -> str:
    wanted = request.GET.get("language", "")
    return wanted if wanted in Language.values else formats.active_language()


def _document(pack: Pack, language: str) -> Document:
    if pack.state == PackState.DRAFT:
        return draft_document(pack.cycle, language=language, now=clock.now())
    return document_of(pack, language=language)


def _printed(document: Document) -> list[PrintedPage]:
    with translation.override(document.language):
        return [
            PrintedPage(
                key=page.key,
                name=page.name,
                title=page.title,
                level=page.level,
                html=render_to_string("packs/_page.html", {"page": page, "document": document}),
            )
            for page in document.pages
        ]


def _preview(
    request: AuthenticatedRequest,
    pack: Pack,
    document: Document,
    form: PackForm | None,
    status: int = 200,
    unsaved: str = "",
) -> HttpResponse:
    pages = _printed(document)
    job = job_of(pack.cycle)
    printed = renditions_of(pack)
    missing = [choice for choice in Language.choices if choice[0] not in {row.language for row in printed}]
    context = {
        "pack": pack,
        "document": document,
        "pages": pages,
        "form": form,
        "unsaved": unsaved,
        "job": job if job and not (job.is_finished and printed) else None,
        "renditions": printed,
        "missing_languages": missing,
        "completeness": _completeness(document.facts, pages, document.language),
        "may_freeze": has_permission(request.user, Permission.CYCLE_FREEZE),
        "may_stop": has_permission(request.user, Permission.PACK_BUILD),
        "may_print": has_permission(request.user, Permission.PACK_BUILD) and pack.state != PackState.DRAFT,
        "sheets": sum(page.level > 1 for page in pages),
        "life": life_context(request.user, pack),
    }
    return render(request, "reporting/pack/preview.html", context, status=status)


def _form(request: AuthenticatedRequest, pack: Pack, document: Document) -> PackForm | None:
    may_write = has_permission(request.user, Permission.DIRECTOR_MESSAGE_EDIT)
    may_arrange = has_permission(request.user, Permission.PACK_BUILD)
    if pack.state != PackState.DRAFT or pack.cycle.frozen_at or not (may_write or may_arrange):
        return None
    pages = page_names(formats.active_language())
    requests = codir_requests(document.facts)
    return PackForm(
        request.POST if request.method == "POST" else None,
        initial=pack_values(pack, pages, requests),
        version=pack.version,
        pages=pages,
        requests=requests,
        may_write_message=may_write,
        may_arrange=may_arrange,
    )


def _save_choices(request: AuthenticatedRequest, pack: Pack, document: Document) -> HttpResponse:
    """Merge with what others chose meanwhile; 409 where both changed the same thing."""
    here = reverse("reporting:pack", args=[pack.cycle.slug])
    stored = draft_pack(pack.cycle) if pack.state == PackState.DRAFT and not pack.cycle.frozen_at else pack
    for _attempt in range(ATTEMPTS):
        form = _form(request, stored, document)
        if form is None:
            return _refuse_choices(request, stored, here)
        if not form.is_valid():
            return _preview(request, stored, document, form, status=422)
        merge = form.merge()
        if merge.conflicts:
            title = _("Pack de la semaine %(week)s") % {"week": stored.cycle.slug}
            author = last_author(stored)
            return conflict_page(request, form=form, merge=merge, title=title, back=here, changed_by=author)
        try:
            changes = form.pack_changes(merge.changes)
            if changes:
                update_choices(pack=stored, by=request.user, version=stored.version, changes=changes)
        except StaleVersionError:
            continue
        except PackFrozenError:
            return _refuse_choices(request, stored, here)
        messages.success(request, _("Choix enregistrés."))
        return see_other(here)
    return _refuse_choices(request, stored, here)


def _refuse_choices(request: AuthenticatedRequest, pack: Pack, here: str) -> HttpResponse:
    """Too late; a message of the director that the freeze overtook is shown to him, to be copied."""
    if not has_permission(request.user, Permission.PACK_PREVIEW, pack):
        raise PermissionDenied
    shown = get_pack(request.user, pack.cycle.slug)
    typed = request.POST.get("director_message", "").strip()[:UNSAVED_SIGNS]
    if typed and typed != shown.director_message.strip():
        return _preview(request, shown, _document(shown, _language(request)), None, status=409, unsaved=typed)
    messages.error(request, _("La semaine est gelée : le pack ne change plus."))
    return see_other(here)


def _completeness(facts: Edition, pages: list[PrintedPage], language: str) -> Completeness:
    unexplained = tuple(
        (row.code, row.names.text(language))
        for row in facts.projects
        if row.status is not None
        and row.computed_overall in ("amber", "red", "green")
        and row.computed_overall != row.status.overall
        and not row.status.reasons
    )
    return Completeness(
        received=facts.received,
        expected=facts.expected,
        silent=tuple((row.code, row.names.text(language)) for row in facts.silent),
        unexplained=unexplained,
        figures=sum(page.html.count("<svg") for page in pages),
        unnamed_figures=sum(page.html.count("<svg") - page.html.count("<title") for page in pages),
    )
