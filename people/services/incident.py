"""Everything an incident report needs, in one archive: acts, failed log-ins, roles, work that failed, versions."""

from __future__ import annotations

import json
import platform
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from axes.models import AccessFailureLog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Q

from people.models import AuditEntry, Job, Mail, OperationMark, RoleAssignment, User
from people.services import audit

_ACTS = ("number", "at", "actor_id", "actor_label", "channel", "verb", "target_type", "target_id", "data", "hash")
_LIBRARIES = ("django", "celery", "weasyprint", "psycopg", "django-allauth", "djangorestframework")
Lines = Iterable[Mapping[str, Any]]


def write_bundle(folder: Path, *, since: datetime, until: datetime) -> Path:
    """A zip of JSON lines, in UTC, about what happened between the two instants; no password, token or mail text."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"incident-{since:%Y%m%dT%H%M%SZ}-{until:%Y%m%dT%H%M%SZ}.zip"
    parts: dict[str, Callable[[datetime, datetime], Lines]] = {
        "acts": _acts,
        "failed_logins": _failed_logins,
        "jobs": _jobs,
        "mails": _mails,
        "operations": _operations,
    }
    counts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, read in parts.items():
            lines = [json.dumps(line, cls=DjangoJSONEncoder, ensure_ascii=False) for line in read(since, until)]
            counts[name] = len(lines)
            bundle.writestr(f"{name}.jsonl", "\n".join(lines) + "\n" if lines else "")
        bundle.writestr("roles.jsonl", "\n".join(json.dumps(line, cls=DjangoJSONEncoder) for line in _roles()))
        bundle.writestr("about.json", json.dumps(_about(since, until, counts), indent=1))
    path.chmod(0o600)
    return path


def _acts(since: datetime, until: datetime) -> Lines:
    rows: Lines = AuditEntry.objects.filter(at__range=(since, until)).order_by("number").values(*_ACTS)
    return rows


def _failed_logins(since: datetime, until: datetime) -> Lines:
    failures = AccessFailureLog.objects.filter(attempt_time__range=(since, until)).order_by("attempt_time")
    rows: Lines = failures.values("attempt_time", "username", "ip_address", "user_agent", "path_info", "locked_out")
    return rows


def _jobs(since: datetime, until: datetime) -> Lines:
    rows = Job.objects.filter(Q(created_at__range=(since, until)) | Q(finished_at__range=(since, until)))
    return iter(rows.order_by("pk").values("kind", "key", "state", "attempts", "error", "created_at", "finished_at"))


def _mails(since: datetime, until: datetime) -> Lines:
    rows = Mail.objects.filter(created_at__range=(since, until)).order_by("pk")
    return iter(rows.values("key", "purpose", "state", "attempts", "reply", "created_at", "sent_at"))


def _operations(since: datetime, until: datetime) -> Lines:
    return iter(
        OperationMark.objects.filter(at__range=(since, until)).order_by("at").values("kind", "at", "ok", "data")
    )


def _roles() -> Lines:
    active = User.objects.filter(is_active=True).order_by("pk").values_list("pk", "username")
    held: dict[int, list[str]] = {}
    for user_id, role in RoleAssignment.objects.values_list("user_id", "role"):
        held.setdefault(user_id, []).append(role)
    return [{"user": pk, "username": username, "roles": sorted(held.get(pk, []))} for pk, username in active]


def _about(since: datetime, until: datetime, counts: dict[str, int]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "chain_head": audit.head().short,
        "counts": counts,
        "python": platform.python_version(),
        "postgresql": server[0] if server else "",
        "libraries": {name: metadata.version(name) for name in _LIBRARIES},
    }
