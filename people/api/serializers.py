"""Bases of every serializer: fields listed one by one, keys nobody knows refused by name."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config import clock
from people.enums import Language
from people.selectors.roster import choosable_people


class Strict(serializers.Serializer[Any]):
    """Refuses a key that is no field, and a field that is read-only, naming it."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := sorted(str(key) for key in set(data) - writable):
                raise serializers.ValidationError(
                    {key: [_("Champ inconnu, ou qui ne s’écrit pas ici.")] for key in unknown}
                )
        return super().to_internal_value(data)


class Reading(serializers.ModelSerializer[Any]):
    """A row as it is answered: every field listed is read-only, so the schema promises each of them."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        meta = getattr(cls, "Meta", None)
        if meta is not None:
            meta.read_only_fields = meta.fields

    def include_extra_kwargs(
        self, kwargs: MutableMapping[str, Any], extra_kwargs: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """A choice nobody has made yet is answered as "", so the schema has to promise that too."""
        unmade = "choices" in kwargs and kwargs.get("allow_blank", False)
        return {**super().include_extra_kwargs(kwargs, extra_kwargs), **({"allow_blank": True} if unmade else {})}


class Writing(Strict, serializers.ModelSerializer[Any]):
    """What creates a row. Rules over several fields are the service's, so no validator of this kind runs here."""

    def get_validators(self) -> list[Any]:
        return []


class Change(Writing):
    """What changes a row: the version that was read, and any of the fields."""

    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name == "version"
        return fields


class Query(Strict):
    """What may stand behind `?`; each list adds its own filters."""

    page = serializers.IntegerField(required=False, min_value=1, max_value=1_000_000)
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=200)


PAGING = frozenset({"page", "page_size"})


class NoQuery(Strict):
    """Nothing may stand behind `?`."""


class PersonReference(serializers.Serializer[Any]):
    """A person as a project names one."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(source="full_name", read_only=True)


class NamedReference(serializers.Serializer[Any]):
    """A row known by its code."""

    code = serializers.CharField(read_only=True)
    name_fr = serializers.CharField(read_only=True)


class LookedUp(serializers.Field[Any, Any, Any, Any]):
    """A key that becomes the row it names; the rules of the key run before the look-up."""

    default_error_messages: ClassVar[dict[str, Any]] = {"unknown": gettext_lazy("Cette valeur n’est pas au registre.")}

    def to_internal_value(self, data: Any) -> Any:
        key = super().to_internal_value(data)
        super().run_validators(key)
        row = self.find(key)
        if row is None:
            self.fail("unknown")
        return row

    def find(self, key: Any) -> Any:
        raise NotImplementedError

    def run_validators(self, value: Any) -> None:
        """The key was checked; the row it became needs no rule."""


@extend_schema_field({"type": "integer", "minimum": 1})
class PersonField(LookedUp, serializers.IntegerField):
    """The key of a person present today, as the choosers of the pages offer them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, allow_null=True, required=False, **kwargs)

    def find(self, key: Any) -> Any:
        return choosable_people(self.context["request"].user, clock.today()).filter(pk=key).first()


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": 24})
class CodeField(LookedUp, serializers.CharField):
    """A row by its code, among those that `rows` offers."""

    def __init__(self, *, rows: Callable[[], QuerySet[Any]], **kwargs: Any) -> None:
        super().__init__(max_length=24, allow_null=True, required=False, **kwargs)
        self._rows = rows

    def find(self, key: Any) -> Any:
        return self._rows().filter(code=key).first()


class MoneyField(serializers.DecimalField):
    """Euros, exact to the cent, as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)


def language_field(**kwargs: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=Language.choices, **kwargs)
