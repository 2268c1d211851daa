"""Every page of the demo, in three languages and two themes: axe finds nothing serious, the policy nothing to report.

WCAG 2.2 AA as far as a machine can tell (axe tags wcag2a to wcag22aa); and at 320 px no page scrolls sideways but
inside its own tables. The dark theme changes colours, not words: it is judged in one language.
"""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page

from governance.models import (
    Arbitration,
    Change,
    Decision,
    FollowUp,
    GateReview,
    ProjectException,
    Sitting,
)
from portfolio.models import Project, ReportingCycle, StatusReport
from reporting.enums import PackState
from reporting.models import Pack
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SCHEMES = {"fr": ("light", "dark"), "nl": ("light",), "en": ("light",)}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}
AXE_SCRIPT = Path(axe_playwright_python.__file__).with_name("axe.min.js")
AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
# Structure and colours are the same in every language; what a translation can spoil are names and languages.
NAMES = (
    "aria-command-name",
    "aria-input-field-name",
    "button-name",
    "document-title",
    "frame-title",
    "html-lang-valid",
    "image-alt",
    "input-button-name",
    "label",
    "link-name",
    "select-name",
    "summary-name",
    "svg-img-alt",
    "valid-lang",
)
WORDS = {"runOnly": {"type": "rule", "values": NAMES}, "resultTypes": ["violations"]}
# The thirty pages of a pack are judged once per language and theme, where they are read online.
READ_ONLINE, PACK_PAGES = "/online/", [[".pk-pages"]]
PLAN_PAGES = ("edit", "import", "baseline", "changes", "risk", "levelling", "links", "people", "jira")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _committee_pages() -> list[str]:
    """Bodies at work: sessions before, in and after, and each subject they decide on."""
    coming = Sitting.objects.filter(state="published").earliest("starts_at").get_absolute_url()
    held = Sitting.objects.filter(state="closed").latest("starts_at").get_absolute_url()
    subjects = (
        f"/decisions/{Decision.objects.latest('pk').number}/",
        f"/follow-ups/{FollowUp.objects.exclude(state='met').earliest('pk').pk}/",
        f"/gates/{GateReview.objects.filter(state='submitted').earliest('pk').number}/",
        f"/exceptions/{ProjectException.objects.latest('pk').number}/",
        f"/arbitrations/{Arbitration.objects.filter(state='escalated').earliest('pk').number}/",
    )
    lists = (
        "meetings",
        "decisions",
        "gates",
        "exceptions",
        "arbitrations",
        "lessons",
        "who-decides",
        "raci",
        "interests",
    )
    return [
        *(f"/{name}/" for name in lists),
        coming,
        f"{coming}screen/",
        held,
        f"{held}minutes/",
        *subjects,
    ]


def _pages() -> dict[str, list[str]]:
    """Paths by log-in; every page a person opens, forms and states included."""
    current = ReportingCycle.objects.filter(frozen_at__isnull=True).latest("opens_at")
    frozen = ReportingCycle.objects.filter(frozen_at__isnull=False).latest("opens_at")
    corrected = Pack.objects.filter(edition=2).latest("cycle__opens_at")
    waiting = Pack.objects.filter(edition=1).earliest("cycle__opens_at")
    Pack.objects.filter(pk=waiting.pk).update(state=PackState.APPROVED, published_at=None, distributed_at=None)
    reported = StatusReport.objects.filter(cycle=frozen).values("project")
    silent = next(one for one in Project.objects.exclude(pk__in=reported).order_by("code") if one.owes_status)
    own = Project.objects.filter(manager__user__username="pm1", life_cycle="stage").earliest("code")
    project = f"/projects/{own.code}/"
    issue = Change.objects.filter(project=own, state="assessed").earliest("number").get_absolute_url()
    return {
        "pm1": [
            "/my/",
            f"{project}status/{current.slug}/",
            f"{project}status/{frozen.slug}/",
            f"{project}status/",
            f"{project}edit/",
            f"{project}raid/new/",
            f"{project}plan/milestones/new/",
            *(f"{project}plan/{page}/" for page in PLAN_PAGES),
            f"{project}products/",
            f"{project}products/item/2.1/",
            f"{project}changes/",
            f"{project}changes/new/",
            issue,
            f"{issue}assess/",
            "/account/",
            "/account/tokens/",
            "/account/sessions/",
            "/inbox/",
            "/my/absences/",
            f"/reports/packs/{frozen.slug}/corrections/new/{own.code}/",
        ],
        "pso1": [
            "/?full=1",
            "/projects/",
            "/projects/?q=zzz",
            "/projects/new/",
            "/projects/import/",
            project,
            *(f"{project}{tab}/" for tab in ("plan", "finance", "raid", "tolerances", "log", "requests")),
            f"{project}finance/new/",
            "/roadmap/",
            "/programmes/",
            "/axes/",
            "/bodies/",
            "/bodies/CODIR/",
            "/requests/",
            "/changes/",
            "/changes/clocks/",
            f"{project}change-budget/",
            "/reports/",
            "/reports/late/",
            "/reports/calendar/",
            f"/reports/packs/{current.slug}/",
            f"/reports/packs/{frozen.slug}/",
            f"/reports/packs/{frozen.slug}/online/",
            f"/reports/packs/{corrected.cycle.slug}/",
            f"/reports/packs/{corrected.cycle.slug}/?edition=1",
            f"/reports/packs/{frozen.slug}/corrections/new/{silent.code}/",
            "/inbox/",
            "/outbox/",
            "/outbox/?state=unknown",
            "/status/",
            "/search/?q=paie",
            "/jobs/",
            "/help/",
            "/accessibility/",
            "/projects/NOPE/",
        ],
        "secretary": _committee_pages(),
        "director": [f"/reports/packs/{frozen.slug}/", f"/reports/packs/{waiting.cycle.slug}/publish/"],
        "auditor": ["/inbox/", "/audit/", "/audit/history/", "/audit/permissions/", "/people/roles/"],
    }


def _speak(context: BrowserContext, server: str, language: str) -> None:
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": server}])


def _faults(page: Page, where: str, language: str, leave_out: list[list[str]]) -> list[str]:
    found, rules = [], AXE if language == "fr" else WORDS
    for scheme in SCHEMES[language]:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        for violation in page.evaluate("([left, how]) => axe.run({exclude: left}, how)", [leave_out, rules])[
            "violations"
        ]:
            if violation["impact"] in ("serious", "critical"):
                nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:2])
                found.append(f"{where} {scheme}: {violation['id']} ({nodes})")
    return found


def _crawl(context: BrowserContext, server: str, paths: list[str], language: str) -> list[str]:
    context.add_init_script(path=AXE_SCRIPT)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    _speak(context, server, language)
    for path in paths:
        answer = page.goto(server + path)
        if answer is None or answer.status != (404 if "NOPE" in path else 200):
            faults.append(f"{path}: {answer and answer.status}")
        spoken = page.evaluate("document.documentElement.lang")
        if spoken != language:
            faults.append(f"{path}: speaks {spoken}, not {language}")
        leave_out = [] if path.endswith(READ_ONLINE) else PACK_PAGES
        faults += _faults(page, f"{path} {language}", language, leave_out)
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        if page.evaluate(SIDEWAYS) > 0:
            faults.append(f"{path}: scrolls sideways at 320 px")
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    context.close()
    return faults


def test_every_page_is_accessible(live_server: Any, sign_in: SignIn) -> None:
    call_command("seed_demo", weeks=3, verbosity=0)
    faults: list[str] = []
    for username, paths in _pages().items():
        for language in SCHEMES:
            faults += _crawl(sign_in(username, viewport=WIDE), live_server.url, paths, language)
    assert faults == []
