"""The planning on the plan page: what is late and critical, in figures, marks and a chart, at any size."""

import time
from datetime import date

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.enums import Role
from portfolio.charts.gantt import gantt
from portfolio.models import Activity
from portfolio.selectors.plan_page import plan_page
from portfolio.views.plan_schedule import bar_of
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.portfolio.engines.test_mspdi_reader import link, task
from tests.portfolio.services.test_plan_import import plan_of, row, take

pytestmark = pytest.mark.django_db
BASELINE = (
    "<Baseline><Number>0</Number><Start>2026-11-23T08:00:00</Start><Finish>2026-11-24T17:00:00</Finish></Baseline>"
)


def page_of(project, query: str = "") -> str:
    client = Client()
    client.force_login(user_with(Role.PSO))
    answer = client.get(reverse("portfolio:plan", args=[project.code]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_when_the_plan_ends_what_is_late_and_what_is_critical() -> None:
    project = ProjectFactory()
    take(project, plan_of(row(1, 4, BASELINE), row(2, 2, link(1, lag="14400")), row(3, 1), task(4, link(2))))
    text = page_of(project)
    assert "2 activités critiques" in text or "3 activités critiques" in text
    assert "1FS+3j" in text
    assert "+2\u00a0j" in text
    assert "1 en retard" in text
    assert 'class="chart gantt"' in text
    assert "style=" not in text.partition('id="planning"')[2].partition("</section>")[0]


def test_arrows_are_those_of_the_focused_activity() -> None:
    project = ProjectFactory()
    take(project, plan_of(row(1, 1), row(2, 1, link(1)), row(3, 1, link(2))))
    plain, focused = page_of(project), page_of(project, "?focus=1")
    assert plain.count("c-accent-stroke") + 1 == focused.count("c-accent-stroke")
    assert "en évidence" in focused


def test_an_outline_level_leaves_out_what_lies_deeper() -> None:
    project = ProjectFactory()
    take(project, plan_of(row(1, 1), row(2, 1, level=2), row(3, 1, level=3)))
    assert len(plan_page(project, date(2026, 11, 21)).lines) == 3
    assert [line.uid for line in plan_page(project, date(2026, 11, 21), level=2).lines] == [1, 2]
    assert page_of(project, "?level=9x&scale=none&paper=a0&focus=nobody")


def test_a_summary_is_over_when_all_below_it_is() -> None:
    project = ProjectFactory()
    take(project, plan_of(row(1, 1), row(2, 1, level=2), row(3, 1, level=2)))
    rows = Activity.objects.all()
    rows.update(baseline_finish=F("finish"))
    rows.filter(uid=2).update(percent_complete=100)
    later = date(2026, 12, 31)
    assert plan_page(project, later).lines[0].slip == (later - date(2026, 11, 23)).days
    rows.filter(uid=3).update(percent_complete=100)
    assert [(line.state, line.slip) for line in plan_page(project, later).lines] == [("closed", 0)] * 3


def test_a_project_without_a_plan_says_how_to_get_one() -> None:
    assert "Aucun plan d’activités" in page_of(ProjectFactory())


def test_names_are_text_in_the_chart() -> None:
    project = ProjectFactory()
    take(project, plan_of(row(1, 1)))
    Activity.objects.update(name="<script>alert(1)</script>")
    assert "<script>alert" not in page_of(project)


def test_five_hundred_activities_cost_as_many_statements_as_five_and_are_drawn_in_a_fifth_of_a_second() -> None:
    small, large = ProjectFactory(), ProjectFactory()
    take(small, plan_of(*(row(uid, 1) for uid in range(1, 6))))
    take(large, plan_of(*(row(uid, 3, *([link(uid - 1)] if uid % 7 else [])) for uid in range(1, 501))))
    today, counts = date(2026, 11, 21), []
    for project in (small, large):
        with CaptureQueriesContext(connection) as seen:
            page = plan_page(project, today)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4
    bars = [bar_of(page, line) for line in page.lines]
    started = time.process_time()
    drawn = gantt(bars, (), today=today, title="Plan", chart_id="g")
    assert time.process_time() - started < 0.2
    assert len(drawn) == 13
