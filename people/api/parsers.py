"""What a request body may be: JSON of bounded size and depth, text that can be stored."""

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "too_large"


def refuse_large_body(size: int) -> None:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if size > limit:
        raise BodyTooLarge(_("Le corps dépasse %(limit)s octets.") % {"limit": limit})


class StrictJsonParser(JSONParser):
    """An object, no larger than a form may be; no NaN, no half characters, no nesting without end."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        refuse_large_body(len(raw))
        try:
            body = json.loads(codecs.decode(raw, "utf-8"), parse_constant=_refuse_constant)
            json.dumps(body, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise ParseError(_("Le corps n’est pas un JSON valable.")) from error
        if not isinstance(body, dict):
            raise ParseError(_("Le corps est un objet JSON."))
        return body


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
