"""Which groups of issues follow which work package: as settled, as chosen now, or proposed by code and name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from config.web.versioned import StaleVersionError
from people.models.user import User
from people.services import audit
from portfolio.engines.jira_flow import Tracked, counts, groups_of, progress_of
from portfolio.engines.jira_item import Grouping
from portfolio.engines.tabular import identity
from portfolio.models.jira import JiraBacklog, JiraGroup
from portfolio.models.project import Project
from portfolio.models.work_package import WorkPackage
from portfolio.selectors.jira import (
    GroupChoice,
    GroupLine,
    groups_in,
    labels_of,
    package_lines,
    tracked_issues,
)
from portfolio.selectors.plan import work_packages_of
from portfolio.services.importers.refusals import ImportRefusedError
from portfolio.services.standing import refresh_standing
from portfolio.services.work_package import take_progress

MOST_GROUPS = 300


def packages_of(project: Project) -> list[WorkPackage]:
    return list(work_packages_of(project))


def groups_to_settle(
    issues: Iterable[Tracked],
    grouping: Grouping,
    settled: Mapping[str, JiraGroup],
    packages: Sequence[WorkPackage],
    names: Mapping[str, str],
    choices: Mapping[str, GroupChoice],
) -> tuple[GroupLine, ...]:
    """One line per group in use, the one without a name last; refused beyond a number nobody would review."""
    held = list(issues)
    labels = {**names, **labels_of(held, grouping)} if grouping is Grouping.EPIC else {}
    values = {
        value for one in held if counts(one.issue) and one.gone_on is None for value in groups_of(one.issue, grouping)
    }
    if len(values) > MOST_GROUPS:
        raise ImportRefusedError("too_many_groups", limit=MOST_GROUPS)
    lines = []
    for value in sorted(values, key=lambda one: (one == "", one)):
        row = settled.get(value)
        label = labels.get(value) or (row.label if row else "") or value
        chosen = choices.get(value) or (GroupChoice(row.is_followed, row.work_package) if row else None)
        is_reviewed = value in choices or (row is not None and row.reviewed_at is not None)
        ours = chosen or GroupChoice(is_followed=True, package=_namesake((value, label), packages))
        before = None if row is None else (row.is_followed, row.work_package_id, row.label, row.reviewed_at is not None)
        after = (ours.is_followed, ours.package.pk if ours.package else None, label, is_reviewed)
        lines.append(
            GroupLine(
                value=value,
                label=label,
                progress=progress_of(one for one in held if value in groups_of(one.issue, grouping)),
                is_followed=ours.is_followed,
                package=ours.package,
                is_proposed=not is_reviewed,
                is_changed=before != after,
            )
        )
    return tuple(lines)


def _namesake(words: Iterable[str], packages: Sequence[WorkPackage]) -> WorkPackage | None:
    """The one package whose code or name the group bears."""
    keys = {identity(word) for word in words if word}
    found = [package for package in packages if keys & {identity(package.code), identity(package.name)}]
    return found[0] if len(found) == 1 else None


def groups_of_backlog(backlog: JiraBacklog) -> tuple[GroupLine, ...]:
    """The groups in use as they are followed now."""
    grouping = Grouping(backlog.grouping)
    issues, packages = tracked_issues(backlog).values(), packages_of(backlog.project)
    return groups_to_settle(issues, grouping, groups_in(backlog, grouping), packages, {}, {})


@transaction.atomic
def settle_groups(
    *, project: Project, choices: Mapping[str, GroupChoice], version: int, by: User, now: datetime
) -> int:
    """Say what each group becomes, with the issues that are there; answers how many groups changed.

    Raises StaleVersionError when something came from Jira since `version`.
    """
    backlog = JiraBacklog.objects.select_for_update(of=("self",)).get(project=project)
    if backlog.version != version:
        raise StaleVersionError
    grouping = Grouping(backlog.grouping)
    issues = tracked_issues(backlog)
    lines = groups_to_settle(issues.values(), grouping, groups_in(backlog, grouping), packages_of(project), {}, choices)
    changed = write_groups(backlog, lines, now)
    if changed:
        backlog.version += 1
        backlog.save(update_fields=["version", "updated_at"])
        led = [(line.value, line.package) for line in lines if line.package is not None]
        moved = take_progress(project=project, lines=package_lines(led, list(issues.values()), grouping), by=by)
        data = {"project": project.code, "groups": changed, "work_packages": moved}
        audit.record(by=by, verb="jira.groups_settled", target=backlog, data=data)
        refresh_standing([project.pk], now=now)
    return changed


def write_groups(backlog: JiraBacklog, lines: Iterable[GroupLine], now: datetime) -> int:
    """Store the lines that differ; a proposal stays one until somebody has chosen."""
    grouping = Grouping(backlog.grouping)
    stored, changed = groups_in(backlog, grouping), 0
    for line in lines:
        if not line.is_changed:
            continue
        row = stored.get(line.value) or JiraGroup(backlog=backlog, grouping=grouping.value, value=line.value)
        row.label, row.is_followed, row.work_package = line.label, line.is_followed, line.package
        row.reviewed_at = None if line.is_proposed else row.reviewed_at or now
        row.save()
        changed += 1
    return changed
