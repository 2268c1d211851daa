"""The decision register: read only, a decision is taken in a session."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.enums import DecisionState
from governance.models import Decision, FollowUp
from governance.selectors.decision import follow_ups_of, get_decision, register
from people.api.schema import reads
from people.api.serializers import PersonReference, Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission


class DecisionSerializer(Reading):
    body = serializers.CharField(source="body.code", read_only=True)
    project = serializers.CharField(source="project.code", read_only=True, default=None, allow_null=True)
    request = serializers.CharField(source="request.number", read_only=True, default=None, allow_null=True)
    supersedes = serializers.CharField(source="supersedes.number", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Decision
        fields = (
            "number",
            "body",
            "project",
            "request",
            "kind",
            "verdict",
            "question",
            "text",
            "rationale",
            "taken_on",
            "effect_on",
            "state",
            "publication",
            "supersedes",
            "content_hash",
            "audit_number",
        )


class FollowUpSerializer(Reading):
    owner = PersonReference(read_only=True)

    class Meta:
        model = FollowUp
        fields = ("kind", "text", "owner", "due", "state", "evidence", "submitted_on", "closed_on")


class DecisionPageSerializer(DecisionSerializer):
    """A decision with what it asks for and who was there, voted and stood aside."""

    record = serializers.JSONField(read_only=True)
    follow_ups = FollowUpSerializer(many=True, read_only=True)

    class Meta:
        model = Decision
        fields = (*DecisionSerializer.Meta.fields, "record", "follow_ups")


class DecisionQuery(Query):
    q = serializers.CharField(required=False, max_length=120)
    body = serializers.CharField(required=False, max_length=24)
    state = serializers.ChoiceField(required=False, choices=DecisionState.choices)


class Decisions(Resource):
    required_permission = Permission.DECISION_VIEW
    query = DecisionQuery

    @reads(DecisionSerializer, many=True, query=DecisionQuery, about="Decisions the reader may know of, latest first")
    def get(self, _request: Request) -> Response:
        rows = register(
            self.user,
            words=self.asked.get("q", ""),
            body=self.asked.get("body", ""),
            state=self.asked.get("state", ""),
        )
        return self.listing(rows, DecisionSerializer)


class DecisionDetail(Resource):
    required_permission = Permission.DECISION_VIEW

    @reads(DecisionPageSerializer, about="One decision with its record and follow-up")
    def get(self, _request: Request, number: str) -> Response:
        row = get_decision(self.user, number)
        return Response(
            {
                **DecisionSerializer(row).data,
                "record": row.record,
                "follow_ups": FollowUpSerializer(follow_ups_of(row), many=True).data,
            }
        )
