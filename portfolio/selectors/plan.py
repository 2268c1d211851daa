"""Stages and milestones of one project; children are only ever found inside their project."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.models.stage import Stage


def stages_of(project: Project) -> list[Stage]:
    return list(Stage.objects.filter(project=project).order_by("number"))


def milestones_of(project: Project) -> QuerySet[Milestone]:
    """The milestones by baseline date."""
    return Milestone.objects.filter(project=project).order_by("baseline", "pk")


def get_stage(project: Project, number: int) -> Stage:
    stage = Stage.objects.select_related("project").filter(project=project, number=number).first()
    if stage is None:
        raise Http404
    return stage


def get_milestone(project: Project, key: int) -> Milestone:
    milestone = Milestone.objects.select_related("project").filter(project=project, pk=key).first()
    if milestone is None:
        raise Http404
    return milestone
