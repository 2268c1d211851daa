"""A link between projects: told to the other side, never a circle, never a way to learn of what one may not know."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from people.enums import Role
from people.models import AuditEntry, Notification
from portfolio.enums import Confidentiality
from portfolio.models import CrossLink
from portfolio.selectors.cross_link import cross_page, link_page
from portfolio.services.cross_link import End, add_cross_link, remove_cross_link
from tests.factories.people import user_with
from tests.factories.portfolio import MilestoneFactory, ProjectFactory
from tests.portfolio.engines.test_mspdi_reader import link
from tests.portfolio.services.test_plan_import import plan_of, row, take

pytestmark = pytest.mark.django_db


def planned(code: str, *lengths: int, **more):
    """A chain of activities of so many days from 23 November 2026 on, and its manager."""
    user = user_with(Role.PM)
    project = ProjectFactory(code=code, manager=user.person, **more)
    rows = [row(uid, days, *([link(uid - 1)] if uid > 1 else [])) for uid, days in enumerate(lengths, 1)]
    take(project, plan_of(*rows))
    return project, user


def tie(giver, given: str, waiter, waiting: str, by, *, mine=None, lag: int = 0) -> CrossLink:
    return add_cross_link(
        giver=End(giver, given),
        waiter=End(waiter, waiting),
        kind="FS",
        lag_days=lag,
        on_behalf_of=mine or waiter,
        by=by,
        now=clock.now(),
    )


def test_a_slip_in_one_project_says_who_else_is_hit_and_by_how_many_days() -> None:
    giver, _theirs = planned("PRJ-1", 5, 2)
    waiter, user = planned("PRJ-2", 3, 2)
    last, _other = planned("PRJ-3", 1, 1)
    tie(giver, "a1", waiter, "a2", user, lag=1)
    tie(waiter, "a2", last, "a2", user, mine=waiter)
    page = link_page(user, giver)
    assert {hit.project.code: (round(hit.end_days), hit.rows[0]) for hit in page.hits} == {
        "PRJ-2": (3, ("2 Tâche 2", 3.0)),
        "PRJ-3": (7, ("2 Tâche 2", 7.0)),
    }
    assert [one.clash for one in page.links] == [3]
    assert page.links[0].waiter.day == waiter.plan.activities.get(uid=2).start.date() == date(2026, 11, 26)
    assert page.links[0].giver.day == date(2026, 11, 27)


def test_the_other_manager_is_told_once_and_both_acts_are_recorded() -> None:
    giver, theirs = planned("PRJ-1", 5)
    waiter, user = planned("PRJ-2", 3)
    made = tie(giver, "a1", waiter, "a1", user)
    remove_cross_link(link=made, on_behalf_of=waiter, by=user)
    remove_cross_link(link=made, on_behalf_of=waiter, by=user)
    notes = Notification.objects.order_by("pk")
    assert [(note.user, note.kind, note.path) for note in notes] == [
        (theirs, "cross_link_added", "/projects/PRJ-1/plan/links/"),
        (theirs, "cross_link_removed", "/projects/PRJ-1/plan/links/"),
    ]
    assert AuditEntry.objects.filter(verb__startswith="cross_link.").count() == 2


def test_a_circle_through_two_projects_is_refused_with_its_path() -> None:
    one, user = planned("PRJ-1", 5, 2)
    two, _other = planned("PRJ-2", 3, 2)
    tie(one, "a2", two, "a1", user, mine=one)
    with pytest.raises(ValidationError, match="PRJ-1 1 Tâche 1 → PRJ-1 2 Tâche 2 → PRJ-2 1 Tâche 1"):
        tie(two, "a2", one, "a1", user)
    assert CrossLink.objects.count() == 1


def test_a_circle_that_a_plan_closes_later_is_told_instead_of_reckoned() -> None:
    one, user = planned("PRJ-1", 5)
    take(one, plan_of(row(1, 5), row(2, 1)))
    two, _other = planned("PRJ-2", 3, 2)
    tie(one, "a2", two, "a1", user, mine=one)
    tie(two, "a2", one, "a1", user)
    take(one, plan_of(row(1, 5), row(2, 1, link(1))))
    page = link_page(user, one)
    assert "PRJ-2 1 Tâche 1" in page.circle
    assert [shown.room for shown in page.links] == [None, None]


def test_a_milestone_of_a_project_without_a_plan_may_wait_and_give() -> None:
    giver, user = planned("PRJ-1", 5)
    bare = ProjectFactory(code="PRJ-2")
    gate = MilestoneFactory(project=bare, name="Bascule", forecast=date(2026, 11, 25))
    tie(giver, "a1", bare, f"m{gate.pk}", user, mine=giver)
    page = link_page(user, bare)
    assert [(hit.project.code, round(hit.end_days)) for hit in page.hits] == [("PRJ-2", 2)]
    with pytest.raises(ValidationError):
        tie(bare, "m987654", giver, "a1", user)


def test_an_activity_that_goes_leaves_the_link_with_an_end_missing() -> None:
    giver, user = planned("PRJ-1", 5, 2)
    waiter, _other = planned("PRJ-2", 3)
    tie(giver, "a2", waiter, "a1", user, mine=giver)
    take(giver, plan_of(row(1, 5)))
    (shown,) = link_page(user, giver).links
    assert (shown.giver.is_missing, shown.room) == (True, None)


def test_a_restricted_project_is_neither_tied_to_nor_shown_to_who_may_not_know_of_it() -> None:
    secret, insider = planned("PRJ-1", 5, confidentiality=Confidentiality.RESTRICTED)
    open_one, outsider = planned("PRJ-2", 3)
    with pytest.raises(ValidationError, match="ne peut pas connaître"):
        tie(secret, "a1", open_one, "a1", insider, mine=secret)
    CrossLink.objects.create(
        predecessor_project=secret,
        predecessor_uid=1,
        successor_project=open_one,
        successor_uid=1,
        created_by=insider,
        created_at=clock.now(),
    )
    assert link_page(outsider, open_one).links == ()
    client = Client()
    client.force_login(outsider)
    for path in ("plan", "plan_links", "roadmap"):
        args = [] if path == "roadmap" else ["PRJ-2"]
        assert "PRJ-1" not in client.get(reverse(f"portfolio:{path}", args=args)).content.decode()
    url = reverse("portfolio:plan_links", args=["PRJ-2"])
    assert client.get(url, {"other": "PRJ-1"}).status_code == 404


def test_a_manager_ties_his_plan_to_another_on_the_page_and_unties_it() -> None:
    planned("PRJ-1", 5)
    _waiter, user = planned("PRJ-2", 3)
    client = Client()
    client.force_login(user)
    url = reverse("portfolio:plan_links", args=["PRJ-2"])
    assert "Choisir" in client.get(url).content.decode()
    data = {"mine": "a1", "direction": "waits", "theirs": "a1", "kind": "FS", "lag_days": "0"}
    assert client.post(f"{url}?other=PRJ-1", {**data, "theirs": "a9"}).status_code == 422
    assert client.post(f"{url}?other=PRJ-1", data).status_code == 303
    assert client.post(f"{url}?other=PRJ-1", data).status_code == 422
    text = client.get(url).content.decode()
    assert "1 projet touché ; le plus : PRJ-2, fin +5 jours ouvrés" in text
    assert "1 projet touché" in client.get(reverse("portfolio:plan", args=["PRJ-2"])).content.decode()
    made = CrossLink.objects.get()
    assert client.post(reverse("portfolio:plan_link_remove", args=["PRJ-1", made.pk])).status_code == 403
    assert client.post(reverse("portfolio:plan_link_remove", args=["PRJ-2", made.pk])).status_code == 303
    assert not CrossLink.objects.exists()


def test_many_links_cost_as_many_statements_as_one() -> None:
    projects = [planned(f"PRJ-{number}", 2)[0] for number in range(4)]
    user = user_with(Role.PSO)
    counts = []
    for more in ((0, 1), (1, 2), (2, 3)):
        tie(projects[more[0]], "a1", projects[more[1]], "a1", user)
        with CaptureQueriesContext(connection) as seen:
            cross_page(list(CrossLink.objects.select_related("predecessor_project", "successor_project")))
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]
