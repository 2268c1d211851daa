"""Markers of views. `tests/architecture` refuses a URL whose view carries none of them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission


class AuthenticatedRequest(HttpRequest):
    """A request that passed `requires`: its user is an account, never anonymous."""

    user: User
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


class GuardedView(Protocol):
    required_permission: tuple[Permission, ...]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def requires(*permissions: Permission, hide: bool = False) -> Callable[[View], View]:
    """Let pass who holds one of the permissions; the view checks the object itself.

    Others get 403 with a page that says what is missing, or 404 with `hide=True` where the page itself is a secret.
    Somebody without session goes to the log-in page and comes back.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if any(has_permission(request.user, permission) for permission in permissions):
                return view(request, *args, **kwargs)
            if hide:
                raise Http404
            wanted = " · ".join(str(permission.label) for permission in permissions)
            raise PermissionDenied(_("Vos rôles ne donnent pas ce droit : %(wanted)s.") % {"wanted": wanted})

        cast("Any", guarded).required_permission = permissions
        return guarded

    return decorate


def public(view: View) -> View:
    """Mark a view that needs no session; its URL name must also stand in `PUBLIC_URL_NAMES`."""
    marked = login_not_required(view)
    cast("Any", marked).public = True
    return marked
