"""Weekly statuses of one project: read them, and submit the one of an open week."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from config.web.versioned import StaleVersionError
from people.api.errors import Conflict, StaleVersion
from people.api.schema import reads, writes
from people.api.serializers import Query, Reading, Strict
from people.api.views import Resource
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.services.idempotency import Answer
from portfolio.api.references import address
from portfolio.api.status_values import submitted_values
from portfolio.engines.status_checks import JUDGED
from portfolio.enums import AskKind, RagChoice
from portfolio.models import Project, ReportingCycle, StatusReport
from portfolio.models.status_report import DIMENSIONS, MESSAGE_MAX
from portfolio.selectors.project import get_project
from portfolio.selectors.reporting_cycle import get_cycle
from portfolio.selectors.status_report import StatusSheet, load_sheet, report_of_week, stored_values, visible_reports
from portfolio.selectors.status_wording import problem_text
from portfolio.services.status_report import (
    FrozenWeekError,
    StatusConflictError,
    StatusRefusedError,
    UnknownRowError,
    submit_status_report,
)

CAUSES = tuple(f"cause_{name}" for name in DIMENSIONS)
REASONS = tuple(f"reason_{name}" for name in JUDGED)


class StatusReportSerializer(Reading):
    project = serializers.CharField(source="project.code", read_only=True)
    week = serializers.CharField(source="cycle.slug", read_only=True)
    author = serializers.CharField(source="author.full_name", read_only=True)
    for_person = serializers.CharField(
        source="for_person.full_name",
        read_only=True,
        allow_null=True,
        default=None,
        help_text="Whom the author replaced.",
    )
    computed = serializers.DictField(read_only=True, help_text="What the engine said then, with its facts and rules.")

    class Meta:
        model = StatusReport
        fields = (
            "project",
            "week",
            "author",
            "for_person",
            "submitted_at",
            "unchanged",
            *JUDGED,
            *CAUSES,
            *REASONS,
            "message",
            "message_language",
            "ask_kind",
            "ask_text",
            "ask_body",
            "ask_on",
            "computed",
            "version",
        )


class MilestoneNews(Strict):
    """A new forecast, or the day the milestone was reached."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    expected = serializers.DateField()
    reached = serializers.BooleanField(required=False)


class StatusSubmission(Strict):
    """A status; what is left out stays as stored, or as last week. `version` 0 says that none exists yet."""

    version = serializers.IntegerField(min_value=0, max_value=2_147_483_647)
    message = serializers.CharField(max_length=MESSAGE_MAX)
    ask_kind = serializers.ChoiceField(choices=AskKind.choices, required=False)
    ask_text = serializers.CharField(max_length=220, required=False, allow_blank=True)
    ask_body = serializers.CharField(max_length=24, required=False, allow_blank=True)
    ask_on = serializers.DateField(required=False, allow_null=True)
    milestones = serializers.ListField(child=MilestoneNews(), required=False, max_length=200)
    confirmed_risks = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, max_length=200
    )

    def get_fields(self) -> dict[str, Any]:
        texts = {
            name: serializers.CharField(max_length=220, required=False, allow_blank=True)
            for name in (*CAUSES, *REASONS)
        }
        return {
            **super().get_fields(),
            **{name: serializers.ChoiceField(choices=RagChoice.choices) for name in JUDGED},
            **texts,
        }


class StatusReports(Resource):
    required_permission = Permission.STATUS_VIEW
    query = Query

    @reads(StatusReportSerializer, many=True, query=Query, about="Submitted statuses, newest first")
    def get(self, _request: Request, code: str) -> Response:
        return self.listing(visible_reports(self.user, get_project(self.user, code)), StatusReportSerializer)


class StatusReportDetail(Resource):
    required_permission = Permission.STATUS_VIEW
    write_permission = Permission.STATUS_SUBMIT

    @reads(StatusReportSerializer, about="The status of one week")
    def get(self, _request: Request, code: str, week: str) -> Response:
        report = report_of_week(visible_reports(self.user, get_project(self.user, code)), week)
        return Response(StatusReportSerializer(report).data)

    @writes(StatusSubmission, StatusReportSerializer, status=0, about="Submit or correct the status of an open week")
    def put(self, request: Request, code: str, week: str) -> Response:
        project, cycle = get_project(self.user, code), get_cycle(week)
        if not has_permission(self.user, Permission.STATUS_SUBMIT, project):
            raise PermissionDenied
        body = self.read_body(StatusSubmission)
        try:
            return self.write(lambda: self._submit(project, cycle, body))
        except (StaleVersionError, StatusConflictError) as error:
            sheet = load_sheet(project, cycle, weeks=2)
            current = self.answer(sheet.current, StatusReportSerializer) if sheet.current else None
            raise StaleVersion(current=current, yours=request.data) from error
        except FrozenWeekError as error:
            raise Conflict(_("La semaine est gelée, ou ce projet ne doit pas de statut.")) from error
        except UnknownRowError as error:
            raise Http404 from error
        except StatusRefusedError as error:
            raise serializers.ValidationError(_by_field(error)) from error

    def _submit(self, project: Project, cycle: ReportingCycle, body: Mapping[str, Any]) -> Answer:
        now = clock.now()
        sheet = load_sheet(project, cycle, weeks=2)
        if _version(sheet) != body["version"]:
            raise StaleVersionError
        base = stored_values(sheet, now)
        published = submit_status_report(
            project=project,
            cycle=cycle,
            by=self.user,
            values=submitted_values(project, base, body, clock.today()),
            base=base,
            now=now,
        )
        answer = self.answer(published.report, StatusReportSerializer)
        return Answer(201 if published.created else 200, answer, address("status", project.code, cycle.slug))


def _version(sheet: StatusSheet) -> int:
    return sheet.current.version if sheet.current else 0


def _by_field(error: StatusRefusedError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        found.setdefault(problem.field or "non_field_errors", []).append(problem_text(problem))
    return found or {"non_field_errors": [str(error)]}
