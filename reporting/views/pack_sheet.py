"""The sheets of one project in published packs, for who leads it and reads no whole pack."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.web import formats
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from reporting.enums import Language
from reporting.packs.codir import Document
from reporting.sections.base import Page
from reporting.sections.project_sheet import ProjectSheet
from reporting.selectors.edition import may_read
from reporting.selectors.pack_sheet import get_own_project, get_sheet_pack, sheet_packs
from reporting.services.pack import document_of


@requires(Permission.PACK_READ, hide=True)
@require_safe
@never_cache
def pack_sheets(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The weeks whose published pack holds a sheet of the project."""
    project = get_own_project(request.user, code)
    return render(request, "reporting/pack/sheets.html", {"project": project, "packs": sheet_packs(project)})


@requires(Permission.PACK_READ, hide=True)
@require_safe
@never_cache
def pack_sheet(request: AuthenticatedRequest, code: str, week: str) -> HttpResponse:
    """The project's own page of a published pack, as it was printed, and no other page of it."""
    project = get_own_project(request.user, code)
    pack = get_sheet_pack(project, week)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in Language.values else formats.active_language()
    document = document_of(pack, language=language)
    page = _sheet_of(document, code)
    with translation.override(language):
        html = render_to_string("packs/_page.html", {"page": page, "document": document})
    context = {
        "project": project,
        "pack": pack,
        "document": document,
        "page": page,
        "html": html,
        "languages": Language.choices,
        "may_read_pack": may_read(request.user, pack),
    }
    return render(request, "reporting/pack/sheet.html", context)


def _sheet_of(document: Document, code: str) -> Page:
    for page in document.pages:
        if isinstance(page.body, ProjectSheet) and page.body.project.code == code:
            return page
    raise Http404
