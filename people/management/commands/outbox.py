"""What waits in the outbox, and sending it now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from config import clock
from people.enums import Channel, MailState
from people.selectors.outbox import outbox_state
from people.services import audit, mail


class Command(BaseCommand):
    help = "status: how many mails are in each state, and how old the oldest waiting one is; drain: send them now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["status", "drain"])
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *_args: Any, action: str, json: bool, **_options: Any) -> None:
        tried = None
        if action == "drain":
            with audit.via(Channel.COMMAND):
                tried = mail.drain()
        self._report(tried, json)

    def _report(self, tried: int | None, as_json: bool) -> None:
        state, now = outbox_state(), clock.now()
        age = round((now - state.oldest_waiting).total_seconds()) if state.oldest_waiting else None
        if as_json:
            answer: dict[str, Any] = {
                "states": {str(name): total for name, total in state.counts.items()},
                "waiting": state.waiting,
                "needing_a_decision": state.needing,
                "oldest_waiting": state.oldest_waiting.isoformat() if state.oldest_waiting else None,
                "oldest_waiting_seconds": age,
            }
            self.stdout.write(json.dumps(answer if tried is None else {**answer, "tried": tried}))
            return
        for name, total in state.counts.items():
            self.stdout.write(f"{MailState(name).label}: {total}")
        if age is not None:
            self.stdout.write(_("Le plus ancien attend depuis %(seconds)s s.") % {"seconds": age})
        if tried is not None:
            self.stdout.write(_("Courriels essayés : %(total)s") % {"total": tried})
