"""Rows that a body names by code, and the address of what was written."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from people.api.serializers import CodeField
from people.models import User
from people.permissions.catalogue import Permission
from portfolio.forms.choosers import axes, programmes
from portfolio.models import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.project import get_project
from portfolio.services.project import NeedsDecisionError


class ProgrammeField(CodeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rows=programmes, **kwargs)


class AxisField(CodeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rows=axes, **kwargs)


def address(name: str, *parts: object) -> str:
    return reverse(f"portfolio_api:{name}", args=parts)


def editable_project(user: User, code: str, may: Permission) -> Project:
    """The project when `user` may change this part of it; a closed one is refused as on the pages."""
    project = get_project(user, code, may=may)
    if reason := frozen_reason(project):
        raise PermissionDenied(reason)
    return project


def refuse_others(given: Any, allowed: frozenset[str], decided: Iterable[str] = ()) -> None:
    """400 that names each field this person may not write here; those in `decided` wait for a decision."""
    if foreign := sorted(set(given) - allowed):
        waiting = set(decided)
        told = {
            name: [NeedsDecisionError.words() if name in waiting else _("Champ que vous ne pouvez pas changer ici.")]
            for name in foreign
        }
        raise serializers.ValidationError(told)
