"""Somebody at a browser with projects to report on, for the tests of the weekly status."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from config import clock
from people.models import User
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.models import Project, ReportingCycle, StatusReport

WEEK = IsoWeek.of(clock.today())


class Person:
    """Somebody signed in, whose activations (pointer and command keys; typing excluded) are counted."""

    def __init__(self, browser: Browser, server: str, user: User, *, scripts: bool = True) -> None:
        self.context = browser.new_context(
            locale="fr-BE", java_script_enabled=scripts, reduced_motion="reduce", bypass_csp=True
        )
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server}])
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.server, self.activations = server, 0

    def open(self, path: str) -> Page:
        self.page.goto(self.server + path)
        return self.page

    def click(self, selector: str) -> None:
        self.activations += 1
        self.page.click(selector)

    def press(self, key: str) -> None:
        self.activations += 1
        self.page.keyboard.press(key)

    def barriers(self) -> list[str]:
        """What axe finds serious or worse on the page as it stands."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']} {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]

    def choose(self, dimension: str, colour: str) -> None:
        self.click(f'label:has(input[name="{dimension}"][value="{colour}"])')


def path_of(project: Project) -> str:
    return reverse("portfolio:status", args=[project.code, str(WEEK)])


def given(project: Project) -> StatusReport:
    cycle = ReportingCycle.objects.get(iso_year=WEEK.year, iso_week=WEEK.week)
    return StatusReport.objects.get(project=project, cycle=cycle)
