"""Change the plan of a project in Cadran: one act at a time, recomputed at once, the last one undone on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.clock import BRUSSELS
from config.web.versioned import StaleVersionError
from people.models.user import User
from people.services import audit
from portfolio.engines import plan_editing
from portfolio.engines.critical_path import Schedule
from portfolio.engines.plan_editing import EditError
from portfolio.engines.record_codec import decoded, encoded
from portfolio.engines.schedule_file import Assignment, ScheduleFile, ScheduleRefusedError, Span, Task
from portfolio.engines.schedule_mapping import Plan as ReckonedPlan
from portfolio.engines.schedule_mapping import reckoned
from portfolio.engines.working_calendar import community_days, legal_holidays, moment
from portfolio.enums import PlanAct
from portfolio.models.plan import Activity, Plan, PlanEdit
from portfolio.models.project import Project
from portfolio.selectors.plan_file import stored_file
from portfolio.services.importers.refusals import refusal
from portfolio.services.plan_milestones import feed_milestones, link_by_name
from portfolio.services.plan_store import store_schedule
from portfolio.services.standing import refresh_standing

HORIZON = timedelta(days=6 * 366)
OWNED = ("optimistic", "most_likely", "pessimistic", "milestone_id")
Edit = Callable[[ScheduleFile], ScheduleFile]
_REFUSALS: dict[str, Promise] = {
    "unknown_row": gettext_lazy("Cette activité n’est plus dans le plan."),
    "no_such_level": gettext_lazy("Cette activité ne peut pas changer de niveau à cet endroit."),
    "no_neighbour": gettext_lazy("Il n’y a pas d’activité de même niveau de ce côté."),
    "too_many": gettext_lazy("Le plan a atteint la limite de 2 000 activités."),
}
_SHAPES: dict[str, Callable[[ScheduleFile, int], ScheduleFile]] = {
    PlanAct.DELETE: plan_editing.deleted,
    PlanAct.INDENT: lambda file, uid: plan_editing.indented(file, uid, 1),
    PlanAct.OUTDENT: lambda file, uid: plan_editing.indented(file, uid, -1),
    PlanAct.UP: lambda file, uid: plan_editing.moved(file, uid, -1),
    PlanAct.DOWN: lambda file, uid: plan_editing.moved(file, uid, 1),
}


@transaction.atomic
def add_activity(
    *, project: Project, name: str, duration: Span, links: tuple[Any, ...], after: int | None, by: User, now: datetime
) -> int:
    """A new activity with a UID of its own; the first one begins the plan. Answers its UID."""
    plan = _locked(project) or _begun(project, now)
    file = stored_file(plan)
    uid = plan_editing.next_uid(file)
    task = Task(
        uid=uid, row=0, name=name, duration=duration, is_milestone=duration.amount == 0, links=links, is_active=True
    )
    _apply(plan, file, lambda one: plan_editing.added(one, task, after), PlanAct.ADD, name, {uid}, by, now)
    return uid


@transaction.atomic
def shape_plan(*, project: Project, act: str, uid: int, version: int, by: User, now: datetime) -> None:
    """Delete, indent, outdent or move a row, seen in that `version` of the plan."""
    plan = _locked(project)
    if plan is None or plan.version != version:
        raise StaleVersionError
    row = plan.activities.filter(uid=uid).first()
    shape = _SHAPES[act]
    file = stored_file(plan)
    _apply(plan, file, lambda one: shape(one, uid), PlanAct(act), str(row or ""), set(), by, now)


@transaction.atomic
def hold_back(*, project: Project, starts: Mapping[int, datetime], version: int, by: User, now: datetime) -> None:
    """Let these activities begin no earlier than proposed in that `version` of the plan: one act, undone as one."""
    plan = _locked(project)
    if plan is None or plan.version != version:
        raise StaleVersionError
    label = ngettext("%(n)s activité retenue", "%(n)s activités retenues", len(starts)) % {"n": len(starts)}
    _apply(
        plan,
        stored_file(plan),
        lambda one: plan_editing.held_back(one, starts),
        PlanAct.LEVEL,
        label,
        set(),
        by,
        now,
    )


@transaction.atomic
def change_activity(
    *,
    activity: Activity,
    change: Callable[[Task], Task],
    owned: Mapping[str, Any],
    version: int,
    by: User,
    now: datetime,
) -> None:
    """Change what the row says (`change`) and what Cadran alone knows of it (`owned`)."""
    plan = _locked(activity.plan.project)
    current = Activity.objects.filter(pk=activity.pk).first()
    if plan is None or current is None or current.version != version:
        raise StaleVersionError
    file = stored_file(plan)
    known = {name: getattr(current, name) for name in OWNED}
    _apply(
        plan,
        file,
        lambda one: plan_editing.changed(one, activity.uid, change),
        PlanAct.CHANGE,
        str(current),
        set(),
        by,
        now,
        owned={activity.uid: {**known, **owned}} if any(known[name] != owned[name] for name in owned) else {},
    )


@transaction.atomic
def undo_last(*, project: Project, version: int, by: User, now: datetime) -> PlanEdit:
    """Take back the last change, when nothing has happened to the plan since."""
    plan = _locked(project)
    if plan is None or plan.version != version:
        raise StaleVersionError
    edit = last_edit(plan)
    if edit is None:
        raise ValidationError(_("Il n’y a rien à annuler : le plan a changé depuis la dernière modification."))
    stood = edit.before
    before = {uid: decoded(Task, raw) for raw in stood["tasks"] if (uid := raw["uid"]) is not None}
    work = tuple(decoded(Assignment, raw) for raw in stood["work"])

    def back(file: ScheduleFile) -> ScheduleFile:
        here = {item.uid for item in file.assignments}
        restored = (*file.assignments, *(item for item in work if item.uid not in here))
        return plan_editing.restored(file, stood["order"], before, assignments=restored)

    owned = {int(uid): _read_owned(values) for uid, values in stood["owned"].items()}
    _apply(plan, stored_file(plan), back, PlanAct.UNDO, edit.label, set(stood["own"]), by, now, owned=owned)
    PlanEdit.objects.filter(pk=edit.pk).update(undone_at=now)
    return edit


def last_edit(plan: Plan) -> PlanEdit | None:
    """The change that can still be taken back: the one that made the plan what it is."""
    edit = plan.edits.first()
    if edit is None or edit.verb == PlanAct.UNDO or edit.undone_at is not None or edit.version != plan.version:
        return None
    return edit


def _locked(project: Project) -> Plan | None:
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    return Plan.objects.select_related("project").filter(project=project).first()


def _begun(project: Project, now: datetime) -> Plan:
    """An empty plan from the start of the project, on the usual week with the days off of the Community."""
    start = project.start or now.astimezone(BRUSSELS).date()
    end = start + HORIZON
    off: dict[date, str] = {**dict.fromkeys(community_days(start, end), ""), **legal_holidays(start, end)}
    file = plan_editing.new_schedule(str(project), start, off)
    plan = Plan.objects.create(project=project, source_format="cadran")
    store_schedule(plan, file, *reckoned(file), own=(), now=now)
    plan.save()
    return plan


def _apply(
    plan: Plan,
    file: ScheduleFile,
    edit: Edit,
    act: PlanAct,
    label: str,
    new: set[int],
    by: User,
    now: datetime,
    owned: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    after, network, schedule = _recomputed(file, edit)
    stands = {row.uid: row for row in plan.activities.all()}
    if after == file and not owned:
        return
    before = _before(file, after, stands, owned or {})
    own = {uid for uid, row in stands.items() if row.is_own} | new
    plan.version, plan.edited_at = plan.version + 1, now
    store_schedule(plan, after, network, schedule, own=own, now=now)
    plan.save()
    for uid, values in (owned or {}).items():
        Activity.objects.filter(plan=plan, uid=uid).update(
            **values, version=stands[uid].version + 1 if uid in stands else 1
        )
    link_by_name(plan)
    feed_milestones(plan, by=by, now=now)
    PlanEdit.objects.create(plan=plan, by=by, at=now, verb=act, label=label[:300], version=plan.version, before=before)
    audit.record(
        by=by,
        verb="plan.edited",
        target=plan,
        data={"project": plan.project.code, "act": act.value, "activity": label, "rows": len(before["tasks"])},
    )
    refresh_standing([plan.project_id], now=now)


def _recomputed(file: ScheduleFile, edit: Edit) -> tuple[ScheduleFile, ReckonedPlan, Schedule]:
    """The plan after the edit with the dates of our engine, or the refusal in words."""
    try:
        after = edit(file)
        network, schedule = reckoned(after)
    except EditError as error:
        raise ValidationError(str(_REFUSALS[error.code])) from error
    except ScheduleRefusedError as error:
        message = refusal(error).message
        raise ValidationError({"links": message.partition(" : ")[2] or message}) from error
    return _dated(after, schedule), network, schedule


def _dated(file: ScheduleFile, schedule: Schedule) -> ScheduleFile:
    """The dates our engine gives, as those the plan states from now on; fixed rows keep theirs."""
    tasks = []
    for task in file.tasks:
        row = schedule.activities.get(str(task.uid))
        if row is None or ((task.is_manual or task.is_external) and not task.is_summary):
            tasks.append(task)
            continue
        tasks.append(replace(task, start=moment(row.start), finish=moment(row.finish)))
    finish = moment(schedule.finish) if schedule.activities else file.header.finish
    return replace(file, tasks=tuple(tasks), header=replace(file.header, finish=finish))


def _before(
    file: ScheduleFile,
    after: ScheduleFile,
    stands: Mapping[int, Activity],
    owned: Mapping[int, Mapping[str, Any]],
) -> dict[str, Any]:
    """What undoing needs: rows that changed or went, the order, the work that went, what Cadran alone knew."""
    now, work = {task.uid: task for task in after.tasks}, {item.uid for item in after.assignments}
    differing = [task for task in file.tasks if now.get(task.uid) != task]
    gone = {task.uid for task in file.tasks} - now.keys()
    kept = {
        uid: {name: _plain(getattr(stands[uid], name)) for name in OWNED}
        for uid in gone | owned.keys()
        if uid in stands
    }
    return {
        "tasks": [encoded(task) for task in differing],
        "order": [task.uid for task in file.tasks],
        "work": [encoded(item) for item in file.assignments if item.uid not in work],
        "own": [uid for uid, row in stands.items() if row.is_own],
        "owned": {str(uid): values for uid, values in kept.items()},
    }


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _read_owned(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: Decimal(value) if isinstance(value, str) else value for name, value in values.items()}
