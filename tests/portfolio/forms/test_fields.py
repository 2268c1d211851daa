"""What a person types in an amount, a day or an address: read exactly, or answered by a sentence."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from config.web.fields import DayField, MoneyField, QuantityField
from portfolio.forms.register import DEFAULT_COLUMNS, UnknownFilterError, lead_span, read_query

OPTIONS: dict[str, list[tuple[str, str]]] = {"axis": [("A1", "Axe")], "programme": [], "manager": [("7", "Nom")]}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("250 000,00", "250000.00"),
        ("250 000,01", "250000.01"),
        ("250.000,01", "250000.01"),
        ("249\u202f999,99 €", "249999.99"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("", None),
    ],
)
def test_money_field_reads_what_is_an_amount(typed: str, read: str | None) -> None:
    assert MoneyField(required=False).clean(typed) == (None if read is None else Decimal(read))


@pytest.mark.parametrize("typed", ["250k", "1e400", "NaN", "Infinity", "1,2,3", "12.345,6.7", "9" * 41, "٣"])
def test_money_field_refuses_what_is_not_an_amount(typed: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField(required=False).clean(typed)


def test_money_field_refuses_a_negative_amount_unless_told_otherwise() -> None:
    with pytest.raises(ValidationError):
        MoneyField(required=False).clean("-12,50")
    assert QuantityField(required=False, allow_negative=True).clean("-12,50") == Decimal("-12.50")


def test_money_field_shows_an_amount_in_the_form_it_reads() -> None:
    field = MoneyField(required=False)
    assert field.clean(field.prepare_value(Decimal("1234567.50"))) == Decimal("1234567.50")


@pytest.mark.parametrize("typed", ["2026-11-20", "20/11/2026", "20.11.2026"])
def test_day_field_reads_the_picker_and_the_hand(typed: str) -> None:
    assert DayField(required=False).clean(typed) == date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["2026-02-30", "0001-01-01", "9999-12-31", "demain", "11/2026"])
def test_day_field_refuses_what_is_not_a_day(typed: str) -> None:
    with pytest.raises(ValidationError):
        DayField(required=False).clean(typed)


def test_register_address_gives_defaults() -> None:
    query = read_query(QueryDict(""), OPTIONS)
    assert (query.sort, query.columns, query.criteria()) == ("rank", DEFAULT_COLUMNS, ())


def test_register_address_reads_allowed_values() -> None:
    query = read_query(QueryDict("axis=A1&sort=-eac&columns=eac&columns=end&q=paie&offset=50"), OPTIONS)
    assert (query.axis, query.sort, query.columns, query.q, query.offset) == ("A1", "-eac", ("eac", "end"), "paie", 50)
    assert lead_span(query.columns) == 2


@pytest.mark.parametrize(
    "address",
    [
        "fields=code",
        "ordering=dossier__amount",
        "sort=manager__user__password",
        "axis=ZZ",
        "state=purple",
        "columns=password",
        "offset=-1",
        "offset=9999999",
        "manager__user__password__startswith=a",
        "preset=everything",
        "group=manager",
    ],
)
def test_register_address_refuses_anything_else(address: str) -> None:
    with pytest.raises(UnknownFilterError):
        read_query(QueryDict(address), OPTIONS)
