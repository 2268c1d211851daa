"""Every URL says who may use it: a permission of the catalogue, any account, or the public by name."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

# Pages of one's own account: any session may open them, and they show nothing of anybody else.
SIGNED_IN = frozenset(
    {
        "schema",
        "extend_session",
        "set_theme",
        "help",
        "account_change_password",
        "account_reauthenticate",
        "account_set_password",
        "account_signup",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_reauthenticate_webauthn",
        "socialaccount_connections",
        "socialaccount_signup",
    }
)


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner)
        else:
            yield f"{namespace}{entry.name or entry.pattern}", entry


def permission(view: Any) -> object:
    for holder in (view, getattr(view, "cls", None), getattr(view, "view_class", None)):
        if found := getattr(holder, "required_permission", None):
            return found
    return None


def test_every_url_is_authorised() -> None:
    open_ones = {
        name
        for name, pattern in patterns(get_resolver())
        if not permission(pattern.callback) and name not in SIGNED_IN | settings.PUBLIC_URL_NAMES
    }
    assert open_ones == set()


def test_lists_of_exceptions_name_existing_urls() -> None:
    names = {name for name, _ in patterns(get_resolver())}
    optional = {"openid_connect_login", "openid_connect_callback", "account_signup", "socialaccount_signup"}
    assert (SIGNED_IN | settings.PUBLIC_URL_NAMES) - names - optional == set()


def test_every_url_of_ours_has_a_name_of_its_own() -> None:
    names = [name for name, _ in patterns(get_resolver()) if ":" in name]
    assert sorted(names) == sorted(set(names))
