"""Who gets what at which address: the promise, written by hand beside the code's own grants and not from them.

A row names an address, the methods it answers, and per kind of object the roles that reach it. Everybody else is
refused: 403 where his roles lack the right, 404 where he may not know of the object, the log-in for who has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ROLES = (
    "pm",
    "programme_manager",
    "pso",
    "head_of_centre",
    "director",
    "codir",
    "investment_committee",
    "secretary",
    "finance",
    "reviewer",
    "auditor",
    "administrator",
)
ANONYMOUS = "anonymous"
_SHORT = {
    "pgm": "programme_manager",
    "head": "head_of_centre",
    "ic": "investment_committee",
    "sec": "secretary",
    "fin": "finance",
    "rev": "reviewer",
    "aud": "auditor",
    "adm": "administrator",
    "dir": "director",
}


def roles(words: str) -> frozenset[str]:
    found = frozenset(_SHORT.get(word, word) for word in words.split())
    assert found <= set(ROLES), found
    return found


EVERYBODY = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
READ = roles("pm pgm pso head dir codir ic sec fin aud")
LOOK = READ | {"reviewer"}
RESTRICTED = roles("pso head dir codir fin aud")
DECISIONS = LOOK
PACKS = roles("pm pgm pso head dir codir ic fin aud")
FROZEN = roles("pso head dir codir ic fin aud")


@dataclass(frozen=True)
class Row:
    """`may`: who passes the door; `sees`: who may know of the object; `ok`: who is served. By kind of object."""

    name: str
    methods: str
    may: frozenset[str]
    ok: Mapping[str, frozenset[str]]
    sees: Mapping[str, frozenset[str]]
    hide: bool = False
    rename: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    def expected(self, role: str, kind: str) -> str:
        """`ok`, `403`, `404` or `login`."""
        if role == ANONYMOUS:
            return "login"
        if role not in self.may:
            return "404" if self.hide else "403"
        if role not in self.sees[kind]:
            return "404"
        return "ok" if role in self.ok[kind] else "403"


def single(name: str, methods: str, may: frozenset[str] | str, **kwargs: Any) -> Row:
    """An address without object."""
    allowed = roles(may) if isinstance(may, str) else may
    return Row(name, methods, allowed, {"-": allowed}, {"-": allowed}, **kwargs)


def thing(name: str, methods: str, may: frozenset[str] | str, parameter: str, word: str = "", **kwargs: Any) -> Row:
    """An address of a row that everybody with the right may know of, or of none."""
    allowed = roles(may) if isinstance(may, str) else may
    cases = {"own": allowed, "missing": NOBODY}
    return Row(name, methods, allowed, cases, cases, rename={parameter: word or parameter}, **kwargs)


def project(
    name: str, methods: str, may: frozenset[str] | str, own: Any = None, foreign: Any = None, *, child: bool = False
) -> Row:
    """An address inside a project: own, of somebody else, restricted, none, and a child of another project."""
    door = roles(may) if isinstance(may, str) else may
    mine = door - {"reviewer"} if own is None else (roles(own) if isinstance(own, str) else own)
    theirs = mine if foreign is None else (roles(foreign) if isinstance(foreign, str) else foreign)
    ok = {"own": mine, "foreign": theirs, "hidden": _on_hidden(theirs), "missing": NOBODY}
    sees = {"own": READ, "foreign": READ, "hidden": RESTRICTED, "missing": NOBODY}
    if child:
        # Who may not act on the parent is refused before the child is looked for.
        ok["crossed"], sees["crossed"] = NOBODY, READ - mine
    return Row(name, methods, door, ok, sees)


def _on_hidden(theirs: frozenset[str]) -> frozenset[str]:
    """The restricted project is outside the top 24 and has another team."""
    return theirs & RESTRICTED


def _package(name: str, methods: str, may: frozenset[str] | str, own: Any = None, foreign: Any = None) -> Row:
    """An address of a work package, only found inside its project."""
    return replace(project(name, methods, may, own, foreign, child=True), rename={"key": "package"})


PORTFOLIO = [
    single("portfolio:register", "GET", LOOK),
    single("portfolio:project_new", "GET POST", "pso"),
    single("portfolio:register_assign", "POST", "pso"),
    single("portfolio:register_remind", "POST", "pso"),
    single("portfolio:import", "GET POST", "pso"),
    thing("portfolio:import_run", "GET", "pso", "number", "run"),
    thing("portfolio:import_preview", "GET POST", "pso", "token"),
    thing("portfolio:import_reconciliation", "GET POST", "pso", "token"),
    project("portfolio:project", "GET", LOOK),
    project("portfolio:plan", "GET", LOOK),
    project("portfolio:tolerances", "GET", LOOK),
    project("portfolio:finance", "GET", READ),
    project("portfolio:register_row", "GET POST", "pso"),
    project("portfolio:project_move", "GET POST", "pso"),
    project("portfolio:milestone_new", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("portfolio:milestone_edit", "GET POST", "pm pgm pso", "pm pgm pso", "pso", child=True),
    project("portfolio:plan_import", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("portfolio:plan_edit", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("portfolio:plan_act", "POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("portfolio:activity_edit", "GET POST", "pm pgm pso", "pm pgm pso", "pso", child=True),
    project("portfolio:plan_export", "GET", LOOK),
    project("portfolio:stage_new", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("portfolio:stage_edit", "GET POST", "pm pgm pso", "pm pgm pso", "pso", child=True),
    project("portfolio:budget_line_new", "GET POST", "pm pgm pso fin", "pm pgm pso fin", "pso fin"),
    project("portfolio:budget_line_edit", "GET POST", "pm pgm pso fin", "pm pgm pso fin", "pso fin"),
    project("portfolio:risk_new", "GET POST", "pm pgm pso", "pm pgm", ""),
    project("portfolio:risk_edit", "GET POST", "pm pgm pso", "pm pgm", "", child=True),
    project("portfolio:risk_state", "POST", "pm pgm pso", "pm pgm", "", child=True),
    project("portfolio:tolerance_edit", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("portfolio:work_package_new", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
    _package("portfolio:work_package_edit", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
    _package("portfolio:part_tolerance_edit", "GET POST", "pm pgm pso", "pm", ""),
    project("portfolio:log", "GET", "pm pgm pso head dir sec fin rev aud adm", "pm pso dir aud", "pso dir aud"),
    project("portfolio:statuses", "GET", "pm pgm pso head dir codir ic fin aud"),
    project("portfolio:status", "GET", "pm pgm pso head dir codir ic fin aud"),
    project("portfolio:status", "POST", "pm pgm pso head dir codir ic fin aud", "pm", ""),
    project("portfolio:status_draft", "POST", "pm", "pm", ""),
    project("portfolio:status_live", "POST", "pm", "pm", ""),
    single("portfolio:my_work", "GET", EVERYBODY),
    single("portfolio:feeds", "GET POST", EVERYBODY),
    Row(
        "portfolio:feed_revoke",
        "POST",
        EVERYBODY,
        {"own": roles("pm"), "missing": NOBODY},
        {"own": roles("pm"), "missing": NOBODY},
    ),
    single("portfolio:calendar", "GET", LOOK),
    single("portfolio:calendar", "POST", "pso"),
    single("portfolio:closing_day_add", "POST", "pso"),
    Row("portfolio:closing_day_remove", "POST", roles("pso"), {"missing": NOBODY}, {"missing": NOBODY}),
    single("portfolio:programmes", "GET", LOOK),
    single("portfolio:programme_new", "GET POST", "pso"),
    thing("portfolio:programme", "GET", LOOK, "code", "programme"),
    single("portfolio:axes", "GET", LOOK),
    single("portfolio:axis_new", "GET POST", "pso"),
    thing("portfolio:axis_edit", "GET POST", "pso", "code", "axis"),
]


def _raid(name: str, methods: str = "GET", *, child: bool = False) -> Row:
    """CODIR reads the risks of the priority projects only; the foreign project is one, the own and the hidden not."""
    may, mine = roles("pm pgm pso head dir codir ic aud"), roles("pm pgm pso head dir aud")
    row = project(name, methods, may, mine, mine | {"codir"}, child=child)
    row.ok["hidden"] = roles("pso head dir aud")  # type: ignore[index]
    return row


def _sheet(name: str, methods: str) -> Row:
    """The director edits the sheets of the top 24; the foreign project is one, the hidden not."""
    row = project(name, methods, "pm pgm pso dir", "pm pgm pso", "pso dir")
    row.ok["hidden"] = roles("pso")  # type: ignore[index]
    return row


def _programme_edit(name: str, methods: str) -> Row:
    ok = {"own": roles("pgm pso"), "foreign": roles("pso"), "missing": NOBODY}
    known = roles("pgm pso")
    return Row(
        name, methods, known, ok, {"own": known, "foreign": known, "missing": NOBODY}, rename={"code": "programme"}
    )


def _request(name: str, methods: str, may: frozenset[str], own: str, foreign: str, hidden: str) -> Row:
    """A project manager knows the requests of his own projects, a programme manager those of his programme."""
    ok = {"own": roles(own), "foreign": roles(foreign), "hidden": roles(hidden), "missing": NOBODY}
    sees = {"own": READ, "foreign": READ - roles("pm pgm"), "hidden": RESTRICTED, "missing": NOBODY}
    return Row(name, methods, may, ok, sees, rename={"number": "request"})


_RISK_READERS = "pm pgm pso head dir aud"


def _change(name: str, methods: str, may: str | frozenset[str], own: str, foreign: str, hidden: str) -> Row:
    """An issue no body was asked about: known to who reads the risks of its project."""
    door = roles(may) if isinstance(may, str) else may
    ok = {"own": roles(own), "foreign": roles(foreign), "hidden": roles(hidden), "missing": NOBODY}
    sees = {
        "own": roles(_RISK_READERS),
        "foreign": roles(_RISK_READERS) | {"codir"},
        "hidden": roles("pso head dir aud"),
        "missing": NOBODY,
    }
    return Row(name, methods, door, ok, sees, rename={"number": "change", "act": "change_act"})


def _change_action(methods: str, ok: str) -> Row:
    seen = {"own": roles(_RISK_READERS), "missing": NOBODY}
    served = {"own": roles(ok), "missing": NOBODY}
    return Row("governance:change_action", methods, LOOK, served, seen, rename={"action_id": "change_action_id"})


def _exception(name: str, methods: str, may: frozenset[str], ok: str) -> Row:
    """An exception of the project manager's own project, still to be reported on."""
    served = {"own": roles(ok), "missing": NOBODY}
    sees = {"own": READ, "missing": NOBODY}
    return Row(name, methods, may, served, sees, rename={"number": "exception"})


def _own_interest(name: str, methods: str) -> Row:
    """Each person ends what he declared himself; the interest of the world is the project manager's."""
    ok = {"own": roles("pm"), "missing": NOBODY}
    return Row(name, methods, LOOK, ok, ok)


def _session(name: str, methods: str, may: frozenset[str], ok: str, **rename: str) -> Row:
    """A session in preparation: only who keeps the record knows of it."""
    served = {"own": roles(ok), "missing": NOBODY}
    sees = {"own": roles("pso sec") & (roles(ok) or NOBODY), "missing": NOBODY}
    return Row(name, methods, may, served, sees, rename=rename)


def _decision(name: str, methods: str) -> Row:
    """A decision on the project manager's own project, kept to readers of the portfolio."""
    ok = {"own": READ, "missing": NOBODY}
    return Row(name, methods, DECISIONS, ok, ok, rename={"number": "decision"})


def _follow_up(name: str, methods: str) -> Row:
    ok = {"own": READ, "missing": NOBODY}
    return Row(name, methods, LOOK, ok, ok)


def _review(name: str, methods: str, may: str | frozenset[str], own: str, foreign: str, hidden: str) -> Row:
    """The gate review of a project, known to whoever knows the project."""
    door = roles(may) if isinstance(may, str) else may
    ok = {"own": roles(own), "foreign": roles(foreign), "hidden": roles(hidden), "missing": NOBODY}
    sees = {"own": READ, "foreign": READ, "hidden": RESTRICTED, "missing": NOBODY}
    return Row(name, methods, door, ok, sees, rename={"number": "review", "act": "gate_act"})


def _lesson(name: str, methods: str, may: str | frozenset[str], own: str) -> Row:
    door = roles(may) if isinstance(may, str) else may
    ok = {"own": roles(own), "missing": NOBODY}
    return Row(name, methods, door, ok, {"own": READ, "missing": NOBODY}, rename={"number": "lesson"})


def _arbitration(name: str, methods: str, ok: str, **rename: str) -> Row:
    """An arbitration of the own and the foreign project, one of the hidden with the foreign: all must be knowable."""
    served = {"own": roles(ok), "hidden": roles(ok) & RESTRICTED, "missing": NOBODY}
    sees = {"own": READ, "hidden": RESTRICTED, "missing": NOBODY}
    return Row(name, methods, LOOK, served, sees, rename={"number": "arbitration", **rename})


_READ_WORDS = "pm pgm pso head dir codir ic sec fin aud"
GOVERNANCE = [
    single("governance:bodies", "GET", LOOK),
    single("governance:body_new", "GET POST", "pso sec"),
    thing("governance:body", "GET", LOOK, "code", "body"),
    thing("governance:body_edit", "GET POST", "pso sec", "code", "body"),
    thing("governance:seat_add", "POST", "pso sec", "code", "body"),
    thing("governance:mandate_add", "POST", "pso sec", "code", "body"),
    thing("governance:sitting_add", "POST", "pso sec", "code", "body"),
    thing("governance:seat_end", "POST", "pso sec", "code", "body"),
    thing("governance:mandate_end", "POST", "pso sec", "code", "body"),
    thing("governance:rules_set", "POST", "pso sec", "code", "body"),
    thing("governance:rhythm_set", "POST", "pso sec", "code", "body"),
    single("governance:who_decides", "GET", LOOK),
    single("governance:interests", "GET", LOOK),
    single("governance:interest_new", "POST", LOOK),
    single("governance:interest_statement", "POST", LOOK),
    _own_interest("governance:interest_end", "POST"),
    single("governance:raci", "GET", LOOK),
    single("governance:meetings", "GET", LOOK),
    _session("governance:meeting", "GET", LOOK, "pso sec"),
    _session("governance:meeting_screen", "GET", LOOK, "pso sec"),
    _session("governance:meeting_minutes", "GET", LOOK, "pso sec"),
    _session("governance:meeting_minutes_pdf", "GET", LOOK, ""),
    _session("governance:meeting_edit", "GET POST", roles("pso sec"), "pso sec"),
    _session("governance:meeting_calendar", "GET", LOOK, ""),
    _session("governance:meeting_act", "POST", LOOK, "pso sec"),
    _session("governance:item_add", "POST", roles("pso sec"), "pso sec"),
    _session("governance:attendance", "POST", roles("pso sec"), "pso sec"),
    _session("governance:item_act", "POST", roles("pso sec"), "pso sec", act="item_act"),
    _session("governance:recusal", "POST", LOOK, "pso sec"),
    _session("governance:vote", "POST", LOOK, ""),
    _session("governance:notes", "POST", roles("pso sec"), "pso sec"),
    _session("governance:outcome_add", "POST", roles("pso sec"), "pso sec"),
    _session("governance:outcome_remove", "POST", roles("pso sec"), "pso sec"),
    _session("governance:effect_add", "GET POST", roles("pso sec"), "pso sec"),
    _session("governance:effect_remove", "POST", roles("pso sec"), "pso sec"),
    single("governance:decisions", "GET", DECISIONS),
    thing("governance:decisions_export", "GET", DECISIONS, "kind", "register_file"),
    _decision("governance:decision", "GET"),
    _follow_up("governance:follow_up", "GET POST"),
    _request("governance:request_escalate", "GET POST", roles("pso sec"), "pso sec", "pso sec", "pso"),
    _request("governance:request_written", "GET POST", roles("pso sec"), "pso sec", "pso sec", "pso"),
    single("governance:raci_new", "GET POST", "pso sec"),
    thing("governance:raci_row", "GET POST", "pso sec", "activity_id"),
    single("governance:changes", "GET", LOOK),
    single("governance:change_clocks", "GET", LOOK),
    single("governance:change_clocks", "POST", "pso sec"),
    project("governance:project_changes", "GET", LOOK),
    project("governance:change_new", "GET POST", "pm pgm pso", "pm pgm", ""),
    _change("governance:change", "GET", LOOK, _RISK_READERS, "pm pgm pso head dir aud codir", "pso head dir aud"),
    _change("governance:change_edit", "GET POST", "pm pgm pso", "pm pgm", "", ""),
    _change("governance:change_assess", "GET POST", "pm pgm pso", "pm pgm", "", ""),
    _change("governance:change_recommend", "GET POST", "pm pgm pso", "pm pgm", "", ""),
    _change("governance:change_answer", "GET POST", LOOK, "", "", ""),
    _change("governance:change_act", "POST", "pm pgm pso", "pm pgm", "", ""),
    _change("governance:change_action_add", "POST", "pm pgm pso", "pm pgm", "", ""),
    _change_action("GET", _RISK_READERS),
    _change_action("POST", "pm pgm"),
    project("governance:change_budget", "GET POST", "pso sec"),
    project("governance:delegation_add", "POST", "pso sec", child=True),
    project("governance:delegation_end", "POST", "pso sec", child=True),
    single("governance:exceptions", "GET", LOOK),
    single("governance:exception_clock_set", "GET POST", "pso sec"),
    _exception("governance:exception", "GET", LOOK, _READ_WORDS),
    _exception("governance:exception_report", "GET POST", roles("pm pgm pso dir"), "pm pgm pso"),
    _exception("governance:exception_submit", "POST", roles("pm pgm pso dir"), "pm pgm pso"),
    _exception("governance:exception_plan", "GET POST", roles("pm pgm pso dir"), ""),
    _exception("governance:exception_settle", "POST", roles("pm pgm pso dir"), ""),
    single("governance:requests", "GET", LOOK),
    _request("governance:request_acknowledge", "POST", LOOK, "pso sec", "pso sec", "pso"),
    single("governance:arbitrations", "GET", LOOK),
    single("governance:arbitration_new", "GET POST", "pm pgm pso dir"),
    single("governance:clocks", "GET", LOOK),
    Row("governance:clocks", "POST", LOOK, {"-": roles("pso sec")}, {"-": LOOK}),
    _arbitration("governance:arbitration", "GET", "pm pgm pso head dir codir ic sec fin aud"),
    _arbitration("governance:arbitration_edit", "GET POST", "pso"),
    _arbitration("governance:arbitration_act", "GET POST", "pso", act="arbitration_act"),
    _arbitration("governance:arbitration_option_new", "GET POST", "pso"),
    _arbitration("governance:arbitration_option", "GET POST", "pso"),
    _arbitration("governance:arbitration_option_remove", "POST", "pso"),
    single("governance:gates", "GET", LOOK),
    single("governance:gate_criteria", "GET", LOOK),
    single("governance:criterion_new", "GET POST", "pso"),
    single("governance:criteria_load", "POST", "pso"),
    thing("governance:criterion_edit", "GET POST", "pso", "criterion_id"),
    thing("governance:criterion_end", "POST", "pso", "criterion_id"),
    single("governance:gate_rules", "GET POST", "pso"),
    single("governance:lessons", "GET", LOOK),
    _lesson("governance:lesson", "GET", LOOK, "pm pgm pso head dir codir ic sec fin aud"),
    _lesson("governance:lesson_edit", "GET POST", "pm pgm pso", "pm pgm pso"),
    project("governance:project_gates", "GET", LOOK),
    project("governance:gate_start", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("governance:project_confidence", "GET", LOOK),
    project("governance:confidence_new", "GET POST", "pso rev", "pso", "pso"),
    project("governance:lesson_new", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
    _review(
        "governance:gate_review",
        "GET",
        LOOK,
        "pm pgm pso head dir codir ic sec fin aud",
        "pm pgm pso head dir codir ic sec fin aud",
        "pso head dir codir fin aud",
    ),
    _review("governance:gate_review_edit", "GET POST", "pm pgm pso", "pm pgm pso", "pso", "pso"),
    _review("governance:gate_act", "POST", "pm pgm pso", "pm pgm pso", "pso", "pso"),
    _review("governance:gate_bypass", "GET POST", "pso", "pso", "pso", "pso"),
    _review("governance:gate_reviewer", "POST", "pso", "pso", "pso", "pso"),
    _review("governance:gate_confidence", "GET POST", "pso rev", "pso", "pso", "pso"),
    Row(
        "governance:confidence_action",
        "GET POST",
        LOOK,
        {"own": READ, "missing": NOBODY},
        {"own": READ, "missing": NOBODY},
    ),
    _request(
        "governance:request",
        "GET",
        LOOK,
        _READ_WORDS,
        "pso head dir codir ic sec fin aud",
        "pso head dir codir fin aud",
    ),
    _request("governance:request_edit", "GET POST", LOOK, "pm pgm pso", "pso dir", "pso"),
    project("governance:project_requests", "GET", LOOK),
    project("governance:request_new", "GET POST", "pm pgm pso dir", "pso dir"),
    _raid("portfolio:raid"),
    _sheet("portfolio:project_edit", "GET POST"),
    _programme_edit("portfolio:programme_edit", "GET POST"),
]


def pack(name: str, methods: str, published: str, draft: str, **kwargs: Any) -> Row:
    """A pack is a secret for who may not read it: 404, whatever he lacks. Until published it is one like a draft."""
    waiting = roles(kwargs.pop("waiting", draft))
    cases = {"published": roles(published), "waiting": waiting, "draft": roles(draft), "missing": NOBODY}
    return Row(
        name, methods, kwargs.pop("may", PACKS), cases, kwargs.pop("sees", cases), kwargs.pop("hide", True), **kwargs
    )


_PUBLISHED_WORDS = "pso head dir codir ic fin aud"


def _sheets(name: str, own: str, foreign: str, hidden: str, **kwargs: Any) -> Row:
    """Sheets of a project are a secret for who may read none of them; whole packs have their own address."""
    cases = {"own": roles(own), "foreign": roles(foreign), "hidden": roles(hidden), "missing": NOBODY}
    return Row(name, "GET", PACKS, cases, cases, hide=True, **kwargs)


_KNOWN = {"published": FROZEN, "waiting": roles("pso dir"), "draft": roles("pso dir"), "missing": NOBODY}
REPORTING = [
    single("reporting:dashboard", "GET", EVERYBODY),
    single("reporting:dashboard_week", "GET", READ - {"pm"}),
    single("reporting:dashboard_outlook", "GET", READ - {"pm"}),
    single("reporting:late", "GET", "pso head dir"),
    single("reporting:late_remind", "POST", "pso"),
    Row("reporting:late_note", "POST", roles("pso"), {"-": NOBODY}, {"-": NOBODY}),
    single("reporting:operations", "GET", "pso adm"),
    single("reporting:search", "GET", EVERYBODY),
    thing("reporting:export", "GET POST", "pm pgm pso head dir fin aud", "kind"),
    thing("reporting:changes_export", "GET", "pm pgm pso head dir fin aud", "kind"),
    single("reporting:reports", "GET", READ),
    pack("reporting:pack", "GET", _PUBLISHED_WORDS, "pso dir"),
    pack("reporting:pack", "POST", "pso dir", "pso dir", sees=_KNOWN),
    _sheets("reporting:pack_sheets", "pm pgm pso dir", "pso dir", "pso dir"),
    # Only the foreign project is among the top 24, so only it has a sheet.
    _sheets("reporting:pack_sheet", "", "pso dir", "", rename={"week": "sheet_week"}),
    pack("reporting:pack_online", "GET", _PUBLISHED_WORDS, "pso dir"),
    pack("reporting:pack_stop", "POST", "", "", may=roles("pso"), hide=False),
    pack("reporting:pack_progress", "GET", _PUBLISHED_WORDS, "pso dir"),
    pack("reporting:pack_pdf", "GET", _PUBLISHED_WORDS, "", waiting="pso dir"),
    pack("reporting:pack_freeze", "GET POST", "pso", "pso", may=roles("pso"), hide=False),
    pack(
        "reporting:pack_print", "POST", "pso", "", may=roles("pso"), hide=False, waiting="pso", data={"language": "nl"}
    ),
    pack("reporting:pack_approve", "POST", "dir", "dir", may=roles("dir"), hide=False),
    pack("reporting:pack_publish", "GET POST", "dir", "dir", may=roles("dir"), hide=False),
    pack("reporting:pack_erratum", "POST", "pso", "pso", may=roles("pso"), hide=False),
    pack("reporting:pack_link_revoke", "POST", "pso", "", may=roles("pso"), hide=False, rename={"key": "recipient"}),
    pack(
        "reporting:correction_decide",
        "POST",
        "pso",
        "",
        may=roles("pso"),
        hide=False,
        rename={"key": "correction"},
        data={"choice": "accept"},
    ),
    project("reporting:correction_new", "GET POST", "pm pgm pso", "pm pgm pso", "pso"),
]


def _note(name: str, methods: str) -> Row:
    """A notification is its reader's alone."""
    cases = {"own": roles("pso"), "missing": NOBODY}
    return Row(name, methods, EVERYBODY, cases, cases)


PEOPLE = [
    single("people:audit", "GET", "pm pgm pso head dir sec fin rev aud adm"),
    single("people:audit_verify", "POST", "aud"),
    single("people:history", "GET", "aud"),
    single("people:permissions", "GET", "pso head dir aud adm"),
    single("people:roles", "GET", "pso dir aud adm"),
    single("people:role_propose", "GET POST", "pso adm"),
    thing("people:role_decide", "POST", "dir adm", "request_id"),
    single("people:account_new", "GET POST", "adm"),
    thing("people:account_close", "POST", "adm", "user_id"),
    single("people:jobs", "GET", "pso adm"),
    thing("people:job_retry", "POST", "pso adm", "job_id"),
    single("people:inbox", "GET", EVERYBODY),
    single("people:inbox_read_all", "POST", EVERYBODY),
    single("people:inbox_settings", "POST", EVERYBODY),
    _note("people:note_open", "POST"),
    _note("people:note_read", "POST"),
    single("people:outbox", "GET", "pso adm"),
    thing("people:mail_arrived", "POST", "pso", "mail_id"),
    thing("people:mail_again", "POST", "pso", "mail_id"),
    single("people:account", "GET POST", EVERYBODY),
    single("people:absences", "GET POST", EVERYBODY),
    single("people:absences_office", "GET POST", "pso"),
    Row("people:absence_end", "POST", EVERYBODY, {"missing": NOBODY}, {"missing": NOBODY}),
    single("people:sessions", "GET", EVERYBODY),
    Row("people:session_end", "POST", EVERYBODY, {"missing": NOBODY}, {"missing": NOBODY}),
    single("people:tokens", "GET POST", "pm pgm pso head dir fin"),
    Row(
        "people:token_revoke",
        "POST",
        roles("pm pgm pso head dir fin"),
        {"own": roles("pso"), "missing": NOBODY},
        {"own": roles("pso"), "missing": NOBODY},
    ),
]

_BUDGET = "pm pgm pso head dir codir ic fin aud"
_STATUS = "pm pgm pso head dir codir ic fin aud"
_WEEKLY = {"own": roles("pm pgm pso head dir aud"), "foreign": roles("pm pso head dir aud")}
_MONEY = roles("pm pgm pso head dir codir fin aud")


def _status_detail() -> Row:
    """A status of an open week is unknown to who reads decided weeks only."""
    ok = {**_WEEKLY, "hidden": roles("pso head dir aud"), "missing": NOBODY}
    return Row("portfolio_api:status", "GET", roles(_STATUS), ok, ok)


API = [
    single("people_api:me", "GET", EVERYBODY),
    single("people_api:notifications", "GET", EVERYBODY),
    _note("people_api:notification_read", "POST"),
    single("people_api:audit_entries", "GET", "pm pgm pso head dir sec fin rev aud adm"),
    Row(
        "people_api:audit_entry",
        "GET",
        roles("pm pgm pso head dir sec fin rev aud adm"),
        {"own": roles("pso dir aud"), "missing": NOBODY},
        {"own": roles("pso dir aud"), "missing": NOBODY},
        rename={"number": "entry"},
    ),
    single("portfolio_api:axes", "GET", LOOK),
    single("portfolio_api:axes", "POST", "pso"),
    thing("portfolio_api:axis", "GET", LOOK, "code", "axis"),
    thing("portfolio_api:axis", "PATCH", "pso", "code", "axis"),
    single("portfolio_api:programmes", "GET", LOOK),
    single("portfolio_api:programmes", "POST", "pso"),
    thing("portfolio_api:programme", "GET", LOOK, "code", "programme"),
    _programme_edit("portfolio_api:programme", "PATCH"),
    single("portfolio_api:projects", "GET", LOOK),
    single("portfolio_api:projects", "POST", "pso"),
    project("portfolio_api:project", "GET", LOOK),
    _sheet("portfolio_api:project", "PATCH"),
    project("portfolio_api:project_move", "POST", "pso"),
    project("portfolio_api:milestones", "GET", LOOK),
    project("portfolio_api:milestones", "POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("portfolio_api:milestone", "GET", LOOK, child=True),
    project("portfolio_api:milestone", "PATCH", "pm pgm pso", "pm pgm pso", "pso", child=True),
    project("portfolio_api:stages", "GET", LOOK),
    project("portfolio_api:stages", "POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("portfolio_api:stage", "GET", LOOK, child=True),
    project("portfolio_api:stage", "PATCH", "pm pgm pso", "pm pgm pso", "pso", child=True),
    project("portfolio_api:budget_lines", "GET", _BUDGET, _MONEY, _MONEY - roles("pm pgm")),
    project("portfolio_api:budget_lines", "POST", "pm pgm pso fin", "pm pgm pso fin", "pso fin"),
    project("portfolio_api:budget_line", "GET", _BUDGET, _MONEY, _MONEY - roles("pm pgm")),
    project("portfolio_api:budget_line", "PATCH", "pm pgm pso fin", "pm pgm pso fin", "pso fin"),
    project("portfolio_api:budget_totals", "GET", READ),
    project("portfolio_api:work_packages", "GET", LOOK),
    _package("portfolio_api:work_package", "GET", LOOK),
    project("portfolio_api:part_tolerances", "GET", LOOK),
    project("portfolio_api:tolerances", "GET", LOOK),
    project("portfolio_api:tolerances", "POST", "pm pgm pso", "pm pgm pso", "pso"),
    project("portfolio_api:tolerance", "GET", LOOK),
    project("portfolio_api:tolerance", "PATCH", "pm pgm pso", "pm pgm pso", "pso"),
    _raid("portfolio_api:risks"),
    project("portfolio_api:risks", "POST", "pm pgm pso", "pm pgm", ""),
    _raid("portfolio_api:risk", child=True),
    project("portfolio_api:risk", "PATCH", "pm pgm pso", "pm pgm", "", child=True),
    project("portfolio_api:risk_state", "POST", "pm pgm pso", "pm pgm", "", child=True),
    project("portfolio_api:statuses", "GET", _STATUS),
    _status_detail(),
    project("portfolio_api:status", "PUT", "pm", "pm", ""),
    single("portfolio_api:cycles", "GET", LOOK),
    thing("portfolio_api:cycle", "GET", LOOK, "week"),
    thing("portfolio_api:completeness", "GET", "pso head dir", "week"),
    single("governance_api:changes", "GET", LOOK),
    _change("governance_api:change", "GET", LOOK, _RISK_READERS, "pm pgm pso head dir aud codir", "pso head dir aud"),
    project("governance_api:project_changes", "GET", LOOK),
    project("governance_api:project_changes", "POST", "pm pgm pso", "pm pgm", ""),
    single("governance_api:exceptions", "GET", LOOK),
    _exception("governance_api:exception", "GET", LOOK, _READ_WORDS),
    single("governance_api:bodies", "GET", LOOK),
    thing("governance_api:body", "GET", LOOK, "code", "body"),
    single("governance_api:who_decides", "GET", LOOK),
    single("governance_api:arbitrations", "GET", LOOK),
    _arbitration("governance_api:arbitration", "GET", "pm pgm pso head dir codir ic sec fin aud"),
    single("governance_api:decisions", "GET", DECISIONS),
    _decision("governance_api:decision", "GET"),
    single("governance_api:sessions", "GET", LOOK),
    _session("governance_api:session", "GET", LOOK, "pso sec"),
    single("governance_api:follow_ups", "GET", LOOK),
    _follow_up("governance_api:follow_up", "GET"),
    single("governance_api:gate_reviews", "GET", LOOK),
    _review(
        "governance_api:gate_review",
        "GET",
        LOOK,
        "pm pgm pso head dir codir ic sec fin aud",
        "pm pgm pso head dir codir ic sec fin aud",
        "pso head dir codir fin aud",
    ),
    single("governance_api:lessons", "GET", LOOK),
    single("governance_api:confidences", "GET", LOOK),
    single("governance_api:decision_requests", "GET", LOOK),
    _request(
        "governance_api:decision_request",
        "GET",
        LOOK,
        _READ_WORDS,
        "pso head dir codir ic sec fin aud",
        "pso head dir codir fin aud",
    ),
    _request("governance_api:decision_request", "PATCH", roles("pm pgm pso dir"), "pm pgm pso", "pso dir", "pso"),
    single("reporting_api:packs", "GET", PACKS),
    pack("reporting_api:pack", "GET", _PUBLISHED_WORDS, "pso dir", hide=False),
    pack("reporting_api:pack_pdf", "GET", _PUBLISHED_WORDS, "", hide=False, waiting="pso dir"),
    pack("reporting_api:pack_approve", "POST", "dir", "dir", may=roles("dir"), hide=False),
    pack("reporting_api:pack_publish", "POST", "dir", "dir", may=roles("dir"), hide=False),
    single("schema", "GET", EVERYBODY),
]


def _absent(name: str, methods: str, ok: frozenset[str]) -> Row:
    """A page of a second factor that these accounts have not set up; changing a key asks for the password first."""
    return Row(name, methods, EVERYBODY, {"missing": ok}, {"missing": ok})


ACCOUNT = [
    single("help", "GET", EVERYBODY),
    single("extend_session", "POST", EVERYBODY),
    single("mfa_index", "GET", EVERYBODY),
    single("mfa_reauthenticate", "GET POST", EVERYBODY),
    _absent("mfa_view_recovery_codes", "GET", NOBODY),
    _absent("mfa_download_recovery_codes", "GET", NOBODY),
    single("mfa_generate_recovery_codes", "GET POST", EVERYBODY),
    single("mfa_activate_totp", "GET POST", EVERYBODY),
    _absent("mfa_deactivate_totp", "GET POST", NOBODY),
    single("mfa_list_webauthn", "GET", EVERYBODY),
    single("mfa_add_webauthn", "GET POST", EVERYBODY),
    _absent("mfa_edit_webauthn", "GET POST", EVERYBODY),
    _absent("mfa_remove_webauthn", "GET POST", EVERYBODY),
    single("mfa_reauthenticate_webauthn", "GET POST", EVERYBODY),
    single("socialaccount_connections", "GET POST", EVERYBODY),
    single("socialaccount_signup", "GET POST", EVERYBODY),
    single("account_change_password", "GET POST", EVERYBODY),
    single("account_set_password", "GET POST", EVERYBODY),
    single("account_reauthenticate", "GET POST", EVERYBODY),
    single("account_signup", "GET POST", EVERYBODY),
]

# Open to everybody, a session or not; they show nothing of the portfolio.
PUBLIC = frozenset(
    {
        "healthz",
        "readyz",
        "accessibility",
        "set_theme",
        "portfolio:milestone_feed",
        "reporting:pack_link",
        "set_language",
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    }
)

TABLE = [*PORTFOLIO, *GOVERNANCE, *REPORTING, *PEOPLE, *API, *ACCOUNT]


def calls() -> Iterator[tuple[Row, str, str]]:
    """Every (row, method, kind of object) of the table."""
    for row in TABLE:
        for method in row.methods.split():
            for kind in row.ok:
                yield row, method, kind
