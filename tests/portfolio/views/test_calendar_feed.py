"""A calendar link gives what its owner may see now, until it is revoked or he leaves."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from people.enums import Role
from portfolio.enums import Confidentiality, FeedScope
from portfolio.models import CalendarFeed
from portfolio.services.calendar_feed import create_feed
from tests.factories.people import user_with
from tests.factories.portfolio import MilestoneFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def titles(key: str) -> list[str]:
    answer = Client().get(reverse("portfolio:milestone_feed", args=[key]))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


@pytest.fixture
def projects():
    """One of his own, one of somebody else, one he may not know of."""
    user = user_with(Role.PM)
    mine = ProjectFactory(code="P-MINE", manager=user.person)
    theirs = ProjectFactory(code="P-THEIRS")
    hidden = ProjectFactory(code="P-HIDDEN", confidentiality=Confidentiality.RESTRICTED)
    for project in (mine, theirs, hidden):
        MilestoneFactory(project=project, name="GO")
    return user, mine, theirs, hidden


def test_each_scope_gives_its_milestones_and_never_a_hidden_one(projects) -> None:
    user, mine, theirs, _hidden = projects
    keys = {scope: create_feed(owner=user, scope=scope).key for scope in (FeedScope.PERSON, FeedScope.PORTFOLIO)}
    assert titles(keys[FeedScope.PERSON]) == ["P-MINE · GO"]
    assert sorted(titles(keys[FeedScope.PORTFOLIO])) == ["P-MINE · GO", "P-THEIRS · GO"]
    assert titles(create_feed(owner=user, scope=FeedScope.PROJECT, project=theirs).key) == ["P-THEIRS · GO"]
    theirs.confidentiality = Confidentiality.RESTRICTED
    theirs.save()
    assert titles(keys[FeedScope.PORTFOLIO]) == ["P-MINE · GO"]


def test_a_link_ends_with_its_revocation_its_owner_or_his_sight(projects) -> None:
    user, mine, theirs, _hidden = projects
    first, second, third = (
        create_feed(owner=user, scope=FeedScope.PROJECT, project=one) for one in (mine, mine, theirs)
    )
    client = Client()
    client.force_login(user)
    client.post(reverse("portfolio:feed_revoke", args=[first.feed.pk]))
    theirs.confidentiality = Confidentiality.RESTRICTED
    theirs.save()
    for key in (first.key, third.key, "unknown"):
        assert Client().get(reverse("portfolio:milestone_feed", args=[key])).status_code == 404
    assert titles(second.key)
    user.is_active = False
    user.save()
    assert Client().get(reverse("portfolio:milestone_feed", args=[second.key])).status_code == 404


def test_the_link_is_shown_once_and_kept_as_a_digest(projects) -> None:
    user, mine, _theirs, hidden = projects
    client = Client()
    client.force_login(user)
    page = client.post(reverse("portfolio:feeds"), {"scope": "project", "project": mine.code})
    key = page.context["link"].rstrip("/").split("/")[-2]
    assert titles(key) == ["P-MINE · GO"]
    feed = CalendarFeed.objects.get()
    assert key not in {str(value) for value in vars(feed).values()}
    assert key not in client.get(reverse("portfolio:feeds")).content.decode()
    assert client.post(reverse("portfolio:feeds"), {"scope": "project", "project": hidden.code}).status_code == 422
    assert client.post(reverse("portfolio:feeds"), {"scope": "project"}).status_code == 422


def test_a_feed_costs_as_many_statements_for_many_projects_as_for_few(projects) -> None:
    key, counts = create_feed(owner=projects[0], scope=FeedScope.PORTFOLIO).key, []
    titles(key)
    for more in (2, 10):
        for _each in range(more):
            MilestoneFactory()
        with CaptureQueriesContext(connection) as seen:
            titles(key)
        counts.append(len(seen))
    assert counts[0] == counts[1]
