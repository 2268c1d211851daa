"""One search over projects, people and decisions asked, each along its own path of visibility."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Lower

from config.web.languages import Worded, in_reach
from governance.models import Decision, DecisionRequest, Sitting
from governance.selectors.decision import visible_decisions
from governance.selectors.decision_request import visible_requests
from governance.selectors.sitting import visible_sittings
from people.models import Person, User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.selectors.roster import choosable_people
from portfolio.selectors.project import visible_projects
from portfolio.selectors.register_row import language
from portfolio.selectors.shown_state import shown_state

SHOWN = 20
WORDS = 5
TEXT_LIMIT = 100
_MARKED = "àâäáãåçèéêëìíîïñòóôöõùúûüýÿ’"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyy'"
_FOLD = str.maketrans(_MARKED, _PLAIN)


@dataclass(frozen=True, slots=True)
class FoundProject:
    code: str
    name: Worded
    manager: str
    programme: str
    state: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody of the roster; `led` counts the running projects the reader may see."""

    pk: int
    name: str
    unit: str
    employer: str
    led: int


@dataclass(frozen=True, slots=True)
class Found:
    """The first matches of each kind and how many there are."""

    projects: Sequence[FoundProject] = ()
    project_count: int = 0
    people: Sequence[FoundPerson] = ()
    requests: Sequence[DecisionRequest] = ()
    decisions: Sequence[Decision] = ()
    sittings: Sequence[Sitting] = ()

    @property
    def is_empty(self) -> bool:
        return not self.total

    @property
    def total(self) -> int:
        return self.project_count + sum(map(len, (self.people, self.requests, self.decisions, self.sittings)))


def fold(text: str) -> str:
    """Lower case without accents, as `_folded` does in the database."""
    return text.lower().translate(_FOLD)


def words_of(text: str) -> tuple[str, ...]:
    return tuple(fold(text.replace("\x00", "")[:TEXT_LIMIT]).split()[:WORDS])


def find(user: User, text: str, today: date) -> Found:
    """A constant number of statements; nothing that the reader's own lists would not show."""
    words = words_of(text)
    if not words:
        return Found()
    projects, count = _projects(user, words, today)
    return Found(
        projects=projects,
        project_count=count,
        people=_people(user, words, today),
        requests=_requests(user, words),
        decisions=_decisions(user, words),
        sittings=_sittings(user, words),
    )


class _Folded(Func):
    """Lower case without accents in the database."""

    function = "TRANSLATE"
    output_field = CharField()

    def __init__(self, *parts: str) -> None:
        joined = [Coalesce(F(part), Value("")) for part in parts]
        spaced = [one for part in joined for one in (part, Value(" "))]
        super().__init__(Lower(Concat(*spaced)), Value(_MARKED), Value(_PLAIN))


def _all_words(words: Sequence[str], path: str) -> Q:
    found = Q()
    for word in words:
        found &= Q(**{f"{path}__contains": word})
    return found


def _projects(user: User, words: Sequence[str], today: date) -> tuple[list[FoundProject], int]:
    spoken = language()
    haystack = _Folded(
        "code",
        "name_fr",
        "name_nl",
        "name_en",
        "manager__first_name",
        "manager__last_name",
        "programme__code",
        "programme__name_fr",
    )
    found = visible_projects(user).annotate(haystack=haystack).filter(_all_words(words, "haystack"))
    by_code = Q(code__iexact=words[0]) if len(words) == 1 else Q(pk__isnull=True)
    rows = (
        found.annotate(state=shown_state(user, today), exact=by_code)
        .order_by("-exact", F("priority_rank").asc(nulls_last=True), "code")
        .values_list(
            "code",
            "name_fr",
            f"name_{spoken}",
            "manager__first_name",
            "manager__last_name",
            "programme__code",
            "state",
        )[: SHOWN + 1]
    )
    projects = [
        FoundProject(code, in_reach(name_fr, name), f"{first} {last}" if last else "", programme or "", state)
        for code, name_fr, name, first, last, programme, state in rows
    ]
    count = found.count() if len(projects) > SHOWN else len(projects)
    return projects[:SHOWN], count


def _people(user: User, words: Sequence[str], today: date) -> list[FoundPerson]:
    """The roster, for those who may read it."""
    if not has_permission(user, Permission.ROSTER_VIEW):
        return []
    led = (
        visible_projects(user)
        .active()
        .filter(manager=OuterRef("pk"))
        .order_by()
        .values("manager")
        .annotate(total=Count("pk"))
        .values("total")
    )
    people: QuerySet[Person] = (
        choosable_people(user, today)
        .annotate(
            haystack=_Folded("first_name", "last_name", "first_name", "unit"),
            led=Coalesce(Subquery(led), 0),
        )
        .filter(_all_words(words, "haystack"))[:SHOWN]
    )
    return [
        FoundPerson(person.pk, person.full_name, person.unit, person.employer.name, person.led)  # type: ignore[attr-defined]
        for person in people
    ]


def _requests(user: User, words: Sequence[str]) -> list[DecisionRequest]:
    haystack = _Folded("number", "question", "project__code", "project__name_fr", "body__name_fr")
    return list(visible_requests(user).annotate(haystack=haystack).filter(_all_words(words, "haystack"))[:SHOWN])


def _decisions(user: User, words: Sequence[str]) -> list[Decision]:
    """Of the register, the latest first."""
    haystack = _Folded("number", "question", "text", "rationale", "project__code", "body__name_fr")
    found = visible_decisions(user).annotate(haystack=haystack).filter(_all_words(words, "haystack"))
    return list(found.order_by("-taken_on", "number")[:SHOWN])


def _sittings(user: User, words: Sequence[str]) -> list[Sitting]:
    """Sessions by their body and place, the latest first; what is on their agenda is not searched."""
    haystack = _Folded("body__code", "body__name_fr", "body__name_nl", "place")
    found = visible_sittings(user).annotate(haystack=haystack).filter(_all_words(words, "haystack"))
    return list(found.order_by("-starts_at")[:SHOWN])
