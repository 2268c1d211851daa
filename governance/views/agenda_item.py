"""What is done on one item: its place, its vote, who stands aside, the notes and the outcomes."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config import clock
from config.web.htmx import see_other
from governance.enums import EffectKind
from governance.forms.body import add_errors
from governance.forms.session import EffectForm, NotesForm, RecusalForm, VoteForm
from governance.models import AgendaItem
from governance.selectors.answer import answers_to, kinds_for
from governance.selectors.concerned import concerned_by
from governance.selectors.session import get_effect, get_item, get_outcome
from governance.selectors.voters import members_of
from governance.services.agenda import move_item, remove_item
from governance.services.closing import add_outcome, remove_outcome, write_notes
from governance.services.effect import add_effect, remove_effect
from governance.services.vote import cast_vote, close_poll, may_cast, open_poll, record_consensus, recuse, renew_papers
from governance.views.meeting import address, meeting_page, outcome_form
from people.models import Person
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.roster import choosable_people
from portfolio.selectors.project import visible_projects


def _up(item: AgendaItem, request: AuthenticatedRequest) -> None:
    move_item(item=item, by=request.user, step=-1)


def _down(item: AgendaItem, request: AuthenticatedRequest) -> None:
    move_item(item=item, by=request.user, step=1)


def _remove(item: AgendaItem, request: AuthenticatedRequest) -> None:
    remove_item(item=item, by=request.user)


def _poll(item: AgendaItem, request: AuthenticatedRequest) -> None:
    open_poll(item=item, by=request.user, now=clock.now())


def _count(item: AgendaItem, request: AuthenticatedRequest) -> None:
    close_poll(item=item, by=request.user)


def _renew(item: AgendaItem, request: AuthenticatedRequest) -> None:
    renew_papers(item=item, by=request.user, now=clock.now())


def _consensus(item: AgendaItem, request: AuthenticatedRequest) -> None:
    record_consensus(item=item, by=request.user, now=clock.now())


ACTS: dict[str, Callable[[AgendaItem, AuthenticatedRequest], None]] = {
    "up": _up,
    "down": _down,
    "remove": _remove,
    "poll": _poll,
    "count": _count,
    "renew": _renew,
    "consensus": _consensus,
}


@require_POST
@requires(Permission.DECISION_RECORD)
def item_act(request: AuthenticatedRequest, item_id: int, act: str) -> HttpResponse:
    item = get_item(request.user, item_id)
    if act not in ACTS:
        raise Http404
    return _done(request, item, lambda: ACTS[act](item, request), gone=act == "remove")


@require_POST
@requires(Permission.BODY_VIEW)
def recusal(request: AuthenticatedRequest, item_id: int) -> HttpResponse:
    """A member stands aside himself, or the secretary notes that one does."""
    item = get_item(request.user, item_id)
    form = RecusalForm(request.POST, people=members_of(item.sitting))
    if not form.is_valid():
        return meeting_page(request, item.sitting, item.pk, bound={"recusal_form": form}, status=422)
    person: Person = form.cleaned_data["person"]
    own = person.user_id == request.user.pk
    if not own and not has_permission(request.user, Permission.DECISION_RECORD):
        raise PermissionDenied(_("Chacun déclare sa propre récusation."))

    def act() -> object:
        return recuse(item=item, by=request.user, person=person, ground=form.cleaned_data["ground"], now=clock.now())

    return _done(request, item, act, gone=own)


@require_POST
@requires(Permission.BODY_VIEW)
def vote(request: AuthenticatedRequest, item_id: int) -> HttpResponse:
    """One voice: the member's own, the one he represents, or one called out to the secretary."""
    item = get_item(request.user, item_id)
    form = VoteForm(request.POST, people=members_of(item.sitting))
    if not form.is_valid():
        raise Http404
    person: Person = form.cleaned_data["person"]
    called_out = has_permission(request.user, Permission.DECISION_RECORD) and not item.sitting.is_written
    if not (called_out or may_cast(request.user, item, person)):
        raise PermissionDenied(_("Vous votez pour vous, ou pour qui vous représentez."))
    return _done(request, item, lambda: cast_vote(item=item, by=request.user, now=clock.now(), **form.cleaned_data))


@require_POST
@requires(Permission.DECISION_RECORD)
def notes(request: AuthenticatedRequest, item_id: int) -> HttpResponse:
    item = get_item(request.user, item_id)
    form = NotesForm(request.POST)
    if form.is_valid():
        try:
            written = write_notes(
                item=item,
                by=request.user,
                text=form.cleaned_data["notes"],
                version=form.cleaned_data["version"],
                base=form.cleaned_data["base"] if "base" in request.POST else None,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            if written.notes != form.cleaned_data["notes"]:
                messages.info(request, _("Un autre secrétaire écrivait aussi : les deux textes sont réunis."))
            return see_other(address(item))
    kept = get_item(request.user, item_id)
    form.data = {**form.data.dict(), "version": str(kept.notes_version), "base": kept.notes}  # type: ignore[attr-defined]
    return meeting_page(
        request, kept.sitting, kept.pk, bound={"notes_form": form, "notes_theirs": kept.notes}, status=409
    )


@require_POST
@requires(Permission.DECISION_RECORD)
def outcome_add(request: AuthenticatedRequest, item_id: int) -> HttpResponse:
    item = get_item(request.user, item_id)
    form = outcome_form(request, item, request.POST)
    if form.is_valid():
        try:
            add_outcome(item=item, by=request.user, values=form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(address(item))
    return meeting_page(request, item.sitting, item.pk, bound={"outcome_form": form}, status=422)


@require_POST
@requires(Permission.DECISION_RECORD)
def outcome_remove(request: AuthenticatedRequest, outcome_id: int) -> HttpResponse:
    outcome = get_outcome(request.user, outcome_id)
    return _done(request, outcome.item, lambda: remove_outcome(outcome=outcome, by=request.user))


@requires(Permission.DECISION_RECORD)
def effect_add(request: AuthenticatedRequest, outcome_id: int) -> HttpResponse:
    """What a decision of the minutes changes by itself once the session is closed."""
    outcome = get_outcome(request.user, outcome_id)
    kinds = kinds_for(outcome.item.request)
    asked = (request.POST if request.method == "POST" else request.GET).get("kind", "")
    kind = asked if asked in kinds else kinds[0]
    form = EffectForm(
        request.POST or None,
        kind=kind,
        people=choosable_people(request.user, clock.today()),
        projects=visible_projects(request.user),
        concerned=concerned_by(request.user, outcome.item.request),
        answers=answers_to(outcome.item.request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            add_effect(outcome=outcome, by=request.user, values=form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(address(outcome.item))
    choices = [(value, EffectKind(value).label, value == kind) for value in kinds]
    context = {"outcome": outcome, "form": form, "kinds": choices, "back": address(outcome.item)}
    return render(request, "governance/meeting/effect.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.DECISION_RECORD)
def effect_remove(request: AuthenticatedRequest, effect_id: int) -> HttpResponse:
    effect = get_effect(request.user, effect_id)
    return _done(request, effect.outcome.item, lambda: remove_effect(effect=effect, by=request.user))


def _done(
    request: AuthenticatedRequest, item: AgendaItem, act: Callable[[], object], *, gone: bool = False
) -> HttpResponse:
    """Do it and read the item again; a refusal is shown above the session."""
    where = item.sitting.get_absolute_url() if gone else address(item)
    try:
        act()
    except ValidationError as error:
        return meeting_page(request, item.sitting, item.pk, refusal=error)
    return see_other(where)
