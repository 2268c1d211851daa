"""Projects: the register, one sheet with where it stands, its changes and its life cycle."""

from dataclasses import fields as dataclass_fields
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from people.api.schema import reads, writes
from people.api.serializers import (
    Change,
    MoneyField,
    NamedReference,
    PersonField,
    PersonReference,
    Query,
    Reading,
    Strict,
    Writing,
)
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.api.references import AxisField, ProgrammeField, address, editable_project, refuse_others
from portfolio.enums import LifeCycle, Method, RagChoice
from portfolio.forms.project import CODE
from portfolio.models import FrozenStanding, Project, Standing
from portfolio.selectors.field_rights import PROJECT_FIELDS, awaiting_decision, project_fields
from portfolio.selectors.project import get_project
from portfolio.selectors.register import ORDERS, PRESETS, RegisterQuery, ordered_projects
from portfolio.selectors.shown_state import STATES, stale_after, state_of
from portfolio.selectors.status_reading import StatusReader, status_reader
from portfolio.services.project import create_project, move_project, update_project

CHANGEABLE = tuple(sorted(PROJECT_FIELDS))
_RELATED = ("manager", "deputy", "sponsor", "programme__manager", "axis", "standing")
_TOLD = (
    "computed_at",
    "last_status_on",
    "declared_overall",
    "previous_overall",
    "computed_overall",
    "gap_weeks",
    "greener_than_evidence",
)


class StandingSerializer(Reading):
    """Where a project stands, as the register shows it; nothing declared yet is an empty text."""

    declared_overall = serializers.ChoiceField(choices=["", *RagChoice.values], read_only=True)

    class Meta:
        model = Standing
        fields = (
            "computed_at",
            "last_status_on",
            "declared_overall",
            "previous_overall",
            "computed_overall",
            "gap_weeks",
            "greener_than_evidence",
            "exposure",
            "bac",
            "eac",
            "actual",
            "baseline_end",
            "forecast_end",
            "end_slip_days",
            "first_end_slip_days",
            "next_milestone",
            "next_milestone_on",
            "next_milestone_slip",
        )


class ProjectSerializer(Reading):
    manager = PersonReference(read_only=True, allow_null=True)
    deputy = PersonReference(read_only=True, allow_null=True)
    sponsor = PersonReference(read_only=True, allow_null=True)
    programme = NamedReference(read_only=True, allow_null=True)
    axis = NamedReference(read_only=True, allow_null=True)
    standing = serializers.SerializerMethodField()
    external_url = serializers.CharField(read_only=True)
    state = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields = (
            "code",
            "state",
            "message",
            "life_cycle",
            "life_cycle_reason",
            "review_on",
            "actual_end",
            *(name for name in CHANGEABLE if name != "actual_end"),
            "standing",
            "version",
            "updated_at",
        )

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, project: Project) -> str:
        return state_of(self._reader(), project, clock.today())

    @extend_schema_field(StandingSerializer(allow_null=True))
    def get_standing(self, project: Project) -> dict[str, Any] | None:
        """Plan and money as they are; its statuses from the week the reader may know."""
        standing: Standing | None = getattr(project, "standing", None)
        if standing is None:
            return None
        told = self._reader().standing_of(project)
        answer = dict(StandingSerializer(standing, context=self.context).data)
        if told is not standing:
            known = StandingSerializer(told or FrozenStanding(project_id=project.pk), context=self.context).data
            answer |= {name: known[name] for name in _TOLD}
        return answer

    @extend_schema_field(serializers.CharField())
    def get_message(self, project: Project) -> str:
        """The last message, for who may read that status."""
        reader = self._reader()
        told = reader.standing_of(project)
        if told is None or not told.message:
            return ""
        cycle = told.last_report_cycle
        readable = reader.may_read(
            frozen_at=cycle.frozen_at if cycle else None,
            manager_user=getattr(project.manager, "user_id", None),
            deputy_user=getattr(project.deputy, "user_id", None),
            programme_user=getattr(project.programme and project.programme.manager, "user_id", None),
        )
        return told.message if readable else ""

    def _reader(self) -> StatusReader:
        return status_reader(self.context["request"].user)


class ProjectNew(Writing):
    code = serializers.CharField(max_length=24, validators=[CODE])
    manager = PersonField()
    sponsor = PersonField()
    programme = ProgrammeField()
    axis = AxisField()
    cost = MoneyField(required=False, allow_null=True, min_value=0, help_text="Estimated cost, EUR incl. VAT.")

    class Meta:
        model = Project
        fields = (
            "code",
            "name_fr",
            "purpose",
            "sponsor",
            "manager",
            "programme",
            "axis",
            "method",
            "confidentiality",
            "start",
            "planned_end",
            "cost",
        )


class ProjectChange(Change):
    manager = PersonField()
    deputy = PersonField()
    sponsor = PersonField()
    programme = ProgrammeField()
    axis = AxisField()

    class Meta:
        model = Project
        fields = ("version", *CHANGEABLE)


class Move(Strict):
    """One step along the table of the life cycle."""

    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    target = serializers.ChoiceField(choices=LifeCycle.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=220)
    review_on = serializers.DateField(required=False, allow_null=True)
    actual_end = serializers.DateField(required=False, allow_null=True)


class ProjectQuery(Query):
    q = serializers.CharField(required=False, max_length=100)
    preset = serializers.ChoiceField(required=False, choices=sorted(PRESETS))
    axis = serializers.CharField(required=False, max_length=24)
    programme = serializers.CharField(required=False, max_length=24)
    manager = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    state = serializers.ChoiceField(required=False, choices=STATES)
    method = serializers.ChoiceField(required=False, choices=Method.choices)
    life_cycle = serializers.ChoiceField(required=False, choices=LifeCycle.choices)
    closed = serializers.BooleanField(required=False, help_text="Closed and cancelled projects too.")
    ordering = serializers.ChoiceField(required=False, choices=[sign + name for name in ORDERS for sign in ("", "-")])

    def register_query(self) -> RegisterQuery:
        known = {field.name for field in dataclass_fields(RegisterQuery)}
        asked = {name: value for name, value in self.validated_data.items() if name in known and value != ""}
        asked["closed"] = "1" if asked.get("closed") else ""
        return RegisterQuery(**asked, sort=self.validated_data.get("ordering", "rank"))


class Projects(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission = Permission.PROJECT_CREATE
    query = ProjectQuery

    @reads(ProjectSerializer, many=True, query=ProjectQuery, about="The register, filtered and ordered")
    def get(self, request: Request) -> Response:
        asked = ProjectQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        told = f"{status_reader(self.user).standing}__last_report_cycle"
        rows = (
            ordered_projects(self.user, asked.register_query(), clock.today())
            .annotate(stale_after_days=stale_after(clock.today()))
            .select_related(*_RELATED, told)
        )
        return self.listing(rows, ProjectSerializer)

    @writes(ProjectNew, ProjectSerializer, status=201, about="A new project, in the state `mandate`")
    def post(self, _request: Request) -> Response:
        return self.create(
            ProjectNew,
            ProjectSerializer,
            lambda values: create_project(by=self.user, **values),
            lambda row: address("project", row.code),
        )


class ProjectDetail(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission = Permission.PROJECT_EDIT

    @reads(ProjectSerializer, about="One project")
    def get(self, _request: Request, code: str) -> Response:
        return Response(self.answer(get_project(self.user, code), ProjectSerializer))

    @writes(ProjectChange, ProjectSerializer, about="Change fields of the sheet")
    def patch(self, request: Request, code: str) -> Response:
        row = editable_project(self.user, code, Permission.PROJECT_EDIT)
        refuse_others(
            set(request.data) & PROJECT_FIELDS,
            project_fields(self.user, row),
            awaiting_decision(self.user, row, PROJECT_FIELDS),
        )
        return self.change(
            row,
            ProjectChange,
            ProjectSerializer,
            lambda changes, version: update_project(project=row, changes=changes, version=version, by=self.user),
            lambda: get_project(self.user, code),
        )


class ProjectMove(Resource):
    required_permission = Permission.PROJECT_RANK
    write_permission = Permission.PROJECT_RANK

    @writes(Move, ProjectSerializer, about="Move a project along its life cycle")
    def post(self, _request: Request, code: str) -> Response:
        row = get_project(self.user, code, may=Permission.PROJECT_RANK)
        return self.change(
            row,
            Move,
            ProjectSerializer,
            lambda values, version: move_project(project=row, version=version, by=self.user, **values),
            lambda: get_project(self.user, code),
        )
