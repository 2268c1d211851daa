"""Links between projects that a reader may know of: their ends, their room, and who is hit by how many days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from people.models.user import User
from portfolio.engines.cross_schedule import CrossProject, CrossSchedule, LooseMilestone, Tie, cross_schedule
from portfolio.engines.network import CycleError, LinkType
from portfolio.engines.schedule_mapping import plan_of
from portfolio.engines.working_calendar import moment
from portfolio.enums import ActivityKind
from portfolio.models.cross_link import CrossLink
from portfolio.models.milestone import Milestone
from portfolio.models.plan import Activity, Plan
from portfolio.models.project import Project
from portfolio.selectors.plan_file import stored_files
from portfolio.selectors.project import visible_projects

TIGHT_DAYS = 10
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """One end in words; `day`, None once it is gone: what gives with everybody's delays, what waits as it plans it."""

    project: Project
    label: str
    day: date | None

    @property
    def is_missing(self) -> bool:
        return not self.label


@dataclass(frozen=True, slots=True)
class ShownLink:
    """`room` in working days of the side that waits: below nought it clashes; None where an end is gone."""

    link: CrossLink
    giver: LinkEnd
    waiter: LinkEnd
    room: float | None

    @property
    def clash(self) -> int:
        """Whole working days of clash, begun ones included; nought where there is room."""
        return 0 if self.room is None or self.room >= 0 else int(-self.room + 0.999)

    @property
    def state(self) -> str:
        if self.room is None:
            return "none"
        if self.room < 0:
            return "red"
        return "amber" if self.room < TIGHT_DAYS else "green"


@dataclass(frozen=True, slots=True)
class HitProject:
    """A project that others push back: its end, and what moves in it, the most first."""

    project: Project
    end_days: float
    rows: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class CrossPage:
    """`circle` is the path of links that close one: then nothing can be reckoned."""

    links: tuple[ShownLink, ...] = ()
    hits: tuple[HitProject, ...] = ()
    circle: str = ""

    @property
    def late(self) -> list[ShownLink]:
        return [one for one in self.links if one.clash]


def visible_links(user: User) -> list[CrossLink]:
    """Links between running projects that the user may both know of."""
    known = visible_projects(user).active()
    rows = CrossLink.objects.filter(predecessor_project__in=known, successor_project__in=known)
    return list(rows.select_related("predecessor_project", "successor_project").order_by("pk"))


def links_around(links: Sequence[CrossLink], project: Project) -> list[CrossLink]:
    """Those that reach the project over any number of others."""
    reached, grown = {project.pk}, True
    while grown:
        more = {key for row in links if (ends := _projects(row)) & reached for key in ends}
        grown = not more <= reached
        reached |= more
    return [row for row in links if _projects(row) <= reached]


def link_page(user: User, project: Project) -> CrossPage:
    """The links of one project; who is hit counts delays that come over several projects."""
    around = links_around(visible_links(user), project)
    if not around:
        return CrossPage()
    page = cross_page(around)
    own = tuple(one for one in page.links if project.pk in _projects(one.link))
    return CrossPage(own, page.hits, page.circle)


def portfolio_links(user: User) -> CrossPage:
    links = visible_links(user)
    return cross_page(links) if links else CrossPage()


def cross_page(links: Sequence[CrossLink]) -> CrossPage:
    """In seven statements for any number of links and projects."""
    net = CrossNet(links)
    try:
        found = cross_schedule(net.projects(), [net.tie(row) for row in links])
    except CycleError as error:
        shown = tuple(ShownLink(row, net.end(row, "predecessor"), net.end(row, "successor"), None) for row in links)
        return CrossPage(shown, (), net.told(error.path))
    shown = tuple(
        ShownLink(row, net.end(row, "predecessor", found), net.end(row, "successor", found), room)
        for row, room in zip(links, found.room, strict=True)
    )
    return CrossPage(shown, tuple(net.hits(found)))


class CrossNet:
    """The plans and milestones of the projects that some links join."""

    def __init__(self, links: Iterable[CrossLink]) -> None:
        rows = list(links)
        self.known = {one.pk: one for row in rows for one in (row.predecessor_project, row.successor_project)}
        plans = list(Plan.objects.filter(project__in=self.known))
        self.files = stored_files(plans)
        self.plans = {plan.project_id: plan for plan in plans}
        self.labels: dict[Key, str] = {}
        self.fed: dict[int, str] = {}
        codes = {plan.pk: self.known[plan.project_id].code for plan in plans}
        for plan_id, uid, number, name, milestone in Activity.objects.filter(plan__in=plans).values_list(
            "plan_id", "uid", "number", "name", "milestone_id"
        ):
            self.labels[codes[plan_id], str(uid)] = f"{number} {name}".strip()
            if milestone is not None:
                self.fed[milestone] = str(uid)
        self.loose: dict[int, list[LooseMilestone]] = defaultdict(list)
        for one in Milestone.objects.filter(project__in=self.known):
            if one.pk not in self.fed:
                day = one.actual or one.forecast
                self.loose[one.project_id].append(LooseMilestone(f"m{one.pk}", day, one.actual is not None))
                self.labels[self.known[one.project_id].code, f"m{one.pk}"] = one.name

    def projects(self) -> list[CrossProject]:
        return [
            CrossProject(
                project.code,
                plan_of(self.files[self.plans[key].pk]) if key in self.plans else None,
                self.loose[key],
            )
            for key, project in self.known.items()
        ]

    def tie(self, row: CrossLink) -> Tie:
        return Tie(self.key(row, "predecessor"), self.key(row, "successor"), LinkType(row.kind), row.lag_days)

    def key(self, row: CrossLink, side: str) -> Key:
        """A milestone that an activity feeds is that activity."""
        project: Project = getattr(row, f"{side}_project")
        uid, milestone = getattr(row, f"{side}_uid"), getattr(row, f"{side}_milestone_id")
        return project.code, str(uid) if milestone is None else self.fed.get(milestone, f"m{milestone}")

    def end(self, row: CrossLink, side: str, found: CrossSchedule | None = None) -> LinkEnd:
        key = self.key(row, side)
        schedules = found and (found.joint.projects if side == "predecessor" else found.joint.alone)
        placed = schedules[key[0]].activities.get(key[1]) if schedules else None
        from_start = LinkType(row.kind).from_start if side == "predecessor" else row.kind in ("FS", "SS")
        at = None if placed is None else placed.start if from_start else placed.finish
        day = None if at is None else moment(at).date()
        return LinkEnd(getattr(row, f"{side}_project"), self.labels.get(key, ""), day)

    def hits(self, found: CrossSchedule) -> list[HitProject]:
        by_code = {project.code: project for project in self.known.values()}
        moved: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for hit in found.hits:
            moved[hit.project].append((self.labels.get((hit.project, hit.activity), hit.activity), hit.days))
        rows = [
            HitProject(by_code[code], found.ends[code], tuple(sorted(each, key=lambda one: -one[1])))
            for code, each in moved.items()
        ]
        return sorted(rows, key=lambda one: (-one.end_days, -one.rows[0][1], one.project.code))

    def told(self, path: Sequence[str]) -> str:
        """A circle by the names people know."""
        ends = (end.partition("/") for end in path)
        return " → ".join(f"{code} {self.labels.get((code, one), one)}" for code, _slash, one in ends)


def ends_of(project: Project) -> list[tuple[str, str]]:
    """What a link of the project may hang on: open activities and milestones of its plan, then loose milestones."""
    rows = Activity.objects.filter(
        Q(kind=ActivityKind.TASK) | Q(kind=ActivityKind.MILESTONE),
        plan__project=project,
        is_active=True,
        actual_finish__isnull=True,
    ).order_by("position")
    found = [(f"a{uid}", f"{number} {name}".strip()) for uid, number, name in rows.values_list("uid", "number", "name")]
    loose = Milestone.objects.filter(project=project, activity__isnull=True, actual__isnull=True).order_by(
        "forecast", "pk"
    )
    return found + [(f"m{key}", name) for key, name in loose.values_list("pk", "name")]


def link_of_project(user: User, project: Project, key: int) -> CrossLink | None:
    """A link of the project whose other side the user may know of."""
    rows = CrossLink.objects.filter(Q(predecessor_project=project) | Q(successor_project=project), pk=key)
    known = visible_projects(user)
    rows = rows.filter(predecessor_project__in=known, successor_project__in=known)
    return rows.select_related("predecessor_project__manager__user", "successor_project__manager__user").first()


def labels_of(links: Sequence[CrossLink]) -> Mapping[int, tuple[str, str]]:
    """Both ends of each link in words."""
    net = CrossNet(links)
    return {row.pk: (net.end(row, "predecessor").label, net.end(row, "successor").label) for row in links}


def _projects(row: CrossLink) -> set[int]:
    return {row.predecessor_project_id, row.successor_project_id}
