"""Who has not reported this week, for how long he has been silent, and which colours lack their reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.web.languages import Worded, name_in_reach
from people.models import User
from portfolio.engines.status_checks import JUDGED, OVERALL
from portfolio.enums import RagChoice
from portfolio.models import ReportingCycle, StatusDraft, StatusReport
from portfolio.models.project import ProjectQuerySet
from portfolio.selectors.project import visible_projects
from portfolio.selectors.shown_state import shown_state

PAGE = 100
SHOWS: Mapping[str, Promise] = {
    "untouched": _("Rien commencé"),
    "begun": _("Commencés"),
    "stale": _("Périmés"),
    "never": _("Jamais reçu"),
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
    manager_language: str
    state: str
    last_state: str
    last_status_on: date | None
    days_silent: int | None
    begun: bool
    history: Sequence[str]

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
    """Three statements whatever the number of projects: figures, one page of rows, gaps."""
    owed = _owed(user, query, today)
    given, begun = _given(cycle), _begun(cycle)
    shown = {**_SHOWN, "untouched": Q(~begun), "begun": Q(begun)}
    figures: dict[str, int] = owed.aggregate(
        expected=Count("pk"),
        received=Count("pk", filter=Q(given)),
        **{name: Count("pk", filter=Q(~given) & shown[name]) for name in SHOWS},
    )
    expected, received = figures.pop("expected"), figures.pop("received")
    found = figures[query.show] if query.show else expected - received
    return LateList(
        expected=expected,
        received=received,
        counts=figures,
        found=found,
        rows=_rows(owed.filter(~given).annotate(begun=begun), query, today) if found else (),
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


_COLUMNS = (
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
    "manager__language",
    "standing__declared_overall",
    "standing__last_status_on",
    "standing__history",
    "state",
    "begun",
)


def _rows(missing: ProjectQuerySet, query: LateQuery, today: date) -> tuple[LateRow, ...]:
    missing = missing.filter(_SHOWN.get(query.show, Q()))
    name, descending = query.sort.removeprefix("-"), query.sort.startswith("-")
    nulls = {"nulls_first": True} if (name == "silence") != descending else {"nulls_last": True}
    order = [F(path).desc(**nulls) if descending else F(path).asc(**nulls) for path in ORDERS[name][:1]]
    rest = [F(path).asc(nulls_last=True) for path in ORDERS[name][1:]]
    first = (query.page - 1) * PAGE
    ordered = missing.order_by(*order, *rest, "code")
    return tuple(_row(raw, today) for raw in ordered.values(*_COLUMNS)[first : first + PAGE])


def _row(raw: Mapping[str, Any], today: date) -> LateRow:
    last = raw["standing__last_status_on"]
    return LateRow(
        code=raw["code"],
        name=name_in_reach(raw),
        rank=raw["priority_rank"],
        is_top=raw["is_top"],
        axis=name_in_reach(raw, "axis__"),
        manager=_manager(raw, ""),
        email=raw["manager__email"] or "",
        manager_language=raw["manager__language"] or "fr",
        state=raw["state"],
        last_state=raw["standing__declared_overall"] or "none",
        last_status_on=last,
        days_silent=None if last is None else max((today - last).days, 0),
        begun=raw["begun"],
        history=raw["standing__history"] or [],
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
