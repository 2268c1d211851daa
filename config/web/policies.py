"""Who may come in without a session, and what a browser may do with our pages."""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF


def content_security(login_server: str = "") -> dict[str, Any]:
    """What a page may load, run and reach; the log-in form may also lead on to the server of single sign-on."""
    elsewhere = ["{0.scheme}://{0.netloc}".format(urlsplit(login_server))] if login_server else []
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [NONCE],
            "style-src": [SELF],
            "img-src": [SELF, "data:"],
            "font-src": [SELF],
            "connect-src": [SELF],
            "form-action": [SELF, *elsewhere],
            "base-uri": [NONE],
            "frame-ancestors": [NONE],
        }
    }


PERMISSIONS: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

PUBLIC_URL_NAMES = frozenset(
    {
        "healthz",
        "readyz",
        "set_language",
        "accessibility",
        "set_theme",
        "portfolio:milestone_feed",
        "reporting:pack_link",
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
