"""Page 1: the week in one sentence, four counts, the director's message and the contents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from config.web import formats
from reporting.engines.edition import AMBER, RED, Edition
from reporting.sections import corrections
from reporting.sections.base import Page, is_overdue, quantity, sentence, subtitle
from reporting.sections.decisions import codir_requests


@dataclass(frozen=True, slots=True)
class Count:
    """A lead figure; `delta` None where nothing can be compared, `good` tells how a rise reads."""

    value: str
    label: str
    note: str = ""
    delta: int | None = None
    rise_is_good: bool = False

    @property
    def tone(self) -> str:
        if not self.delta:
            return "zero"
        return "good" if (self.delta > 0) == self.rise_is_good else "bad"

    @property
    def delta_text(self) -> str:
        return "" if self.delta is None else formats.signed(self.delta)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents."""

    key: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Erratum:
    """The box that says what this version corrects; `more` is left to the page of corrections."""

    title: str
    notes: tuple[corrections.Note, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Cover:
    counts: tuple[Count, ...]
    message: str
    contents: tuple[Entry, ...]
    annexes: tuple[Entry, ...]
    previous_week: str
    erratum: Erratum | None = None
    late: str = ""


def build(edition: Edition, pages: Sequence[Page]) -> Page:
    """The cover of the pages that follow it."""
    entries = tuple(Entry(page.key, page.name, page.title) for page in pages if page.level == 1)
    body = Cover(
        counts=_counts(edition),
        message=edition.choices.director_message,
        contents=entries,
        annexes=tuple(Entry(page.key, page.name, page.title) for page in pages if page.level > 1),
        previous_week=formats.week(edition.previous.week) if edition.previous else "",
        erratum=_erratum(edition),
        late=_lateness(edition),
    )
    return Page(
        key="cover",
        name=gettext("Couverture"),
        title=_title(edition),
        subtitle=subtitle(edition, gettext("Pack CODIR"), formats.date_long(edition.publish_at)),
        template="sections/cover.html",
        body=body,
    )


def _lateness(edition: Edition) -> str:
    """What a reader must know of a cut made after its instant."""
    if edition.planned_at is not None:
        told = gettext("Gelé en retard, le %(at)s au lieu du %(planned)s : ce pack dit ce qui était connu le %(at)s.")
        return told % {
            "at": formats.datetime_short(edition.as_of),
            "planned": formats.datetime_short(edition.planned_at),
        }
    if edition.frozen_late_at is None:
        return ""
    told = gettext("Gelé en retard, le %(at)s : ce pack dit ce qui était connu le %(planned)s, rien de plus récent.")
    return told % {
        "at": formats.datetime_short(edition.frozen_late_at),
        "planned": formats.datetime_short(edition.as_of),
    }


def _erratum(edition: Edition) -> Erratum | None:
    notes = corrections.notes_of(edition, formats.active_language())
    if not notes:
        return None
    shown = notes[: corrections.ON_COVER]
    return Erratum(corrections.title(edition), shown, len(notes) - len(shown))


def _title(edition: Edition) -> str:
    decisions = len(codir_requests(edition))
    alerts = sum(
        1 for row in edition.projects if row.state == RED and row.previous is not None and row.previous.state != RED
    )
    parts = []
    if decisions:
        parts.append(ngettext("%(n)d décision", "%(n)d décisions", decisions) % {"n": decisions})
    if alerts:
        parts.append(ngettext("%(n)d nouvelle alerte", "%(n)d nouvelles alertes", alerts) % {"n": alerts})
    parts.append(
        ngettext("%(n)d statut sur %(all)d", "%(n)d statuts sur %(all)d", quantity(edition.received))
        % {"n": edition.received, "all": edition.expected}
    )
    week = formats.iso_week(edition.week)[1]
    return gettext("Semaine %(week)d : %(facts)s") % {"week": week, "facts": sentence(parts)}


def _counts(edition: Edition) -> tuple[Count, ...]:
    statuses = Count(
        value=f"{edition.received}/{edition.expected}",
        label=ngettext("statut reçu", "statuts reçus", quantity(edition.received)),
        note=_silence(edition),
        delta=edition.received - edition.previous.received if edition.previous else None,
        rise_is_good=True,
    )
    if not edition.has_statuses:
        return (*_portfolio_counts(edition), statuses)
    decisions = len(codir_requests(edition))
    before = edition.previous
    return (
        Count(
            value=str(decisions),
            label=ngettext("décision demandée", "décisions demandées", quantity(decisions)),
            delta=decisions - before.decisions if before and before.decisions is not None else None,
        ),
        _state_count(edition, RED, ngettext("projet rouge", "projets rouges", quantity(edition.count(RED)))),
        _state_count(edition, AMBER, ngettext("projet orange", "projets orange", quantity(edition.count(AMBER)))),
        statuses,
    )


def _state_count(edition: Edition, state: str, label: str) -> Count:
    count = edition.count(state)
    before = edition.previous
    return Count(str(count), label, delta=count - before.counts.get(state, 0) if before else None)


def _portfolio_counts(edition: Edition) -> tuple[Count, ...]:
    """What can be said of a portfolio in which nobody has reported yet."""
    budget = sum((row.bac or Decimal(0) for row in edition.projects), Decimal(0))
    overdue = sum(1 for row in edition.projects if is_overdue(row, edition))
    total = len(edition.projects)
    return (
        Count(formats.number(total), ngettext("projet suivi", "projets suivis", quantity(total))),
        Count(formats.meuro(budget, 0 if budget >= 100_000_000 else 1), gettext("budget approuvé")),
        Count(
            formats.number(overdue),
            ngettext("fin prévue dépassée", "fins prévues dépassées", quantity(overdue)),
            note=gettext("projet encore en cours après la date annoncée") if overdue else "",
        ),
    )


def _silence(edition: Edition) -> str:
    silent = len(edition.silent)
    if not silent:
        return gettext("personne n’est silencieux")
    return ngettext("%(n)d projet sans statut", "%(n)d projets sans statut", silent) % {"n": silent}
