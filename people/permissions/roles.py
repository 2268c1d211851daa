"""What each role may do, and how far: the permission matrix as code, one block per role, for an auditor to read."""

from collections.abc import Mapping
from typing import TypeAlias

from people.enums import DECISION_MAKERS, Role
from people.permissions.catalogue import Permission as P  # noqa: N817 -- two hundred times on this page
from people.permissions.catalogue import Scope

Grants: TypeAlias = Mapping[P, Scope]


def _all(*permissions: P) -> dict[P, Scope]:
    return dict.fromkeys(permissions, Scope.ALL)


def _only(scope: Scope, *permissions: P) -> dict[P, Scope]:
    return dict.fromkeys(permissions, scope)


# Held by every active account, with or without a role: its own things only.
EVERYBODY: Grants = _all(P.ACCOUNT_EDIT, P.MY_WORK_VIEW, P.HELP_VIEW, P.SEARCH, P.INBOX_VIEW, P.ABSENCE_EDIT)

_PORTFOLIO_CONSULTING = _all(P.PORTFOLIO_VIEW, P.FINANCE_TOTALS_VIEW, P.BODY_VIEW, P.CALENDAR_VIEW)
_PORTFOLIO_READING = {**_PORTFOLIO_CONSULTING, **_all(P.DASHBOARD_VIEW)}

_PM: Grants = {
    **_PORTFOLIO_CONSULTING,
    **_all(P.STATUS_VIEW, P.RISK_VIEW, P.EXPORT, P.ROSTER_VIEW),
    **_only(
        Scope.OWN,
        P.PROJECT_EDIT,
        P.MILESTONE_EDIT,
        P.TOLERANCE_EDIT,
        P.STATUS_SUBMIT,
        P.FINANCE_VIEW,
        P.FINANCE_EDIT,
        P.RISK_EDIT,
        P.DECISION_VIEW,
        P.PACK_READ,
        P.CORRECTION_PROPOSE,
        P.AUDIT_VIEW,
        P.API_TOKEN_MANAGE,
    ),
}

_PROGRAMME_MANAGER: Grants = {
    **_PORTFOLIO_READING,
    **_all(P.RISK_VIEW, P.EXPORT, P.ROSTER_VIEW),
    **_only(
        Scope.PROGRAMME,
        P.PROJECT_EDIT,
        P.MILESTONE_EDIT,
        P.TOLERANCE_EDIT,
        P.PROGRAMME_EDIT,
        P.STATUS_VIEW,
        P.STATUS_COMMENT,
        P.FINANCE_VIEW,
        P.FINANCE_EDIT,
        P.RISK_EDIT,
        P.DECISION_VIEW,
        P.PACK_READ,
        P.CORRECTION_PROPOSE,
    ),
    **_only(Scope.OWN, P.AUDIT_VIEW, P.API_TOKEN_MANAGE),
}

_PSO: Grants = {
    **_PORTFOLIO_READING,
    **_all(
        P.PROJECT_CREATE,
        P.PROJECT_EDIT,
        P.PROJECT_RANK,
        P.MILESTONE_EDIT,
        P.TOLERANCE_EDIT,
        P.PROGRAMME_EDIT,
        P.AXIS_EDIT,
        P.PORTFOLIO_IMPORT,
        P.EXPORT,
        P.STATUS_VIEW,
        P.STATUS_COMMENT,
        P.CHASE_VIEW,
        P.CHASE_REMIND,
        P.ABSENCE_OFFICE,
        P.CALENDAR_EDIT,
        P.FINANCE_VIEW,
        P.FINANCE_EDIT,
        P.FINANCE_IMPORT,
        P.RISK_VIEW,
        P.BODY_EDIT,
        P.DECISION_VIEW,
        P.DECISION_RECORD,
        P.ARBITRATION_JUDGE,
        P.GATE_MANAGE,
        P.CONFIDENCE_GIVE,
        P.CYCLE_FREEZE,
        P.PACK_BUILD,
        P.PACK_PREVIEW,
        P.PACK_READ,
        P.PACK_DISTRIBUTE,
        P.CORRECTION_PROPOSE,
        P.CORRECTION_DECIDE,
        P.ROSTER_VIEW,
        P.ROSTER_EDIT,
        P.ROLE_PROPOSE,
        P.ROLE_VIEW,
        P.CATALOGUE_VIEW,
        P.HANDOVER_VIEW,
        P.JOB_VIEW,
        P.JOB_RETRY,
        P.MAIL_VIEW,
        P.MAIL_DECIDE,
        P.OPERATIONS_VIEW,
    ),
    **_only(Scope.TRANSVERSAL, P.RISK_EDIT),
    **_only(Scope.OWN, P.AUDIT_VIEW, P.API_TOKEN_MANAGE),
}

_HEAD_OF_CENTRE: Grants = {
    **_PORTFOLIO_READING,
    **_all(
        P.EXPORT,
        P.STATUS_VIEW,
        P.CHASE_VIEW,
        P.FINANCE_VIEW,
        P.RISK_VIEW,
        P.DECISION_VIEW,
        P.ROSTER_VIEW,
        P.ROSTER_EDIT,
        P.HANDOVER_VIEW,
        P.CATALOGUE_VIEW,
    ),
    **_only(Scope.DECIDED, P.PACK_READ),
    **_only(Scope.OWN, P.AUDIT_VIEW, P.API_TOKEN_MANAGE),
}

_DIRECTOR: Grants = {
    **_PORTFOLIO_READING,
    **_all(
        P.EXPORT,
        P.STATUS_VIEW,
        P.CHASE_VIEW,
        P.FINANCE_VIEW,
        P.FINANCE_EXPORT,
        P.RISK_VIEW,
        P.DECISION_VIEW,
        P.PACK_PREVIEW,
        P.PACK_READ,
        P.DIRECTOR_MESSAGE_EDIT,
        P.PACK_APPROVE,
        P.PACK_PUBLISH,
        P.ROSTER_VIEW,
        P.ROSTER_EDIT,
        P.ROLE_VIEW,
        P.ROLE_APPROVE,
        P.CATALOGUE_VIEW,
        P.AUDIT_VIEW,
        P.HANDOVER_VIEW,
    ),
    **_only(Scope.DIRECTED, P.PROJECT_EDIT),
    **_only(Scope.ASSIGNED, P.DECISION_TAKE),
    **_only(Scope.OWN, P.API_TOKEN_MANAGE),
}

_CODIR: Grants = {
    **_PORTFOLIO_READING,
    **_all(P.FINANCE_VIEW, P.DECISION_VIEW),
    **_only(Scope.TOP, P.RISK_VIEW),
    **_only(Scope.DECIDED, P.STATUS_VIEW, P.PACK_READ),
    **_only(Scope.ASSIGNED, P.DECISION_TAKE),
}

_INVESTMENT_COMMITTEE: Grants = {
    **_PORTFOLIO_READING,
    **_all(P.DECISION_VIEW),
    **_only(Scope.ASSIGNED, P.STATUS_VIEW, P.FINANCE_VIEW, P.RISK_VIEW, P.DECISION_TAKE),
    **_only(Scope.DECIDED, P.PACK_READ),
}

_SECRETARY: Grants = {
    **_PORTFOLIO_READING,
    **_all(P.BODY_EDIT, P.DECISION_VIEW, P.DECISION_RECORD, P.ROSTER_VIEW),
    **_only(Scope.OWN, P.AUDIT_VIEW),
}

_FINANCE: Grants = {
    **_PORTFOLIO_READING,
    **_all(P.FINANCE_VIEW, P.FINANCE_EDIT, P.FINANCE_IMPORT, P.FINANCE_EXPORT, P.EXPORT, P.DECISION_VIEW),
    **_only(Scope.DECIDED, P.STATUS_VIEW, P.PACK_READ),
    **_only(Scope.OWN, P.AUDIT_VIEW, P.API_TOKEN_MANAGE),
}

_REVIEWER: Grants = {
    **_all(P.BODY_VIEW, P.CALENDAR_VIEW),
    **_only(Scope.ASSIGNED, P.PORTFOLIO_VIEW, P.DECISION_VIEW, P.CONFIDENCE_GIVE),
    **_only(Scope.OWN, P.AUDIT_VIEW),
}

# Reads everything but drafts and people files; acts on nothing.
_AUDITOR: Grants = {
    **_PORTFOLIO_READING,
    **_all(
        P.EXPORT,
        P.STATUS_VIEW,
        P.FINANCE_VIEW,
        P.FINANCE_EXPORT,
        P.RISK_VIEW,
        P.DECISION_VIEW,
        P.ROSTER_VIEW,
        P.USER_VIEW,
        P.ROLE_VIEW,
        P.CATALOGUE_VIEW,
        P.AUDIT_VIEW,
        P.AUDIT_VERIFY,
        P.HISTORY_VIEW,
    ),
    **_only(Scope.DECIDED, P.PACK_READ),
}

# Keeps accounts and machinery; no portfolio content.
_ADMINISTRATOR: Grants = {
    **_all(
        P.USER_VIEW,
        P.USER_EDIT,
        P.ROLE_VIEW,
        P.ROLE_PROPOSE,
        P.ROLE_APPROVE,
        P.CATALOGUE_VIEW,
        P.JOB_VIEW,
        P.JOB_RETRY,
        P.MAIL_VIEW,
        P.OPERATIONS_VIEW,
    ),
    **_only(Scope.OWN, P.AUDIT_VIEW),
}

GRANTS: Mapping[Role, Grants] = {
    Role.PM: _PM,
    Role.PROGRAMME_MANAGER: _PROGRAMME_MANAGER,
    Role.PSO: _PSO,
    Role.HEAD_OF_CENTRE: _HEAD_OF_CENTRE,
    Role.DIRECTOR: _DIRECTOR,
    Role.CODIR: _CODIR,
    Role.INVESTMENT_COMMITTEE: _INVESTMENT_COMMITTEE,
    Role.SECRETARY: _SECRETARY,
    Role.FINANCE: _FINANCE,
    Role.REVIEWER: _REVIEWER,
    Role.AUDITOR: _AUDITOR,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
}

# What passes to the deputy for the days of an absence: of a project manager, on the projects he manages; of the
# director, the pack. Nothing else does, and what a deputy receives he cannot pass on.
DELEGABLE: Mapping[Role, Grants] = {
    Role.PM: _only(
        Scope.STAND_IN,
        P.PROJECT_EDIT,
        P.MILESTONE_EDIT,
        P.TOLERANCE_EDIT,
        P.STATUS_VIEW,
        P.STATUS_SUBMIT,
        P.FINANCE_VIEW,
        P.RISK_VIEW,
        P.RISK_EDIT,
        P.CORRECTION_PROPOSE,
    ),
    Role.DIRECTOR: _all(P.PACK_PREVIEW, P.PACK_APPROVE, P.PACK_PUBLISH, P.DIRECTOR_MESSAGE_EDIT),
}

ROLE_PERMISSIONS: Mapping[Role, frozenset[P]] = {role: frozenset(grants) for role, grants in GRANTS.items()}

__all__ = ["DECISION_MAKERS", "DELEGABLE", "EVERYBODY", "GRANTS", "ROLE_PERMISSIONS", "Grants", "Role"]
