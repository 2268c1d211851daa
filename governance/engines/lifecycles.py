"""The life cycles of sessions, requests, decisions and follow-up, each as one table of moves (ADR 0006).

A service moves a row by UPDATE ... WHERE state = source and acts only if one row
changed. Source: domain reference F, ux 3.8; docs/formulas/lifecycles.md.
"""

from __future__ import annotations

from portfolio.engines.machine import IllegalMoveError, Machine

__all__ = [
    "ARBITRATION",
    "CHANGE",
    "DECISION",
    "EXCEPTION",
    "FOLLOW_UP",
    "GATE_REVIEW",
    "MACHINES",
    "REQUEST",
    "REQUEST_OPEN",
    "SESSION",
    "IllegalMoveError",
    "Machine",
]

SESSION = Machine(
    "session",
    "draft",
    (
        ("publish", "draft", "published"),
        ("withdraw", "published", "draft"),
        ("open", "published", "in_progress"),
        ("adjourn", "in_progress", "minutes_draft"),
        ("resume", "minutes_draft", "in_progress"),
        ("approve", "minutes_draft", "approved"),
        ("close", "approved", "closed"),
        ("cancel", "draft", "cancelled"),
        ("cancel", "published", "cancelled"),
    ),
)

REQUEST = Machine(
    "request",
    "open",
    (
        ("table", "open", "on_agenda"),
        ("table", "deferred", "on_agenda"),
        ("untable", "on_agenda", "open"),
        ("defer", "on_agenda", "deferred"),
        ("settle", "on_agenda", "settled"),
        ("escalate", "on_agenda", "escalated"),
        ("escalate", "open", "escalated"),
        ("escalate", "deferred", "escalated"),
        ("withdraw", "open", "withdrawn"),
        ("withdraw", "deferred", "withdrawn"),
        ("withdraw", "on_agenda", "withdrawn"),
    ),
)
REQUEST_OPEN = ("open", "on_agenda", "deferred")
"""Still waiting for its decision."""

DECISION = Machine(
    "decision",
    "draft",
    (
        ("validate", "draft", "validated"),
        ("apply", "validated", "in_force"),
        ("execute", "in_force", "executed"),
        ("supersede", "in_force", "superseded"),
        ("supersede", "executed", "superseded"),
        ("revoke", "in_force", "revoked"),
        ("revoke", "executed", "revoked"),
    ),
)

FOLLOW_UP = Machine(
    "follow_up",
    "open",
    (
        ("submit", "open", "submitted"),
        ("meet", "submitted", "met"),
        ("reject", "submitted", "open"),
        ("waive", "open", "waived"),
        ("waive", "submitted", "waived"),
    ),
)

CHANGE = Machine(
    "change",
    "captured",
    (
        ("assess", "captured", "assessed"),
        ("assess", "exception_plan", "assessed"),
        ("recommend", "assessed", "recommended"),
        ("revise", "recommended", "assessed"),
        ("submit", "recommended", "submitted"),
        ("recall", "submitted", "recommended"),
        ("more_info", "recommended", "assessed"),
        ("more_info", "submitted", "assessed"),
        ("accept", "recommended", "implementing"),
        ("accept", "submitted", "implementing"),
        ("reject", "recommended", "rejected"),
        ("reject", "submitted", "rejected"),
        ("concession", "recommended", "conceded"),
        ("concession", "submitted", "conceded"),
        ("exception_plan", "submitted", "exception_plan"),
        ("postpone", "captured", "postponed"),
        ("postpone", "assessed", "postponed"),
        ("postpone", "recommended", "postponed"),
        ("resume", "postponed", "captured"),
        ("merge", "captured", "merged"),
        ("merge", "assessed", "merged"),
        ("merge", "recommended", "merged"),
        ("merge", "postponed", "merged"),
        ("close", "implementing", "closed"),
        ("close", "conceded", "closed"),
        ("expire", "conceded", "captured"),
    ),
)
"""An issue under change control; the acts that answer it bear the names of the answers."""

GATE_REVIEW = Machine(
    "gate_review",
    "draft",
    (
        ("submit", "draft", "submitted"),
        ("bypass", "draft", "submitted"),
        ("drop", "draft", "dropped"),
        ("take_back", "submitted", "draft"),
        ("pass", "submitted", "passed"),
        ("condition", "submitted", "conditional"),
        ("refuse", "submitted", "refused"),
        ("send_back", "submitted", "sent_back"),
    ),
)

ARBITRATION = Machine(
    "arbitration",
    "requested",
    (
        ("admit", "requested", "admissible"),
        ("reject", "requested", "rejected"),
        ("analyse", "admissible", "analysis"),
        ("propose", "analysis", "options"),
        ("rework", "options", "analysis"),
        ("rework", "deferred", "analysis"),
        ("table", "options", "on_agenda"),
        ("table", "deferred", "on_agenda"),
        ("defer", "on_agenda", "deferred"),
        ("defer", "escalated", "deferred"),
        ("escalate", "on_agenda", "escalated"),
        ("escalate", "deferred", "escalated"),
        ("escalate", "escalated", "escalated"),
        ("decide", "on_agenda", "decided"),
        ("decide", "escalated", "decided"),
        ("notify", "decided", "notified"),
        ("execute", "notified", "executing"),
        ("verify", "executing", "verified"),
        ("close", "verified", "closed"),
        ("reopen", "closed", "requested"),
        ("reopen", "rejected", "requested"),
    ),
)

EXCEPTION = Machine(
    "exception",
    "raised",
    (
        ("draft", "raised", "report_drafted"),
        ("submit", "report_drafted", "submitted"),
        ("return", "submitted", "report_drafted"),
        ("decide", "submitted", "decided"),
        ("settle", "raised", "decided"),
        ("settle", "report_drafted", "decided"),
        ("submit_plan", "decided", "plan_submitted"),
        ("return_plan", "plan_submitted", "decided"),
        ("approve_plan", "plan_submitted", "plan_approved"),
        ("close", "raised", "closed"),
        ("close", "report_drafted", "closed"),
        ("close", "submitted", "closed"),
        ("close", "decided", "closed"),
        ("close", "plan_submitted", "closed"),
        ("close", "plan_approved", "closed"),
    ),
)
"""An exception; `settle` is the project manager's own answer on a work package."""

MACHINES = (SESSION, REQUEST, DECISION, FOLLOW_UP, CHANGE, GATE_REVIEW, ARBITRATION, EXCEPTION)
