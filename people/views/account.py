from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.web.htmx import see_other
from people.enums import Language, Theme
from people.forms.account import PreferencesForm, TokenForm
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors import account as selectors
from people.services import account as services
from people.services import api_token as token_services
from people.views.login import remember_preferences


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ACCOUNT_EDIT)
def my_account(request: AuthenticatedRequest) -> HttpResponse:
    user = request.user
    names = ("language", "theme", "compact_rows", "single_key_shortcuts")
    form = PreferencesForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(user, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.save_preferences(
            user=user,
            language=Language(data["language"]),
            theme=Theme(data["theme"]),
            compact_rows=data["compact_rows"],
            single_key_shortcuts=data["single_key_shortcuts"],
        )
        messages.success(request, _("Préférences enregistrées."))
        return remember_preferences(request, see_other(reverse("people:account")))
    context = {"form": form, "may_have_tokens": has_permission(user, Permission.API_TOKEN_MANAGE)}
    return render(request, "people/account/detail.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Permission.ACCOUNT_EDIT)
def session_list(request: AuthenticatedRequest) -> HttpResponse:
    sessions = selectors.open_sessions(request.user, request.session.session_key)
    may_have_tokens = has_permission(request.user, Permission.API_TOKEN_MANAGE)
    return render(request, "people/account/sessions.html", {"sessions": sessions, "may_have_tokens": may_have_tokens})


@require_POST
@requires(Permission.ACCOUNT_EDIT)
def session_end(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Sign out one browser of one's own; `others` signs out all but this one."""
    if reference == "others":
        services.end_sessions(user=request.user, but=request.session.session_key)
    else:
        key = selectors.find_session(request.user, reference)
        if key is None:
            raise Http404
        services.end_session(key=key)
    messages.success(request, _("Session terminée."))
    return see_other(reverse("people:sessions"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.API_TOKEN_MANAGE)
def token_list(request: AuthenticatedRequest) -> HttpResponse:
    """One's API keys; a new key is shown in the answer to its creation and never again."""
    form, created = TokenForm(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and form.is_valid():
        created = token_services.create_token(owner=request.user, **form.cleaned_data)
        form = TokenForm()
    context = {"form": form, "created": created, "tokens": selectors.tokens(request.user)}
    return render(request, "people/account/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.API_TOKEN_MANAGE)
def token_revoke(request: AuthenticatedRequest, token_id: int) -> HttpResponse:
    token = selectors.tokens(request.user).filter(pk=token_id).first()
    if token is None:
        raise Http404
    token_services.revoke_token(token=token, by=request.user)
    messages.success(request, _("La clé « %(name)s » ne vaut plus rien.") % {"name": token.name})
    return see_other(reverse("people:tokens"))
