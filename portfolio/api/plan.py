"""Milestones and stages of one project, only ever found inside it."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.schema import reads, writes
from people.api.serializers import Change, Query, Reading, Writing
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.api.references import address, editable_project, refuse_others
from portfolio.models import Milestone, Stage
from portfolio.selectors.field_rights import milestone_fields, milestone_waits
from portfolio.selectors.plan import get_milestone, get_stage, milestones_of, stages_of
from portfolio.selectors.project import get_project
from portfolio.services.milestone import create_milestone, update_milestone
from portfolio.services.stage import create_stage, update_stage

MILESTONE = ("name", "kind", "first_approved", "baseline", "forecast", "actual")
STAGE = ("name", "start", "planned_end", "forecast_end", "actual_end", "state")


class MilestoneSerializer(Reading):
    slip_days = serializers.IntegerField(read_only=True)

    class Meta:
        model = Milestone
        fields = ("id", *MILESTONE, "slip_days", "version", "updated_at")


class MilestoneNew(Writing):
    """A name and one date are enough; the other dates follow the baseline."""

    first_approved = serializers.DateField(required=False, allow_null=True)
    forecast = serializers.DateField(required=False, allow_null=True)

    class Meta:
        model = Milestone
        fields = MILESTONE


class MilestoneChange(Change):
    class Meta:
        model = Milestone
        fields = ("version", *MILESTONE)


class StageSerializer(Reading):
    class Meta:
        model = Stage
        fields = ("number", *STAGE, "version", "updated_at")


class StageNew(Writing):
    class Meta:
        model = Stage
        fields = STAGE


class StageChange(Change):
    class Meta:
        model = Stage
        fields = ("version", *STAGE)


class _Plan(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission = Permission.MILESTONE_EDIT

    def editable(self, code: str) -> Any:
        return editable_project(self.user, code, Permission.MILESTONE_EDIT)


class Milestones(_Plan):
    query = Query

    @reads(MilestoneSerializer, many=True, query=Query, about="Milestones by baseline date")
    def get(self, _request: Request, code: str) -> Response:
        return self.listing(milestones_of(get_project(self.user, code)), MilestoneSerializer)

    @writes(MilestoneNew, MilestoneSerializer, status=201, about="A new milestone")
    def post(self, _request: Request, code: str) -> Response:
        project = self.editable(code)
        return self.create(
            MilestoneNew,
            MilestoneSerializer,
            lambda values: create_milestone(project=project, by=self.user, **values),
            lambda row: address("milestone", code, row.pk),
        )


class MilestoneDetail(_Plan):
    @reads(MilestoneSerializer, about="One milestone")
    def get(self, _request: Request, code: str, key: int) -> Response:
        return Response(MilestoneSerializer(get_milestone(get_project(self.user, code), key)).data)

    @writes(MilestoneChange, MilestoneSerializer, about="Change a milestone")
    def patch(self, request: Request, code: str, key: int) -> Response:
        project = self.editable(code)
        row = get_milestone(project, key)
        refuse_others(
            set(request.data) & set(MILESTONE), milestone_fields(self.user, project), milestone_waits(project)
        )
        return self.change(
            row,
            MilestoneChange,
            MilestoneSerializer,
            lambda changes, version: update_milestone(milestone=row, changes=changes, version=version, by=self.user),
            lambda: get_milestone(project, key),
        )


class Stages(_Plan):
    query = Query

    @reads(StageSerializer, many=True, query=Query, about="Stages in order")
    def get(self, _request: Request, code: str) -> Response:
        return self.listing(stages_of(get_project(self.user, code)), StageSerializer)

    @writes(StageNew, StageSerializer, status=201, about="The next stage")
    def post(self, _request: Request, code: str) -> Response:
        project = self.editable(code)
        return self.create(
            StageNew,
            StageSerializer,
            lambda values: create_stage(project=project, by=self.user, **values),
            lambda row: address("stage", code, row.number),
        )


class StageDetail(_Plan):
    @reads(StageSerializer, about="One stage")
    def get(self, _request: Request, code: str, number: int) -> Response:
        return Response(StageSerializer(get_stage(get_project(self.user, code), number)).data)

    @writes(StageChange, StageSerializer, about="Change a stage")
    def patch(self, _request: Request, code: str, number: int) -> Response:
        project = self.editable(code)
        row = get_stage(project, number)
        return self.change(
            row,
            StageChange,
            StageSerializer,
            lambda changes, version: update_stage(stage=row, changes=changes, version=version, by=self.user),
            lambda: get_stage(project, number),
        )
