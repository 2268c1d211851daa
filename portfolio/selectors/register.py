"""The register of projects: filter, order, total and group, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField as BooleanColumn
from django.db.models import Case, Count, ExpressionWrapper, F, Q, QuerySet, Sum, Value, When
from django.db.models import DecimalField as DecimalColumn
from django.db.models import IntegerField as IntegerColumn
from django.db.models.functions import Coalesce, NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.models.user import User
from portfolio.engines.deviation import percent_of
from portfolio.enums import REPORTING_STATES
from portfolio.models.project import ProjectQuerySet
from portfolio.selectors.project import visible_projects
from portfolio.selectors.register_row import Group, RegisterRow, grouped, language, raw_rows, read_row
from portfolio.selectors.shown_state import STATES, shown_state
from portfolio.selectors.status_reading import status_reader

WHOLE = 200
PAGE = 50
BIG = Decimal(5_000_000)

PRESETS: Mapping[str, Promise] = {
    "mine": _("Mes projets"),
    "top": _("Top 24"),
    "alert": _("Rouges et orange"),
    "stale": _("Périmés"),
    "big": _("Plus de 5 M€"),
    "gap": _("Écarts déclaré/calculé"),
}
MOVES: Mapping[str, Promise] = {"worse": _("dégradés"), "better": _("améliorés")}
ORDERS: Mapping[str, tuple[str, ...]] = {
    "rank": ("priority_rank", "code"),
    "name": ("name_fr", "code"),
    "state": ("severity", "priority_rank"),
    "manager": ("manager__last_name", "manager__first_name"),
    "programme": ("programme__code",),
    "axis": ("axis__position", "axis__code"),
    "stage": ("life_cycle",),
    "milestone": ("standing__next_milestone_on",),
    "end": ("standing__end_slip_days",),
    "first_end": ("standing__first_end_slip_days",),
    "eac": ("standing__eac",),
    "variance": ("variance",),
    "exposure": ("standing__exposure",),
    "status": ("told_on",),
}
GROUPS: Mapping[str, tuple[str, ...]] = {
    "axis": ("axis__position", "axis__code"),
    "programme": ("programme__code",),
}


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """What the address of the register asks for; every value already checked."""

    q: str = ""
    preset: str = ""
    axis: str = ""
    programme: str = ""
    manager: str = ""
    state: str = ""
    method: str = ""
    life_cycle: str = ""
    moved: str = ""
    closed: str = ""
    sort: str = "rank"
    group: str = ""
    columns: tuple[str, ...] = ()
    offset: int = 0
    codes: tuple[str, ...] = ()

    def criteria(self) -> tuple[str, ...]:
        """The criteria in force, in the order they apply."""
        names = ("preset", "axis", "programme", "manager", "state", "method", "life_cycle", "moved", "q")
        return tuple(name for name in names if getattr(self, name))


@dataclass(frozen=True, slots=True)
class Totals:
    """The last line of the table: it follows the filter."""

    count: int
    bac: Decimal | None
    eac: Decimal | None
    actual: Decimal | None
    states: Mapping[str, int]

    @property
    def variance(self) -> Decimal | None:
        return None if self.bac is None or self.eac is None else self.eac - self.bac

    @property
    def variance_percent(self) -> Decimal | None:
        return percent_of(self.variance, self.bac)


@dataclass(frozen=True, slots=True)
class Register:
    """One page of the register with everything around it."""

    query: RegisterQuery
    rows: list[RegisterRow]
    groups: list[Group]
    totals: Totals
    next_offset: int | None
    emptied_by: str = ""


def find_register(user: User, query: RegisterQuery, today: date) -> Register:
    """The register as `user` may see it: one statement for the totals, one for the rows."""
    projects = filtered(user, query, today)
    reader = status_reader(user)
    totals = _totals(projects, reader.standing)
    if not totals.count:
        return Register(query, [], [], totals, None, emptied_by=_emptied_by(user, query, today))
    size = WHOLE if totals.count <= WHOLE else PAGE
    ordered = _ordered(projects, query, reader.standing)
    reader = status_reader(user)
    rows = [read_row(raw, reader) for raw in raw_rows(ordered, reader)[query.offset : query.offset + size]]
    seen = query.offset + len(rows)
    groups = grouped(rows, query.group) if query.group else []
    return Register(query, rows, groups, totals, seen if seen < totals.count else None)


def every_row(user: User, query: RegisterQuery, today: date) -> list[RegisterRow]:
    """All rows of the query in its order, whatever the page: what a file holds, in one statement."""
    reader = status_reader(user)
    ordered = _ordered(filtered(user, query, today), query, reader.standing)
    return [read_row(raw, reader) for raw in raw_rows(ordered, reader)]


def find_row(user: User, code: str, today: date) -> RegisterRow | None:
    """One line of the register, as its table shows it."""
    reader = status_reader(user)
    raw = raw_rows(_with_states(visible_projects(user).filter(code=code), user, today), reader).first()
    return read_row(raw, reader) if raw else None


def filtered(user: User, query: RegisterQuery, today: date) -> ProjectQuerySet:
    """The projects of the query; closed ones only when asked for by state or life cycle."""
    projects = _with_states(visible_projects(user), user, today)
    if not (query.life_cycle or query.closed or query.state == "closed"):
        projects = projects.active()
    for name in query.criteria():
        projects = _FILTERS[name](projects, getattr(query, name), user)
    return projects.filter(code__in=query.codes) if query.codes else projects


def ordered_projects(user: User, query: RegisterQuery, today: date) -> ProjectQuerySet:
    """The projects of the query in its order, for who pages them himself."""
    return _ordered(filtered(user, query, today), query, status_reader(user).standing)


def preset_counts(user: User, today: date) -> dict[str, int]:
    """How many running projects each preset holds, in one statement."""
    marks = {name: ExpressionWrapper(_preset(name, user), BooleanColumn()) for name in ("mine", "big")}
    running: QuerySet[Any] = _with_states(visible_projects(user).active(), user, today).annotate(**marks)
    counts = dict.fromkeys(PRESETS, 0)
    for state, is_top, greener, mine, big, count in (
        running.order_by().values_list("state", "is_top", "greener", "mine", "big").annotate(count=Count("pk"))
    ):
        held = {
            "mine": mine,
            "top": is_top,
            "alert": state in ("red", "amber"),
            "stale": state == "stale",
            "big": big,
            "gap": greener,
        }
        for name in PRESETS:
            counts[name] += count if held[name] else 0
    return counts


def options(user: User) -> dict[str, list[tuple[str, str]]]:
    """Programmes, axes and managers of the projects the user may see, in one statement."""
    spoken = language()
    found: dict[str, dict[str, str]] = {"axis": {}, "programme": {}, "manager": {}}
    rows = (
        visible_projects(user)
        .order_by()
        .values_list(
            "axis__code",
            "axis__name_fr",
            f"axis__name_{spoken}",
            "programme__code",
            "programme__name_fr",
            f"programme__name_{spoken}",
            "manager_id",
            "manager__first_name",
            "manager__last_name",
        )
        .distinct()
    )
    for axis, axis_fr, axis_name, code, name_fr, name, manager, first, last in rows:
        if axis:
            found["axis"][axis] = axis_name or axis_fr
        if code:
            found["programme"][code] = f"{code} · {name or name_fr}"
        if manager:
            found["manager"][str(manager)] = f"{last} {first}"
    return {key: sorted(values.items(), key=lambda pair: pair[1]) for key, values in found.items()}


def _with_states(projects: ProjectQuerySet, user: User, today: date) -> ProjectQuerySet:
    """Each project with what the reader is shown of its statuses."""
    told = status_reader(user).standing
    return projects.annotate(
        state=shown_state(user, today),
        previous=F(f"{told}__previous_overall"),
        told_on=F(f"{told}__last_status_on"),
        greener=F(f"{told}__greener_than_evidence"),
    )


def _preset(name: str, user: User) -> Q:
    return {
        "mine": Q(manager__user=user) | Q(deputy__user=user) | Q(programme__manager__user=user),
        "top": Q(is_top=True),
        "alert": Q(state__in=["red", "amber"]),
        "stale": Q(state="stale"),
        "big": Q(**{f"{status_reader(user).standing}__bac__gt": BIG}),
        "gap": Q(greener=True),
    }[name]


def _search(projects: ProjectQuerySet, text: str, _user: User) -> ProjectQuerySet:
    for word in text.split()[:5]:
        projects = projects.filter(
            Q(code__icontains=word)
            | Q(name_fr__icontains=word)
            | Q(name_nl__icontains=word)
            | Q(name_en__icontains=word)
            | Q(manager__first_name__icontains=word)
            | Q(manager__last_name__icontains=word)
            | Q(programme__name_fr__icontains=word)
        )
    return projects


def _equal(path: str) -> Callable[[ProjectQuerySet, str, User], ProjectQuerySet]:
    return lambda projects, value, _user: projects.filter(**{path: value})


# As the dashboard tells them: silence is worse than any colour, and only green ends one well.
_MOVED: Mapping[str, Q] = {
    "worse": Q(state="stale", previous__in=["red", "amber", "green"])
    | Q(state__in=["red", "amber"], previous="stale")
    | Q(state="red", previous__in=["amber", "green"])
    | Q(state="amber", previous="green"),
    "better": Q(state="green", previous__in=["red", "amber", "stale"]) | Q(state="amber", previous="red"),
}
_FILTERS: Mapping[str, Callable[[ProjectQuerySet, str, User], ProjectQuerySet]] = {
    "preset": lambda projects, value, user: projects.filter(_preset(value, user)),
    "axis": _equal("axis__code"),
    "programme": _equal("programme__code"),
    "manager": _equal("manager_id"),
    "state": _equal("state"),
    "method": _equal("method"),
    "life_cycle": _equal("life_cycle"),
    "moved": lambda projects, value, _user: projects.filter(_MOVED[value], life_cycle__in=REPORTING_STATES),
    "q": _search,
}


def _ordered(projects: ProjectQuerySet, query: RegisterQuery, told: str) -> ProjectQuerySet:
    """By what the reader is shown: `told` is the relation that holds it."""
    name = query.sort.removeprefix("-")
    descending = query.sort.startswith("-")
    if name == "state":
        severity = [When(state=state, then=Value(place)) for place, state in enumerate(STATES)]
        projects = projects.annotate(severity=Case(*severity, default=Value(9), output_field=IntegerColumn()))
    if name == "variance":
        share = F(f"{told}__eac") / NullIf(F(f"{told}__bac"), Value(Decimal(0)))
        projects = projects.annotate(variance=ExpressionWrapper(share, DecimalColumn(max_digits=20, decimal_places=6)))
    paths = [path.replace("standing__", f"{told}__", 1) for path in ORDERS[name]]
    lead = [F(path).asc(nulls_last=True) for path in GROUPS.get(query.group, ())]
    own = [F(path).desc(nulls_last=True) if descending else F(path).asc(nulls_last=True) for path in paths]
    return projects.order_by(*lead, *own, "code")


def _totals(projects: QuerySet[Any], told: str) -> Totals:
    """One row per state from the database: the state of a project is worked out once."""
    rows = (
        projects.order_by()
        .values_list("state")
        .annotate(
            Count("pk"),
            Sum(f"{told}__bac"),
            Sum(f"{told}__actual"),
            eac=Sum(Coalesce(f"{told}__eac", f"{told}__bac")),
        )
    )
    found = {state: (count, bac, eac, actual) for state, count, bac, actual, eac in rows}
    counts, bacs, eacs, actuals = zip(*found.values(), strict=True) if found else ((), (), (), ())
    return Totals(
        count=sum(counts),
        bac=_sum(bacs),
        eac=_sum(eacs),
        actual=_sum(actuals),
        states={state: found[state][0] for state in STATES if state in found},
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None where no amount is known, as in the database."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _emptied_by(user: User, query: RegisterQuery, today: date) -> str:
    """The criterion that removed the last row: the first one after which nothing is left."""
    kept: dict[str, Any] = {"closed": query.closed}
    for name in query.criteria():
        kept[name] = getattr(query, name)
        if not filtered(user, RegisterQuery(**kept), today).exists():
            return name
    return ""
