from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    Base = models.Field[Any, Any]
else:
    Base = models.Field


class WallTimeField(Base):
    """A moment of a plan: date and time without a zone, as plans are reckoned and as their files state them."""

    description = _("date et heure sans fuseau")
    default_error_messages = {"invalid": _("Une date et une heure sont attendues.")}

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "timestamp without time zone"

    def to_python(self, value: Any) -> datetime | None:
        if value is None or (isinstance(value, datetime) and value.tzinfo is None):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        return found.replace(tzinfo=None)

    def get_prep_value(self, value: Any) -> datetime | None:
        return self.to_python(super().get_prep_value(value))

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else value.isoformat()

    def formfield(self, *args: Any, **kwargs: Any) -> None:
        """No form takes one as it stands: people give a day, the calendar gives the hour."""
        return

    def get_internal_type(self) -> str:
        return "WallTimeField"

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Callable[..., Any]]:
        return []
