"""All URLs, by name of module only, so the house imports none of its rooms."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView

from config import health

handler400 = "config.web.errors.bad_request"
handler403 = "config.web.errors.forbidden"
handler404 = "config.web.errors.not_found"
handler500 = "config.web.errors.server_error"

APPS = ("people", "portfolio", "governance", "reporting")


def _exists(module: str) -> bool:
    parent = module.rpartition(".")[0]
    return bool(find_spec(parent)) and bool(find_spec(module))


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("config.web.login_urls")),
    path("langue/", include("django.conf.urls.i18n")),
    path("", include("config.web.urls")),
    path("api/v1/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    *(path("api/v1/", include(f"{app}.api.urls")) for app in APPS if _exists(f"{app}.api.urls")),
    *(path("", include(f"{app}.urls")) for app in APPS),
]
