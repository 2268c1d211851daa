"""Background work of reporting: a week and a language in, one service call, harmless when run twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from config import clock
from people.enums import JobState
from people.models import Job, User
from people.services import jobs, schedule
from people.tasks import poke
from portfolio.models import ReportingCycle
from reporting.enums import Language
from reporting.models import Pack
from reporting.selectors.edition import distribution_job, frozen_pack
from reporting.services import pack_life, proof_queue
from reporting.services.distribution import NotPublishedError, distribute
from reporting.services.freeze import CannotFreezeError
from reporting.services.pack import build_pack_of, print_edition_of
from reporting.services.week import freeze_due

FREEZE = "freeze_pack"
RENDER = "render_pack"
PUBLISH = "publish_packs"


def register() -> None:
    jobs.register_handler(FREEZE, build)
    jobs.register_handler(RENDER, build)
    proof_queue.register()
    jobs.register_handler(PUBLISH, publish_packs)
    jobs.register_handler(pack_life.DISTRIBUTE, distribute_pack)
    schedule.register(
        schedule.Schedule(
            "reporting.publication", schedule.every(timedelta(minutes=1)), PUBLISH, needed=pack_life.is_publication_due
        )
    )
    schedule.register_watch("week.freeze", queue_due_freeze)


def queue_freeze(cycle: ReportingCycle, by: User) -> Job:
    """The job that freezes the week and prints the French pack; one per week, however often asked.

    One that somebody stopped starts anew; the calendar leaves it alone.
    """
    return _queue(FREEZE, _freeze_key(cycle), cycle, Language.FR, by)


def queue_due_freeze(now: datetime) -> list[Job]:
    """The freeze that the calendar asks for, under the key of the week: by hand or by itself, it happens once."""
    cycle = freeze_due(now)
    return [_queue(FREEZE, _freeze_key(cycle), cycle, Language.FR, None, by_calendar=True)] if cycle else []


def queue_render(pack: Pack, language: str, by: User) -> Job:
    """The job that prints a frozen edition in one more language."""
    version = "" if pack.edition == 1 else f"v{pack.edition}:"
    key = f"pack:{pack.cycle.slug}:codir:{version}{language}"
    return _asked(RENDER, key, {"pack": pack.pk, "language": language}, by)


def wake_distribution(pack: Pack) -> None:
    """Bring the job that a publication queued to a worker at once."""
    job = distribution_job(pack)
    if job is not None:
        poke(job)


def publish_packs(run: jobs.JobRun) -> Mapping[str, Any]:
    """Publish what is approved and due, say once what is due and not approved; at most once each, run as often."""
    published = pack_life.publish_due(clock.now())
    for pack in published:
        wake_distribution(pack)
    return {"published": [str(pack) for pack in published]}


def distribute_pack(run: jobs.JobRun) -> Mapping[str, Any]:
    """One mail and one link per recipient; a run after a crash serves who has none yet."""
    pack = frozen_pack(int(run.payload["pack"]))
    try:
        done = distribute(
            pack=pack, now=clock.now(), progress=lambda percent, step: run.progress(percent, step_text(step))
        )
    except NotPublishedError as error:
        raise jobs.JobRefused(_("Le pack n’est pas publié.")) from error
    return {"queued": done.queued, "known": done.known}


def _freeze_key(cycle: ReportingCycle) -> str:
    return f"pack:{cycle.slug}:codir:freeze"


def _queue(
    kind: str, key: str, cycle: ReportingCycle, language: str, by: User | None, *, by_calendar: bool = False
) -> Job:
    payload = {"cycle": cycle.pk, "language": str(language), "by_calendar": by_calendar}
    return _asked(kind, key, payload, by)


def _asked(kind: str, key: str, payload: Mapping[str, Any], by: User | None) -> Job:
    job = jobs.enqueue(kind=kind, key=key, payload=payload, by=by)
    if by is not None and job.state == JobState.STOPPED:
        job = jobs.enqueue_again(kind=kind, key=key, payload=payload, by=by)
    poke(job)
    return job


def build(run: jobs.JobRun) -> Mapping[str, Any]:
    """Freeze if needed and print; a run after a crash finds what the dead one left and goes on."""
    if "pack" in run.payload:
        return _print(run)
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


def _print(run: jobs.JobRun) -> Mapping[str, Any]:
    rendition = print_edition_of(
        pack_id=int(run.payload["pack"]),
        by_id=run.created_by_id,
        language=str(run.payload["language"]),
        now=clock.now(),
        progress=lambda percent, step: run.progress(percent, step_text(step)),
    )
    return {"rendition": rendition.pk, "pages": rendition.pages, "sha256": rendition.pdf_sha256}


def step_text(step: str) -> str:
    texts = {
        "freeze": _("Gel des données"),
        "prove": _("Vérification des textes"),
        "compose": _("Composition des pages"),
        "render": _("Mise en page du PDF"),
        "store": _("Enregistrement du fichier"),
        "send": _("Envoi aux destinataires"),
    }
    return texts.get(step, step)
