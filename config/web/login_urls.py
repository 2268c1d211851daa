"""The pages of allauth that this product uses, and no other.

Left out: managing e-mail addresses (the roster holds them, and single sign-on trusts them), log-in by mailed code, and
old addresses kept for other products.
"""

from allauth.account.urls import urlpatterns as account_patterns
from allauth.socialaccount.providers.openid_connect.urls import urlpatterns as openid_patterns
from allauth.socialaccount.urls import urlpatterns as social_patterns
from django.urls import URLPattern, URLResolver, include, path

_LEFT_OUT = frozenset(
    {"account_email", "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code"}
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(pattern for pattern in account_patterns if pattern.name not in _LEFT_OUT),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", include(social_patterns)),
    *openid_patterns,
]
