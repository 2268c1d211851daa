"""Rows as a restored backup brings them: the guards of their tables rest while they are written."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from factory.django import DjangoModelFactory

M = TypeVar("M", bound=Model)


@contextmanager
def guards_off(*tables: str) -> Iterator[None]:
    """As pg_restore, which creates the triggers after the data; a transaction that fails puts them back itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE tgname LIKE 'cadran\\_%%' AND tgrelid::regclass::text = ANY(%s)",
            [list(tables)],
        )
        triggers = cursor.fetchall()
    _switch("DISABLE", triggers)
    try:
        yield
    except BaseException:
        if not connection.in_atomic_block:
            _switch("ENABLE", triggers)
        raise
    _switch("ENABLE", triggers)


def _switch(way: str, triggers: Iterable[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in triggers:
            cursor.execute(f'ALTER TABLE {table} {way} TRIGGER "{name}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def settled() -> None:
    """The projects of this test were written down long ago: from here on only decisions change what was approved."""
    with guards_off("governance_project_birth"), connection.cursor() as cursor:
        cursor.execute("UPDATE governance_project_birth SET born_at = born_at - interval '1 year'")


class RestoredFactory(DjangoModelFactory[M]):
    """For what only a session gives birth to: its row is put there as a restored backup would."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[M], *args: Any, **kwargs: Any) -> M:
        with guards_off(model_class._meta.db_table):
            return super()._create(model_class, *args, **kwargs)  # type: ignore[no-any-return]


class SettledFactory(RestoredFactory[M]):
    """What a project is born with, also where each row of a test is a transaction of its own."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[M], *args: Any, **kwargs: Any) -> M:
        if connection.in_atomic_block:
            return DjangoModelFactory._create.__func__(cls, model_class, *args, **kwargs)  # type: ignore[attr-defined, no-any-return]
        return super()._create(model_class, *args, **kwargs)
