"""What was done to the service as a whole: backups, restores, drills; the last of each is shown on `/status/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from config import clock
from people.enums import OperationKind
from people.models import OperationMark
from people.services import audit


@transaction.atomic
def record_operation(kind: OperationKind, *, ok: bool = True, data: Mapping[str, Any] | None = None) -> OperationMark:
    """Note that it took place, in the audit trail too."""
    mark = OperationMark.objects.create(kind=kind, at=clock.now(), ok=ok, data=dict(data or {}))
    audit.record(by=None, verb=f"operation.{kind}", data={"ok": ok, **(data or {})})
    return mark
