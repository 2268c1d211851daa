"""Which groups of issues follow which work package: as settled, as chosen now, or proposed by code and name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from portfolio.engines.jira_flow import Tracked, counts, groups_of, progress_of
from portfolio.engines.jira_item import Grouping
from portfolio.engines.tabular import identity
from portfolio.models.jira import JiraGroup
from portfolio.models.project import Project
from portfolio.models.work_package import WorkPackage
from portfolio.selectors.jira import GroupChoice, GroupLine, labels_of
from portfolio.selectors.plan import work_packages_of
from portfolio.services.importers.refusals import ImportRefusedError

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
        ours = chosen or GroupChoice(is_followed=True, package=_namesake((value, label), packages))
        before = None if row is None else (row.is_followed, row.work_package_id, row.label)
        after = (ours.is_followed, ours.package.pk if ours.package else None, label)
        lines.append(
            GroupLine(
                value=value,
                label=label,
                progress=progress_of(one for one in held if value in groups_of(one.issue, grouping)),
                is_followed=ours.is_followed,
                package=ours.package,
                is_proposed=chosen is None,
                is_changed=before != after,
            )
        )
    return tuple(lines)


def _namesake(words: Iterable[str], packages: Sequence[WorkPackage]) -> WorkPackage | None:
    """The one package whose code or name the group bears."""
    keys = {identity(word) for word in words if word}
    found = [package for package in packages if keys & {identity(package.code), identity(package.name)}]
    return found[0] if len(found) == 1 else None
