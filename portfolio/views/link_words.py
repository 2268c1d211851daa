"""Who is hit by whose delay, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio.selectors.cross_link import CrossPage, HitProject

NAMED = 3


def links_headline(page: CrossPage) -> str:
    """Who is hit, else that nobody is."""
    if page.circle:
        return _("Les liens entre projets forment un cercle : rien ne peut être calculé")
    if not page.links:
        return _("Aucun lien avec un autre projet")
    if not page.hits:
        return ngettext(
            "%(n)s lien avec d’autres projets, personne n’est touché",
            "%(n)s liens avec d’autres projets, personne n’est touché",
            len(page.links),
        ) % {"n": len(page.links)}
    worst = page.hits[0]
    return ngettext(
        "%(n)s projet touché ; le plus : %(code)s, %(days)s",
        "%(n)s projets touchés ; le plus : %(code)s, %(days)s",
        len(page.hits),
    ) % {"n": len(page.hits), "code": worst.project.code, "days": hit_days(worst)}


def hit_days(hit: HitProject) -> str:
    """Working days its end moves, else those of what moves most in it."""
    if hit.end_days > 0:
        days = _whole(hit.end_days)
        return ngettext("fin +%(n)s jour ouvré", "fin +%(n)s jours ouvrés", days) % {"n": days}
    days = _whole(hit.rows[0][1])
    return ngettext("+%(n)s jour ouvré dans sa marge", "+%(n)s jours ouvrés dans sa marge", days) % {"n": days}


def named_hits(page: CrossPage) -> list[tuple[HitProject, tuple[tuple[str, float], ...], int]]:
    """Each project hit, the rows to name, and how many others there are."""
    return [(hit, hit.rows[:NAMED], max(len(hit.rows) - NAMED, 0)) for hit in page.hits]


def _whole(days: float) -> int:
    """A day begun is a day."""
    return int(days + 0.999)
