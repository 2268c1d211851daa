"""A restore point of the private database and the files beside it."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from config.restore_point import RestorePointError, backup
from people.enums import OperationKind
from people.services import audit
from people.services.operations import record_operation


class Command(BaseCommand):
    help = "Write a restore point of database and files; the journal of the database is archived there from then on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        if not settings.EMBEDDED_POSTGRES:
            self._refuse(_("DATABASE_URL désigne votre propre serveur : sauvegardez-le avec ses outils."))
        head = audit.head()
        files = {"media": Path(settings.MEDIA_ROOT), "packs": Path(settings.PACKS_ROOT)}
        try:
            made = backup(settings.VAR_DIR, folder, files)
        except (RestorePointError, OSError) as error:
            record_operation(OperationKind.BACKUP, ok=False, data={"error": str(error)[:300]})
            self._refuse(str(error))
        figures = {"name": made.name, "bytes": made.database_bytes, "files": len(made.files), "head": head.short}
        record_operation(OperationKind.BACKUP, data=figures)
        report = {key: value for key, value in asdict(made).items() if key not in ("files", "secrets")}
        self.stdout.write(json.dumps({**report, **figures, "folder": str(folder)}))

    def _refuse(self, message: str) -> None:
        self.stderr.write(message)
        sys.exit(1)
