"""The edit kit: fields changed by one side merge, a field changed by both is asked about."""

import json
from decimal import Decimal
from typing import Any

from django import forms

from config.web.fields import MoneyField
from config.web.versioned import VersionedForm


class Sample(VersionedForm):
    name = forms.CharField(label="Nom", required=False)
    amount = MoneyField(label="Montant", required=False)
    top = forms.BooleanField(label="Top", required=False)
    kind = forms.ChoiceField(label="Nature", choices=[("a", "Première"), ("b", "Seconde")], required=False)


STORED: dict[str, Any] = {"name": "Nom", "amount": Decimal("1240.50"), "top": True, "kind": "a"}


def posted(seen: dict[str, Any], **typed: str) -> dict[str, str]:
    shown = Sample(initial=seen).texts(seen)
    return {"version": "1", "base": json.dumps(shown), **shown, **typed}


def bound(stored: dict[str, Any], data: dict[str, str]) -> Sample:
    form = Sample(data, initial=stored, version=2)
    assert form.is_valid(), form.errors
    return form


def test_nothing_typed_changes_nothing() -> None:
    merge = bound(STORED, posted(STORED)).merge()
    assert (merge.changes, merge.conflicts) == ({}, ())


def test_a_typed_value_is_a_change_of_its_own_type() -> None:
    merge = bound(STORED, posted(STORED, amount="1.300,00", top="")).merge()
    assert merge.changes == {"amount": Decimal("1300.00"), "top": False}


def test_an_amount_written_otherwise_is_no_change() -> None:
    assert bound(STORED, posted(STORED, amount="1240,5")).merge().changes == {}


def test_different_fields_of_two_people_merge() -> None:
    merge = bound(STORED | {"name": "Leur nom"}, posted(STORED, kind="b")).merge()
    assert (merge.changes, merge.conflicts) == ({"kind": "b"}, ())


def test_the_same_value_typed_twice_is_no_conflict() -> None:
    merge = bound(STORED | {"name": "Même"}, posted(STORED, name="Même")).merge()
    assert (merge.changes, merge.conflicts) == ({}, ())


def test_the_same_field_changed_by_both_shows_three_texts() -> None:
    merge = bound(STORED | {"kind": "b", "name": "Eux"}, posted(STORED, name="Moi", top="")).merge()
    (conflict,) = merge.conflicts
    assert (conflict.label, conflict.base.shown, conflict.theirs.shown, conflict.mine.shown) == (
        "Nom",
        "Nom",
        "Eux",
        "Moi",
    )
    assert merge.changes == {"top": False}
    assert dict(merge.carried) == {"amount": Sample(initial=STORED).texts(STORED)["amount"], "top": "", "kind": "b"}


def test_a_choice_in_conflict_is_shown_in_words() -> None:
    form = bound(STORED | {"kind": "b"}, posted(STORED | {"kind": ""}, kind="a"))
    (conflict,) = form.merge().conflicts
    assert (conflict.base.shown, conflict.theirs.shown, conflict.mine.shown) == ("(vide)", "Seconde", "Première")


def test_a_lost_or_forged_base_falls_back_to_what_is_stored() -> None:
    for base in ("", "not json", "[1]", '{"name": 3, "other": "x"}'):
        data = posted(STORED, name="Moi") | {"base": base}
        assert bound(STORED, data).merge().changes == {"name": "Moi"}
