"""Reminding, from the register, who owes the statuses of the rows chosen; and what a bulk reminder says it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from config import clock
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.assign import UnknownChoiceError, read_chosen
from portfolio.selectors.project import get_projects
from portfolio.services.chase import ByHand, remind_by_hand
from portfolio.services.reporting_cycle import current_cycle
from portfolio.views.editing import refused
from portfolio.views.register_assign import back_to_register


@requires(Permission.CHASE_REMIND)
@require_POST
def register_remind(request: AuthenticatedRequest) -> HttpResponse:
    """Remind at once who owes the statuses of the week for the rows chosen; then the register as it was filtered."""
    try:
        codes = read_chosen(request.POST)
    except UnknownChoiceError as error:
        return refused(request, {str(error)})
    back = see_other(back_to_register(request))
    if not codes:
        messages.warning(request, _("Choisissez d’abord au moins un projet."))
        return back
    chosen, now = get_projects(request.user, codes, may=Permission.CHASE_REMIND), clock.now()
    owing = [project for project in chosen if project.owes_status]
    try:
        done = remind_by_hand(by=request.user, cycle=current_cycle(now), projects=owing, now=now)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return back
    for level, text in told(done, [project.code for project in chosen if not project.owes_status]):
        messages.add_message(request, level, text)
    return back


def told(done: ByHand, idle: Sequence[str] = ()) -> Iterator[tuple[int, str]]:
    """What a bulk reminder did, then what it passed over and why; `idle` projects owe no status at all."""
    if done.reminded:
        people = ngettext("%(people)d personne relancée", "%(people)d personnes relancées", done.people)
        about = ngettext("pour %(count)d projet", "pour %(count)d projets", len(done.reminded))
        text = f"{people} {about}." % {"people": done.people, "count": len(done.reminded)}
        yield messages.SUCCESS, text
    passed_over = (
        (done.too_soon, _("Déjà relancés il y a moins d’une heure, donc pas maintenant : %(codes)s.")),
        (done.nobody, _("Personne à joindre par un compte : %(codes)s.")),
        (done.received, _("Statut reçu entre-temps : %(codes)s.")),
        (idle, _("Aucun statut attendu : %(codes)s.")),
    )
    for codes, text in passed_over:
        if codes:
            yield messages.WARNING, text % {"codes": ", ".join(codes)}
