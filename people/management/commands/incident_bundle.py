"""The evidence of an incident, ready within the 24 hours of an early warning (NIS2, article 23)."""

import json
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from config import clock
from people.services import audit
from people.services.incident import write_bundle


class Command(BaseCommand):
    help = "Write the acts, failed log-ins, roles and failed work since an instant into one private archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", required=True, help="instant or day, as 2026-11-20T08:00:00+01:00 or 2026-11-20")
        parser.add_argument("--output", type=Path, help="folder; var/incidents unless named")

    def handle(self, *_args: Any, since: str, output: Path | None, **_options: Any) -> None:
        begin, now = self._instant(since), clock.now()
        path = write_bundle(output or Path(settings.VAR_DIR) / "incidents", since=begin, until=now)
        audit.record(by=None, verb="incident.bundled", data={"since": begin.isoformat(), "file": path.name})
        self.stdout.write(json.dumps({"path": str(path), "bytes": path.stat().st_size}))

    def _instant(self, text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            message = _("« %(text)s » n’est pas un instant, comme 2026-11-20T08:00:00+01:00.") % {"text": text[:40]}
            self.stderr.write(message)
            sys.exit(1)
        return found if found.tzinfo else found.replace(tzinfo=clock.BRUSSELS)
