"""Sessions and what follows from decisions, read only.

A token never votes, and reads neither votes nor the minutes of deliberations: those are for the pages, under a log-in.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from governance.enums import FollowUpState, SittingMode, SittingState
from governance.models import FollowUp, Sitting
from governance.selectors.decision import follow_ups, get_follow_up
from governance.selectors.meetings import sessions
from governance.selectors.session import rail_of
from governance.selectors.sitting import get_sitting
from people.api.schema import reads
from people.api.serializers import PersonReference, Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission


class SessionSerializer(Reading):
    body = serializers.CharField(source="body.code", read_only=True)

    class Meta:
        model = Sitting
        fields = (
            "id",
            "body",
            "starts_at",
            "minutes",
            "place",
            "mode",
            "written_until",
            "state",
            "revision",
            "published_at",
            "closed_at",
            "version",
        )


class AgendaItemSerializer(serializers.Serializer[Any]):
    """One item; of one the reader is recused from, its position alone."""

    position = serializers.IntegerField(source="item.position", read_only=True)
    withheld = serializers.BooleanField(read_only=True)
    starts_at = serializers.DateTimeField(read_only=True)
    kind = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    request = serializers.SerializerMethodField()
    verdict = serializers.SerializerMethodField()

    def get_kind(self, line: Any) -> str | None:
        return None if line.withheld else line.item.kind

    def get_title(self, line: Any) -> str | None:
        return None if line.withheld else line.item.title

    def get_request(self, line: Any) -> str | None:
        return None if line.withheld or line.item.request is None else line.item.request.number

    def get_verdict(self, line: Any) -> str | None:
        return None if line.withheld else line.item.verdict


class SessionPageSerializer(SessionSerializer):
    """A session with its agenda."""

    agenda = AgendaItemSerializer(many=True, read_only=True)

    class Meta:
        model = Sitting
        fields = (*SessionSerializer.Meta.fields, "agenda")


class SessionQuery(Query):
    body = serializers.CharField(required=False, max_length=24)
    state = serializers.ChoiceField(required=False, choices=SittingState.choices)
    mode = serializers.ChoiceField(required=False, choices=SittingMode.choices)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class Sessions(Resource):
    required_permission = Permission.BODY_VIEW
    query = SessionQuery

    @reads(SessionSerializer, many=True, query=SessionQuery, about="Sessions the reader may open, soonest first")
    def get(self, _request: Request) -> Response:
        return self.listing(sessions(self.user, **self.filters), SessionSerializer)


class SessionDetail(Resource):
    required_permission = Permission.BODY_VIEW

    @reads(SessionPageSerializer, about="One session with its agenda")
    def get(self, _request: Request, sitting_id: int) -> Response:
        sitting = get_sitting(self.user, sitting_id)
        agenda = AgendaItemSerializer(rail_of(self.user, sitting), many=True).data
        return Response({**SessionSerializer(sitting).data, "agenda": agenda})


class FollowUpRowSerializer(Reading):
    decision = serializers.CharField(source="decision.number", read_only=True)
    body = serializers.CharField(source="decision.body.code", read_only=True)
    project = serializers.CharField(source="decision.project.code", read_only=True, default=None, allow_null=True)
    owner = PersonReference(read_only=True)

    class Meta:
        model = FollowUp
        fields = (
            "id",
            "decision",
            "body",
            "project",
            "kind",
            "text",
            "owner",
            "due",
            "state",
            "evidence",
            "submitted_on",
            "closed_on",
        )


class FollowUpQuery(Query):
    body = serializers.CharField(required=False, max_length=24)
    state = serializers.ChoiceField(required=False, choices=FollowUpState.choices)
    mine = serializers.BooleanField(required=False)
    overdue = serializers.BooleanField(required=False)


class FollowUps(Resource):
    required_permission = Permission.BODY_VIEW
    query = FollowUpQuery

    @reads(FollowUpRowSerializer, many=True, query=FollowUpQuery, about="Conditions and actions, the earliest first")
    def get(self, _request: Request) -> Response:
        rows = follow_ups(
            self.user,
            state=self.asked.get("state", ""),
            body=self.asked.get("body", ""),
            mine=self.asked.get("mine", False),
            overdue_on=clock.today() if self.asked.get("overdue") else None,
        )
        return self.listing(rows, FollowUpRowSerializer)


class FollowUpDetail(Resource):
    required_permission = Permission.BODY_VIEW

    @reads(FollowUpRowSerializer, about="One condition or action")
    def get(self, _request: Request, follow_up_id: int) -> Response:
        return Response(FollowUpRowSerializer(get_follow_up(self.user, follow_up_id)).data)
