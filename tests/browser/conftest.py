"""One Chromium per module, and people signed in to it."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config import clock
from people.enums import Role
from people.models import User
from portfolio.models import Project
from tests.browser.person import WEEK
from tests.factories.people import user_with
from tests.factories.portfolio import (
    MilestoneFactory,
    ProjectFactory,
    ReportingCycleFactory,
    RiskFactory,
    StatusReportFactory,
)

CHROMIUM = os.environ.get("CADRAN_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SignIn = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        options: dict[str, Any] = {"executable_path": CHROMIUM} if os.path.exists(CHROMIUM) else {}
        browser = playwright.chromium.launch(args=FLAGS, **options)
        yield browser
        browser.close()
        connections.close_all()  # those of the browser's event loop: nobody else would
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def sign_in(chromium: Browser, live_server: Any) -> SignIn:
    """A browser context of the account named, already logged in."""

    def signed_in(username: str, **options: Any) -> BrowserContext:
        client = Client()
        client.force_login(User.objects.get(username=username))
        context = chromium.new_context(reduced_motion="reduce", **{"locale": "fr-BE", **options})
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return context

    return signed_in


@pytest.fixture
def screens(sign_in: SignIn, live_server: Any) -> Iterator[Any]:
    """Where somebody works: his own browser, opened once."""
    opened: dict[str, BrowserContext] = {}
    faults: list[str] = []

    def at(user: User, path: str) -> Page:
        if user.username not in opened:
            opened[user.username] = sign_in(user.username)
        context = opened[user.username]
        page = context.pages[0] if context.pages else context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield at
    for context in opened.values():
        context.close()
    assert faults == []


@pytest.fixture
def pm() -> User:
    return user_with(Role.PM)


@pytest.fixture
def queue(pm: User) -> list[Project]:
    """Three projects of one PM, reported last week, with two milestones and two open risks each."""
    previous = ReportingCycleFactory(week=str(WEEK.previous), frozen_at=clock.now() - timedelta(days=2))
    ReportingCycleFactory(week=str(WEEK))
    projects = []
    for rank in (1, 2, 3):
        project = ProjectFactory(manager=pm.person, priority_rank=rank, is_top=True)
        StatusReportFactory(project=project, cycle=previous, author=pm)
        for _row in range(2):
            MilestoneFactory(project=project)
            RiskFactory(project=project)
        projects.append(project)
    return projects
