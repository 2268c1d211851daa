"""Reporting weeks, and who has not reported yet."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from people.api.schema import reads
from people.api.serializers import Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.engines.reporting_calendar import CycleState
from portfolio.models import ReportingCycle
from portfolio.selectors.reporting_cycle import completeness, cycles, get_cycle


class CycleSerializer(Reading):
    week = serializers.CharField(source="slug", read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = ReportingCycle
        fields = (
            "week",
            "state",
            "opens_at",
            "due_at",
            "cut_at",
            "freeze_at",
            "publish_at",
            "frozen_at",
            "published_at",
        )

    @extend_schema_field(serializers.ChoiceField(choices=[state.value for state in CycleState]))
    def get_state(self, cycle: ReportingCycle) -> str:
        return cycle.state(clock.now())


class MissingSerializer(serializers.Serializer[Any]):
    """A project that owes its status; `begun` says that somebody is typing, never what."""

    code = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    manager = serializers.CharField(read_only=True)
    is_top = serializers.BooleanField(read_only=True)
    last_status_on = serializers.DateField(read_only=True, allow_null=True)
    begun = serializers.BooleanField(read_only=True)


class CompletenessSerializer(serializers.Serializer[Any]):
    expected = serializers.IntegerField(read_only=True)
    received = serializers.IntegerField(read_only=True)
    missing = MissingSerializer(many=True, read_only=True)


class Cycles(Resource):
    required_permission = Permission.CALENDAR_VIEW
    query = Query

    @reads(CycleSerializer, many=True, query=Query, about="Weeks, latest first")
    def get(self, _request: Request) -> Response:
        return self.listing(cycles(), CycleSerializer)


class CycleDetail(Resource):
    required_permission = Permission.CALENDAR_VIEW

    @reads(CycleSerializer, about="One week, as in `2026-W47`")
    def get(self, _request: Request, week: str) -> Response:
        return Response(CycleSerializer(get_cycle(week)).data)


class CycleCompleteness(Resource):
    required_permission = Permission.CHASE_VIEW

    @reads(CompletenessSerializer, about="Statuses expected, received and missing")
    def get(self, _request: Request, week: str) -> Response:
        return Response(CompletenessSerializer(completeness(self.user, get_cycle(week), clock.now())).data)
