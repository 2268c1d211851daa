"""Tasks, links, resources and assignments of an MSPDI file, one element at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from portfolio.engines.mspdi_fields import Doubts, Fields
from portfolio.engines.mspdi_values import CONSTRAINTS, LINK_TYPES, RESOURCE_KINDS, UNASSIGNED, WORK_TYPES
from portfolio.engines.network import ConstraintType, LinkType
from portfolio.engines.schedule_file import (
    Assignment,
    Baseline,
    Computed,
    Manual,
    Progress,
    Resource,
    ResourceKind,
    ScheduleRefusedError,
    Span,
    Task,
    WorkType,
)
from portfolio.engines.xml_stream import Node

LONGEST_LINK = 500
DEEPEST_OUTLINE = 100
_USUAL_PRIORITY = 500


@dataclass(frozen=True, slots=True)
class StatedLink:
    """A link as written, before it is known whether its predecessor exists."""

    row: int
    predecessor: int | None
    kind: LinkType
    lag: Span
    is_of_another_file: bool
    key: str


def read_task(node: Node, uid: int, labels: Mapping[str, str], doubts: Doubts) -> Task:
    fields = Fields(node, doubts)
    level = fields.integer("OutlineLevel")
    task = Task(
        uid=uid,
        row=node.line,
        number=fields.uid("ID") or 0,
        name=fields.text("Name"),
        outline_level=1 if level is None else min(DEEPEST_OUTLINE, max(0, level)),
        outline_number=fields.text("OutlineNumber"),
        wbs=fields.text("WBS"),
        guid=fields.text("GUID"),
        is_summary=fields.flag("Summary"),
        is_milestone=fields.flag("Milestone"),
        is_manual=fields.flag("Manual"),
        is_active=fields.flag("Active", default=True),
        is_external=fields.flag("ExternalTask"),
        is_recurring=fields.flag("Recurring"),
        is_estimated=fields.flag("Estimated"),
        start=fields.instant("Start"),
        finish=fields.instant("Finish"),
        duration=fields.span("Duration", "DurationFormat"),
        manual=Manual(fields.instant("ManualStart"), fields.instant("ManualFinish"), fields.minutes("ManualDuration")),
        work=fields.minutes("Work"),
        cost=fields.money("Cost"),
        fixed_cost=fields.money("FixedCost"),
        progress=_progress(fields),
        computed=_computed(fields),
        baselines=tuple(_baselines(node, doubts)),
        notes=fields.paragraphs("Notes"),
        hyperlink=fields.text("HyperlinkAddress", longest=LONGEST_LINK),
        attributes=tuple(_attributes(node, labels, doubts)),
    )
    return _ruled(task, fields)


def _ruled(task: Task, fields: Fields) -> Task:
    """The task with what steers its dates."""
    priority = fields.integer("Priority")
    delay = fields.tenths("LevelingDelay")
    return replace(
        task,
        constraint=fields.choice("ConstraintType", CONSTRAINTS, ConstraintType.ASAP),
        constraint_date=fields.instant("ConstraintDate"),
        deadline=fields.instant("Deadline"),
        calendar=fields.uid("CalendarUID"),
        ignores_resource_calendars=fields.flag("IgnoreResourceCalendar"),
        work_type=fields.choice("Type", WORK_TYPES, WorkType.FIXED_UNITS),
        is_effort_driven=fields.flag("EffortDriven"),
        priority=_USUAL_PRIORITY if priority is None else priority,
        levelling_delay=fields.lag("LevelingDelay", "LevelingDelayFormat") if delay else None,
    )


def _progress(fields: Fields) -> Progress:
    return Progress(
        percent_complete=fields.percent("PercentComplete"),
        percent_work=fields.percent("PercentWorkComplete"),
        physical_percent=fields.percent("PhysicalPercentComplete"),
        actual_start=fields.instant("ActualStart"),
        actual_finish=fields.instant("ActualFinish"),
        actual_duration=fields.minutes("ActualDuration"),
        remaining_duration=fields.minutes("RemainingDuration"),
        actual_work=fields.minutes("ActualWork"),
        remaining_work=fields.minutes("RemainingWork"),
        actual_cost=fields.money("ActualCost"),
        stop=fields.instant("Stop"),
        resume=fields.instant("Resume"),
    )


def _computed(fields: Fields) -> Computed:
    return Computed(
        early_start=fields.instant("EarlyStart"),
        early_finish=fields.instant("EarlyFinish"),
        late_start=fields.instant("LateStart"),
        late_finish=fields.instant("LateFinish"),
        free_slack=fields.tenths("FreeSlack"),
        total_slack=fields.tenths("TotalSlack"),
        is_critical=fields.flag("Critical"),
    )


def _baselines(node: Node, doubts: Doubts) -> Iterator[Baseline]:
    for item in node.branches.get("Baseline", ()):
        fields = Fields(item, doubts)
        found = Baseline(
            number=fields.integer("Number") or 0,
            start=fields.instant("Start"),
            finish=fields.instant("Finish"),
            duration=fields.span("Duration", "DurationFormat"),
            work=fields.minutes("Work"),
            cost=fields.money("Cost"),
        )
        if found.start or found.finish or found.duration or found.work or found.cost:
            yield found


def _attributes(node: Node, labels: Mapping[str, str], doubts: Doubts) -> Iterator[tuple[str, str]]:
    for item in node.branches.get("ExtendedAttribute", ()):
        fields = Fields(item, doubts)
        number, value = fields.text("FieldID"), fields.paragraphs("Value")
        if value:
            yield labels.get(number) or number, value


def read_link(node: Node, doubts: Doubts) -> StatedLink:
    fields = Fields(node, doubts)
    predecessor = fields.uid("PredecessorUID")
    elsewhere = fields.flag("CrossProject")
    return StatedLink(
        row=node.line,
        predecessor=predecessor,
        kind=fields.choice("Type", LINK_TYPES, LinkType.FS),
        lag=fields.lag("LinkLag", "LagFormat"),
        is_of_another_file=elsewhere,
        key=fields.text("CrossProjectName") if elsewhere else str(predecessor),
    )


def read_resource(node: Node, uid: int, doubts: Doubts) -> Resource:
    fields = Fields(node, doubts)
    kind = fields.choice("Type", RESOURCE_KINDS, ResourceKind.WORK)
    return Resource(
        uid=uid,
        row=node.line,
        number=fields.uid("ID") or 0,
        name=fields.text("Name"),
        kind=ResourceKind.COST if fields.flag("IsCostResource") else kind,
        initials=fields.text("Initials"),
        group=fields.text("Group"),
        code=fields.text("Code"),
        email=fields.text("EmailAddress"),
        material_label=fields.text("MaterialLabel"),
        max_units=fields.number("MaxUnits"),
        calendar=fields.uid("CalendarUID"),
        is_generic=fields.flag("IsGeneric"),
        is_active=not fields.flag("IsInactive"),
        standard_rate=fields.number("StandardRate"),
        cost_per_use=fields.money("CostPerUse"),
        guid=fields.text("GUID"),
    )


def read_assignment(node: Node, uid: int, doubts: Doubts) -> Assignment:
    """`resource` is None for nobody; an assignment without a task cannot stand."""
    fields = Fields(node, doubts)
    task = fields.uid("TaskUID")
    if task is None:
        raise ScheduleRefusedError("missing_uid", line=node.line, kind="Assignment")
    resource = fields.integer("ResourceUID")
    return Assignment(
        uid=uid,
        row=node.line,
        task=task,
        resource=None if resource in (None, UNASSIGNED) else resource,
        units=fields.number("Units"),
        work=fields.minutes("Work"),
        actual_work=fields.minutes("ActualWork"),
        remaining_work=fields.minutes("RemainingWork"),
        cost=fields.money("Cost"),
        start=fields.instant("Start"),
        finish=fields.instant("Finish"),
        delay=fields.tenths("Delay"),
        levelling_delay=fields.tenths("LevelingDelay"),
        percent_work=fields.percent("PercentWorkComplete"),
        contour=fields.integer("WorkContour") or 0,
        guid=fields.text("GUID"),
    )
