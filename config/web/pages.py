"""Pages of the house itself: the help and the accessibility statement."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to read the states, how to write a status, and the keys."""
    return render(request, "pages/help.html", {"states": ("red", "amber", "green", "stale", "paused", "closed")})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What conforms, what does not yet, and whom to write to."""
    return render(request, "pages/accessibility.html", {"contact": settings.DEFAULT_FROM_EMAIL})
