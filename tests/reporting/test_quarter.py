"""Thirteen weeks run by the clock alone: every pack once, to the right people, on time or marked late.

The quarter holds the clock change of October 2026, three bank holidays on working days (11 November, Christmas, New
Year), week 53, and a long week-end with every process off. A second run holds the clock change of March 2027 and
Easter Monday.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pghistory.models
import pgtrigger
import pytest
import time_machine
from django.apps import apps
from django.db import connection

from config import clock
from config.clock import BRUSSELS
from people.enums import MailState, Role
from people.models import Job, Mail, User
from people.services import jobs, schedule
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.models import Project, Reminder, ReportingCycle
from portfolio.selectors.reporting_cycle import awaiting_cycle
from portfolio.services.standing import refresh_standing
from reporting.enums import PackState
from reporting.models import Pack, PackRecipient, Snapshot
from reporting.services import pdf, proof
from reporting.services.pack import edition_of
from reporting.services.pack_life import approve
from reporting.services.trial import Trial
from tests.factories.people import user_with
from tests.factories.portfolio import MilestoneFactory, ProgrammeFactory, ProjectFactory, StatusReportFactory
from tests.sink import Sink, running

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = time(3, 30)
BY_DAY = (time(10, 1), time(12, 1), time(16, 1), time(17, 1))


def _render(
    html: str, *, identifier: str, static_root: Path, variant: str = pdf.VARIANT, heartbeat: object = None
) -> pdf.RenderedPdf:
    data, pages = pdf.write_pdf(pdf.printable(html), identifier=identifier, static_root=static_root, variant=variant)
    return pdf.RenderedPdf(data, pages, 0)


def _try(documents: Sequence[str], *, static_root: Path) -> list[Trial]:
    for html in documents:
        pdf.write_pdf(pdf.printable(html), identifier=pdf.TRY, static_root=static_root)
    return [Trial("") for _html in documents]


@pytest.fixture(autouse=True)
def printer_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is printed and proved, but in this process: the start of forty children was half of the quarter.

    What a child is for, and that it is used, is tried in `services/test_pdf.py` and `services/test_proof.py`.
    """
    monkeypatch.setattr(pdf, "render", _render)
    monkeypatch.setattr(proof, "try_documents", _try)


class Histories:
    """Gives the events of history the instant of the simulation: the database's own clock cannot be moved."""

    def __init__(self) -> None:
        self.models = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
        self.last = [0] * len(self.models)
        self.newest = " UNION ALL ".join(
            f"(SELECT coalesce(max(pgh_id), 0) FROM {model._meta.db_table})" for model in self.models
        )

    def follow(self, now: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.newest)
            newest = [number for (number,) in cursor.fetchall()]
        for model, before, after in zip(self.models, self.last, newest, strict=True):
            if after > before:
                with pgtrigger.ignore(f"{model._meta.label}:append_only"):
                    model.objects.filter(pgh_id__gt=before).update(pgh_created_at=now)
        self.last = newest


@dataclass
class Office:
    """The people and projects of the simulation, and what the clock makes them do."""

    sink: Sink
    director: User
    codir: tuple[User, ...]
    projects: list[Project]
    histories: Histories = field(default_factory=Histories)
    silent: dict[str, str] = field(default_factory=dict)

    def turn(self, now: datetime) -> None:
        """The processes work, then the people."""
        for _round in range(4):
            queued = schedule.run_due(now)
            while (run := jobs.claim()) is not None:
                jobs.execute(run)
            if not queued:
                break
        local = now.astimezone(BRUSSELS)
        if local.isoweekday() == 4 and local.hour == 10:
            self.report(now)
        if local.isoweekday() <= 5 and 9 <= local.hour < 17:
            for pack in Pack.objects.filter(state=PackState.RENDERED).order_by("pk"):
                approve(pack=pack, by=User.objects.get(pk=self.director.pk), now=now)
        self.histories.follow(now)

    def report(self, now: datetime) -> None:
        """All but one give their status; who keeps silent changes from week to week."""
        cycle = awaiting_cycle(now)
        assert cycle is not None
        if cycle.slug in self.silent:
            return
        silent = self.projects[cycle.iso_week % len(self.projects)]
        self.silent[cycle.slug] = silent.code
        for project in self.projects:
            if project != silent:
                StatusReportFactory(project=project, cycle=cycle, submitted_at=now, overall="amber")
        refresh_standing(None, now=now)


def open_office(sink: Sink) -> Office:
    director, head = user_with(Role.DIRECTOR), user_with(Role.HEAD_OF_CENTRE)
    codir = (user_with(Role.CODIR), user_with(Role.CODIR))
    managers = [user_with(Role.PM) for _one in range(3)]
    programme = ProgrammeFactory(manager=user_with(Role.PROGRAMME_MANAGER).person)
    user_with(Role.PSO)
    assert head.email
    projects = [
        ProjectFactory(
            manager=managers[number % 3].person, programme=programme, priority_rank=number + 1, is_top=number < 3
        )
        for number in range(6)
    ]
    for project in projects:
        MilestoneFactory(project=project)
    refresh_standing(None, now=clock.now())
    return Office(sink, director, codir, projects)


def instants(start: datetime, end: datetime, off: tuple[datetime, datetime] | None) -> Iterator[datetime]:
    """When the processes look: every night, and on working days a minute after the times that the rhythm names."""
    first = start.astimezone(BRUSSELS).date()
    for day in (first + timedelta(days=number) for number in range((end - start).days + 1)):
        for at in (NIGHT, *(BY_DAY if day.isoweekday() <= 5 else ())):
            now = datetime.combine(day, at, BRUSSELS).astimezone(UTC)
            if start < now < end and (off is None or not off[0] <= now < off[1]):
                yield now


def live(start: date, weeks: int, off: tuple[datetime, datetime] | None = None) -> Office:
    """From the afternoon of the Monday `start`, the week before being past, until two days after the last week."""
    begin = datetime(start.year, start.month, start.day, 15, tzinfo=BRUSSELS).astimezone(UTC)
    with running(Sink()) as sink:
        with time_machine.travel(begin - timedelta(hours=2), tick=False):
            office = open_office(sink)
            office.histories.follow(clock.now())
        for now in instants(begin, begin + timedelta(weeks=weeks, days=2), off):
            with time_machine.travel(now, tick=False):
                office.turn(now)
    return office


def check(office: Office, weeks: list[IsoWeek], *, late: str = "") -> None:
    """What a quarter must have left behind."""
    packs = {str(pack.cycle): pack for pack in Pack.objects.select_related("cycle", "snapshot")}
    done = {week: pack for week, pack in packs.items() if pack.state == PackState.DISTRIBUTED}
    assert sorted(done) == [str(week) for week in weeks]
    recipients = {office.director.pk, *(user.pk for user in office.codir)}
    for week, pack in done.items():
        facts = edition_of(pack.snapshot)
        assert (facts.received, facts.expected) == (5, 6), week
        assert [row.code for row in facts.silent] == [office.silent[week]]
        assert set(PackRecipient.objects.filter(pack=pack).values_list("user_id", flat=True)) == recipients
        assert (facts.frozen_late_at is not None) == (week == late), week
        assert facts.as_of <= pack.cycle.freeze_at + timedelta(hours=3)
        if week == late:
            assert facts.as_of == pack.cycle.freeze_at
        assert pack.published_at >= pack.cycle.publish_at
    assert Snapshot.objects.count() == len(weeks)
    sent = [message for _to, message in office.sink.texts]
    assert Counter(str(message["Message-ID"]) for message in sent).most_common(1)[0][1] == 1
    packs_sent = Mail.objects.filter(key__startswith="pack:")
    assert packs_sent.count() == len(weeks) * len(recipients)
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    assert not Job.objects.filter(state__in=["parked", "failed"]).exists()
    reminded = Counter(Reminder.objects.values_list("cycle__iso_week", "kind", "project__code"))
    assert max(reminded.values()) == 1
    for week in weeks:
        told = {code for number, _kind, code in reminded if number == week.week}
        assert office.silent[str(week)] in told


def test_quarter_with_week_53_holidays_and_a_long_weekend_off() -> None:
    weeks = [*(IsoWeek(2026, number) for number in range(43, 54)), IsoWeek(2027, 1), IsoWeek(2027, 2)]
    off = (datetime(2026, 11, 27, 14, tzinfo=BRUSSELS), datetime(2026, 12, 1, 9, tzinfo=BRUSSELS))
    office = live(date(2026, 10, 19), len(weeks), off)
    check(office, weeks, late="2026-W48")
    due = {cycle.slug: cycle.due_at.astimezone(BRUSSELS) for cycle in ReportingCycle.objects.all()}
    assert due["2026-W43"] == datetime(2026, 10, 23, 16, tzinfo=BRUSSELS)
    assert due["2026-W52"] == datetime(2026, 12, 24, 16, tzinfo=BRUSSELS)
    assert due["2026-W53"] == datetime(2026, 12, 31, 16, tzinfo=BRUSSELS)


def test_weeks_around_the_clock_change_of_march_and_easter() -> None:
    weeks = [IsoWeek(2027, 11), IsoWeek(2027, 12), IsoWeek(2027, 13)]
    office = live(date(2027, 3, 15), len(weeks))
    check(office, weeks)
    easter_monday = ReportingCycle.objects.get(iso_year=2027, iso_week=12)
    assert easter_monday.freeze_at == datetime(2027, 3, 30, 12, tzinfo=BRUSSELS)
