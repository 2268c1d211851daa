"""Bodies that decide: who sits, up to which amount, when next."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from governance.enums import Subject, ToleranceLevel
from governance.models import Body, BodyRules, Mandate, MeetingRule, Seat, Sitting
from governance.selectors.body import body_lines, body_page
from governance.selectors.competence import who_decides
from people.api.schema import reads
from people.api.serializers import PersonReference, Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.selectors.project import get_project


class BodySerializer(Reading):
    programme = serializers.CharField(source="programme.code", read_only=True, default=None, allow_null=True)
    project = serializers.CharField(source="project.code", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Body
        fields = (
            "code",
            "name_fr",
            "name_nl",
            "name_en",
            "kind",
            "level",
            "cadence",
            "active",
            "programme",
            "project",
            "version",
        )


class SeatSerializer(Reading):
    person = PersonReference(read_only=True)

    class Meta:
        model = Seat
        fields = ("person", "role", "board_role", "votes", "valid_from", "valid_to")


class MandateSerializer(Reading):
    delegated_by = serializers.CharField(source="delegated_by.code", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Mandate
        fields = (
            "kind",
            "subject",
            "amount_max",
            "limit_inclusive",
            "level",
            "delegated_by",
            "valid_from",
            "valid_to",
            "source",
        )


class SittingSerializer(Reading):
    class Meta:
        model = Sitting
        fields = ("starts_at", "place")


class RulesSerializer(Reading):
    class Meta:
        model = BodyRules
        fields = (
            "valid_from",
            "quorum_share",
            "chair_required",
            "voters_min",
            "proxies_max",
            "tie",
            "written_days",
            "source",
        )


class MeetingRuleSerializer(Reading):
    class Meta:
        model = MeetingRule
        fields = ("rhythm", "every", "month_week", "weekday", "at", "minutes", "place", "closed_day", "valid_from")


class BodyPageSerializer(BodySerializer):
    """A body with its seats and mandates in force and its next sittings."""

    seats = SeatSerializer(many=True, read_only=True)
    mandates = MandateSerializer(many=True, read_only=True)
    sittings = SittingSerializer(many=True, read_only=True)
    rules = RulesSerializer(read_only=True)
    rhythm = MeetingRuleSerializer(read_only=True, allow_null=True)
    findings = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Body
        fields = (*BodySerializer.Meta.fields, "seats", "mandates", "sittings", "rules", "rhythm", "findings")


class Bodies(Resource):
    required_permission = Permission.BODY_VIEW
    query = Query

    @reads(BodySerializer, many=True, query=Query, about="Active bodies, highest first")
    def get(self, _request: Request) -> Response:
        return self.listing([line.body for line in body_lines(self.user, clock.now())], BodySerializer)


class BodyDetail(Resource):
    required_permission = Permission.BODY_VIEW

    @reads(BodyPageSerializer, about="One body")
    def get(self, _request: Request, code: str) -> Response:
        page = body_page(self.user, code, clock.now())
        return Response(
            {
                **BodySerializer(page.body).data,
                "seats": SeatSerializer([line.seat for line in page.seats], many=True).data,
                "mandates": MandateSerializer(page.mandates, many=True).data,
                "sittings": SittingSerializer(page.sittings, many=True).data,
                "rules": RulesSerializer(page.rules).data,
                "rhythm": MeetingRuleSerializer(page.rhythm).data if page.rhythm else None,
                "findings": page.findings,
            }
        )


class CompetenceQuery(Query):
    """A request as described; `on` is today when it is left out."""

    kind = serializers.ChoiceField(choices=Subject.choices)
    amount = serializers.DecimalField(required=False, max_digits=14, decimal_places=2, min_value=0)
    level = serializers.ChoiceField(required=False, choices=ToleranceLevel.choices)
    project = serializers.CharField(required=False, max_length=24)
    on = serializers.DateField(required=False)


class StepSerializer(serializers.Serializer[Any]):
    body = serializers.CharField(source="body.code", read_only=True)
    limit = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True)
    decides = serializers.BooleanField(read_only=True)


class CompetenceSerializer(serializers.Serializer[Any]):
    """The lowest competent body, or none, and every body tried on the way up."""

    body = serializers.CharField(source="body.code", read_only=True, default=None, allow_null=True)
    why = serializers.CharField(read_only=True)
    steps = StepSerializer(many=True, read_only=True)


class WhoDecides(Resource):
    required_permission = Permission.BODY_VIEW
    query = CompetenceQuery

    @reads(CompetenceSerializer, query=CompetenceQuery, about="The lowest body competent for a request")
    def get(self, _request: Request) -> Response:
        project = get_project(self.user, self.asked["project"]) if "project" in self.asked else None
        answer = who_decides(
            self.user,
            kind=self.asked["kind"],
            amount=self.asked.get("amount"),
            on=self.asked.get("on", clock.today()),
            level=self.asked.get("level"),
            project=project,
        )
        return Response(CompetenceSerializer(answer).data)
