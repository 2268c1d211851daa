from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors import jobs as selectors
from people.services import jobs as services
from people.tasks import poke


@require_safe
@requires(Permission.JOB_VIEW)
def job_list(request: AuthenticatedRequest) -> HttpResponse:
    """Background work: first what needs a hand, then everything, newest first."""
    context = {
        "needing": selectors.jobs_needing_a_hand(request.user),
        "page": Paginator(selectors.job_list(request.user), 50).get_page(request.GET.get("page")),
        "may_retry": has_permission(request.user, Permission.JOB_RETRY),
    }
    return render(request, "people/jobs/list.html", context)


@require_POST
@requires(Permission.JOB_RETRY)
def job_retry(request: AuthenticatedRequest, job_id: int) -> HttpResponse:
    job = services.retry(job=selectors.get_job(request.user, job_id), by=request.user)
    poke(job)
    messages.success(request, _("La tâche est remise en file."))
    return see_other(reverse("people:jobs"))
