"""The coherence of a status in words: on the form, in its error summary and in the refusal of a publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.web import formats, glyphs
from portfolio.engines.status_checks import JUDGED, OVERALL, Check, Finding, Level
from portfolio.selectors.wording import dimension_word


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A finding as read: what, why it matters, and the field that answers it."""

    level: str
    title: str
    detail: str
    field: str
    state: str

    @property
    def anchor(self) -> str:
        """The element that answers it; a group of choices is entered by its first one."""
        return f"f_{self.field}_0" if self.field in JUDGED else f"f_{self.field}"


def check_lines(findings: tuple[Finding, ...]) -> tuple[CheckLine, ...]:
    return tuple(check_line(finding) for finding in findings)


def check_line(finding: Finding) -> CheckLine:
    title, detail = _WRITERS[finding.check](finding)
    shown = finding.computed if finding.check in _GAPS else finding.declared
    return CheckLine(
        level=finding.level.value,
        title=title,
        detail=detail,
        field=finding.field,
        state=shown.value if shown is not None and finding.level is not Level.OK else "",
    )


def problem_text(finding: Finding) -> str:
    """A refusal in one sentence that says how to repair it."""
    line = check_line(finding)
    return f"{line.title} {line.detail}".strip()


def judged_word(name: str) -> str:
    """The name of a dimension, or of the overall declaration, at the start of a sentence."""
    word = _("global") if name == OVERALL else dimension_word(name)
    return word[:1].upper() + word[1:]


def _colour_missing(finding: Finding) -> tuple[str, str]:
    return _("%(name)s : choisissez vert, orange ou rouge.") % {"name": judged_word(finding.dimension)}, ""


def _message_missing(_finding: Finding) -> tuple[str, str]:
    return _("Écrivez le message au CODIR, même en une phrase."), ""


def _ask_incomplete(finding: Finding) -> tuple[str, str]:
    if finding.field == "ask_text":
        return _("Dites ce que vous demandez."), ""
    return _("Une décision demandée nomme son instance et sa date."), ""


def _ask_past(finding: Finding) -> tuple[str, str]:
    title = _("La décision était attendue le %(day)s.") % {"day": formats.date_short(finding.day)}
    return title, _("Choisissez la prochaine séance, ou retirez la demande.")


def _gap(finding: Finding) -> str:
    return _("%(name)s : vous dites %(declared)s, le calcul dit %(computed)s.") % {
        "name": judged_word(finding.dimension),
        "declared": glyphs.state_word(finding.declared),
        "computed": glyphs.state_word(finding.computed),
    }


def _reason_missing(finding: Finding) -> tuple[str, str]:
    return _gap(finding), _("Dites pourquoi en une ligne.")


def _reason_given(finding: Finding) -> tuple[str, str]:
    if finding.declared is not None and finding.computed is not None:
        greener = finding.declared.severity < finding.computed.severity
        if not greener:
            return _gap(finding), _("Justification présente.")
    return _gap(finding), _(
        "Justification présente. Le PSO verra l’écart ; le CODIR, seulement s’il dure trois semaines."
    )


def _no_gap(_finding: Finding) -> tuple[str, str]:
    return _("Déclaration et calcul concordent."), ""


def _cause_missing(finding: Finding) -> tuple[str, str]:
    return _worse(finding), _("Donnez la cause en une ligne.")


def _cause_given(finding: Finding) -> tuple[str, str]:
    return _worse(finding), _("Cause ou jalon renseigné.")


def _worse(finding: Finding) -> str:
    return _("%(name)s passe à %(colour)s.") % {
        "name": judged_word(finding.dimension),
        "colour": glyphs.state_word(finding.declared),
    }


def _milestone_past(finding: Finding) -> tuple[str, str]:
    title = _("« %(name)s » était prévu le %(day)s, déjà passé.") % {
        "name": finding.subject,
        "day": formats.date_short(finding.day),
    }
    return title, _("Donnez la nouvelle date, ou cochez « atteint ».")


def _reached_ahead(finding: Finding) -> tuple[str, str]:
    title = _("« %(name)s » est coché atteint à une date future, le %(day)s.") % {
        "name": finding.subject,
        "day": formats.date_short(finding.day),
    }
    return title, _("Corrigez la date.")


def _dates_coherent(_finding: Finding) -> tuple[str, str]:
    return _("Dates prévues postérieures à aujourd’hui."), ""


def _overall_milder(finding: Finding) -> tuple[str, str]:
    title = _("Global %(declared)s, alors qu’une dimension est %(computed)s.") % {
        "declared": glyphs.state_word(finding.declared),
        "computed": glyphs.state_word(finding.computed),
    }
    return title, ""


def _message_unchanged(_finding: Finding) -> tuple[str, str]:
    return _("Les couleurs changent, le message reste celui de la semaine passée."), ""


def _risks_unconfirmed(finding: Finding) -> tuple[str, str]:
    title = ngettext(
        "%(count)s risque ouvert n’est pas confirmé.", "%(count)s risques ouverts ne sont pas confirmés.", finding.count
    ) % {"count": finding.count}
    return title, _("Cochez « inchangé » s’il l’est, sinon corrigez-le dans le registre.")


def _risks_confirmed(finding: Finding) -> tuple[str, str]:
    title = ngettext("%(count)s risque ouvert confirmé.", "%(count)s risques ouverts confirmés.", finding.count) % {
        "count": finding.count
    }
    return title, ""


_GAPS = (Check.REASON_MISSING, Check.REASON_GIVEN, Check.OVERALL_MILDER)
_WRITERS: Mapping[Check, Callable[[Finding], tuple[str, str]]] = MappingProxyType(
    {
        Check.COLOUR_MISSING: _colour_missing,
        Check.MESSAGE_MISSING: _message_missing,
        Check.ASK_INCOMPLETE: _ask_incomplete,
        Check.ASK_PAST: _ask_past,
        Check.REASON_MISSING: _reason_missing,
        Check.REASON_GIVEN: _reason_given,
        Check.NO_GAP: _no_gap,
        Check.CAUSE_MISSING: _cause_missing,
        Check.CAUSE_GIVEN: _cause_given,
        Check.MILESTONE_PAST: _milestone_past,
        Check.REACHED_AHEAD: _reached_ahead,
        Check.DATES_COHERENT: _dates_coherent,
        Check.OVERALL_MILDER: _overall_milder,
        Check.MESSAGE_UNCHANGED: _message_unchanged,
        Check.RISKS_UNCONFIRMED: _risks_unconfirmed,
        Check.RISKS_CONFIRMED: _risks_confirmed,
    }
)
