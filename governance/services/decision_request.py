"""Completing a decision request before the body sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.enums import RequestState
from governance.models import DecisionRequest
from people.models import User
from portfolio.services.versioned import write_changes

FIELDS = frozenset(
    {"kind", "level", "question", "needed_on", "amount", "options", "recommendation", "cost_of_waiting", "owner"}
)


@transaction.atomic
def update_request(*, request: DecisionRequest, by: User, changes: Mapping[str, Any], version: int) -> DecisionRequest:
    """Write the changed fields of an open request; a closed one stays as it was."""
    if request.state != RequestState.OPEN:
        raise ValidationError(_("Cette demande est close ; elle ne se modifie plus."))
    return write_changes(
        request, changes=changes, allowed=FIELDS, version=version, by=by, verb="decision_request.updated"
    )
