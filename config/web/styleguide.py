"""The living style guide: every component in its states (DEBUG only)."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

STATE_CHOICES = (("green", _("Vert")), ("amber", _("Orange")), ("red", _("Rouge")))


class SampleForm(forms.Form):
    """One field of each kind, with an error when sent empty."""

    title = forms.CharField(label=_("Intitulé"), help_text=_("Ce que lira le CODIR."), max_length=110)
    message = forms.CharField(label=_("Message au CODIR"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    due = forms.DateField(label=_("Échéance"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    body = forms.ChoiceField(label=_("Instance"), choices=[("codir", "CODIR"), ("ci", _("Comité d’investissement"))])
    confirmed = forms.BooleanField(label=_("Je n’ai pas de conflit d’intérêts sur ce dossier."), required=False)
    verdict = forms.ChoiceField(label=_("Délai"), choices=STATE_CHOICES, widget=forms.RadioSelect)


def index(request: HttpRequest) -> HttpResponse:
    """Show the components, or one of the two reference pages."""
    page = request.GET.get("page", "components")
    template = {"dashboard": "styleguide/dashboard.html", "status": "styleguide/status.html"}.get(
        page, "styleguide/index.html"
    )
    history = ["green"] * 3 + ["amber"] * 2 + ["green"] * 4 + ["stale", "red", "amber"]
    context = {
        "form": SampleForm(initial={"verdict": "amber", "title": "Guichet unique"}),
        "invalid": SampleForm(data={}, prefix="invalid"),
        "history": history,
        "values": [1, 1.01, 0.99, 0.97, 0.96, 0.98, 1, 1.01, 1.01, 1, 0.99, 0.93],
        "states": ["green", "amber", "red", "stale", "paused", "closed", "none"],
    }
    return render(request, template, context)
