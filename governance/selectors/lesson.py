"""The lessons log: who may read it, search, and what a review is asked to answer."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Q, QuerySet
from django.http import Http404

from governance.engines.lesson import Known, Traits, exposures, proposed
from governance.enums import LessonReply
from governance.models import Lesson
from people.models import User
from portfolio.enums import Confidentiality
from portfolio.models import Project, Standing
from portfolio.selectors.project import visible_projects

_TEXTS = ("event", "effect", "cause", "early_warning", "recommendation", "where_applied")


def visible_lessons(user: User) -> QuerySet[Lesson]:
    """The lessons of projects `user` may know of, newest first, with how often each was applied."""
    return (
        Lesson.objects.filter(project__in=visible_projects(user).values("pk"))
        .select_related("project__axis", "project__manager", "project__programme", "author")
        .annotate(applied=Count("answers", filter=Q(answers__reply=LessonReply.APPLIED), distinct=True))
        .order_by("-recorded_on", "-pk")
    )


def search_lessons(user: User, *, q: str = "", kind: str = "", method: str = "") -> QuerySet[Lesson]:
    """Those that hold the words, in French stems or as typed, of that kind and method."""
    rows = visible_lessons(user)
    if kind:
        rows = rows.filter(kind=kind)
    if method:
        rows = rows.filter(project__method=method)
    if q:
        typed = Q()
        for name in _TEXTS:
            typed |= Q(**{f"{name}__icontains": q})
        rows = rows.annotate(words=SearchVector(*_TEXTS, config="french")).filter(
            typed | Q(words=SearchQuery(q, config="french"))
        )
    return rows


def project_lessons(user: User, project: Project) -> list[Lesson]:
    return list(visible_lessons(user).filter(project=project))


def get_lesson(user: User, number: str) -> Lesson:
    row = visible_lessons(user).filter(number=number).first()
    if row is None:
        raise Http404
    return row


def traits_of(project: Project) -> Traits:
    standing = Standing.objects.filter(project=project).values_list("computed_overall", flat=True).first()
    return Traits(
        axis=project.axis_id,
        method=project.method,
        exposed_to=exposures(
            has_procurement=project.has_procurement,
            handles_personal_data=project.handles_personal_data,
            is_off_plan=standing in ("amber", "red"),
        ),
    )


def lessons_for(project: Project) -> list[Lesson]:
    """The lessons of others that resemble most; never those of a restricted project."""
    rows = Lesson.objects.exclude(project=project).exclude(project__confidentiality=Confidentiality.RESTRICTED)
    known = {row.pk: row for row in rows.select_related("project")}
    keys = proposed(
        traits_of(project),
        (Known(row.pk, row.project.axis_id, row.project.method, row.kind, row.recorded_on) for row in known.values()),
    )
    return [known[key] for key in keys]
