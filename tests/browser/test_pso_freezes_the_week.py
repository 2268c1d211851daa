"""The PSO goes from the silent list to a frozen pack, by keyboard alone; CODIR then reads it, page and PDF."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from config import clock
from people.models import Job, User
from people.services import jobs
from portfolio.models import ReportingCycle
from reporting.models import Pack, PackRendition
from reporting.services.pack_life import approve, publish
from tests.browser.conftest import SignIn
from tests.browser.keyboard import reach

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_from_the_silent_list_to_the_frozen_pack_by_keyboard(live_server: Any, sign_in: SignIn, tmp_path: Path) -> None:
    call_command("seed_demo", weeks=3, verbosity=0, stdout=io.StringIO())
    cycle = ReportingCycle.objects.filter(frozen_at__isnull=True).latest("opens_at")
    page = sign_in("pso1").new_page()
    page.goto(live_server.url)

    reach(page, ".dateline a[href='/reports/late/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/late/")
    expect(page.locator("h1")).to_have_text("45 statuts reçus sur 50 : 5 projets se taisent")
    silent = page.locator("tbody .code").all_inner_texts()

    reach(page, f".dateline a[href='/reports/packs/{cycle.slug}/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/packs/{cycle.slug}/")
    reach(page, f"main a[href='/reports/packs/{cycle.slug}/freeze/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/packs/{cycle.slug}/freeze/")
    expect(page.locator("main")).to_contain_text("45 statuts sur 50")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/packs/{cycle.slug}/")
    expect(page.locator("#pack-job")).to_be_visible()
    jobs.run_now(Job.objects.get(kind="freeze_pack").pk)

    pdf = page.locator(f"main a[href*='/packs/{cycle.slug}/fr.pdf']").first
    expect(pdf).to_be_visible(timeout=15_000)
    assert Pack.objects.get(cycle=cycle).snapshot is not None
    assert PackRendition.objects.filter(pack__cycle=cycle, language="fr").count() == 1

    director, pack = User.objects.get(username="director"), Pack.objects.get(cycle=cycle)
    approve(pack=pack, by=director, now=clock.now())
    publish(pack=pack, by=director, now=clock.now())
    reader = sign_in("codir1", accept_downloads=True).new_page()
    reader.goto(f"{live_server.url}/reports/packs/{cycle.slug}/online/")
    for code in silent:
        expect(reader.locator("main")).to_contain_text(code)
    with reader.expect_download() as download:
        reader.evaluate("path => { location.href = path }", f"/reports/packs/{cycle.slug}/fr.pdf")
    kept = tmp_path / "pack.pdf"
    download.value.save_as(kept)
    with pikepdf.open(kept) as document:
        assert str(document.Root.Lang) == "fr"
        assert len(document.pages) == PackRendition.objects.get(pack__cycle=cycle).pages
