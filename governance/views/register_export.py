"""The register as a file for the archives: JSON and tagged PDF, with what the reader may read."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from config import clock
from governance.forms.session import RegisterForm
from governance.services.register_export import PRINTED_MAX, TooManyError, export_register, print_register
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires

KINDS = {"json": "application/json", "pdf": "application/pdf"}


@require_safe
@requires(Permission.DECISION_VIEW)
def decisions_export(request: AuthenticatedRequest, kind: str) -> HttpResponse:
    """All rows of the address's filter."""
    if kind not in KINDS:
        raise Http404
    form = RegisterForm(request.GET)
    now = clock.now()
    content = export_register(by=request.user, asked=form.cleaned_data if form.is_valid() else {}, now=now)
    if kind == "json":
        data = json.dumps(content, ensure_ascii=False, indent=1).encode()
    else:
        try:
            data = print_register(content, now).data
        except TooManyError:
            context = {"count": content["count"], "most": PRINTED_MAX}
            return render(request, "governance/decision/too_many.html", context, status=422)
    response = HttpResponse(data, content_type=KINDS[kind])
    name = f"decisions-{clock.today().isoformat()}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    response["X-SHA256"] = content["sha256"]
    return response
