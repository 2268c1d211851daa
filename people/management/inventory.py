"""What each URL pattern is guarded by, read from the views themselves."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from people.enums import PersonalData
from people.permissions.catalogue import PERSONAL_DATA, Permission

_ANY = ("GET", "HEAD", "POST")
_LOGIN_PAGES = ("account_", "mfa_", "socialaccount_", "openid_connect_")


@dataclass(frozen=True, slots=True)
class Address:
    """One URL pattern. `permission`: names of the catalogue, or one of public, signed_in, unguarded."""

    name: str
    path: str
    methods: tuple[str, ...]
    permission: tuple[str, ...]
    personal_data: str


def inventory() -> list[dict[str, Any]]:
    """Every URL pattern, by path."""
    return [asdict(address) for address in sorted(addresses(), key=lambda one: (one.path, one.name))]


def addresses() -> Iterator[Address]:
    for path, namespaces, pattern in _patterns(get_resolver(), "/", ()):
        name = ":".join([*namespaces, pattern.name or ""]) if pattern.name else ""
        permissions = tuple(dict.fromkeys(_permissions(pattern.callback)))
        yield Address(
            name=name,
            path=path,
            methods=tuple(_methods(pattern.callback)),
            permission=tuple(str(one) for one in permissions) or (_without_permission(name),),
            personal_data=str(_personal_data(name, permissions)),
        )


def _patterns(
    resolver: URLResolver, prefix: str, namespaces: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...], URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern).lstrip("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _patterns(entry, path, inner)
        else:
            yield path, namespaces, entry


def _permissions(view: Callable[..., Any]) -> Iterator[Permission]:
    for holder in (view, getattr(view, "cls", None), getattr(view, "view_class", None)):
        for attribute in ("required_permission", "write_permission"):
            wanted = getattr(holder, attribute, None)
            if isinstance(wanted, Permission):
                yield wanted
            elif wanted:
                yield from wanted


def _methods(view: Callable[..., Any]) -> list[str]:
    actions = getattr(view, "actions", None)
    if actions:
        return sorted({method.upper() for method in actions} | {"OPTIONS"})
    view_class = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if view_class is not None:
        return sorted(name.upper() for name in view_class.http_method_names if hasattr(view_class, name))
    return sorted(_declared_methods(view) or _ANY)


def _declared_methods(view: Callable[..., Any]) -> list[str] | None:
    """What `require_http_methods` was given: it keeps its list in the closure of the wrapper."""
    layer: Any = view
    while layer is not None:
        code, cells = getattr(layer, "__code__", None), getattr(layer, "__closure__", None) or ()
        names = code.co_freevars if code else ()
        if "request_method_list" in names:
            return list(cells[names.index("request_method_list")].cell_contents)
        layer = getattr(layer, "__wrapped__", None)
    return None


def _without_permission(name: str) -> str:
    if name in settings.PUBLIC_URL_NAMES:
        return "public"
    return "signed_in"


def _personal_data(name: str, permissions: tuple[Permission, ...]) -> PersonalData:
    if name.startswith(_LOGIN_PAGES):
        return PersonalData.CREDENTIAL
    classes = [PERSONAL_DATA.get(permission, PersonalData.NONE) for permission in permissions]
    order = list(PersonalData)
    return max(classes, key=order.index, default=PersonalData.NONE)
