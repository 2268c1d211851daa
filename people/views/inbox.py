from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from config.web.htmx import see_other
from people.enums import Purpose
from people.forms.inbox import InboxFilterForm, MailChoicesForm
from people.models import Notification
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors import inbox as selectors
from people.services import inbox as services
from people.services.notify import Wording, choices, worded

_PAGE = 30


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A notification with its words in the reader's language."""

    note: Notification
    words: Wording

    @property
    def purpose(self) -> str:
        return str(Purpose(self.note.purpose).label)


def _page(request: AuthenticatedRequest, form: MailChoicesForm | None = None, status: int = 200) -> HttpResponse:
    user = request.user
    wanted = InboxFilterForm(request.GET)
    purpose = wanted.wanted()
    page = Paginator(selectors.inbox(user, purpose=purpose), _PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": wanted,
        "purpose": purpose,
        "page": page,
        "shown": [ShownNote(note, worded(note)) for note in page],
        "unread": selectors.unread_count(user),
        "choices_form": form or MailChoicesForm(current=choices([user])[user.pk]),
    }
    return render(request, "people/inbox/list.html", context, status=status)


@require_safe
@requires(Permission.INBOX_VIEW)
def note_list(request: AuthenticatedRequest) -> HttpResponse:
    """One's notifications, the unread first, and how one wants to be written to."""
    return _page(request)


@require_POST
@requires(Permission.INBOX_VIEW)
def note_open(request: AuthenticatedRequest, note_id: int) -> HttpResponse:
    """Read it, and go where it points."""
    note = services.mark_read(note=selectors.get_note(request.user, note_id))
    return see_other(note.path or reverse("people:inbox"))


@require_POST
@requires(Permission.INBOX_VIEW)
def note_read(request: AuthenticatedRequest, note_id: int) -> HttpResponse:
    services.mark_read(note=selectors.get_note(request.user, note_id))
    return see_other(reverse("people:inbox"))


@require_POST
@requires(Permission.INBOX_VIEW)
def read_all(request: AuthenticatedRequest) -> HttpResponse:
    read = services.mark_all_read(user=request.user, purpose=InboxFilterForm(request.POST).wanted())
    text = ngettext("%(total)s notification marquée comme lue.", "%(total)s notifications marquées comme lues.", read)
    messages.success(request, text % {"total": read})
    return see_other(reverse("people:inbox"))


@require_POST
@requires(Permission.INBOX_VIEW)
def mail_choices(request: AuthenticatedRequest) -> HttpResponse:
    form = MailChoicesForm(request.POST, current=choices([request.user])[request.user.pk])
    if not form.is_valid():
        return _page(request, form, status=422)
    services.save_choices(user=request.user, choices=form.chosen())
    messages.success(request, _("Réglages des courriels enregistrés."))
    return see_other(reverse("people:inbox"))
