"""What a reader chooses for this session: the theme; and a request to stay signed in."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from config.web.htmx import see_other

THEMES = (("auto", _("Comme l’appareil")), ("light", _("Clair")), ("dark", _("Sombre")))
_KEY = "theme"


def theme_of(request: HttpRequest) -> str:
    """Answer "light", "dark" or "auto"."""
    session = getattr(request, "session", None)
    chosen = (session.get(_KEY) if session is not None else None) or getattr(request.user, "theme", "auto")
    return chosen if chosen in dict(THEMES) else "auto"


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme for the session, then return to the page it was chosen on."""
    theme = request.POST.get("theme", "auto")
    if theme in dict(THEMES):
        request.session[_KEY] = theme
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return see_other(target)


@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """Answer 204: being asked is enough, the middleware notes that the user is there."""
    return HttpResponse(status=204)
