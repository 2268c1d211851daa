"""Read the rows as they stood at an earlier instant, from their history, with the selectors of every day."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from psycopg import sql


@contextmanager
def rewound(tables: Iterable[type[models.Model]], to: datetime) -> Iterator[None]:
    """Inside, the tables of these tracked models answer as they stood at `to`; in this transaction and no other.

    A temporary table of the same name stands before each real one, filled with the last event of every row that was
    not deleted by then. What is written to them inside is dropped on the way out. Needs an open transaction.
    """
    shadows = [(model._meta.db_table, _history_of(model)) for model in tables]
    with connection.cursor() as cursor:
        for table, event in shadows:
            _shadow(cursor, table)
            _fill(cursor, table, event, to)
    try:
        yield
    finally:
        _drop(table for table, _event in shadows)


@contextmanager
def set_apart(*tables: type[models.Model]) -> Iterator[None]:
    """Inside, what is written to these tables is seen by this transaction only and then forgotten; they begin empty."""
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        for name in names:
            _shadow(cursor, name)
    try:
        yield
    finally:
        _drop(names)


def first_event_at(model: type[models.Model]) -> datetime | None:
    """When the first row of a tracked model came into being; None if none ever did."""
    first: datetime | None = _history_of(model)._default_manager.aggregate(first=models.Min("pgh_created_at"))["first"]
    return first


def _history_of(model: type[models.Model]) -> type[models.Model]:
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")


def _shadow(cursor: CursorWrapper, table: str) -> None:
    name = sql.Identifier(table)
    statement = sql.SQL(
        "CREATE TEMPORARY TABLE {name} (LIKE {name} INCLUDING DEFAULTS INCLUDING INDEXES) ON COMMIT DROP"
    )
    cursor.execute(statement.format(name=name))


def _fill(cursor: CursorWrapper, table: str, event: type[models.Model], to: datetime) -> None:
    columns = [str(field.column) for field in event._meta.concrete_fields if not field.name.startswith("pgh_")]
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    statement = sql.SQL(
        "INSERT INTO pg_temp.{table} ({names}) SELECT {names} FROM ("
        "SELECT DISTINCT ON (pgh_obj_id) pgh_label, {names} FROM {event} WHERE pgh_created_at <= %s "
        "ORDER BY pgh_obj_id, pgh_id DESC) AS latest WHERE pgh_label <> 'delete'"
    )
    source = sql.Identifier(event._meta.db_table)
    cursor.execute(statement.format(table=sql.Identifier(table), names=names, event=source), [to])


def _drop(tables: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(sql.Identifier(table)))
