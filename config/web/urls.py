"""URLs of the frame itself."""

from django.conf import settings
from django.urls import URLPattern, path

from config.web import pages, preferences, styleguide

urlpatterns: list[URLPattern] = [
    path("preferences/theme/", preferences.set_theme, name="set_theme"),
    path("session/extend/", preferences.extend_session, name="extend_session"),
    path("help/", pages.help_page, name="help"),
    path("accessibility/", pages.accessibility, name="accessibility"),
]

if settings.DEBUG:
    urlpatterns += [path("styleguide/", styleguide.index, name="styleguide")]
