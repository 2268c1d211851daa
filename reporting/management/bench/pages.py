"""The pages that are measured, who reads them, and an edit form as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser

from django.urls import reverse

MESSAGE = "Banc de mesure : statut corrigé, envoi {number}."


def pages_of(project: str, week: str) -> dict[str, tuple[str, str]]:
    """Reader and address of each page, by the name its figures carry."""
    home, register = reverse("reporting:dashboard"), reverse("portfolio:register")
    return {
        "dashboard": ("director", home),
        "dashboard_full": ("director", f"{home}?full=1"),
        "register": ("director", register),
        "project": ("director", reverse("portfolio:project", args=[project])),
        "plan": ("director", reverse("portfolio:plan", args=[project])),
        "finance": ("director", reverse("portfolio:finance", args=[project])),
        "risks": ("director", reverse("portfolio:raid", args=[project])),
        "reports": ("director", reverse("reporting:reports")),
        "late": ("office", reverse("reporting:late")),
        "pack": ("office", reverse("reporting:pack", args=[week])),
        "my_work": ("manager", reverse("portfolio:my_work")),
        "status_form": ("manager", reverse("portfolio:status", args=[project, week])),
    }


class _Fields(HTMLParser):
    """Fields of each form of a page with the values they came with."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.fields: list[tuple[str, str]] = []
        self._inside = False
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside, self.fields = True, []
            self.forms.append(self.fields)
        if not self._inside or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "textarea":
            self._area = name
            self.fields.append((name, ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.fields.append((self._select, given.get("value", "")))
        elif tag == "input" and name:
            self._input(name, given)

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        self.fields.append((name, given.get("value", "on" if kind in ("checkbox", "radio") else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._area:
            name, value = self.fields[-1]
            self.fields[-1] = (name, value + (data if value else data.removeprefix("\n")))


def edited_form(page: str) -> list[tuple[str, str]]:
    """The fields of the page's edit form, the one that says what its reader saw, as they came."""
    return form_with(page, "base")


def form_with(page: str, field: str) -> list[tuple[str, str]]:
    """The fields of the page's form that has that one, as they came."""
    parser = _Fields()
    parser.feed(page)
    for fields in parser.forms:
        if any(name == field for name, _value in fields):
            return fields
    raise ValueError(f"no form of the page has the field {field}")


def filled(page: str, number: int) -> list[tuple[str, str]]:
    """The status form as it came, with another message, to publish."""
    fields = [
        (name, MESSAGE.format(number=number) if name == "message" else value) for name, value in edited_form(page)
    ]
    return [*fields, ("action", "publish")]
