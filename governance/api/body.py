"""Bodies that decide: who sits, up to which amount, when next."""

from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from governance.models import Body, Mandate, Seat, Sitting
from governance.selectors.body import body_lines, body_page
from people.api.schema import reads
from people.api.serializers import PersonReference, Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission


class BodySerializer(Reading):
    class Meta:
        model = Body
        fields = ("code", "name_fr", "name_nl", "name_en", "kind", "level", "cadence", "active", "version")


class SeatSerializer(Reading):
    person = PersonReference(read_only=True)

    class Meta:
        model = Seat
        fields = ("person", "role", "votes", "valid_from", "valid_to")


class MandateSerializer(Reading):
    class Meta:
        model = Mandate
        fields = ("subject", "amount_max", "valid_from", "valid_to", "source")


class SittingSerializer(Reading):
    class Meta:
        model = Sitting
        fields = ("starts_at", "place")


class BodyPageSerializer(BodySerializer):
    """A body with its seats and mandates in force and its next sittings."""

    seats = SeatSerializer(many=True, read_only=True)
    mandates = MandateSerializer(many=True, read_only=True)
    sittings = SittingSerializer(many=True, read_only=True)

    class Meta:
        model = Body
        fields = (*BodySerializer.Meta.fields, "seats", "mandates", "sittings")


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
                "seats": SeatSerializer(page.seats, many=True).data,
                "mandates": MandateSerializer(page.mandates, many=True).data,
                "sittings": SittingSerializer(page.sittings, many=True).data,
            }
        )
