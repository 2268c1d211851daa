"""Packs as people ask for them: by week, readable by them, with what is printed and what is being printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from people.models import AuditEntry, Job, User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes, has_permission
from portfolio.models import ReportingCycle
from portfolio.selectors.reporting_cycle import get_cycle, missed_weeks
from reporting.engines.pack_life import READABLE
from reporting.enums import PackKind, PackState
from reporting.models import Pack, PackRendition, Snapshot

LISTED = 60
LATE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PackLine:
    """One week in the list of packs; `pack` may be a draft nobody has touched yet, or one that never came."""

    cycle: ReportingCycle
    pack: Pack
    received: int | None
    expected: int | None
    superseded_by: int | None = None
    is_late: bool = False
    is_missed: bool = False
    may_open: bool = True

    @property
    def renditions(self) -> list[PackRendition]:
        return list(self.pack.renditions.all()) if self.pack.pk else []

    @property
    def may_print(self) -> bool:
        """Frozen, current and without a file: it can be printed from its snapshot at any time."""
        frozen = bool(self.pack.pk) and self.pack.state != PackState.DRAFT and not self.superseded_by
        return frozen and not self.renditions


def may_read(user: User, pack: Pack) -> bool:
    return has_permission(user, Permission.PACK_PREVIEW, pack) or has_permission(user, Permission.PACK_READ, pack)


def reads_whole_packs(user: User) -> bool:
    """Whether the user's rights reach packs, and not only the sheets of his projects."""
    scopes = granted_scopes(user, Permission.PACK_READ) | granted_scopes(user, Permission.PACK_PREVIEW)
    return bool(scopes & {Scope.ALL, Scope.DECIDED})


def get_pack(user: User, slug: str, *, edition: int | None = None) -> Pack:
    """The pack of that week: the edition asked for, else the latest one the user may read.

    An unsaved draft if nobody has touched it; Http404 for who may not know of it.
    """
    cycle = get_cycle(slug)
    packs = list(
        Pack.objects.filter(kind=PackKind.CODIR, cycle=cycle)
        .select_related("cycle", "snapshot", "approved_by__person", "approved_for__person", "built_by__person")
        .prefetch_related("renditions")
        .order_by("-edition")
    ) or [Pack(kind=PackKind.CODIR, cycle=cycle)]
    wanted = [pack for pack in packs if edition is None or pack.edition == edition]
    pack = next((pack for pack in wanted if may_read(user, pack)), None)
    if pack is None:
        raise Http404
    return pack


def editions_of(user: User, cycle: ReportingCycle) -> list[Pack]:
    """Every edition of that week's pack that the user may read, latest first."""
    packs = Pack.objects.filter(kind=PackKind.CODIR, cycle=cycle).order_by("-edition")
    return [pack for pack in packs if may_read(user, pack)]


def rendition_of(pack: Pack, language: str) -> PackRendition:
    rendition = next((row for row in renditions_of(pack) if row.language == language), None)
    if rendition is None:
        raise Http404
    return rendition


def renditions_of(pack: Pack) -> list[PackRendition]:
    return list(pack.renditions.all()) if pack.pk else []


def pack_lines(user: User) -> list[PackLine]:
    """The packs the user may read, latest week first; received and expected once frozen."""
    packs = (
        Pack.objects.select_related("cycle")
        .prefetch_related(Prefetch("renditions", PackRendition.objects.order_by("language")))
        .defer("director_message", "decision_order", "hidden_pages")
        .annotate(is_late=Exists(_frozen_late()))
        .order_by("-cycle__iso_year", "-cycle__iso_week", "-edition")[:LISTED]
    )
    readable = [pack for pack in packs if may_read(user, pack)]
    counts = _counts([pack.cycle_id for pack in readable])
    latest = {pack.cycle_id: pack.edition for pack in reversed(readable) if pack.state in READABLE}
    return [_line(pack, counts.get(pack.cycle_id), latest.get(pack.cycle_id, 0)) for pack in readable]


def week_lines(user: User, now: datetime) -> list[PackLine]:
    """The packs the user may read and, among them, the weeks that nobody froze and that will have none."""
    lines, missed = pack_lines(user), {cycle.pk: cycle for cycle in missed_weeks(now)}
    drafts = {line.cycle.pk: line.pack for line in lines}
    known = [line for line in lines if line.cycle.pk not in missed]
    for key, cycle in missed.items():
        pack = drafts.get(key) or Pack(kind=PackKind.CODIR, cycle=cycle)
        known.append(PackLine(cycle, pack, None, None, is_missed=True, may_open=may_read(user, pack)))
    return sorted(known, key=lambda line: (line.cycle.iso_year, line.cycle.iso_week, line.pack.edition), reverse=True)


def _frozen_late() -> QuerySet[Snapshot]:
    """The cut of a pack's week where it was made after its instant, with the data of then or with those of now."""
    late = Q(frozen_at__gt=F("as_of")) | Q(frozen_at__gt=F("cycle__freeze_at") + LATE_AFTER)
    return Snapshot.objects.filter(late, cycle=OuterRef("cycle"), edition=1)


def _line(pack: Pack, counted: tuple[int, int] | None, latest: int) -> PackLine:
    received, expected = counted or (None, None)
    late = bool(getattr(pack, "is_late", False))
    return PackLine(pack.cycle, pack, received, expected, latest if latest > pack.edition else None, late)


def _counts(cycles: list[int]) -> dict[int, tuple[int, int]]:
    """What each freeze counted, as its audit row says; the snapshots themselves are too large for a list."""
    rows = AuditEntry.objects.filter(
        verb="cycle.frozen",
        target_type=ReportingCycle._meta.label_lower,
        target_id__in=[str(cycle) for cycle in cycles],
    ).values_list("target_id", "data__received", "data__expected")
    return {int(cycle): (received, expected) for cycle, received, expected in rows}


def frozen_pack(pack_id: int) -> Pack:
    """The edition that a job carries, with its snapshot."""
    return Pack.objects.select_related("cycle", "snapshot").get(pk=pack_id)


def distribution_key(pack: Pack) -> str:
    """The key of the one job that sends this edition."""
    return f"distribute_pack:{pack.pk}"


def distribution_job(pack: Pack) -> Job | None:
    return Job.objects.filter(key=distribution_key(pack)).first()


def job_of(cycle: ReportingCycle) -> Job | None:
    """The latest work on the pack of that week."""
    return Job.objects.filter(key__startswith=f"pack:{cycle.slug}:").order_by("-pk").first()
