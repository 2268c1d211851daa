"""A schedule file of any kind to the neutral plan: told by its content, read under limits, or refused in a sentence."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from portfolio.engines.critical_path import Schedule
from portfolio.engines.mspdi_reader import is_mspdi, read_mspdi
from portfolio.engines.schedule_file import ScheduleFile, ScheduleRefusedError
from portfolio.engines.schedule_mapping import Plan, reckoned
from portfolio.engines.schedule_totals import ScheduleTotals, totals_of
from portfolio.engines.xml_stream import check_xml, root_of
from portfolio.services.importers import mpxj
from portfolio.services.importers.reading import other_type
from portfolio.services.importers.refusals import MAX_FILE_SIZE, ImportRefusedError, refusal
from portfolio.services.importers.workbook import is_workbook

CPU_SECONDS = 8
EXPECTED = "MS Project (XML, MPP, MPX), Primavera (XER, XML), Planner, GanttProject"
_OFFICE_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of schedule file; `suffix` is empty for the one read natively."""

    name: str
    label: str
    suffix: str = ""
    is_xml: bool = False


MSPDI = Kind("mspdi", "MS Project XML", is_xml=True)
MPP = Kind("mpp", "MS Project MPP", "mpp")
MPX = Kind("mpx", "MS Project MPX", "mpx")
XER = Kind("xer", "Primavera XER", "xer")
PMXML = Kind("pmxml", "Primavera XML", "xml", is_xml=True)
PLANNER = Kind("planner", "Planner", "planner", is_xml=True)
GANTT = Kind("ganttproject", "GanttProject", "gan", is_xml=True)


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What a file says (`file`), and what follows from it by our engine."""

    file: ScheduleFile
    plan: Plan
    schedule: Schedule
    totals: ScheduleTotals


def kind_of(data: bytes) -> Kind:
    """What the content says the file is; the name is not asked."""
    if len(data) > MAX_FILE_SIZE:
        raise ImportRefusedError("file_too_big", limit=MAX_FILE_SIZE // 1024 // 1024)
    if not data.strip():
        raise ImportRefusedError("empty")
    for start, kind in ((_OFFICE_FILE, MPP), (b"MPX", MPX), (b"ERMHDR", XER)):
        if data.startswith(start):
            return kind
    if not data.lstrip().startswith(_XML_STARTS):
        raise ImportRefusedError("wrong_type", shown=_shown_type(data), expected=EXPECTED)
    return _kind_of_xml(data)


def _shown_type(data: bytes) -> str:
    return "ZIP" if is_workbook(data) else other_type(data) or _("inconnu")


def _kind_of_xml(data: bytes) -> Kind:
    root = root_of(data)
    if is_mspdi(data):
        return MSPDI
    if root.name == "APIBusinessObjects":
        return PMXML
    if root.name == "project" and "mrproject-version" in root.attributes:
        return PLANNER
    if root.name == "project" and "gantt-divider-location" in root.attributes:
        return GANTT
    raise ScheduleRefusedError("not_a_schedule", shown=root.name[:40])


def read_schedule(data: bytes) -> ScheduleFile:
    """The plan of the file, or `ImportRefusedError` with its reason; nothing is read in part."""
    try:
        kind = kind_of(data)
        if kind is MSPDI:
            return read_mspdi(data, _stopper())
        return replace(read_mspdi(_converted(data, kind), _stopper()), format=kind.name)
    except ScheduleRefusedError as error:
        raise refusal(error) from error


def read_plan(data: bytes) -> ReadPlan:
    """The plan with its dates by our engine, or `ImportRefusedError`: also for a circle that only summaries close."""
    file = read_schedule(data)
    try:
        plan, schedule = reckoned(file)
    except ScheduleRefusedError as error:
        raise refusal(error) from error
    return ReadPlan(file, plan, schedule, totals_of(file, plan, schedule))


def _converted(data: bytes, kind: Kind) -> bytes:
    tools = mpxj.installed()
    if tools is None:
        raise ImportRefusedError("schedule_needs_mpxj", format=kind.label)
    if kind.is_xml:
        check_xml(data, _stopper())
    try:
        return mpxj.to_mspdi(data, kind.suffix, tools)
    except mpxj.ConversionError as error:
        code = "schedule_protected" if "password" in str(error) else "schedule_unreadable"
        raise ImportRefusedError(code, format=kind.label) from error


def _stopper() -> Callable[[], None]:
    until = time.thread_time() + CPU_SECONDS

    def stop() -> None:
        if time.thread_time() > until:
            raise ImportRefusedError("reading_too_long", limit=CPU_SECONDS)

    return stop
