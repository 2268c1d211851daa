"""What is typed into a status outlives the tab, the session and the network, and is never given twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from config import clock
from people.enums import Role
from people.models import AuditEntry, User
from portfolio.models import Project, StatusDraft, StatusReport
from portfolio.services.standing import refresh_standing
from reporting.models import Pack
from tests.browser.person import WEEK, Person, given, path_of
from tests.factories.people import PASSWORD, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = "Vingt minutes de frappe que personne ne doit perdre."


@pytest.fixture
def person(live_server: Any, chromium: Browser, pm: User, queue: list[Project]) -> Iterator[Person]:
    person = Person(chromium, live_server.url, pm)
    yield person
    person.context.close()


def _submissions() -> int:
    return AuditEntry.objects.filter(verb__startswith="status_report.").count()


def _publish(page: Page) -> None:
    page.click('button[value="publish"]')


@pytest.mark.parametrize("wait", ["until it is saved", "not at all"])
def test_a_closed_tab_loses_nothing(person: Person, queue: list[Project], wait: str) -> None:
    page = person.open(path_of(queue[0]))
    page.fill("#f_message", TYPED)
    if wait == "until it is saved":
        expect(page.locator("[data-autosave-state]")).to_contain_text("brouillon enregistré", timeout=6000)
        page.close()
    else:
        page.close(run_before_unload=True)
        person.context.request.get(person.server + "/healthz")
    again = person.context.new_page()
    expect_draft(again, person.server + path_of(queue[0]))
    assert StatusDraft.objects.count() == 1


def expect_draft(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#f_message")).to_have_value(TYPED)
    expect(page.locator("[data-autosave-state]")).to_contain_text("brouillon enregistré")


def test_after_the_log_in_that_came_in_between_it_is_published_once(
    person: Person, pm: User, queue: list[Project]
) -> None:
    page = person.open(path_of(queue[0]))
    Session.objects.all().delete()
    page.fill("#f_message", TYPED)
    _publish(page)
    page.fill('input[name="login"]', pm.username)
    page.fill('input[name="password"]', PASSWORD)
    page.click('main button[type="submit"]')
    page.wait_for_url(f"**{path_of(queue[0])}")
    expect(page.locator("#f_message")).to_have_value(TYPED)
    _publish(page)
    page.wait_for_url(f"**{path_of(queue[1])}")
    assert given(queue[0]).message == TYPED
    page.goto(person.server + path_of(queue[0]))
    expect(page.locator("#f_message")).to_have_value(TYPED)
    expect(page.locator("[data-restored]")).to_be_hidden()


@pytest.mark.usefixtures("queue")
def test_the_message_of_the_director_outlives_his_session(live_server: Any, chromium: Browser) -> None:
    director = user_with(Role.DIRECTOR)
    refresh_standing(None, now=clock.now())
    person = Person(chromium, live_server.url, director)
    page = person.open(reverse("reporting:pack", args=[str(WEEK)]))
    Session.objects.all().delete()
    page.fill("[name=director_message]", TYPED)
    page.focus("[name=director_message]")
    page.keyboard.press("Control+Enter")
    page.fill('input[name="login"]', director.username)
    page.fill('input[name="password"]', PASSWORD)
    page.click('main button[type="submit"]')
    page.wait_for_url(f"**/reports/packs/{WEEK}/")
    expect(page.locator("[name=director_message]")).to_have_value(TYPED)
    page.focus("[name=director_message]")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice-green")).to_contain_text("Choix enregistrés.")
    assert Pack.objects.get().director_message == TYPED
    person.context.close()


def test_a_lost_network_makes_it_wait_and_says_so(person: Person, queue: list[Project]) -> None:
    page = person.open(path_of(queue[0]))
    page.fill("#f_message", TYPED)
    person.context.set_offline(True)
    _publish(page)
    waiting = page.locator("[data-waiting]")
    expect(waiting).to_contain_text("Votre envoi attend dans cette page")
    _publish(page)
    expect(page.locator("#f_message")).to_have_value(TYPED)
    assert page.url.endswith(path_of(queue[0]))
    assert not StatusReport.objects.filter(message=TYPED).exists()
    before = _submissions()
    person.context.set_offline(False)
    page.wait_for_url(f"**{path_of(queue[1])}")
    expect(page.locator("#status .toast")).to_contain_text("Envoyé au retour du réseau, après une attente depuis")
    assert given(queue[0]).message == TYPED
    assert _submissions() == before + 1
    page.reload()
    expect(page.locator("#status .toast")).to_have_count(0)


def test_a_double_click_gives_one_status(person: Person, queue: list[Project]) -> None:
    page = person.open(path_of(queue[0]))
    page.fill("#f_message", TYPED)
    before = _submissions()
    page.dblclick('button[value="publish"]')
    page.wait_for_url(f"**{path_of(queue[1])}")
    page.wait_for_load_state("networkidle")
    assert given(queue[0]).message == TYPED
    assert _submissions() == before + 1
    assert not StatusReport.objects.filter(project__in=queue[1:], message=TYPED).exists()


def test_back_and_send_again_gives_one_status(person: Person, queue: list[Project]) -> None:
    page = person.open(path_of(queue[0]))
    page.fill("#f_message", TYPED)
    _publish(page)
    page.wait_for_url(f"**{path_of(queue[1])}")
    before = _submissions()
    page.go_back()
    page.wait_for_url(f"**{path_of(queue[0])}")
    expect(page.locator("#f_message")).to_have_value(TYPED)
    _publish(page)
    page.wait_for_url(f"**{path_of(queue[1])}")
    expect(page.locator(".conflict, .error-summary")).to_have_count(0)
    assert StatusReport.objects.filter(project=queue[0], message=TYPED).count() == 1
    assert _submissions() <= before + 1


def test_two_edits_of_one_field_are_shown_side_by_side(
    live_server: Any, chromium: Browser, pm: User, queue: list[Project]
) -> None:
    address = reverse("portfolio:risk_edit", args=[queue[0].code, queue[0].risks.earliest("number").number])
    deputy = user_with(Role.PM)
    Project.objects.filter(pk=queue[0].pk).update(deputy=deputy.person)
    one, two = (Person(chromium, live_server.url, user) for user in (deputy, pm))
    theirs, mine = one.open(address), two.open(address)
    before = mine.locator("[name=title]").input_value()
    for page, text in ((theirs, "Ce que l’autre personne a écrit."), (mine, "Ce que j’ai écrit moi-même.")):
        page.fill("[name=title]", text)
        page.focus("[name=title]")
        page.keyboard.press("Control+Enter")
        page.wait_for_event("load")
    for text in ("Ce que l’autre personne a écrit.", "Ce que j’ai écrit moi-même.", before):
        expect(mine.locator("main")).to_contain_text(text)
    assert two.barriers() == []
