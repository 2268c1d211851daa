"""A CSV export of Jira: headings in three languages and repeated, cells on several lines, comma or semicolon.

Columns are found by their headings; whatever else the file holds is not looked at. See docs/jira.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portfolio.engines.jira_dates import DayOrder, needs_order, order_of, parse_day
from portfolio.engines.jira_item import (
    Account,
    Category,
    Issue,
    IssueRole,
    JiraFile,
    JiraRefusedError,
    category_named,
    category_of_status,
    is_dropped,
    name_text,
    names_of,
    role_of,
)
from portfolio.engines.tabular import Row, TableRefusedError, TextOptions, decode, identity, normalise_label, read_lines

DELIMITERS = (",", ";", "\t")
MOST_LINES = 20_000
_CUSTOM = ("custom field ({})", "champ personnalise ({})", "champs personnalises ({})", "aangepast veld ({})", "{}")
HEADINGS: Mapping[str, frozenset[str]] = {
    name: frozenset(words)
    for name, words in {
        "key": (
            *("issue key", "work item key", "key"),
            *("cle de ticket", "cle du ticket", "cle de l'element", "cle"),
            *("issuesleutel", "issue-sleutel", "sleutel van werkitem", "sleutel"),
        ),
        "id": (
            *("issue id", "work item id"),
            *("id de ticket", "identifiant de ticket", "id du ticket"),
            *("issue-id", "id van issue"),
        ),
        "summary": ("summary", "title", "resume", "samenvatting"),
        "kind": (
            *("issue type", "work type", "type"),
            *("type de ticket", "type d'element"),
            *("issuetype", "issue-type", "werktype", "type issue"),
        ),
        "status": ("status", "etat", "statut"),
        "category": (
            "status category",
            *("categorie d'etat", "categorie de statut", "etat de la categorie"),
            *("statuscategorie", "status-categorie"),
        ),
        "category_changed": (
            "status category changed",
            *("categorie d'etat modifiee", "categorie de statut modifiee", "changement de categorie d'etat"),
            *("statuscategorie gewijzigd", "statuscategorie veranderd"),
        ),
        "resolution": ("resolution", "oplossing", "resolutie"),
        "created": ("created", "creation", "cree", "creee", "date de creation", "aangemaakt", "gemaakt"),
        "resolved": (
            *("resolved", "resolution date", "resolu", "resolue", "date de resolution"),
            *("opgelost", "afgehandeld", "oplossingsdatum"),
        ),
        "updated": ("updated", "mis a jour", "mise a jour", "date de mise a jour", "bijgewerkt"),
        "parent_key": (
            "parent key",
            "cle parent",
            "cle du parent",
            "sleutel van bovenliggend item",
            "bovenliggende sleutel",
        ),
        "parent": ("parent", "parent id", "id du parent", "bovenliggend item"),
        "parent_name": ("parent summary", "resume du parent", "resume parent", "samenvatting van bovenliggend item"),
        "epic": tuple(form.format(word) for form in _CUSTOM for word in ("epic link", "lien d'epopee", "epic-link")),
        "components": (
            "component/s",
            "components",
            "component",
            "composant(s)",
            "composants",
            "componenten",
            "onderdelen",
        ),
        "versions": (
            *("fix version/s", "fix versions", "fix version"),
            *("version(s) corrigee(s)", "versions corrigees", "version de correction", "versions de correction"),
            *("oplossingsversies", "oplossingsversie(s)", "gecorrigeerde versies", "fix-versies"),
        ),
    }.items()
}
SPEAKS = {
    "summary": ("summary",),
    "kind": ("kind",),
    "epic": ("parent_key", "epic", "parent"),
    "components": ("components",),
    "versions": ("versions",),
}
"""Fields of an issue by the columns that may tell them; without any of them the file is silent about the field."""
DATES = ("created", "resolved", "updated", "category_changed")
REQUIRED = ("key", "status")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands; several places for a repeated heading. `headings` are those of the file."""

    width: int
    places: Mapping[str, tuple[int, ...]]
    headings: tuple[str, ...]

    def first(self, row: Row, name: str) -> str:
        """The first cell under the heading that holds something."""
        return next((text for text in self.all(row, name) if text), "")

    def all(self, row: Row, name: str) -> list[str]:
        return [str(row.cells[place] or "").strip() for place in self.places.get(name, ())]

    @property
    def silent(self) -> frozenset[str]:
        return frozenset(name for name, columns in SPEAKS.items() if self.places.keys().isdisjoint(columns))

    def heading(self, name: str) -> str:
        places = self.places.get(name, ())
        return self.headings[places[0]] if places else name


def read_jira_csv(data: bytes, *, today: date, order: DayOrder | None = None) -> JiraFile:
    """The issues of the file; raises JiraRefusedError or TableRefusedError for the file as a whole."""
    encoding, columns, body = _table(data)
    account = Account()
    if encoding == "cp1252":
        account.doubt(1, "", "cp1252", "cp1252")
    whole = []
    for row in body:
        if row.is_blank:
            account.refuse(row.number, "blank_row")
        elif len(row.cells) != columns.width:
            account.refuse(row.number, "wrong_cells", f"{len(row.cells)} / {columns.width}")
        else:
            whole.append(row)
    stated = [text for row in whole for name in DATES for text in columns.all(row, name) if text]
    order = order or order_of(stated)
    if order is None and (unclear := needs_order(stated)):
        raise JiraRefusedError("unclear_dates", value=unclear)
    reading = _Reading(columns, account, order, today, _keys_by_id(columns, whole))
    for row in whole:
        reading.take(row)
    return account.file("jira-csv", reading.names)


def _table(data: bytes) -> tuple[str, Columns, list[Row]]:
    """Under the first delimiter whose first line holds the required headings; blank lines at the end are padding."""
    encoding = _encoding(data)
    text = decode(data, TextOptions(encoding=encoding))
    missing: list[str] = list(REQUIRED)
    for delimiter in DELIMITERS:
        try:
            columns = _columns(next(iter(read_lines(text, delimiter))))
        except TableRefusedError:
            continue
        lacking = [name for name in REQUIRED if name not in columns.places]
        if not lacking:
            return encoding, columns, _body(text, delimiter)
        missing = min(missing, lacking, key=len)
    raise JiraRefusedError("not_jira_csv", columns=missing)


def _body(text: str, delimiter: str) -> list[Row]:
    rows: list[Row] = []
    for row in read_lines(text, delimiter):
        rows.append(row)
        if len(rows) > MOST_LINES:
            raise TableRefusedError("too_many_rows", line=row.number, limit=MOST_LINES)
    body = rows[1:]
    while body and body[-1].is_blank:
        body.pop()
    if not body:
        raise TableRefusedError("no_rows", line=1)
    return body


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _columns(heading: Row) -> Columns:
    labels = tuple(normalise_label(cell)[:120] for cell in heading.cells)
    words = [identity(label).replace("’", "'") for label in labels]
    places = {
        name: tuple(place for place, word in enumerate(words) if word in known) for name, known in HEADINGS.items()
    }
    return Columns(len(labels), {name: found for name, found in places.items() if found}, labels)


def _keys_by_id(columns: Columns, rows: Sequence[Row]) -> dict[str, str]:
    return {number: columns.first(row, "key").upper() for row in rows if (number := columns.first(row, "id"))}


@dataclass(slots=True)
class _Reading:
    columns: Columns
    account: Account
    order: DayOrder | None
    today: date
    keys: Mapping[str, str]
    names: dict[str, str] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        key, status = self.text(row, "key").upper(), name_text(self.text(row, "status"))
        if not self.account.takes(row.number, key, status):
            return
        category = self.category(row, status)
        resolution, kind = self.text(row, "resolution"), name_text(self.text(row, "kind"))[:80]
        role = role_of(kind)
        days = {name: self.day(row, name) for name in DATES}
        self.account.issues.append(
            Issue(
                key=key,
                row=row.number,
                summary=name_text(self.text(row, "summary")),
                kind=kind,
                status=status[:80],
                category=category,
                role=role,
                is_dropped=category is Category.DONE and is_dropped(resolution, status),
                created_on=days["created"],
                done_on=self.done_on(row, category, days),
                updated_on=days["updated"],
                epic=self.epic(row, role),
                components=names_of(self.columns.all(row, "components")),
                versions=names_of(self.columns.all(row, "versions")),
                silent=self.columns.silent,
            )
        )

    def text(self, row: Row, name: str) -> str:
        return self.columns.first(row, name)

    def category(self, row: Row, status: str) -> Category:
        found = category_named(self.text(row, "category")) or category_of_status(status)
        if found is None:
            found = Category.DONE if self.text(row, "resolved") else Category.DOING
            self.account.doubt(row.number, self.columns.heading("status"), status, found.value)
        return found

    def day(self, row: Row, name: str) -> date | None:
        text = self.text(row, name)
        if not text:
            return None
        day = parse_day(text, self.order)
        if day is None or day > self.today:
            self.account.doubt(row.number, self.columns.heading(name), text)
            return None
        return day

    def done_on(self, row: Row, category: Category, days: Mapping[str, date | None]) -> date | None:
        if category is not Category.DONE:
            return None
        day = days["resolved"] or days["category_changed"]
        if day is None and days["updated"] is not None:
            day = days["updated"]
            self.account.doubt(row.number, self.columns.heading("resolved"), "", day.isoformat())
        return day

    def epic(self, row: Row, role: IssueRole) -> str:
        """The key of what contains the work; a parent known by its number is looked up."""
        if role is IssueRole.CONTAINER:
            return ""
        parent = self.text(row, "parent")
        stated = self.text(row, "parent_key") or self.text(row, "epic") or self.keys.get(parent, parent)
        epic = name_text(stated.upper())[:60]
        if epic and (name := name_text(self.text(row, "parent_name"))):
            self.names[epic] = name
        return epic
