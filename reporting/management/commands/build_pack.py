import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from config import clock
from people.enums import Channel
from people.services import audit
from people.services.printing import write_whole
from portfolio.engines.reporting_calendar import InvalidWeekError, IsoWeek, current_week, cycle_times
from portfolio.models import ReportingCycle
from portfolio.selectors.reporting_cycle import calendar_of, rule_of
from portfolio.services.reporting_cycle import ensure_cycle
from reporting.enums import Language, PackKind
from reporting.services.freeze import CannotFreezeError
from reporting.services.pack import BuiltPack, build_pack
from reporting.services.pdf import RenderError

REFUSED, MISUSED = 1, 2


class Command(BaseCommand):
    """`build_pack --week 2026-W47`: contract.md; see docs/pack.md."""

    help = "Freeze the week if nobody has, print the pack and say where it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--week", required=True, metavar="2026-W47")
        parser.add_argument("--kind", choices=PackKind.values, default=PackKind.CODIR.value)
        parser.add_argument("--language", choices=Language.values, default=Language.FR.value)
        parser.add_argument("--output", type=Path, metavar="FILE", help="also write the PDF there")
        parser.add_argument("--json", action="store_true", help="the result, or the error, as JSON on stdout")

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            answer = self._answer(options)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(
                _("Pack %(path)s : %(pages)s pages, %(received)s statuts sur %(expected)s, empreinte %(data_hash)s.")
                % answer
            )

    def _answer(self, options: dict[str, Any]) -> dict[str, Any]:
        try:
            cycle = _cycle(IsoWeek.parse(options["week"]))
            with audit.via(Channel.COMMAND):
                built = build_pack(cycle=cycle, language=options["language"], by=None, now=clock.now())
            return _report(built, _copy(built, options["output"]))
        except InvalidWeekError:
            message = _("« %(week)s » n’est pas une semaine ; attendu : 2026-W47.") % {"week": options["week"]}
            self._refuse("bad_week", message, options, MISUSED)
        except CannotFreezeError as error:
            self._refuse(error.code, str(error), options)
        except RenderError as error:
            message = _("Le PDF n’a pas pu être mis en page : %(cause)s.") % {"cause": error}
            self._refuse("render_failed", message, options)
        except OSError as error:
            self._refuse("cannot_write", _("Fichier impossible à écrire : %(cause)s.") % {"cause": error}, options)

    def _refuse(self, code: str, message: str, options: dict[str, Any], status: int = REFUSED) -> NoReturn:
        if options["json"]:
            details = {"week": options["week"], "language": options["language"]}
            error = {"code": code, "message": message, "details": details}
            self.stdout.write(json.dumps({"error": error}, ensure_ascii=False))
        self.stderr.write(message)
        sys.exit(status)


def _cycle(week: IsoWeek) -> ReportingCycle:
    """The week's cycle; a week nobody opened is made only if it is this one or the one before."""
    known = ReportingCycle.objects.filter(iso_year=week.year, iso_week=week.week).first()
    if known is not None:
        return known
    now = clock.now()
    if cycle_times(rule_of(calendar_of(week)), week).opens > now:
        raise CannotFreezeError("week_not_open", _("La semaine %(week)s n’est pas encore ouverte.") % {"week": week})
    if week < current_week(now).previous:
        raise CannotFreezeError("unknown_week", _("La semaine %(week)s n’a jamais été ouverte.") % {"week": week})
    return ensure_cycle(week)


def _copy(built: BuiltPack, output: Path | None) -> Path:
    if output is None:
        return built.path
    write_whole(output.absolute(), built.path.read_bytes())
    return output.absolute()


def _report(built: BuiltPack, path: Path) -> dict[str, Any]:
    return {
        "path": str(path),
        "data_hash": built.snapshot.data_hash,
        "pdf_sha256": built.rendition.pdf_sha256,
        "pages": built.rendition.pages,
        "version": built.pack.edition,
        "received": built.received,
        "expected": built.expected,
    }
