"""Freeze a week: the whole portfolio's facts, read in one instant and kept for ever."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from governance.models import Body, DecisionRequest, Mandate, Seat, Sitting
from people.models import Person, User
from people.services import audit
from people.services.as_of import rewound, set_apart
from portfolio.models import (
    BudgetLine,
    Milestone,
    Programme,
    Project,
    ReportingCycle,
    Risk,
    Stage,
    Standing,
    StatusReport,
    StrategicAxis,
    Tolerance,
)
from portfolio.services.standing import refresh_standing, store_frozen_standings
from reporting.engines.canonical import data_hash, plain
from reporting.engines.edition import SCHEMA_VERSION, Edition, PackChoices
from reporting.enums import PackKind, PackState
from reporting.models import Pack, Snapshot
from reporting.selectors.cut import collect
from reporting.selectors.edition import LATE_AFTER

_REWOUND = (
    Person,
    Programme,
    StrategicAxis,
    Project,
    Stage,
    Milestone,
    BudgetLine,
    Tolerance,
    Risk,
    StatusReport,
    Body,
    Seat,
    Sitting,
    Mandate,
    DecisionRequest,
)
"""Whatever people change and the pack prints."""
ATTEMPTS = 5
_RETRIED = ("40001", "40P01", "23505")
"""Serialization failure, deadlock, and an audit number that another act took meanwhile."""


class CannotFreezeError(Exception):
    """The week cannot be frozen; the message says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def freeze_cycle(cycle: ReportingCycle, by: User | None, now: datetime, *, as_of: datetime | None = None) -> Snapshot:
    """The snapshot of the week: written now, or the one that exists already.

    One REPEATABLE READ transaction, begun by this call, reads everything with a constant number of
    statements while no status can be written. With `as_of`, a freeze that comes late reads what stood then
    and nothing of what was changed since. A second or simultaneous call answers the first snapshot. Raises
    CannotFreezeError for a week not yet open, or frozen without a snapshot.
    """
    existing = Snapshot.objects.filter(cycle=cycle, edition=1).first()
    if existing is not None:
        return existing
    if now < cycle.opens_at:
        raise CannotFreezeError("week_not_open", _("La semaine %(week)s n’est pas encore ouverte.") % {"week": cycle})
    if as_of is None:
        refresh_standing(None, now=now)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _freeze(cycle, by, now, as_of)
        except (OperationalError, IntegrityError) as error:
            if attempt == ATTEMPTS or getattr(error.__cause__, "sqlstate", "") not in _RETRIED:
                raise
    raise AssertionError("the loop returns or raises")


def _freeze(cycle: ReportingCycle, by: User | None, now: datetime, as_of: datetime | None) -> Snapshot:
    nested = connection.in_atomic_block
    with transaction.atomic(durable=True):
        if not nested:
            _stand_still()
        claimed = ReportingCycle.objects.filter(pk=cycle.pk, frozen_at__isnull=True).update(frozen_at=now)
        if not claimed:
            return _first(cycle)
        pack = draft_pack(cycle)
        with _collector_paused(), _standing_at(as_of):
            edition = collect(cycle, as_of=as_of or now, choices=choices_of(pack))
            edition = _marked_late(edition, cycle, now, as_of)
            snapshot = _store(cycle, edition, by, now)
            store_frozen_standings(cycle, now=as_of or now)
        Pack.objects.filter(pk=pack.pk, state=PackState.DRAFT).update(
            state=PackState.FROZEN, snapshot=snapshot, built_by=by
        )
        audit.record(
            by=by,
            verb="cycle.frozen",
            target=cycle,
            data={
                "week": cycle.slug,
                "data_hash": snapshot.data_hash,
                "received": edition.received,
                "expected": edition.expected,
            },
        )
    cycle.frozen_at = now
    return snapshot


def _marked_late(edition: Edition, cycle: ReportingCycle, now: datetime, as_of: datetime | None) -> Edition:
    """The cut of a freeze that came after its instant says so: with the data of then, or with those of now."""
    if as_of is not None:
        return replace(edition, frozen_late_at=now)
    return replace(edition, planned_at=cycle.freeze_at) if now - cycle.freeze_at > LATE_AFTER else edition


@contextmanager
def _standing_at(as_of: datetime | None) -> Iterator[None]:
    """The portfolio as it stood then, where every project stood included; as it stands, without an instant."""
    if as_of is None:
        yield
        return
    with rewound(_REWOUND, as_of), set_apart(Standing):
        refresh_standing(None, now=as_of)
        yield


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Nothing dies while the facts are read: looking for garbage would cost more than reading, and not linearly."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def draft_pack(cycle: ReportingCycle) -> Pack:
    """The CODIR pack of the week, made when it is first asked for."""
    pack, _created = Pack.objects.get_or_create(kind=PackKind.CODIR, cycle=cycle, edition=1)
    return pack


def choices_of(pack: Pack) -> PackChoices:
    return PackChoices(
        director_message=pack.director_message,
        decision_order=tuple(map(str, pack.decision_order)),
        hidden_pages=tuple(map(str, pack.hidden_pages)),
    )


def _stand_still() -> None:
    """No status is in flight when the transaction takes its picture, and none begins until it ends.

    LOCK comes before the first statement that reads, so the picture includes every status committed
    while we waited. Readers are not held up.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '120s'")
        cursor.execute(f"LOCK TABLE {ReportingCycle._meta.db_table} IN EXCLUSIVE MODE")


def _first(cycle: ReportingCycle) -> Snapshot:
    snapshot = Snapshot.objects.filter(cycle=cycle, edition=1).first()
    if snapshot is None:
        raise CannotFreezeError(
            "frozen_without_snapshot",
            _("La semaine %(week)s a été gelée sans instantané : son pack ne peut plus être construit.")
            % {"week": cycle},
        )
    return snapshot


def _store(cycle: ReportingCycle, edition: Edition, by: User | None, now: datetime) -> Snapshot:
    data = plain(edition)
    return Snapshot.objects.create(
        cycle=cycle,
        schema_version=SCHEMA_VERSION,
        as_of=edition.as_of,
        frozen_at=now,
        frozen_by_label=(by.full_name if by else audit.SYSTEM)[:160],
        data=data,
        data_hash=data_hash(data),
        audit_number=edition.audit_number,
        audit_hash=edition.audit_hash,
    )
