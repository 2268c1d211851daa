"""The formatter answers the table of the visual language to the character."""

import contextlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from config.web import formats
from config.web.parsing import UnreadableInputError, parse_date, parse_money

FRIDAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fr", "1\u202f234\u202f567,50\u00a0€"),
        ("nl", "€\u00a01.234.567,50"),
        ("en", "€1,234,567.50"),
    ],
)
def test_euro_in_each_language(lang, expected):
    assert formats.euro(Decimal("1234567.50"), lang=lang) == expected


@pytest.mark.parametrize(
    ("lang", "thousands", "millions"),
    [
        ("fr", "1\u202f240\u00a0k€", "22,4\u00a0M€"),
        ("nl", "€\u00a01.240\u00a0k", "€\u00a022,4\u00a0mln."),
        ("en", "€1,240k", "€22.4m"),
    ],
)
def test_short_amounts_in_each_language(lang, thousands, millions):
    assert formats.keuro(Decimal(1_240_000), lang=lang) == thousands
    assert formats.meuro(Decimal(22_400_000), lang=lang) == millions


@pytest.mark.parametrize(
    ("lang", "short", "long", "day"),
    [
        ("fr", "20\u00a0nov.\u00a02026", "vendredi 20\u00a0novembre 2026", "20\u00a0nov."),
        ("nl", "20\u00a0nov\u00a02026", "vrijdag 20\u00a0november 2026", "20\u00a0nov"),
        ("en", "20\u00a0Nov\u00a02026", "Friday 20\u00a0November 2026", "20\u00a0Nov"),
    ],
)
def test_dates_in_each_language(lang, short, long, day):
    assert formats.date_short(FRIDAY, lang=lang) == short
    assert formats.date_long(FRIDAY, lang=lang) == long
    assert formats.date_day(FRIDAY, lang=lang) == day


@pytest.mark.parametrize(
    ("lang", "week", "percent", "delta"),
    [
        ("fr", "S47", "12,3\u202f%", "+32\u00a0j"),
        ("nl", "W47", "12,3%", "+32\u00a0d"),
        ("en", "W47", "12.3%", "+32\u00a0d"),
    ],
)
def test_week_percent_and_delta_in_each_language(lang, week, percent, delta):
    assert formats.week(FRIDAY, lang=lang) == week
    assert formats.percent(Decimal("12.3"), lang=lang) == percent
    assert formats.delta_days(32, lang=lang) == delta


def test_first_of_the_month_is_an_ordinal_in_french_only():
    assert formats.date_day(date(2026, 12, 1), lang="fr") == "1er\u00a0déc."
    assert formats.date_day(date(2026, 12, 1), lang="en") == "1\u00a0Dec"


def test_weekday_is_short():
    assert formats.date_weekday(FRIDAY, lang="fr") == "ven.\u00a020\u00a0nov."


def test_instants_are_told_in_brussels_time():
    assert formats.datetime_short(NOON, lang="fr") == "23\u00a0nov.\u00a02026 à 12\u00a0h\u00a000"
    assert formats.datetime_short(NOON, lang="nl") == "23\u00a0nov\u00a02026 om 12:00"
    assert formats.datetime_short(NOON, lang="en") == "23\u00a0Nov\u00a02026 at 12:00"


def test_late_evening_in_utc_is_the_next_day_in_brussels():
    assert formats.date_short(datetime(2026, 11, 20, 23, 30, tzinfo=UTC), lang="en") == "21\u00a0Nov\u00a02026"


@pytest.mark.parametrize(
    ("day", "pair"),
    [
        (date(2026, 12, 28), (2026, 53)),
        (date(2027, 1, 1), (2026, 53)),
        (date(2027, 1, 4), (2027, 1)),
    ],
)
def test_weeks_carry_their_iso_year(day, pair):
    assert formats.iso_week(day) == pair


def test_week_is_read_from_text_and_pair():
    assert formats.week("2027-W01", lang="fr") == "S01"
    assert formats.week_year((2026, 53), lang="nl") == "W53\u00a02026"


def test_week_refuses_other_text():
    with pytest.raises(ValueError, match="not an ISO week"):
        formats.iso_week("47")


def test_zero_change_is_plus_minus():
    assert formats.delta_days(0, lang="fr") == "±0"
    assert formats.signed(Decimal("0.04"), 1, lang="fr") == "±0,0"
    assert formats.delta_keuro(Decimal(499), lang="fr") == "±0"
    assert formats.delta_percent(0, lang="en") == "±0.0%"


def test_negative_uses_the_true_minus_before_the_amount():
    assert formats.number(-5, lang="fr") == "\u22125"
    assert formats.delta_days(-5, lang="fr") == "\u22125\u00a0j"
    assert formats.euro(Decimal("-12.5"), lang="fr") == "\u221212,50\u00a0€"
    assert formats.euro(Decimal("-12.5"), lang="nl") == "€\u00a0\u221212,50"
    assert formats.euro(Decimal("-12.5"), lang="en") == "\u2212€12.50"


def test_delta_keuro_shows_its_sign_in_each_language():
    assert formats.delta_keuro(790_000, lang="fr") == "+790\u00a0k€"
    assert formats.delta_keuro(790_000, lang="nl") == "€\u00a0+790\u00a0k"
    assert formats.delta_keuro(-790_000, lang="en") == "\u2212€790k"


def test_columns_without_unit():
    assert formats.keuro_bare(410_400, lang="fr") == "410"
    assert formats.meuro_bare(6_450_000, lang="fr") == "6,5"
    assert formats.delta_meuro_bare(-200_000, lang="en") == "\u22120.2"


def test_rounding_is_half_up_and_never_minus_zero():
    assert formats.number(Decimal("0.5"), lang="en") == "1"
    assert formats.number(Decimal("2.5"), lang="en") == "3"
    assert formats.number(Decimal("-2.5"), lang="en") == "\u22123"
    assert formats.number(Decimal("-0.4"), lang="en") == "0"


@pytest.mark.parametrize(
    "formatter",
    [
        formats.euro, formats.keuro, formats.keuro_bare, formats.meuro, formats.meuro_bare, formats.delta_keuro,
        formats.delta_meuro_bare, formats.delta_days, formats.percent, formats.delta_percent, formats.number,
        formats.signed, formats.date_short, formats.date_day, formats.date_weekday, formats.date_long,
        formats.time_short, formats.datetime_short, formats.week, formats.week_year,
    ],
)  # fmt: skip
def test_missing_value_is_a_dash(formatter):
    assert formatter(None, lang="fr") == "—"


def test_active_language_is_used_when_none_is_named():
    with translation.override("nl"):
        assert formats.keuro(1_240_000) == "€\u00a01.240\u00a0k"
    with translation.override("en-gb"):
        assert formats.active_language() == "en"
    with translation.override("de"):
        assert formats.active_language() == "fr"


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize(
    "text", ["1 234 567,50", "1.234.567,50", "1,234,567.50", "1\u202f234\u202f567,50\u00a0€", "1234567.5"]
)
def test_money_is_read_in_three_notations(text, lang):
    assert parse_money(text, lang=lang) == Decimal("1234567.50")


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("250 000,00", "fr", "250000.00"),
        ("250 000,01", "fr", "250000.01"),
        ("250.000,01", "nl", "250000.01"),
        ("250.000", "fr", "250000.00"),
        ("250,000", "en", "250000.00"),
        ("€ 12,5", "nl", "12.50"),
        ("12.50 EUR", "fr", "12.50"),
        ("-3", "fr", "-3.00"),
        ("\u22123", "fr", "-3.00"),
        ("-0", "fr", "0.00"),
        ("0", "en", "0.00"),
    ],
)
def test_money_is_exact_to_the_cent(text, lang, expected):
    amount = parse_money(text, lang=lang)
    assert str(amount) == expected


@pytest.mark.parametrize(
    "text",
    [
        "250k", "NaN", "Infinity", "1e400", "1e5", "abc", "--3", "1.2.3", "12,345", "1,234.567", "1.23.456,00", "٣",
        "12€50", "=1+1", ",", "5,", "1 2",
    ],
)  # fmt: skip
def test_money_refuses_what_is_no_amount(text):
    with pytest.raises(UnreadableInputError) as caught:
        parse_money(text, lang="fr")
    assert caught.value.code == "amount"


def test_money_refuses_nothing_and_too_much():
    with pytest.raises(UnreadableInputError) as caught:
        parse_money("  ", lang="fr")
    assert caught.value.code == "empty"
    with pytest.raises(UnreadableInputError) as caught:
        parse_money("9" * 60, lang="fr")
    assert caught.value.code == "amount_limit"


@given(cents=st.integers(min_value=-(10**13), max_value=10**13), lang=st.sampled_from(["fr", "nl", "en"]))
def test_what_is_written_is_read_back(cents, lang):
    amount = Decimal(cents) / 100
    written = formats.number(amount, 2, lang=lang)
    assert parse_money(written, lang=lang) == amount


@given(text=st.text(max_size=30))
def test_any_text_is_an_amount_or_an_error(text):
    with contextlib.suppress(UnreadableInputError):
        assert parse_money(text, lang="fr").is_finite()


@pytest.mark.parametrize("text", ["2026-11-20", "20/11/2026", "20.11.2026", "20-11-2026", " 20/11/2026 "])
def test_dates_are_read(text):
    assert parse_date(text) == FRIDAY


@pytest.mark.parametrize(
    "text", ["31/02/2026", "2026-13-01", "20/11/26", "demain", "0001-01-01", "9999-12-31", "20/11"]
)
def test_dates_refuse_what_is_none(text):
    with pytest.raises(UnreadableInputError) as caught:
        parse_date(text)
    assert caught.value.code == "date"


def test_date_refuses_nothing():
    with pytest.raises(UnreadableInputError) as caught:
        parse_date("")
    assert caught.value.code == "empty"
