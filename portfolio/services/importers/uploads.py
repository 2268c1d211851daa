"""Files waiting for their import to be confirmed: a generated name outside the web root, for two hours."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import transaction

from people.models.user import User
from portfolio.models.import_run import ImportUpload
from portfolio.services.importers.refusals import ImportRefusedError

LIFETIME = timedelta(hours=2)


def keep_upload(*, by: User, file_name: str, data: bytes, mapping: Mapping[str, Any], now: datetime) -> ImportUpload:
    """Keep the bytes under a new token; what has expired by now goes away."""
    purge_expired(now)
    with transaction.atomic():
        upload = ImportUpload.objects.create(
            by=by,
            file_name=shown_name(file_name),
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            mapping=dict(mapping),
            created_at=now,
            expires_at=now + LIFETIME,
        )
        path = _path(upload)
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        try:
            path.write_bytes(data)
        except OSError:
            path.unlink(missing_ok=True)
            raise
    return upload


def read_upload(upload: ImportUpload) -> bytes:
    """The bytes as they came; refused when they are gone or no longer the same."""
    try:
        data = _path(upload).read_bytes()
    except OSError as error:
        raise ImportRefusedError("upload_expired") from error
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        raise ImportRefusedError("upload_expired")
    return data


def choose_mapping(upload: ImportUpload, mapping: Mapping[str, Any]) -> None:
    upload.mapping = dict(mapping)
    upload.save(update_fields=["mapping"])


def discard_upload(upload: ImportUpload) -> None:
    _path(upload).unlink(missing_ok=True)
    upload.delete()


def purge_expired(now: datetime) -> int:
    """Remove what nobody confirmed in time; answers how many files went."""
    expired = list(ImportUpload.objects.filter(expires_at__lte=now))
    for upload in expired:
        discard_upload(upload)
    return len(expired)


def shown_name(name: str) -> str:
    """The last part of the name, without control or direction characters: for display only."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return re.sub("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", last)[-255:] or "import"


def _path(upload: ImportUpload) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / upload.token.hex
