"""A fictional portfolio with its history, the same one for the same seed."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from config import clock
from people.models import AuditEntry, User
from people.services import audit
from portfolio.models import Project
from portfolio.services.standing import refresh_standing
from reporting.management.demo.accounts import load_people
from reporting.management.demo.analysis import analyse_plans
from reporting.management.demo.arbitrations import play_arbitrations
from reporting.management.demo.backlogs import load_backlogs
from reporting.management.demo.baselines import (
    approve_baselines,
    approve_on_paper,
    open_at_first_approval,
    propose_next,
)
from reporting.management.demo.canaries import plant_canaries
from reporting.management.demo.changes import load_changes
from reporting.management.demo.chasing import chase_past_weeks
from reporting.management.demo.committee_rules import load_committee_rules
from reporting.management.demo.committees import load_bodies
from reporting.management.demo.drafts import begin_drafts
from reporting.management.demo.exceptions import play_exceptions
from reporting.management.demo.gates import review_gates
from reporting.management.demo.inbox import fill_inboxes
from reporting.management.demo.portfolio import load_portfolio
from reporting.management.demo.products import load_products
from reporting.management.demo.publication import publish_past_weeks
from reporting.management.demo.replay import Replay
from reporting.management.demo.roster import DEMO_PASSWORD
from reporting.management.demo.schedules import chosen_projects, load_schedules
from reporting.management.demo.sessions import convene_sessions, hold_past

SEEDED = "demo.seeded"
_FROZEN_WEEKS = 25
_LARGE = 200


class Command(BaseCommand):
    help = "Load a fictional portfolio: people, projects, statuses of past weeks, bodies and requests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=47, metavar="N")
        parser.add_argument("--projects", type=_count, default=50, metavar="N")
        parser.add_argument("--weeks", type=_count, default=26, metavar="N")
        parser.add_argument("--as-of", type=_day, default=None, metavar="DATE", help="YYYY-MM-DD, default today")
        parser.add_argument("--canaries", type=Path, default=None, metavar="FILE")

    def handle(
        self,
        *_args: Any,
        seed: int,
        projects: int,
        weeks: int,
        as_of: date | None,
        canaries: Path | None,
        **_options: Any,
    ) -> None:
        if AuditEntry.objects.filter(verb=SEEDED).exists():
            self.stdout.write(_("Le portefeuille de démonstration est déjà là ; rien n’a changé."))
            self._say_how_to_log_in()
            return
        if Project.objects.exists() or User.objects.exists():
            raise CommandError(
                _("Cette base contient déjà un portefeuille ou des comptes : la démonstration va dans une base vide.")
            )
        now = _instant(as_of)
        replay = _load(seed=seed, projects=projects, weeks=weeks, now=now)
        planted = plant_canaries() if canaries else []
        refresh_standing(None, now=now)
        audit.record(
            by=None,
            verb=SEEDED,
            data={"seed": seed, "projects": projects, "weeks": weeks, "as_of": replay.today.isoformat()},
        )
        if canaries:
            canaries.write_text(json.dumps(planted, ensure_ascii=False, indent=1), encoding="utf-8")
        self.stdout.write(
            _("Portefeuille de démonstration : %(projects)d projets, %(weeks)d semaines jusqu’à %(week)s.")
            % {"projects": len(replay.plans), "weeks": weeks, "week": replay.current}
        )
        self._say_how_to_log_in()

    def _say_how_to_log_in(self) -> None:
        self.stdout.write(
            _("Comptes : %(names)s. Mot de passe commun : %(password)s")
            % {
                "names": "pm1..pm18, pgm1..pgm6, pso1..pso4, director, head, codir1..codir8, ic1..ic7, secretary, "
                "finance, dpo, ciso, auditor, admin",
                "password": DEMO_PASSWORD,
            }
        )


def _load(*, seed: int, projects: int, weeks: int, now: datetime) -> Replay:
    """Everything, in the order it happened."""
    rng = Random(seed)  # noqa: S311 -- invented data
    today = now.astimezone(clock.BRUSSELS).date()
    since = date(today.year - 2, 1, 1)
    with transaction.atomic():
        cast = load_people(since=since, joined=now - timedelta(days=400))
        bodies = load_bodies(cast, today=today, since=since)
        plans = load_portfolio(cast, projects=projects, weeks=weeks, as_of=today, rng=rng)
        open_at_first_approval(now)
        load_committee_rules(bodies, cast, today=today, since=since)
        replay = Replay(
            plans=plans,
            cast=cast,
            now=now,
            weeks=weeks,
            frozen_weeks=_FROZEN_WEEKS if projects <= _LARGE else 1,
            rng=rng,
        )
        approve_on_paper(replay)
    approve_baselines(replay)
    replay.run()
    begin_drafts(replay)
    chase_past_weeks(replay)
    publish_past_weeks(replay)
    fill_inboxes(replay)
    load_changes(replay)
    hold_past("CODIR", replay)
    review_gates(replay)
    convene_sessions(replay)
    play_exceptions(replay)
    load_products(replay)
    play_arbitrations(replay)
    hold_past("ARBITRAGE", replay)
    load_schedules(chosen_projects(), replay)
    analyse_plans(replay)
    load_backlogs(replay)
    propose_next(replay)
    return replay


def _instant(as_of: date | None) -> datetime:
    """The simulated now: this instant for today, else the end of the working day."""
    if as_of is None or as_of == clock.today():
        return clock.now()
    return datetime.combine(as_of, time(17, 30), tzinfo=clock.BRUSSELS)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 20000:
        raise ArgumentTypeError(_("un nombre de 1 à 20000"))
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("une date comme 2026-11-21")) from error
