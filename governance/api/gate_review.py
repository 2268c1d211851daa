"""Gate reviews, lessons and confidences given; read only."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.enums import GateChoice, GateReviewState, LessonKind
from governance.models import Confidence, GateAnswer, GateReview, Lesson, LessonAnswer
from governance.selectors.confidence import confidences_seen
from governance.selectors.gate_review import get_review, visible_reviews
from governance.selectors.lesson import visible_lessons
from people.api.schema import reads
from people.api.serializers import PersonReference, Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission

ORDERS = {"planned_on": ("planned_on", "number"), "-planned_on": ("-planned_on", "number"), "number": ("number",)}


class GateReviewSerializer(Reading):
    project = serializers.CharField(source="project.code", read_only=True)
    stage = serializers.IntegerField(source="stage.number", read_only=True, allow_null=True)
    reviewer = PersonReference(read_only=True, allow_null=True)

    class Meta:
        model = GateReview
        fields: tuple[str, ...] = (
            "number",
            "project",
            "gate",
            "stage",
            "method",
            "planned_on",
            "amount",
            "reviewer",
            "business_case",
            "recommendation",
            "state",
            "submitted_on",
            "bypass_reason",
            "closed_on",
            "back_to",
            "version",
            "updated_at",
        )


class GateAnswerSerializer(Reading):
    criterion = serializers.CharField(source="criterion.text", read_only=True)
    mandatory = serializers.BooleanField(source="criterion.mandatory", read_only=True)

    class Meta:
        model = GateAnswer
        fields = ("criterion", "mandatory", "reply", "evidence", "comment")


class LessonAnswerSerializer(Reading):
    lesson = serializers.CharField(source="lesson.number", read_only=True)

    class Meta:
        model = LessonAnswer
        fields = ("lesson", "reply", "words")


class GateReviewFullSerializer(GateReviewSerializer):
    answers = GateAnswerSerializer(many=True, read_only=True)
    lessons = LessonAnswerSerializer(many=True, read_only=True)

    class Meta(GateReviewSerializer.Meta):
        fields = (*GateReviewSerializer.Meta.fields, "performance", "forecast", "answers", "lessons")


class LessonSerializer(Reading):
    project = serializers.CharField(source="project.code", read_only=True)
    applied = serializers.IntegerField(read_only=True)

    class Meta:
        model = Lesson
        fields = (
            "number",
            "project",
            "kind",
            "event",
            "effect",
            "cause",
            "early_warning",
            "recommendation",
            "where_applied",
            "applied",
            "recorded_on",
            "version",
            "updated_at",
        )


class ConfidenceSerializer(Reading):
    project = serializers.CharField(source="project.code", read_only=True)
    review = serializers.CharField(source="review.number", read_only=True, allow_null=True)

    class Meta:
        model = Confidence
        fields = ("project", "review", "scale", "level", "reason", "given_on")


class GateReviewQuery(Query):
    state = serializers.ChoiceField(required=False, choices=GateReviewState.choices)
    gate = serializers.ChoiceField(required=False, choices=GateChoice.choices)
    project = serializers.CharField(required=False, max_length=24)
    ordering = serializers.ChoiceField(required=False, choices=list(ORDERS))


class LessonQuery(Query):
    kind = serializers.ChoiceField(required=False, choices=LessonKind.choices)
    project = serializers.CharField(required=False, max_length=24)


class ConfidenceQuery(Query):
    project = serializers.CharField(required=False, max_length=24)


class GateReviews(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    query = GateReviewQuery

    @reads(GateReviewSerializer, many=True, query=GateReviewQuery, about="Gate reviews the reader may know of")
    def get(self, _request: Request) -> Response:
        paths = {"state": "state", "gate": "gate", "project": "project__code"}
        wanted: dict[str, Any] = {path: self.asked[name] for name, path in paths.items() if name in self.asked}
        rows = visible_reviews(self.user).filter(**wanted)
        return self.listing(rows.order_by(*ORDERS[self.asked.get("ordering", "planned_on")]), GateReviewSerializer)


class GateReviewDetail(Resource):
    required_permission = Permission.PORTFOLIO_VIEW

    @reads(GateReviewFullSerializer, about="One review with its checklist and lessons")
    def get(self, _request: Request, number: str) -> Response:
        return Response(GateReviewFullSerializer(get_review(self.user, number)).data)


class Lessons(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    query = LessonQuery

    @reads(LessonSerializer, many=True, query=LessonQuery, about="Lessons of the projects the reader may know of")
    def get(self, _request: Request) -> Response:
        paths = {"kind": "kind", "project": "project__code"}
        wanted: dict[str, Any] = {path: self.asked[name] for name, path in paths.items() if name in self.asked}
        return self.listing(visible_lessons(self.user).filter(**wanted), LessonSerializer)


class Confidences(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    query = ConfidenceQuery

    @reads(ConfidenceSerializer, many=True, query=ConfidenceQuery, about="Confidence in delivery, newest first")
    def get(self, _request: Request) -> Response:
        rows = confidences_seen(self.user)
        if "project" in self.asked:
            rows = rows.filter(project__code=self.asked["project"])
        return self.listing(rows, ConfidenceSerializer)
