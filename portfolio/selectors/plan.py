"""Stages, milestones and work packages of one project; children are only ever found inside their project."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.work_package import WorkPackage


def stages_of(project: Project) -> list[Stage]:
    return list(Stage.objects.filter(project=project).order_by("number"))


def milestones_of(project: Project) -> QuerySet[Milestone]:
    """The milestones by baseline date."""
    return Milestone.objects.filter(project=project).order_by("baseline", "pk")


def work_packages_of(project: Project) -> QuerySet[WorkPackage]:
    return WorkPackage.objects.filter(project=project).select_related("stage", "owner").order_by("code")


def get_work_package(project: Project, code: str) -> WorkPackage:
    row = WorkPackage.objects.select_related("project", "stage", "owner").filter(project=project, code=code).first()
    if row is None:
        raise Http404
    return row


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
