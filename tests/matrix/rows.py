"""What a row of the permission matrix says, and the usual kinds of rows."""

from __future__ import annotations

from collections.abc import Mapping
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


def package(name: str, methods: str, may: frozenset[str] | str, own: Any = None, foreign: Any = None) -> Row:
    """An address of a work package, only found inside its project."""
    return replace(project(name, methods, may, own, foreign, child=True), rename={"key": "package"})


def tie(name: str, methods: str) -> Row:
    """An address of a link with another project, only found from either of the two."""
    row = project(name, methods, "pm pgm pso", "pm pgm pso", "pso", child=True)
    return replace(row, rename={"key": "tie"})


def delay(name: str, methods: str) -> Row:
    """An address of what a risk would delay, only found inside its project."""
    return replace(project(name, methods, "pm pgm pso", "pm pgm", "", child=True), rename={"key": "delay"})


def product(name: str, methods: str, may: frozenset[str] | str, own: Any = None, foreign: Any = None) -> Row:
    """An address of a product, only found inside its project; what its people answer is looked for before the right."""
    row = project(name, methods, may, own, foreign, child=True)
    if isinstance(may, frozenset):
        row.sees["crossed"] = NOBODY  # type: ignore[index]
    return replace(row, rename={"key": "product", "action_id": "product_action"})


def raid(name: str, methods: str = "GET", *, child: bool = False) -> Row:
    """CODIR reads the risks of the priority projects only; the foreign project is one, the own and the hidden not."""
    may, mine = roles("pm pgm pso head dir codir ic aud"), roles("pm pgm pso head dir aud")
    row = project(name, methods, may, mine, mine | {"codir"}, child=child)
    row.ok["hidden"] = roles("pso head dir aud")  # type: ignore[index]
    return row


def sheet(name: str, methods: str) -> Row:
    """The director edits the sheets of the top 24; the foreign project is one, the hidden not."""
    row = project(name, methods, "pm pgm pso dir", "pm pgm pso", "pso dir")
    row.ok["hidden"] = roles("pso")  # type: ignore[index]
    return row


def programme_edit(name: str, methods: str) -> Row:
    ok = {"own": roles("pgm pso"), "foreign": roles("pso"), "missing": NOBODY}
    known = roles("pgm pso")
    return Row(
        name, methods, known, ok, {"own": known, "foreign": known, "missing": NOBODY}, rename={"code": "programme"}
    )


def request(name: str, methods: str, may: frozenset[str], own: str, foreign: str, hidden: str) -> Row:
    """A project manager knows the requests of his own projects, a programme manager those of his programme."""
    ok = {"own": roles(own), "foreign": roles(foreign), "hidden": roles(hidden), "missing": NOBODY}
    sees = {"own": READ, "foreign": READ - roles("pm pgm"), "hidden": RESTRICTED, "missing": NOBODY}
    return Row(name, methods, may, ok, sees, rename={"number": "request"})


RISK_READERS = "pm pgm pso head dir aud"


def change(name: str, methods: str, may: str | frozenset[str], own: str, foreign: str, hidden: str) -> Row:
    """An issue no body was asked about: known to who reads the risks of its project."""
    door = roles(may) if isinstance(may, str) else may
    ok = {"own": roles(own), "foreign": roles(foreign), "hidden": roles(hidden), "missing": NOBODY}
    sees = {
        "own": roles(RISK_READERS),
        "foreign": roles(RISK_READERS) | {"codir"},
        "hidden": roles("pso head dir aud"),
        "missing": NOBODY,
    }
    return Row(name, methods, door, ok, sees, rename={"number": "change", "act": "change_act"})


def change_action(methods: str, ok: str) -> Row:
    seen = {"own": roles(RISK_READERS), "missing": NOBODY}
    served = {"own": roles(ok), "missing": NOBODY}
    return Row("governance:change_action", methods, LOOK, served, seen, rename={"action_id": "change_action_id"})


def exception(name: str, methods: str, may: frozenset[str], ok: str) -> Row:
    """An exception of the project manager's own project, still to be reported on."""
    served = {"own": roles(ok), "missing": NOBODY}
    sees = {"own": READ, "missing": NOBODY}
    return Row(name, methods, may, served, sees, rename={"number": "exception"})


def own_interest(name: str, methods: str) -> Row:
    """Each person ends what he declared himself; the interest of the world is the project manager's."""
    ok = {"own": roles("pm"), "missing": NOBODY}
    return Row(name, methods, LOOK, ok, ok)


def session(name: str, methods: str, may: frozenset[str], ok: str, **rename: str) -> Row:
    """A session in preparation: only who keeps the record knows of it."""
    served = {"own": roles(ok), "missing": NOBODY}
    sees = {"own": roles("pso sec") & (roles(ok) or NOBODY), "missing": NOBODY}
    return Row(name, methods, may, served, sees, rename=rename)


def decision(name: str, methods: str) -> Row:
    """A decision on the project manager's own project, kept to readers of the portfolio."""
    ok = {"own": READ, "missing": NOBODY}
    return Row(name, methods, DECISIONS, ok, ok, rename={"number": "decision"})


def follow_up(name: str, methods: str) -> Row:
    ok = {"own": READ, "missing": NOBODY}
    return Row(name, methods, LOOK, ok, ok)


def review(name: str, methods: str, may: str | frozenset[str], own: str, foreign: str, hidden: str) -> Row:
    """The gate review of a project, known to whoever knows the project."""
    door = roles(may) if isinstance(may, str) else may
    ok = {"own": roles(own), "foreign": roles(foreign), "hidden": roles(hidden), "missing": NOBODY}
    sees = {"own": READ, "foreign": READ, "hidden": RESTRICTED, "missing": NOBODY}
    return Row(name, methods, door, ok, sees, rename={"number": "review", "act": "gate_act"})


def lesson(name: str, methods: str, may: str | frozenset[str], own: str) -> Row:
    door = roles(may) if isinstance(may, str) else may
    ok = {"own": roles(own), "missing": NOBODY}
    return Row(name, methods, door, ok, {"own": READ, "missing": NOBODY}, rename={"number": "lesson"})


def arbitration(name: str, methods: str, ok: str, **rename: str) -> Row:
    """One of the own project, whose manager is the analyst, and the foreign; one of the hidden with the foreign.

    All its projects must be knowable.
    """
    served = {"own": roles(ok), "hidden": roles(ok) & RESTRICTED, "missing": NOBODY}
    sees = {"own": READ, "hidden": RESTRICTED, "missing": NOBODY}
    return Row(name, methods, LOOK, served, sees, rename={"number": "arbitration", **rename})


def part_bound(name: str, methods: str) -> Row:
    """The bounds of a work package are its manager's; of another project's package nobody learns anything."""
    row = package(name, methods, "pm pgm pso", "pm", "")
    return replace(row, sees={**row.sees, "crossed": NOBODY})


READ_WORDS = "pm pgm pso head dir codir ic sec fin aud"


def pack(name: str, methods: str, published: str, draft: str, **kwargs: Any) -> Row:
    """A pack is a secret for who may not read it: 404, whatever he lacks. Until published it is one like a draft."""
    waiting = roles(kwargs.pop("waiting", draft))
    cases = {"published": roles(published), "waiting": waiting, "draft": roles(draft), "missing": NOBODY}
    return Row(
        name, methods, kwargs.pop("may", PACKS), cases, kwargs.pop("sees", cases), kwargs.pop("hide", True), **kwargs
    )


PUBLISHED_WORDS = "pso head dir codir ic fin aud"


def sheets(name: str, own: str, foreign: str, hidden: str, **kwargs: Any) -> Row:
    """Sheets of a project are a secret for who may read none of them; whole packs have their own address."""
    cases = {"own": roles(own), "foreign": roles(foreign), "hidden": roles(hidden), "missing": NOBODY}
    return Row(name, "GET", PACKS, cases, cases, hide=True, **kwargs)


KNOWN = {"published": FROZEN, "waiting": roles("pso dir"), "draft": roles("pso dir"), "missing": NOBODY}


def note(name: str, methods: str) -> Row:
    """A notification is its reader's alone."""
    cases = {"own": roles("pso"), "missing": NOBODY}
    return Row(name, methods, EVERYBODY, cases, cases)


BUDGET = "pm pgm pso head dir codir ic fin aud"

STATUS = "pm pgm pso head dir codir ic fin aud"

WEEKLY = {"own": roles("pm pgm pso head dir aud"), "foreign": roles("pm pso head dir aud")}

MONEY = roles("pm pgm pso head dir codir fin aud")


def status_detail() -> Row:
    """A status of an open week is unknown to who reads decided weeks only."""
    ok = {**WEEKLY, "hidden": roles("pso head dir aud"), "missing": NOBODY}
    return Row("portfolio_api:status", "GET", roles(STATUS), ok, ok)


def absent(name: str, methods: str, ok: frozenset[str]) -> Row:
    """A page of a second factor that these accounts have not set up; changing a key asks for the password first."""
    return Row(name, methods, EVERYBODY, {"missing": ok}, {"missing": ok})
