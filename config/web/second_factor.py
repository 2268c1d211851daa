"""A second factor for those who decide: without one they reach nothing but its set-up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from config.web.htmx import see_other

_SET = "second_factor_set"
_ALWAYS = frozenset(
    {"account_logout", "account_reauthenticate", "set_language", "set_theme", "extend_session", "accessibility", "help"}
)


class SecondFactorMiddleware:
    """Sends an account that must have a second factor, and has none, to its set-up page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not settings.MFA_REQUIRED_FOR_DECISION_MAKERS or name.startswith("mfa_") or name in _ALWAYS:
            return None
        if not getattr(request.user, "is_decision_maker", False) or request.session.get(_SET):
            return None
        if is_mfa_enabled(request.user):
            request.session[_SET] = True
            return None
        messages.warning(request, _("Votre rôle demande un deuxième facteur : installez-le pour continuer."))
        return see_other(reverse("mfa_activate_totp"))
