"""Check the audit chain, against an anchor noted outside the database if one is given."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from people.engines.audit_chain import Verdict
from people.services import audit


class Command(BaseCommand):
    help = "Check the audit chain; exits 1 and names the first bad number if it does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", metavar="HEAD", help="a chain head as printed in a pack: number:hash")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *_args: Any, anchor: str | None, json: bool, **_options: Any) -> None:
        try:
            verdict = audit.verify(anchor)
        except ValueError:
            message = _("Ceci n’est pas une ancre : « %(anchor)s ». Attendu : numéro:empreinte.") % {"anchor": anchor}
            self._leave(
                {"error": {"code": "bad_anchor", "message": message, "details": {"anchor": anchor}}}, message, json
            )
        else:
            self._report(verdict, json)

    def _report(self, verdict: Verdict, as_json: bool) -> None:
        head = {"number": verdict.head.number, "hash": verdict.head.hash}
        answer = {
            "ok": verdict.sound,
            "checked": verdict.checked,
            "head": head,
            "first_bad": verdict.first_bad,
            "fault": verdict.fault,
        }
        if verdict.sound:
            words = {"checked": verdict.checked, "head": f"{verdict.head.number}:{verdict.head.hash}"}
            text = _("Chaîne intacte : %(checked)s entrées, tête %(head)s") % words
            self.stdout.write(json.dumps(answer) if as_json else text)
            return
        words = {"number": verdict.first_bad, "fault": verdict.fault}
        message = _("Chaîne rompue au n° %(number)s (%(fault)s)") % words
        self._leave(
            {**answer, "error": {"code": str(verdict.fault), "message": message, "details": answer}}, message, as_json
        )

    def _leave(self, answer: dict[str, Any], message: str, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        self.stderr.write(message)
        sys.exit(1)


def _error(code: str, message: str, details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": details}}
