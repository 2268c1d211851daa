"""The Monday of a project office in one browser: chase, freeze, have it approved and published, see mails, correct."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from people.models import AuditEntry, User
from people.services import jobs
from portfolio.models import Project, Reminder, ReportingCycle
from reporting.management.demo.roster import DEMO_PASSWORD
from reporting.models import Pack
from tests.browser.keyboard import reach
from tests.sink import Sink, running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NOTE = "Au téléphone : le statut part avant midi."
ERROR = "Le lot 2 est livré depuis vendredi : le statut l’ignorait."
SENT = "Accepté par le serveur"
LINK = re.compile(r"/p/[\w-]{43}/")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Packs are printed beside the browser: it may take its time."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running(Sink()) as server:
        yield server


class Office:
    """One screen at which one person after the other logs in; the workers run when they are told to."""

    def __init__(self, browser: Browser, server: str, tmp_path: Path) -> None:
        self.context = browser.new_context(locale="fr-BE", reduced_motion="reduce", accept_downloads=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(90_000)
        self.server, self.folder = server, tmp_path
        self.cycle = ReportingCycle.objects.filter(frozen_at__isnull=True).latest("opens_at")
        self.address = f"/reports/packs/{self.cycle.slug}/"

    def arrive(self, username: str, path: str = "") -> Page:
        """Log in with the password, as somebody who sits down here, after whoever sat here has logged out."""
        page = self.page
        if page.locator("details.menu").count():
            page.click("details.menu summary")
            page.get_by_role("button", name="Se déconnecter").click()
            page.wait_for_url("**/accounts/login/**")
        page.goto(f"{self.server}/accounts/login/")
        page.fill('input[name="login"]', username)
        page.fill('input[name="password"]', DEMO_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("details.menu")
        if path:
            page.goto(self.server + path)
        return page

    def follow_note(self, title: str) -> Page:
        """Open the notification of that title: it leads to the page that it speaks of."""
        self.page.click("a.inbox-link")
        self.page.locator(".note-open", has_text=title).first.press("Enter")
        self.page.wait_for_url(f"**{self.address}")
        return self.page

    def text_of(self, path: str, name: str, pages: int = 40) -> str:
        """Fetch the file in a browser of its own that is logged in to nothing; what a reader sees in it."""
        assert self.context.browser is not None
        stranger = self.context.browser.new_context(accept_downloads=True)
        page = stranger.new_page()
        page.goto(f"{self.server}/accounts/login/")
        with page.expect_download() as download:
            page.evaluate("path => { location.href = path }", path)
        kept = self.folder / name
        download.value.save_as(kept)
        stranger.close()
        command = ["pdftotext", "-l", str(pages), str(kept), "-"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def work() -> None:
    """The workers do whatever waits, and what that leads to."""
    for _turn in range(10):
        waiting = jobs.sweep()
        if not waiting:
            return
        for job in waiting:
            jobs.run_now(job)
    raise AssertionError("the queue does not come to an end")


def language_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    found = re.search(r'<html lang="(\w+)"', part.get_content())
    assert found
    return found.group(1)


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(message: EmailMessage) -> str:
    found = LINK.search(plain(message))
    assert found
    return found.group()


def chase(office: Office, sink: Sink) -> None:
    """Everybody who is silent is reminded in two activations, and what one of them said is noted."""
    page = office.arrive("pso1", "/reports/late/")
    codes = page.locator("tr[id^=late-] .code").all_inner_texts()
    assert len(codes) > 1
    reach(page, "[data-pick-all] input", limit=150)
    page.keyboard.press("Space")
    reach(page, "#late-selection button.btn-primary")
    page.keyboard.press("Enter")
    expect(page.locator(".notice-green")).to_contain_text(f"pour {len(codes)} projets")
    expect(page.locator("td.chased", has_text="par Damien Fosset")).to_have_count(len(codes))
    work()
    sent = Reminder.objects.filter(cycle=office.cycle, kind="manual", project__code__in=codes)
    assert sent.count() == len(codes)
    for owner in User.objects.filter(person__in=sent.values("person")):
        (letter,) = sink.of(owner.email)
        assert language_of(letter) == owner.language

    row = page.locator(f"#late-{codes[0]}")
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    row.locator("input[name=text]").focus()
    page.keyboard.type(NOTE)
    page.keyboard.press("Enter")
    expect(page.locator(f"#late-{codes[0]}")).to_contain_text(NOTE)


def freeze(office: Office) -> None:
    page = office.page
    reach(page, f".dateline a[href='{office.address}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{office.address}")
    expect(page.locator('.lifeline [aria-current="step"]')).to_have_text("Brouillon")
    reach(page, f"main a[href='{office.address}freeze/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/freeze/")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#pack-job")).to_be_visible()
    work()
    expect(page.locator('.lifeline [aria-current="step"]')).to_have_text("Prêt à approuver")


def approve_and_publish(office: Office, edition: int) -> None:
    """Who built it finds no way to approve or publish it; the director does both, and the project office is told."""
    note = f"{'S%02d %d' % (office.cycle.iso_week, office.cycle.iso_year)}{', version 2' if edition == 2 else ''}"  # noqa: UP031
    page = office.page
    expect(page.locator("main")).to_contain_text("Le directeur a été prévenu ; son approbation est attendue.")
    expect(page.get_by_role("button", name="Approuver le pack")).to_have_count(0)
    assert page.request.get(f"{office.server}{office.address}publish/").status == 403
    office.arrive("director")
    office.follow_note(f"Pack CODIR à approuver : {note}")
    page.get_by_role("button", name="Approuver le pack").press("Enter")
    expect(page.locator(".notice-green")).to_contain_text("Pack approuvé")
    expect(page.locator(".lifeline").locator("..")).to_contain_text("Martine Delacourt")
    reach(page, f"main a[href='{office.address}publish/']")
    page.keyboard.press("Enter")
    dialog = page.locator("#publish-dialog")
    expect(dialog).to_contain_text("9 personnes reçoivent un courriel")
    dialog.get_by_role("button", name="Publier et envoyer").press("Enter")
    expect(page.locator(".notice-green")).to_contain_text("Pack publié. Les courriels partent.")
    work()
    office.arrive("pso1")
    office.follow_note(f"Pack CODIR approuvé : {note}")
    expect(page.locator('.lifeline [aria-current="step"]')).to_have_text("Distribué")


def check_mails(office: Office, sink: Sink, edition: int) -> dict[str, EmailMessage]:
    """One mail each for CODIR and the director, in their language; the page says the same."""
    readers = User.objects.filter(username__regex="^(codir[1-8]|director)$")
    found = {}
    for reader in readers:
        letters = [one for one in sink.of(reader.email) if LINK.search(plain(one))]
        assert len(letters) == edition, reader.username
        assert language_of(letters[-1]) == reader.language
        found[reader.username] = letters[-1]
    assert {language_of(one) for one in found.values()} == {"fr", "nl"}
    section = office.page.locator("section", has=office.page.locator("#pack-delivery"))
    expect(section.locator("li", has_text=SENT)).to_have_count(len(readers))
    return found


def read_own_copy(office: Office, letter: EmailMessage) -> None:
    """The link of the mail gives the reader's own copy; the project office sees that he took it."""
    text = office.text_of(link_in(letter), "own.pdf")
    assert text.count("Greet Vandersmissen") >= 8
    page = office.page
    page.reload()
    line = page.locator("section", has=page.locator("#pack-delivery")).locator("li", has_text="Greet Vandersmissen")
    expect(line).to_contain_text("pris le")
    downloads = page.locator("section", has=page.locator("#pack-downloads"))
    expect(downloads.locator("li")).to_have_count(1)
    expect(downloads).to_contain_text("Greet Vandersmissen")
    assert AuditEntry.objects.filter(verb="pack.downloaded").count() == 1


def correct(office: Office, project: Project) -> None:
    """A project manager reports an error in the frozen week; the project office retains it and makes version 2."""
    page = office.arrive("pm1", f"/projects/{project.code}/status/{office.cycle.slug}/")
    reach(page, f"main a[href='{office.address}corrections/new/{project.code}/']")
    page.keyboard.press("Enter")
    page.locator("textarea[name=text]").focus()
    page.keyboard.type(ERROR)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice-green")).to_contain_text("Erratum signalé au PSO")
    office.arrive("pso1")
    office.follow_note(f"Erratum signalé pour {project.code}")
    page.get_by_role("button", name=f"Retenir {project.code}").press("Enter")
    expect(page.locator(".notice-green")).to_contain_text("Correction retenue.")
    page.get_by_role("button", name="Préparer l’erratum").press("Enter")
    expect(page.locator(".notice-green")).to_contain_text("La version 2 s’imprime.")
    work()
    page.goto(office.server + office.address)
    expect(page.locator('.lifeline [aria-current="step"]')).to_have_text("Prêt à approuver")


def test_a_monday(live_server: Any, chromium: Browser, sink: Sink, tmp_path: Path) -> None:
    call_command("seed_demo", weeks=3, projects=24, verbosity=0, stdout=io.StringIO())
    restricted = Project.objects.exclude(manager__user__username="pm1").filter(life_cycle="stage").latest("code")
    Project.objects.filter(pk=restricted.pk).update(confidentiality="restricted")
    office = Office(chromium, live_server.url, tmp_path)
    project = Project.objects.filter(manager__user__username="pm1", life_cycle="stage").earliest("code")

    chase(office, sink)
    freeze(office)
    approve_and_publish(office, edition=1)
    letters = check_mails(office, sink, edition=1)
    read_own_copy(office, letters["codir4"])

    correct(office, project)
    approve_and_publish(office, edition=2)
    letters = check_mails(office, sink, edition=2)
    assert "version 2" in letters["codir1"]["Subject"]
    expect(office.page.locator("#pack-errata").locator("../..")).to_contain_text("dans la version 2")
    cover = office.page.locator(".pk-pages .pk-erratum")
    expect(cover).to_contain_text(ERROR)
    expect(cover).to_contain_text("Sarah Lemineur")
    printed = " ".join(office.text_of(link_in(letters["codir1"]), "second.pdf", pages=1).split())
    assert ERROR in printed
    assert "Sarah Lemineur" in printed
    states = Pack.objects.filter(cycle=office.cycle).order_by("edition").values_list("edition", "state")
    assert list(states) == [(1, "distributed"), (2, "distributed")]
