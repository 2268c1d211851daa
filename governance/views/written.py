"""A decision put to the members in writing."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render

from config import clock
from config.web.htmx import see_other
from governance.enums import RequestState
from governance.forms.body import add_errors
from governance.forms.session import WrittenForm
from governance.selectors.body import rules_on
from governance.selectors.decision_request import get_request
from governance.services.written import last_day, open_written
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires


@requires(Permission.DECISION_RECORD)
def request_written(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """The proposed decision, and until when the members of the body would answer."""
    row = get_request(request.user, number)
    if row.state not in (RequestState.OPEN, RequestState.DEFERRED):
        raise Http404
    form = WrittenForm(request.POST or None, initial={"text": row.recommendation})
    if request.method == "POST" and form.is_valid():
        try:
            sitting = open_written(request=row, by=request.user, now=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(sitting.get_absolute_url())
    today = clock.today()
    context = {"row": row, "form": form, "until": last_day(row, today), "rules": rules_on(row.body, today)}
    return render(request, "governance/request/written.html", context, status=422 if form.errors else 200)
