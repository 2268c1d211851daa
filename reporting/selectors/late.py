"""Who has not reported this week, for how long he has been silent, and which colours lack their reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.web.languages import Worded, name_in_reach
from people.models import Absence, User
from people.selectors.absence import absences_on
from portfolio.engines.status_checks import JUDGED, OVERALL
from portfolio.enums import RagChoice
from portfolio.models import ChaseNote, Reminder, ReportingCycle, StatusDraft, StatusReport
from portfolio.models.project import ProjectQuerySet
from portfolio.selectors.chasing import can_be_reached, notes_of, reminders_of
from portfolio.selectors.project import visible_projects
from portfolio.selectors.shown_state import shown_state

PAGE = 100
SHOWS: Mapping[str, Promise] = {
    "untouched": _("Rien commencé"),
    "begun": _("Commencés"),
    "stale": _("Périmés"),
    "never": _("Jamais reçu"),
    "unreminded": _("Pas encore relancés"),
    "top": _("Top 24"),
}
ORDERS: Mapping[str, tuple[str, ...]] = {
    "silence": ("standing__last_status_on", "priority_rank"),
    "rank": ("priority_rank",),
    "manager": ("manager__last_name", "manager__first_name", "priority_rank"),
}
_SHOWN: Mapping[str, Q] = {
    "untouched": Q(begun=False),
    "begun": Q(begun=True),
    "stale": Q(state="stale"),
    "never": Q(standing__last_status_on__isnull=True),
    "unreminded": Q(reminded=False),
    "top": Q(is_top=True),
}


@dataclass(frozen=True, slots=True)
class LateQuery:
    """What the address asks for; every value already checked."""

    show: str = ""
    axis: str = ""
    sort: str = "silence"
    page: int = 1


@dataclass(frozen=True, slots=True)
class LateRow:
    """A project that owes its status; `begun` says a draft exists, never what is in it."""

    code: str
    name: Worded
    rank: int | None
    is_top: bool
    axis: Worded
    manager: str
    email: str
    state: str
    last_state: str
    last_status_on: date | None
    days_silent: int | None
    begun: bool
    history: Sequence[str]
    can_be_reached: bool
    absence: Absence | None = None
    reminders: Sequence[Reminder] = ()
    notes: Sequence[ChaseNote] = ()

    @property
    def last_reminder(self) -> Reminder | None:
        return self.reminders[0] if self.reminders else None

    @property
    def weeks_silent(self) -> int | None:
        return None if self.days_silent is None else self.days_silent // 7

    @property
    def is_stale(self) -> bool:
        return self.state == "stale"


@dataclass(frozen=True, slots=True)
class GapRow:
    """A status received whose colours differ from the computation without the sentence that says why."""

    code: str
    name: Worded
    manager: str
    declared: str
    computed: str
    dimensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LateList:
    """The week seen by who chases it: figures over all projects, then one page of the missing ones."""

    expected: int
    received: int
    counts: Mapping[str, int]
    found: int
    rows: tuple[LateRow, ...]
    gaps: tuple[GapRow, ...]

    @property
    def missing(self) -> int:
        return self.expected - self.received

    @property
    def has_past(self) -> bool:
        """Whether any row has a past to show; a portfolio just imported has none."""
        return any(row.last_status_on for row in self.rows)

    @property
    def has_ranks(self) -> bool:
        return any(row.rank for row in self.rows)


def find_late(user: User, cycle: ReportingCycle, query: LateQuery, today: date) -> LateList:
    """Six statements whatever the number of projects: figures, one page of rows with what was done about them, gaps."""
    owed = _owed(user, query, today)
    given, begun, reminded = _given(cycle), _begun(cycle), _reminded(cycle)
    shown = {**_SHOWN, "untouched": Q(~begun), "begun": Q(begun), "unreminded": Q(~reminded)}
    figures: dict[str, int] = owed.aggregate(
        expected=Count("pk"),
        received=Count("pk", filter=Q(given)),
        **{name: Count("pk", filter=Q(~given) & shown[name]) for name in SHOWS},
    )
    expected, received = figures.pop("expected"), figures.pop("received")
    found = figures[query.show] if query.show else expected - received
    missing = owed.filter(~given).annotate(begun=begun, reminded=reminded)
    return LateList(
        expected=expected,
        received=received,
        counts=figures,
        found=found,
        rows=_rows(missing, cycle, query, today) if found else (),
        gaps=_gaps(user, cycle) if received else (),
    )


def _owed(user: User, query: LateQuery, today: date) -> ProjectQuerySet:
    projects = visible_projects(user).reporting()
    if query.axis:
        projects = projects.filter(axis__code=query.axis)
    return projects.annotate(state=shown_state(user, today))


def _given(cycle: ReportingCycle) -> Exists:
    return Exists(StatusReport.objects.filter(project=OuterRef("pk"), cycle=cycle))


def _begun(cycle: ReportingCycle) -> Exists:
    return Exists(StatusDraft.objects.filter(project=OuterRef("pk"), cycle=cycle))


def _reminded(cycle: ReportingCycle) -> Exists:
    return Exists(Reminder.objects.filter(project=OuterRef("pk"), cycle=cycle))


_COLUMNS = (
    "pk",
    "code",
    "name_fr",
    "name_nl",
    "name_en",
    "priority_rank",
    "is_top",
    "axis__name_fr",
    "axis__name_nl",
    "axis__name_en",
    "manager__first_name",
    "manager__last_name",
    "manager__email",
    "manager_id",
    "manager__user__is_active",
    "deputy__user__is_active",
    "standing__declared_overall",
    "standing__last_status_on",
    "standing__history",
    "state",
    "begun",
)


def _rows(missing: ProjectQuerySet, cycle: ReportingCycle, query: LateQuery, today: date) -> tuple[LateRow, ...]:
    missing = missing.filter(_SHOWN.get(query.show, Q()))
    name, descending = query.sort.removeprefix("-"), query.sort.startswith("-")
    nulls = {"nulls_first": True} if (name == "silence") != descending else {"nulls_last": True}
    order = [F(path).desc(**nulls) if descending else F(path).asc(**nulls) for path in ORDERS[name][:1]]
    rest = [F(path).asc(nulls_last=True) for path in ORDERS[name][1:]]
    first = (query.page - 1) * PAGE
    ordered = missing.order_by(*order, *rest, "code")
    raws = list(ordered.values(*_COLUMNS)[first : first + PAGE])
    keys = [raw["pk"] for raw in raws]
    reminders, notes = reminders_of(cycle, keys), notes_of(cycle, keys)
    away = absences_on(today, {raw["manager_id"] for raw in raws if raw["manager_id"] is not None})
    return tuple(
        replace(
            _row(raw, today, away.get(raw["manager_id"])),
            reminders=reminders.get(raw["pk"], ()),
            notes=notes.get(raw["pk"], ()),
        )
        for raw in raws
    )


def _row(raw: Mapping[str, Any], today: date, absence: Absence | None) -> LateRow:
    last = raw["standing__last_status_on"]
    has_deputy = absence is not None and can_be_reached(absence.deputy)
    return LateRow(
        code=raw["code"],
        name=name_in_reach(raw),
        rank=raw["priority_rank"],
        is_top=raw["is_top"],
        axis=name_in_reach(raw, "axis__"),
        manager=_manager(raw, ""),
        email=raw["manager__email"] or "",
        state=raw["state"],
        last_state=raw["standing__declared_overall"] or "none",
        last_status_on=last,
        days_silent=None if last is None else max((today - last).days, 0),
        begun=raw["begun"],
        history=raw["standing__history"] or [],
        can_be_reached=bool(has_deputy or raw["manager__user__is_active"] or raw["deputy__user__is_active"]),
        absence=absence,
    )


def _manager(raw: Mapping[str, Any], prefix: str) -> str:
    first, last = raw[f"{prefix}manager__first_name"], raw[f"{prefix}manager__last_name"]
    return f"{first} {last}" if last else ""


def _computed(name: str) -> KeyTextTransform:
    """The computed colour of a dimension, or of the whole, inside the standing of the report's project."""
    computed = "project__standing__computed"
    if name == OVERALL:
        return KeyTextTransform("rag", KeyTransform(OVERALL, computed))
    return KeyTextTransform("rag", KeyTransform(name, KeyTransform("dimensions", computed)))


def _gaps(user: User, cycle: ReportingCycle) -> tuple[GapRow, ...]:
    """Known computed colours that differ from the declared ones and carry no reason, in one statement."""
    computed = {f"computed_{name}": _computed(name) for name in JUDGED}
    unexplained = Q()
    for name in JUDGED:
        known = Q(**{f"computed_{name}__in": RagChoice.values, f"reason_{name}": ""})
        unexplained |= known & ~Q(**{f"computed_{name}": F(name)})
    names = [f"project__name_{code}" for code in ("fr", "nl", "en")]
    reports = (
        StatusReport.objects.filter(cycle=cycle, project__in=visible_projects(user).reporting().values("pk"))
        .annotate(**computed)
        .filter(unexplained)
        .order_by(F("project__priority_rank").asc(nulls_last=True), "project__code")
        .values(
            "project__code",
            *names,
            "project__manager__first_name",
            "project__manager__last_name",
            *JUDGED,
            *(f"reason_{name}" for name in JUDGED),
            *computed,
        )[:PAGE]
    )
    return tuple(_gap(raw) for raw in reports)


def _gap(raw: Mapping[str, Any]) -> GapRow:
    return GapRow(
        code=raw["project__code"],
        name=name_in_reach(raw, "project__"),
        manager=_manager(raw, "project__"),
        declared=raw[OVERALL],
        computed=raw[f"computed_{OVERALL}"] or "none",
        dimensions=tuple(
            name
            for name in JUDGED
            if raw[f"computed_{name}"] in RagChoice.values
            and raw[f"computed_{name}"] != raw[name]
            and not raw[f"reason_{name}"]
        ),
    )
