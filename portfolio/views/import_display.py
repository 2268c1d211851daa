"""Import facts as words and figures for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.web import formats
from portfolio.enums import LifeCycle
from portfolio.forms.importing import FIELD_LABELS
from portfolio.services.importers.preview import Preview
from portfolio.services.importers.reading import Reading
from portfolio.services.importers.reconciliation import Change, Fate, Value

_LABELS: dict[str, Promise] = {
    "name_fr": gettext_lazy("Nom"),
    "purpose": gettext_lazy("Finalité"),
    "axis": gettext_lazy("Axe"),
    "start": gettext_lazy("Début"),
    "forecast_end": gettext_lazy("Fin prévue"),
    "life_cycle": gettext_lazy("Étape du cycle de vie"),
    "stage": gettext_lazy("Séquence en cours"),
    "external_url": gettext_lazy("Lien"),
    "cost": gettext_lazy("Coût final estimé (EAC)"),
}
_DELIMITERS = {",": gettext_lazy("virgule"), ";": gettext_lazy("point-virgule"), "\t": gettext_lazy("tabulation")}
SHOWN = 120
Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownFate:
    """A project that would change: each field with its old and new value, and the columns only kept as text."""

    fate: Fate
    changes: list[tuple[str, str, str]]
    kept: str

    @property
    def lines(self) -> int:
        return len(self.changes) + bool(self.kept)


def shown_fate(fate: Fate) -> ShownFate:
    return ShownFate(
        fate,
        [
            (_labelled(change), _shown(change, change.old), _shown(change, change.new))
            for change in fate.changes
            if not change.kept
        ],
        ", ".join(change.name for change in fate.changes if change.kept),
    )


def _labelled(change: Change) -> str:
    label = str(_LABELS[change.name])
    return _("%(field)s (attend une décision, ne sera pas écrit)") % {"field": label} if change.waits else label


def _shown(change: Change, value: Value) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, Decimal):
        return formats.euro(value)
    if isinstance(value, date):
        return formats.date_short(value)
    if change.name == "life_cycle":
        return str(LifeCycle(value).label)
    return value if len(value) <= SHOWN else f"{value[: SHOWN - 1]}…"


def option_facts(reading: Reading) -> Facts:
    """How the file is read, as stated by its format."""
    variant, mapping = reading.variant, reading.mapping
    facts = [(_("Format"), f"{mapping.label} · {variant.name}")]
    if variant.kind == "csv":
        delimiter = variant.text.delimiter
        facts += [
            (_("Encodage"), variant.text.encoding),
            (_("Séparateur"), str(_DELIMITERS.get(delimiter, delimiter))),
        ]
    facts.append((_("Ligne de l’en-tête"), str(variant.header_line)))
    dates = {column.date_format for column in variant.columns if column.date_format}
    if dates:
        facts.append((_("Format des dates"), ", ".join(sorted(dates))))
    for column in variant.columns:
        if column.feeds == "cost":
            written = _("signe décimal « %(decimal)s », en %(currency)s × %(unit)s") % {
                "decimal": column.number.decimal,
                "currency": mapping.currency,
                "unit": formats.number(column.unit),
            }
            facts.append((_("Montants"), written))
    if mapping.currency != "EUR":
        facts.append((_("Taux vers l’euro"), _rate(str(mapping.exchange_rate))))
    return facts


def _rate(rate: str) -> str:
    return _("1, sans conversion") if rate == "1" else rate


def total_facts(found: Preview) -> Facts:
    return _totals(found.totals)


def report_facts(report: Mapping[str, Any]) -> Facts:
    """The totals a report was kept with."""
    return _totals(report["totals"])


def _totals(totals: Mapping[str, Any]) -> Facts:
    facts = [(_("Projets"), str(totals["projects"]))]
    for feeds, label in FIELD_LABELS.items():
        if f"{feeds}_known" in totals:
            unknown = totals[f"{feeds}_unknown"]
            amount = formats.euro(Decimal(totals[str(feeds)]))
            missing = ngettext("%(count)s projet sans montant", "%(count)s projets sans montant", unknown)
            facts.append((str(label), f"{amount} · {missing % {'count': unknown}}" if unknown else amount))
    facts += [(_("Avec un début"), str(totals["with_start"])), (_("Avec une fin"), str(totals["with_end"]))]
    if totals["first_start"] and totals["last_end"]:
        span = f"{_day(totals['first_start'])} – {_day(totals['last_end'])}"
        facts.append((_("Du premier début à la dernière fin"), span))
    if totals["currency"] != "EUR":
        facts.append((_("Monnaie de la source"), f"{totals['currency']} · {_rate(totals['exchange_rate'])}"))
    return facts


def _day(iso: str) -> str:
    return formats.date_short(date.fromisoformat(iso))
