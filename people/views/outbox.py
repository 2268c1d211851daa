from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.web.htmx import see_other
from people.forms.outbox import OutboxFilterForm
from people.models import Mail
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors import outbox as selectors
from people.services import mail as services

_PAGE = 50


@require_safe
@requires(Permission.MAIL_VIEW)
def mail_list(request: AuthenticatedRequest) -> HttpResponse:
    """The mail of the product: first what needs a hand, then everything, newest first."""
    form = OutboxFilterForm(request.GET)
    rows = selectors.mails(request.user, state=form.wanted())
    context = {
        "filter": form,
        "state": selectors.outbox_state(),
        "needing": selectors.mails_needing_a_hand(request.user)[:_PAGE],
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "may_decide": has_permission(request.user, Permission.MAIL_DECIDE),
    }
    return render(request, "people/outbox/list.html", context)


@require_POST
@requires(Permission.MAIL_DECIDE)
def mail_arrived(request: AuthenticatedRequest, mail_id: int) -> HttpResponse:
    """Say that a mail of unknown outcome arrived."""
    return _decide(
        request,
        mail_id,
        lambda mail: services.mark_arrived(mail=mail, by=request.user),
        _("Noté : ce courriel est arrivé."),
    )


@require_POST
@requires(Permission.MAIL_DECIDE)
def mail_again(request: AuthenticatedRequest, mail_id: int) -> HttpResponse:
    """Have a mail sent once more."""
    return _decide(
        request,
        mail_id,
        lambda mail: services.send_again(mail=mail, by=request.user),
        _("Le courriel est remis en file."),
    )


def _decide(request: AuthenticatedRequest, mail_id: int, act: Callable[[Mail], Mail], done: str) -> HttpResponse:
    mail = selectors.get_mail(request.user, mail_id)
    try:
        mail = act(mail)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return see_other(reverse("people:outbox"))
