"""The seven tolerances of one project."""

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.schema import reads, writes
from people.api.serializers import Change, Query, Reading, Writing
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.api.references import address, editable_project, refuse_others
from portfolio.models import Project, Tolerance
from portfolio.selectors.field_rights import decided_bounds, tolerance_fields
from portfolio.selectors.project import get_project
from portfolio.selectors.tolerance import get_tolerance, tolerance_lines
from portfolio.services.tolerance import create_tolerance, update_tolerance

BOUNDS = ("minus", "plus", "unit", "baseline", "forecast", "measure")


class ToleranceSerializer(Reading):
    class Meta:
        model = Tolerance
        fields = ("target", *BOUNDS, "version", "updated_at")


class ToleranceNew(Writing):
    """At least one bound; bounds are written without sign."""

    class Meta:
        model = Tolerance
        fields = ("target", *BOUNDS)
        extra_kwargs = {"unit": {"required": True}}


class ToleranceChange(Change):
    class Meta:
        model = Tolerance
        fields = ("version", *BOUNDS)


def _found(project: Project, target: str) -> Tolerance:
    row = get_tolerance(project, target)
    if row is None:
        raise Http404
    return row


class Tolerances(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission = Permission.TOLERANCE_EDIT
    query = Query

    @reads(ToleranceSerializer, many=True, query=Query, about="Tolerances that are set")
    def get(self, _request: Request, code: str) -> Response:
        lines = tolerance_lines(get_project(self.user, code))
        return self.listing([line.tolerance for line in lines if line.tolerance], ToleranceSerializer)

    @writes(ToleranceNew, ToleranceSerializer, status=201, about="Set the tolerance of a target")
    def post(self, request: Request, code: str) -> Response:
        project = editable_project(self.user, code, Permission.TOLERANCE_EDIT)
        allowed = tolerance_fields(self.user, project, new=True)
        refuse_others(set(request.data) & set(BOUNDS), allowed, decided_bounds(project))
        return self.create(
            ToleranceNew,
            ToleranceSerializer,
            lambda values: create_tolerance(project=project, by=self.user, **{"minus": None, "plus": None, **values}),
            lambda row: address("tolerance", code, row.target),
        )


class ToleranceDetail(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission = Permission.TOLERANCE_EDIT

    @reads(ToleranceSerializer, about="The tolerance of one target")
    def get(self, _request: Request, code: str, target: str) -> Response:
        return Response(ToleranceSerializer(_found(get_project(self.user, code), target)).data)

    @writes(ToleranceChange, ToleranceSerializer, about="Change a tolerance")
    def patch(self, request: Request, code: str, target: str) -> Response:
        project = editable_project(self.user, code, Permission.TOLERANCE_EDIT)
        row = _found(project, target)
        refuse_others(set(request.data) & set(BOUNDS), tolerance_fields(self.user, project), decided_bounds(project))
        return self.change(
            row,
            ToleranceChange,
            ToleranceSerializer,
            lambda changes, version: update_tolerance(tolerance=row, changes=changes, version=version, by=self.user),
            lambda: _found(project, target),
        )
