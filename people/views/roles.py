from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.web.htmx import see_other
from people.enums import Role, RoleAction
from people.forms.account import AccountForm, RoleRequestForm
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors import account as selectors
from people.services import account as services


@require_safe
@requires(Permission.ROLE_VIEW)
def role_list(request: AuthenticatedRequest) -> HttpResponse:
    """Accounts, the roles they hold, and the changes that wait for a second person."""
    user = request.user
    context = {
        "page": Paginator(selectors.accounts(user), 100).get_page(request.GET.get("page")),
        "pending": selectors.pending_requests(user),
        "decided": selectors.role_requests(user).exclude(state="pending")[:10],
        "may_propose": has_permission(user, Permission.ROLE_PROPOSE),
        "may_approve": has_permission(user, Permission.ROLE_APPROVE),
        "may_edit": has_permission(user, Permission.USER_EDIT),
    }
    return render(request, "people/roles/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ROLE_PROPOSE)
def role_propose(request: AuthenticatedRequest) -> HttpResponse:
    form = RoleRequestForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.propose_role_change(
                action=RoleAction(data["action"]),
                user=data["user"],
                role=Role(data["role"]),
                reviewer_kind=data["reviewer_kind"],
                valid_from=data["valid_from"],
                valid_to=data["valid_to"],
                reason=data["reason"],
                by=request.user,
            )
        except ValidationError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("La demande attend la décision d’une deuxième personne."))
            return see_other(reverse("people:roles"))
    status = 422 if form.errors else 200
    return render(request, "people/roles/propose.html", {"form": form}, status=status)


@require_POST
@requires(Permission.ROLE_APPROVE)
def role_decide(request: AuthenticatedRequest, request_id: int) -> HttpResponse:
    wanted = selectors.role_requests(request.user).filter(pk=request_id).first()
    if wanted is None:
        raise Http404
    approve = request.POST.get("decision") == "approve"
    try:
        services.decide_role_change(request=wanted, by=request.user, approve=approve)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Changement approuvé.") if approve else _("Changement refusé."))
    return see_other(reverse("people:roles"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.USER_EDIT)
def account_new(request: AuthenticatedRequest) -> HttpResponse:
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            created = services.create_account(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            _refuse(form, error)
        else:
            text = _(
                "Compte « %(name)s » créé, sans aucun rôle : son mot de passe se choisit par « Mot de passe oublié »."
            )
            messages.success(request, text % {"name": created.username})
            return see_other(reverse("people:roles"))
    return render(request, "people/roles/account_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@requires(Permission.USER_EDIT)
def account_close(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    account = selectors.accounts(request.user).filter(pk=user_id, is_active=True).first()
    if account is None:
        raise Http404
    try:
        services.close_account(user=account, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Compte « %(name)s » fermé.") % {"name": account.username})
    return see_other(reverse("people:roles"))


def _refuse(form: Form, error: ValidationError) -> None:
    """Put the service's refusal beside the fields it names, or above the form."""
    fields = getattr(error, "error_dict", {})
    for name, problems in fields.items():
        form.add_error(name if name in form.fields else None, [text for problem in problems for text in problem])
    if not fields:
        form.add_error(None, error)
