"""Arbitrations: what is asked, where it stands, and what each option does to each project."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from governance.enums import ArbitrationState
from governance.models import Arbitration, ArbitrationOption, ConcernedProject, OptionImpact
from governance.selectors.arbitration import get_arbitration, visible_arbitrations
from governance.selectors.arbitration import positions as positions_of
from people.api.schema import reads
from people.api.serializers import PersonReference, Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission

ORDERS = {"number": ("number",), "-number": ("-number",)}


class ConcernedSerializer(Reading):
    project = serializers.CharField(source="project.code", read_only=True)

    class Meta:
        model = ConcernedProject
        fields = ("project", "role")


class ImpactSerializer(Reading):
    project = serializers.CharField(source="project.code", read_only=True)

    class Meta:
        model = OptionImpact
        fields = (
            "project",
            "days",
            "cost",
            "capacity",
            "quarter",
            "broken",
            "scope",
            "quality",
            "benefits",
            "risk",
            "sustainability",
            "note",
        )


class ArbitrationOptionSerializer(Reading):
    impacts = ImpactSerializer(many=True, read_only=True)

    class Meta:
        model = ArbitrationOption
        fields = ("position", "label", "description", "do_nothing", "recommended", "impacts")


class ArbitrationSerializer(Reading):
    project = serializers.CharField(source="project.code", read_only=True)
    requested_by = PersonReference(read_only=True, allow_null=True)
    analyst = PersonReference(read_only=True, allow_null=True)
    concerned = ConcernedSerializer(many=True, read_only=True)

    class Meta:
        model = Arbitration
        fields: tuple[str, ...] = (
            "number",
            "project",
            "kind",
            "question",
            "state",
            "requested_by",
            "analyst",
            "concerned",
            "version",
        )


class ArbitrationDetailSerializer(ArbitrationSerializer):
    options = ArbitrationOptionSerializer(many=True, read_only=True)
    retained = serializers.IntegerField(source="retained.position", read_only=True, allow_null=True, default=None)
    due_on = serializers.SerializerMethodField()

    class Meta(ArbitrationSerializer.Meta):
        fields = (
            *ArbitrationSerializer.Meta.fields,
            "facts",
            "recommendation",
            "cost_of_waiting",
            "options",
            "retained",
            "due_on",
        )

    def get_due_on(self, row: Arbitration) -> str | None:
        """The day the present step is due."""
        (position,) = positions_of([row], clock.today())
        return None if position.due is None else position.due.isoformat()


class ArbitrationQuery(Query):
    state = serializers.ChoiceField(required=False, choices=ArbitrationState.choices)
    project = serializers.CharField(required=False, max_length=24)
    ordering = serializers.ChoiceField(required=False, choices=list(ORDERS))


class Arbitrations(Resource):
    required_permission = Permission.DECISION_VIEW
    query = ArbitrationQuery

    @reads(ArbitrationSerializer, many=True, query=ArbitrationQuery, about="Arbitrations the reader may know of")
    def get(self, _request: Request) -> Response:
        paths = {"state": "state", "project": "concerned__project__code"}
        wanted: dict[str, Any] = {path: self.asked[name] for name, path in paths.items() if name in self.asked}
        rows = visible_arbitrations(self.user).filter(**wanted).prefetch_related("concerned__project")
        return self.listing(rows.order_by(*ORDERS[self.asked.get("ordering", "-number")]), ArbitrationSerializer)


class ArbitrationDetail(Resource):
    required_permission = Permission.DECISION_VIEW

    @reads(ArbitrationDetailSerializer, about="One arbitration with its options")
    def get(self, _request: Request, number: str) -> Response:
        return Response(ArbitrationDetailSerializer(get_arbitration(self.user, number)).data)
