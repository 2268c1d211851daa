"""Milestones in one's own calendar: the links of a person, and what each of them gives."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.web.errors import error_page
from config.web.htmx import see_other
from config.web.rate import is_over
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, public, requires
from portfolio.engines.milestone_feed import write_feed
from portfolio.enums import FeedScope
from portfolio.forms.calendar_feed import CalendarFeedForm
from portfolio.selectors.calendar_feed import feed_events, feeds_of, projects_of_feed
from portfolio.selectors.project import visible_projects
from portfolio.services.calendar_feed import create_feed, find_feed, revoke_feed
from portfolio.views.editing import add_errors

CALLS, SECONDS = 60, 60


@requires(Permission.MY_WORK_VIEW)
@require_http_methods(["GET", "POST"])
def feeds(request: AuthenticatedRequest) -> HttpResponse:
    """One's links; a new one is shown in the answer to its creation and never again."""
    projects = visible_projects(request.user).order_by("code")
    chosen = request.GET.get("project", "")
    initial = {"scope": FeedScope.PROJECT if chosen else FeedScope.PERSON, "project": chosen}
    form = CalendarFeedForm(request.POST if request.method == "POST" else None, projects=projects, initial=initial)
    link = ""
    if form.is_bound and form.is_valid():
        try:
            created = create_feed(owner=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            link = f"{settings.BASE_URL.rstrip('/')}{reverse('portfolio:milestone_feed', args=[created.key])}"
            form = CalendarFeedForm(projects=projects, initial=initial)
    context = {"form": form, "link": link, "feeds": feeds_of(request.user)}
    return render(request, "portfolio/my/feeds.html", context, status=422 if form.errors else 200)


@requires(Permission.MY_WORK_VIEW)
@require_POST
def feed_revoke(request: AuthenticatedRequest, feed_id: int) -> HttpResponse:
    feed = feeds_of(request.user).filter(pk=feed_id).first()
    if feed is None:
        raise Http404
    revoke_feed(feed=feed, by=request.user)
    messages.success(request, _("Le lien de calendrier ne donne plus rien."))
    return see_other(reverse("portfolio:feeds"))


@public
@require_safe
def milestone_feed(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar behind a link, in its owner's language; every other key is one and the same 404."""
    if is_over(request, scope="milestone_feed", limit=CALLS, seconds=SECONDS):
        return error_page(request, 429)
    feed = find_feed(key)
    if feed is None or (feed.scope == FeedScope.PROJECT and not projects_of_feed(feed).exists()):
        raise Http404
    person = getattr(feed.owner, "person", None)
    with override(person.language if person else None):
        data = write_feed(_("Jalons : %(scope)s") % {"scope": feed}, feed_events(feed))
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=900"
    response["Referrer-Policy"] = "no-referrer"
    return response
