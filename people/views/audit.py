from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.engines.audit_chain import Fault, Verdict
from people.enums import Role
from people.forms.audit import AnchorForm, AuditFilterForm
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes, has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors import audit as audit_selectors
from people.selectors import history as history_selectors
from people.selectors.audit_details import lines_of
from people.selectors.catalogue import matrix
from people.services import audit

_PAGE = 50


def _context(request: AuthenticatedRequest) -> dict[str, object]:
    form = AuditFilterForm(request.GET, verbs=audit_selectors.verbs(request.user))
    rows = audit_selectors.entries(request.user, form.wanted())
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return {
        "form": form,
        "page": page,
        "lines": lines_of(list(page)),
        "head": audit.head(),
        "reads_all": Scope.ALL in granted_scopes(request.user, Permission.AUDIT_VIEW),
        "may_verify": has_permission(request.user, Permission.AUDIT_VERIFY),
        "may_read_history": has_permission(request.user, Permission.HISTORY_VIEW),
        "may_read_catalogue": has_permission(request.user, Permission.CATALOGUE_VIEW),
        "anchor_form": AnchorForm(),
    }


@require_safe
@requires(Permission.AUDIT_VIEW)
def entry_list(request: AuthenticatedRequest) -> HttpResponse:
    return render(request, "people/audit/list.html", _context(request))


@require_http_methods(["POST"])
@requires(Permission.AUDIT_VERIFY)
def verify(request: AuthenticatedRequest) -> HttpResponse:
    """Recompute the chain now; a reading, so nothing is written."""
    context = _context(request)
    form = AnchorForm(request.POST)
    context["anchor_form"] = form
    if not form.is_valid():
        return render(request, "people/audit/list.html", context, status=422)
    verdict = audit.verify(form.cleaned_data["anchor"] or None)
    return render(request, "people/audit/list.html", {**context, "verdict": verdict, "sentence": _sentence(verdict)})


def _sentence(verdict: Verdict) -> str:
    words = {"number": verdict.first_bad, "checked": verdict.checked}
    match verdict.fault:
        case None:
            return _("La chaîne est intacte : %(checked)s entrées vérifiées.") % words
        case Fault.NUMBERING:
            return _("L’entrée n° %(number)s manque ou n’est pas à sa place.") % words
        case Fault.MISSING_TAIL:
            return _("La fin de la chaîne a été coupée à partir du n° %(number)s.") % words
        case Fault.ANCHOR:
            return _("L’entrée n° %(number)s n’est pas celle que l’ancre atteste.") % words
        case _:
            return _("L’entrée n° %(number)s a été modifiée.") % words


@require_safe
@requires(Permission.HISTORY_VIEW)
def history(request: AuthenticatedRequest) -> HttpResponse:
    """History of any business row: a type, then one object or the latest changes of all."""
    types = history_selectors.tracked_types()
    key, object_id = request.GET.get("type", ""), request.GET.get("id", "").strip()
    chosen = history_selectors.find_type(key) if key else None
    if key and chosen is None:
        raise Http404
    context: dict[str, object] = {"types": types, "chosen": chosen, "object_id": object_id}
    if chosen is not None:
        events = history_selectors.events_of(request.user, chosen, object_id)
        page = Paginator(events, _PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "changes": history_selectors.changes(chosen, list(page))}
    return render(request, "people/audit/history.html", context)


@require_safe
@requires(Permission.CATALOGUE_VIEW)
def permission_catalogue(request: AuthenticatedRequest) -> HttpResponse:
    """Who may do what: printed from the code, so it cannot differ from it."""
    may_read_history = has_permission(request.user, Permission.HISTORY_VIEW)
    context = {"roles": list(Role), "rows": matrix(), "may_read_history": may_read_history}
    return render(request, "people/audit/permissions.html", context)
