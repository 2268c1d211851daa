"""A project manager gives his weekly status in a real browser, within the budgets of the design."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, expect

from people.enums import Role
from people.models import User
from portfolio.models import Project
from tests.browser.person import Person, given, path_of
from tests.factories.people import PASSWORD, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_unchanged_takes_one_key_per_project_and_opens_the_next(
    live_server: Any, chromium: Browser, pm: User, queue: list[Project]
) -> None:
    person = Person(chromium, live_server.url, pm)
    page = person.open(reverse("portfolio:my_work"))
    person.click("a.btn-primary[data-open] >> nth=0")
    page.wait_for_url(f"**{path_of(queue[0])}")
    for following in (path_of(queue[1]), path_of(queue[2]), reverse("portfolio:my_work")):
        person.press("Alt+n")
        page.wait_for_url(f"**{following}*")
    assert person.activations == 4
    assert [given(project).unchanged for project in queue] == [True, True, True]
    expect(page.locator(".notice-green").first).to_be_visible()
    assert person.faults == []


def test_a_changed_status_stays_within_twelve_activations(
    live_server: Any, chromium: Browser, pm: User, queue: list[Project]
) -> None:
    project = queue[0]
    milestone = project.milestones.first()
    assert milestone is not None
    later = milestone.baseline + timedelta(days=18)
    person = Person(chromium, live_server.url, pm)
    page = person.open(path_of(project))
    person.choose("overall", "amber")
    person.choose("time", "amber")
    person.click("#f_cause_time")
    page.keyboard.type("Le fournisseur livre plus tard.")
    person.click("#f_message")
    page.fill("#f_message", "Le premier lot glisse de 18 jours, sans effet sur la mise en service.")
    person.click(f"#f_milestone-{milestone.pk}")
    page.fill(f"#f_milestone-{milestone.pk}", later.isoformat())
    expect(page.locator(f"#delta-{milestone.pk}")).to_contain_text("+18")
    expect(page.locator("[data-modified-count]")).to_have_text("5")
    expect(page.locator("[data-autosave-state]")).to_contain_text("brouillon enregistré", timeout=6000)
    expect(page.locator(".preview")).to_contain_text("Le premier lot glisse de 18 jours")
    for risk in project.risks.all():
        person.click(f'input[name="risk-{risk.pk}"]')
    person.press("Control+Enter")
    page.wait_for_url(f"**{path_of(queue[1])}")
    assert person.activations <= 12
    report = given(project)
    assert (report.overall, report.time, report.cause_time) == ("amber", "amber", "Le fournisseur livre plus tard.")
    assert project.milestones.get(pk=milestone.pk).forecast == later
    assert person.faults == []


def test_by_keyboard_alone(live_server: Any, chromium: Browser, pm: User, queue: list[Project]) -> None:
    person = Person(chromium, live_server.url, pm)
    page = person.open(path_of(queue[0]))
    page.focus('input[name="resources"]:checked')
    page.keyboard.press("Digit2")
    page.keyboard.press("Tab")
    page.keyboard.type("Un analyste manque jusqu’en janvier.")
    page.focus("#f_risks input >> nth=0")
    page.keyboard.press("Space")
    page.keyboard.press("Alt+j")
    page.wait_for_url(f"**{path_of(queue[1])}")
    page.keyboard.press("Alt+k")
    page.wait_for_url(f"**{path_of(queue[0])}")
    expect(page.locator('input[name="resources"][value="amber"]')).to_be_checked()
    page.focus("#f_message")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{path_of(queue[1])}")
    assert given(queue[0]).cause_resources == "Un analyste manque jusqu’en janvier."


def test_two_people_on_one_status_lose_nothing(
    live_server: Any, chromium: Browser, pm: User, queue: list[Project]
) -> None:
    project, deputy = queue[0], user_with(Role.PM)
    Project.objects.filter(pk=project.pk).update(deputy=deputy.person)
    one, two = Person(chromium, live_server.url, pm), Person(chromium, live_server.url, deputy)
    for person in (one, two):
        person.open(path_of(project))
    one.page.fill("#f_message", "La phrase de la première personne.")
    one.click('button[value="publish"]')
    one.page.wait_for_url(f"**{path_of(queue[1])}")
    two.page.fill("#f_message", "La phrase de la seconde.")
    two.choose("ask_kind", "information")
    two.page.fill("#f_ask_text", "Démonstration ouverte au CODIR.")
    two.click('button[value="publish"]')
    conflict = two.page.locator(".conflict")
    for text in ("La phrase de la première personne.", "La phrase de la seconde.", "Lot 2 recetté", pm.full_name):
        expect(conflict).to_contain_text(text)
    expect(two.page.locator("#f_ask_text")).to_have_value("Démonstration ouverte au CODIR.")
    assert two.barriers() == []
    two.click('label:has(input[name="choose-message"][value="both"])')
    two.click('button[value="publish"]')
    two.page.wait_for_url(f"**{reverse('portfolio:my_work')}*")
    report = given(project)
    assert report.message == "La phrase de la première personne. La phrase de la seconde."
    assert report.ask_text == "Démonstration ouverte au CODIR."


@pytest.mark.parametrize("noticed_by", ["publishing", "live part"])
def test_a_session_that_ends_while_typing_gives_the_text_back(
    live_server: Any, chromium: Browser, pm: User, queue: list[Project], noticed_by: str
) -> None:
    person = Person(chromium, live_server.url, pm)
    page = person.open(path_of(queue[0]))
    Session.objects.all().delete()
    page.fill("#f_message", "Vingt minutes de frappe que personne ne doit perdre.")
    if noticed_by == "publishing":
        page.click('button[value="publish"]')
    page.fill('input[name="login"]', pm.username)
    page.fill('input[name="password"]', PASSWORD)
    page.click('main button[type="submit"]')
    page.wait_for_url(f"**{path_of(queue[0])}")
    expect(page.locator("#f_message")).to_have_value("Vingt minutes de frappe que personne ne doit perdre.")
    expect(page.locator("[data-restored]")).to_be_visible()


def test_everything_works_without_script(live_server: Any, chromium: Browser, pm: User, queue: list[Project]) -> None:
    person = Person(chromium, live_server.url, pm, scripts=False)
    page = person.open(path_of(queue[0]))
    page.fill("#f_message", "Sans script.")
    page.click('noscript button[value="draft"], button.btn[value="draft"]')
    expect(page.locator("#f_message")).to_have_value("Sans script.")
    person.choose("risk", "red")
    page.click('button[value="publish"]')
    expect(page.locator(".error-summary")).to_be_visible()
    page.fill("#f_cause_risk", "Le marché est contesté.")
    page.fill("#f_reason_risk", "Le recours n’est pas encore au registre.")
    page.click('button[value="publish"]')
    page.wait_for_url(f"**{path_of(queue[1])}")
    assert given(queue[0]).message == "Sans script."


def test_a_refusal_is_focused_links_to_its_field_and_meets_no_barrier(
    live_server: Any, chromium: Browser, pm: User, queue: list[Project]
) -> None:
    person = Person(chromium, live_server.url, pm)
    page = person.open(path_of(queue[0]))
    assert person.barriers() == []
    person.choose("scope", "red")
    page.keyboard.press("Control+Enter")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert person.barriers() == []
    summary.locator("a").first.press("Enter")
    expect(page.locator("#f_cause_scope")).to_be_focused()
    page.keyboard.type("Le lot 4 est retiré.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{path_of(queue[1])}")
    assert given(queue[0]).cause_scope == "Le lot 4 est retiré."
