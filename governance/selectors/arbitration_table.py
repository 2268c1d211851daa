"""The comparison of an arbitration's options as a page shows it: options across, projects down, sums below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance.engines.arbitration import Cell, Total
from governance.enums import Shift
from governance.models import Arbitration, ArbitrationOption, ConcernedProject, DecisionRequest, OptionImpact
from governance.selectors.arbitration import Effects, arbitration_for, effects_on
from people.models import User

_TARGETS = (
    ("scope", gettext_lazy("périmètre")),
    ("quality", gettext_lazy("qualité")),
    ("benefits", gettext_lazy("bénéfices")),
    ("risk", gettext_lazy("risque")),
    ("sustainability", gettext_lazy("durabilité")),
)


@dataclass(frozen=True, slots=True)
class Box:
    """One project under one option; `cell` is None while nobody has written its effect."""

    impact: OptionImpact | None
    cell: Cell | None

    @property
    def shifts(self) -> list[tuple[Promise, str]]:
        """The targets that change, of those that no amount tells."""
        if self.impact is None:
            return []
        return [
            (word, str(Shift(value).label)) for name, word in _TARGETS if (value := getattr(self.impact, name)) != 0
        ]


@dataclass(frozen=True, slots=True)
class Line:
    item: ConcernedProject
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class Table:
    """`message` says the comparison in one sentence; empty while effects are missing, as is the total of an option."""

    effects: Effects
    options: Sequence[ArbitrationOption]
    lines: Sequence[Line]
    totals: Sequence[Total | None]
    message: str


def table_of(row: Arbitration, now: datetime) -> Table:
    effects = effects_on(row, now)
    cells = effects.comparison.cells
    lines = [
        Line(
            item,
            [
                Box(effects.impacts.get((option.pk, item.project_id)), cells.get((option.pk, item.project_id)))
                for option in effects.options
            ],
        )
        for item in effects.concerned
    ]
    totals = [
        effects.comparison.totals[option.pk]
        if all((option.pk, item.project_id) in cells for item in effects.concerned)
        else None
        for option in effects.options
    ]
    return Table(effects, effects.options, lines, totals, _message(effects))


@dataclass(frozen=True, slots=True)
class SubjectView:
    """What a body is asked to settle, for the page of the request and the session."""

    row: Arbitration
    table: Table


def subject_of(user: User, request: DecisionRequest | None, now: datetime) -> SubjectView | None:
    """The arbitration a request stands for, if the reader may know of it."""
    row = arbitration_for(user, request)
    return None if row is None else SubjectView(row, table_of(row, now))


def _message(effects: Effects) -> str:
    """Which option leaves the fewest projects outside their tolerance, and what doing nothing would leave."""
    nothing = next((option for option in effects.options if option.do_nothing), None)
    best = next((option for option in effects.options if option.pk == effects.comparison.best), None)
    if not effects.complete or nothing is None or best is None:
        return ""
    left = effects.comparison.totals[nothing.pk].beyond
    if best.do_nothing:
        return _(
            "Ne rien faire est l’option qui coûte le moins : aucune autre ne laisse moins de projets hors tolérance."
        )
    kept = effects.comparison.totals[best.pk].beyond
    first = (
        ngettext(
            "« %(option)s » laisse %(count)s projet hors tolérance",
            "« %(option)s » laisse %(count)s projets hors tolérance",
            kept,
        )
        if kept
        else _("« %(option)s » garde tous les projets dans leurs tolérances")
    ) % {"option": best.label, "count": kept}
    return _("%(first)s ; ne rien faire en laisse %(left)s.") % {"first": first, "left": left}
