"""Frozen packs: the list by week, what was printed, the file itself."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from people.api.errors import Conflict
from people.api.schema import downloads, reads, writes
from people.api.serializers import Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission
from people.services.idempotency import Answer
from reporting.enums import DownloadChannel
from reporting.models import Pack, PackRendition
from reporting.selectors.edition import get_pack, pack_lines, rendition_of
from reporting.services.pack_copy import FileMissingError, hand_over
from reporting.services.pack_life import PackStepError, approve, publish


class RenditionSerializer(Reading):
    class Meta:
        model = PackRendition
        fields = ("language", "pages", "size", "pdf_sha256", "rendered_at")


class PackSerializer(Reading):
    """One week; received and expected are counted by its freeze."""

    week = serializers.CharField(source="cycle.slug", read_only=True)
    renditions = RenditionSerializer(many=True, read_only=True)

    class Meta:
        model = Pack
        fields = (
            "week",
            "kind",
            "edition",
            "state",
            "approved_at",
            "published_at",
            "distributed_at",
            "renditions",
            "version",
        )


class PackPageSerializer(PackSerializer):
    """A pack with the seal of its snapshot, which any later copy can be checked against."""

    data_hash = serializers.CharField(source="snapshot.data_hash", read_only=True, allow_null=True)
    audit_number = serializers.IntegerField(source="snapshot.audit_number", read_only=True, allow_null=True)
    audit_hash = serializers.CharField(source="snapshot.audit_hash", read_only=True, allow_null=True)

    class Meta:
        model = Pack
        fields = (*PackSerializer.Meta.fields, "data_hash", "audit_number", "audit_hash")


class PdfRenderer(BaseRenderer):
    """Lets a client ask for the file by its type; the view answers the bytes itself."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return JSONRenderer().render(data)


class Packs(Resource):
    required_permission = Permission.PACK_READ
    query = Query

    @reads(PackSerializer, many=True, query=Query, about="Packs the reader may read, latest week first")
    def get(self, _request: Request) -> Response:
        return self.listing([line.pack for line in pack_lines(self.user) if line.pack.pk], PackSerializer)


class PackDetail(Resource):
    required_permission = Permission.PACK_READ

    @reads(PackPageSerializer, about="The pack of one week")
    def get(self, _request: Request, week: str) -> Response:
        return Response(PackPageSerializer(_stored(self, week)).data)


class PackFile(Resource):
    required_permission = Permission.PACK_READ
    renderer_classes = (JSONRenderer, PdfRenderer)

    def handle_exception(self, exc: Exception) -> Response:
        """A refusal is JSON, whatever type the client asked for."""
        self.request.accepted_renderer, self.request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return super().handle_exception(exc)

    @downloads("application/pdf", "The printed pack; a reader's copy bears his name and tells the hash of the original")
    def get(self, _request: Request, week: str, language: str) -> HttpResponseBase:
        pack = _stored(self, week)
        rendition = rendition_of(pack, language)
        try:
            copy = hand_over(rendition=rendition, by=self.user, channel=DownloadChannel.SESSION, now=clock.now())
        except FileMissingError as error:
            raise Http404 from error
        headers = {
            "Content-Disposition": content_disposition_header(True, copy.name) or "",
            "X-Original-SHA256": copy.original_sha256,
        }
        return HttpResponse(copy.data, content_type="application/pdf", headers=headers)


class PackApproval(Resource):
    required_permission = Permission.PACK_APPROVE
    write_permission = Permission.PACK_APPROVE

    @writes(None, PackPageSerializer, about="Approve the latest edition; refused for who built it")
    def post(self, _request: Request, week: str) -> Response:
        return _step(self, week, approve)


class PackPublication(Resource):
    required_permission = Permission.PACK_PUBLISH
    write_permission = Permission.PACK_PUBLISH

    @writes(None, PackPageSerializer, about="Publish the latest edition and queue its distribution")
    def post(self, _request: Request, week: str) -> Response:
        return _step(self, week, publish)


def _step(view: Resource, week: str, act: Callable[..., Pack]) -> Response:
    """One step of the life of a pack; 409 with the reason where it is refused."""
    pack = _stored(view, week)

    def once() -> Answer:
        moved = act(pack=pack, by=view.user, now=clock.now())
        return Answer(200, view.answer(moved, PackPageSerializer))

    try:
        return view.write(once)
    except PackStepError as refusal:
        raise Conflict(str(refusal)) from refusal


def _stored(view: Resource, week: str) -> Pack:
    pack = get_pack(view.user, week)
    if pack.pk is None:
        raise Http404
    return pack
