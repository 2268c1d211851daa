"""The living style guide: every component in its states, on invented data (DEBUG only)."""

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

STATE_CHOICES = (("green", _("Vert")), ("amber", _("Orange")), ("red", _("Rouge")))
TEMPLATES = {"dashboard": "styleguide/dashboard.html", "status": "styleguide/status.html"}


@dataclass(frozen=True, slots=True)
class TriageSample:
    code: str
    name: str
    lead: str
    before: str
    now: str
    why: str
    verb: str
    ask: str
    due: str
    exposure: int
    days: int
    action: str


@dataclass(frozen=True, slots=True)
class AxisSample:
    name: str
    short: str
    states: tuple[str, ...]
    actual: float
    forecast: float
    plan: float

    @property
    def delta(self) -> float:
        return self.forecast - self.plan


@dataclass(frozen=True, slots=True)
class LoadSample:
    name: str
    loads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VerdictSample:
    name: str
    before: str
    field: BoundField
    computed: str
    reason: str
    gap: bool = False
    cause: BoundField | None = None


class SampleForm(forms.Form):
    """One field of each kind, with errors when sent empty."""

    title = forms.CharField(label=_("Intitulé"), help_text=_("Ce que lira le CODIR."), max_length=110)
    message = forms.CharField(label=_("Message au CODIR"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    due = forms.DateField(label=_("Échéance"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    body = forms.ChoiceField(label=_("Instance"), choices=[("codir", "CODIR"), ("ci", _("Comité d’investissement"))])
    confirmed = forms.BooleanField(label=_("Je n’ai pas de conflit d’intérêts sur ce dossier."), required=False)
    verdict = forms.ChoiceField(label=_("Délai"), choices=STATE_CHOICES, widget=forms.RadioSelect)


class VerdictForm(forms.Form):
    """The declared states of a weekly status."""

    overall = forms.ChoiceField(label=_("Global"), choices=STATE_CHOICES, widget=forms.RadioSelect)
    time = forms.ChoiceField(label=_("Délai"), choices=STATE_CHOICES, widget=forms.RadioSelect)
    time_cause = forms.CharField(label=_("Cause, en une ligne"))
    budget = forms.ChoiceField(label=_("Budget"), choices=STATE_CHOICES, widget=forms.RadioSelect)
    scope = forms.ChoiceField(label=_("Périmètre"), choices=STATE_CHOICES, widget=forms.RadioSelect)
    people = forms.ChoiceField(label=_("Ressources"), choices=STATE_CHOICES, widget=forms.RadioSelect)
    people_cause = forms.CharField(label=_("Pourquoi déclarer autre chose que le calcul ?"))


TRIAGE = (
    TriageSample(
        "P-007", "Migration cœur paie enseignants", "Sarah Lemaire", "amber", "red",
        "Chemin critique +32 j ; bascule de janvier intenable", "Arbitrer", "report à mars ou périmètre réduit",
        "CODIR 24 nov.", 410_000, 32, "Préparer la décision",
    ),
    TriageSample(
        "P-019", "Identité numérique", "Karim Benali", "red", "red",
        "Fournisseur en défaut depuis S43, mise en demeure prête", "Signer", "la mise en demeure",
        "lun. 23 nov.", 265_000, 41, "Ouvrir le dossier",
    ),
    TriageSample(
        "P-012", "Réseau écoles, phase 3", "Tom Verbeke", "amber", "amber",
        "Coût à terminaison +9,4 %, au-delà de la tolérance (5 %)", "Autoriser", "un rapport d’exception",
        "CODIR 24 nov.", 188_000, 6, "Préparer la décision",
    ),
    TriageSample(
        "P-031", "Archivage probant", "Hélène Coppens", "green", "amber",
        "2 ETP architectes retirés au 1er déc.", "Trancher", "le conflit de ressource",
        "cette semaine", 120_000, 9, "Voir le conflit",
    ),
    TriageSample(
        "P-044", "Portail aides sociales", "Amélie Noël", "amber", "stale",
        "Aucun statut depuis 3 semaines, jalon GO le 2 déc.", "Relancer", "ou réaffecter le chef de projet",
        "aujourd’hui", 75_000, 0, "Appeler",
    ),
)  # fmt: skip

AXES = (
    AxisSample("Servir les usagers", "Usagers", ("red", "amber", "amber", "stale", *["green"] * 8), 4.1, 6.5, 6.2),
    AxisSample("Moderniser le socle", "Socle", ("red", "amber", "amber", *["green"] * 8), 5.2, 7.9, 7.4),
    AxisSample("Sécurité et confiance", "Sécurité", ("red", "amber", "amber", *["green"] * 7), 2.3, 3.6, 3.8),
    AxisSample("Données et interopérabilité", "Données", ("red", "amber", *["green"] * 7), 1.9, 3.1, 2.9),
    AxisSample("Organisation, compétences", "Organisation", ("amber", "amber", "stale", *["green"] * 5), 0.8, 1.3, 1.3),
)  # fmt: skip

LOADS = (
    LoadSample("Chefs de projet", (96, 98, 101, 104, 104, 88, 97, 99)),
    LoadSample("Architectes", (112, 118, 121, 121, 115, 92, 108, 104)),
    LoadSample("Analystes", (88, 90, 86, 91, 93, 70, 85, 84)),
)


def _verdicts() -> list[VerdictSample]:
    initial = {
        "overall": "amber", "time": "amber", "budget": "green", "scope": "green", "people": "amber",
        "time_cause": "Le fournisseur livre le lot 3 le 4 déc. au lieu du 16 nov.",
        "people_cause": "Arbitrage capacité demandé au Comité Socle du 27 nov.",
    }  # fmt: skip
    form = VerdictForm(initial=initial)
    return [
        VerdictSample("Global", "green", form["overall"], "amber", "pire dimension critique : Délai"),
        VerdictSample("Délai", "green", form["time"], "amber", "SPI 0,93 · critique +18 j", cause=form["time_cause"]),
        VerdictSample("Budget", "green", form["budget"], "green", "CPI 1,02 · EAC 1 238 k€ (budget 1 260)"),
        VerdictSample("Périmètre", "green", form["scope"], "green", "0 demande de changement ouverte"),
        VerdictSample("Ressources", "amber", form["people"], "red", "Architecte à 121 %", True, form["people_cause"]),
    ]


def index(request: HttpRequest) -> HttpResponse:
    """Show the components, or one of the two reference pages (`?page=dashboard`, `?page=status`)."""
    context = {
        "form": SampleForm(initial={"verdict": "amber", "title": "Guichet unique"}),
        "invalid": SampleForm(data={}, prefix="invalid"),
        "history": ["green"] * 3 + ["amber"] * 2 + ["green"] * 4 + ["stale", "red", "amber"],
        "values": [1, 1.01, 0.99, 0.97, 0.96, 0.98, 1, 1.01, 1.01, 1, 0.99, 0.93],
        "states": ["green", "amber", "red", "stale", "paused", "closed", "none"],
        "triage": TRIAGE,
        "axes": AXES,
        "loads": LOADS,
        "weeks": (48, 49, 50, 51, 52, 53, 1, 2),
        "verdicts": _verdicts(),
    }
    return render(request, TEMPLATES.get(request.GET.get("page", ""), "styleguide/index.html"), context)
