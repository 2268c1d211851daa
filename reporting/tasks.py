"""Background work of reporting: a week and a language in, one service call, harmless when run twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from config import clock
from people.models import Job, User
from people.services import jobs, schedule
from people.tasks import poke
from portfolio.models import ReportingCycle
from reporting.enums import Language
from reporting.services.freeze import CannotFreezeError
from reporting.services.pack import build_pack_of
from reporting.services.week import freeze_due

FREEZE = "freeze_pack"
RENDER = "render_pack"


def register() -> None:
    jobs.register_handler(FREEZE, build)
    jobs.register_handler(RENDER, build)
    schedule.register_watch("week.freeze", queue_due_freeze)


def queue_freeze(cycle: ReportingCycle, by: User) -> Job:
    """The job that freezes the week and prints the French pack; one per week, however often asked."""
    return _queue(FREEZE, _freeze_key(cycle), cycle, Language.FR, by)


def queue_due_freeze(now: datetime) -> list[Job]:
    """The freeze that the calendar asks for, under the key of the week: by hand or by itself, it happens once."""
    cycle = freeze_due(now)
    return [_queue(FREEZE, _freeze_key(cycle), cycle, Language.FR, None, by_calendar=True)] if cycle else []


def queue_render(cycle: ReportingCycle, language: str, by: User) -> Job:
    """The job that prints a frozen pack in one more language."""
    return _queue(RENDER, f"pack:{cycle.slug}:codir:{language}", cycle, language, by)


def _freeze_key(cycle: ReportingCycle) -> str:
    return f"pack:{cycle.slug}:codir:freeze"


def _queue(
    kind: str, key: str, cycle: ReportingCycle, language: str, by: User | None, *, by_calendar: bool = False
) -> Job:
    payload = {"cycle": cycle.pk, "language": str(language), "by_calendar": by_calendar}
    job = jobs.enqueue(kind=kind, key=key, payload=payload, by=by)
    poke(job)
    return job


def build(run: jobs.JobRun) -> Mapping[str, Any]:
    """Freeze if needed and print; a run after a crash finds what the dead one left and goes on."""
    try:
        built = build_pack_of(
            cycle_id=int(run.payload["cycle"]),
            by_id=run.created_by_id,
            language=str(run.payload["language"]),
            now=clock.now(),
            by_calendar=bool(run.payload.get("by_calendar")),
            progress=lambda percent, step: run.progress(percent, step_text(step)),
        )
    except CannotFreezeError as error:
        raise jobs.JobRefused(str(error)) from error
    return {"rendition": built.rendition.pk, "pages": built.rendition.pages, "sha256": built.rendition.pdf_sha256}


def step_text(step: str) -> str:
    texts = {
        "freeze": _("Gel des données"),
        "compose": _("Composition des pages"),
        "render": _("Mise en page du PDF"),
        "store": _("Enregistrement du fichier"),
    }
    return texts.get(step, step)
