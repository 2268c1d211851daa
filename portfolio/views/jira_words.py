"""What an import of Jira changes, in words and figures for the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from config.web import formats
from portfolio.engines.jira_item import Category, IssueRole
from portfolio.engines.jira_merge import IssueChange
from portfolio.enums import IssueCategory, IssueKind
from portfolio.services.importers.jira_words import FIELDS
from portfolio.views.plan_words import NOTHING, ShownChange


def shown_changes(changes: Iterable[IssueChange]) -> list[ShownChange]:
    """Each changed issue with its fields, old and new."""
    return [
        ShownChange(
            f"{change.key} {change.summary}".strip(),
            [(str(FIELDS[one.name]), shown(one.old), shown(one.new)) for one in change.fields],
            0,
        )
        for change in changes
    ]


def shown(value: object) -> str:
    if value is None or value in ("", ()):
        return NOTHING
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, Category):
        return str(IssueCategory(value.value).label)
    if isinstance(value, IssueRole):
        return str(IssueKind(value.value).label)
    if isinstance(value, date):
        return formats.date_short(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)
