"""Absences: who stands in from when to when, told to the deputy, ended at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from config import clock
from config.web import formats
from people.enums import Purpose
from people.models import Absence, Person, User
from people.selectors.absence import possible_deputies, replaceable_people
from people.services import audit, notify
from people.services.notify import Kind, Wording

LONGEST = timedelta(days=366)
NAMED, ENTERED, ENDED = "absence_named", "absence_entered", "absence_ended"


def register() -> None:
    notify.register_kind(Kind(NAMED, Purpose.REPLACEMENT, _word_named))
    notify.register_kind(Kind(ENTERED, Purpose.REPLACEMENT, _word_entered))
    notify.register_kind(Kind(ENDED, Purpose.REPLACEMENT, _word_ended))


@transaction.atomic
def add_absence(*, by: User, deputy: Person, first_day: date, last_day: date, now: datetime) -> Absence:
    """One's own absence and deputy, both days included; the same one sent twice is one row."""
    person = Person.objects.filter(user=by).first()
    if person is None:
        raise ValidationError(_("Votre compte n’est lié à aucune personne du portefeuille."))
    return _add(Absence(person=person, deputy=deputy, first_day=first_day, last_day=last_day, created_by=by), now)


@transaction.atomic
def enter_absence(
    *, by: User, person: Person, deputy: Person, first_day: date, last_day: date, now: datetime
) -> Absence:
    """The absence of a project manager who cannot enter it himself, by the project office; he is told.

    The office never names itself, and never stands anybody in for a director.
    """
    if not replaceable_people(_day_of(now)).filter(pk=person.pk).exists():
        raise ValidationError({"person": _("L’absence de cette personne ne s’inscrit que par elle-même.")})
    if deputy.user_id == by.pk:
        raise ValidationError({"deputy": _("Vous ne pouvez pas vous nommer vous-même suppléant.")})
    return _add(Absence(person=person, deputy=deputy, first_day=first_day, last_day=last_day, created_by=by), now)


def _add(absence: Absence, now: datetime) -> Absence:
    by, person, deputy = absence.created_by, absence.person, absence.deputy
    same = {name: getattr(absence, name) for name in ("person", "deputy", "first_day", "last_day")}
    existing = Absence.objects.filter(**same, ended_at__isnull=True).first()
    if existing is not None:
        return existing
    _refuse(absence, now)
    absence.created_at = now
    try:
        absence.full_clean()
        with transaction.atomic():
            absence.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("Une absence couvre déjà une partie de ces jours.")) from error
    said = _days(absence) | {"deputy": deputy.full_name}
    if person.user_id != by.pk:
        said["for_person"] = person.full_name
    audit.record(by=by, verb="absence.added", target=absence, data=said)
    _tell(absence, [deputy.user] if deputy.user else [], NAMED)
    if person.user is not None and person.user_id != by.pk:
        _tell(absence, [person.user], ENTERED)
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, by: User, now: datetime) -> bool:
    """From this instant nobody stands in; by either of the two, or by the office that entered it.

    False if it had ended already.
    """
    if not Absence.objects.filter(pk=absence.pk, ended_at__isnull=True).update(ended_at=now):
        return False
    absence.refresh_from_db(fields=["ended_at"])
    audit.record(by=by, verb="absence.ended", target=absence, data=_days(absence))
    others = [one.user for one in (absence.person, absence.deputy) if one.user and one.user.pk != by.pk]
    _tell(absence, others, ENDED)
    return True


def _refuse(absence: Absence, now: datetime) -> None:
    first_day, last_day, deputy, absent = absence.first_day, absence.last_day, absence.deputy, absence.person.user
    today = _day_of(now)
    if first_day < today:
        raise ValidationError({"first_day": _("Une absence ne commence pas dans le passé.")})
    if last_day < first_day:
        raise ValidationError({"last_day": _("Le dernier jour précède le premier.")})
    if last_day - first_day > LONGEST:
        raise ValidationError({"last_day": _("Une absence dure un an au plus.")})
    if absent is None or not possible_deputies(absent, today).filter(pk=deputy.pk).exists():
        own = absent is not None and absent.pk == absence.created_by_id
        told = _("Cette personne ne peut pas vous remplacer.") if own else _("Cette personne ne peut pas la remplacer.")
        raise ValidationError({"deputy": told})
    away = Absence.objects.filter(person=deputy, ended_at__isnull=True).filter(
        first_day__lte=last_day, last_day__gte=first_day
    )
    if away.exists():
        message = _("%(name)s est absent pendant une partie de ces jours, et une suppléance ne se transmet pas.")
        raise ValidationError({"deputy": message % {"name": deputy.full_name}})


def _day_of(now: datetime) -> date:
    return now.astimezone(clock.BRUSSELS).date()


def _days(absence: Absence) -> dict[str, Any]:
    return {"from": absence.first_day, "to": absence.last_day}


def _tell(absence: Absence, users: list[User], kind: str) -> None:
    data = {
        "person": absence.person.full_name,
        "deputy": absence.deputy.full_name,
        "first": absence.first_day.isoformat(),
        "last": absence.last_day.isoformat(),
    }
    notify.notify(users=users, kind=kind, key=f"{kind}:{absence.pk}", data=data, path=reverse("people:absences"))


def _spoken(data: Mapping[str, Any]) -> dict[str, str]:
    days = {name: formats.date_long(date.fromisoformat(str(data[name]))) for name in ("first", "last")}
    return {**{name: str(value) for name, value in data.items()}, **days}


def _word_named(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Vous remplacez %(person)s") % _spoken(data),
        _(
            "Du %(first)s au %(last)s inclus, vous faites sur les projets de %(person)s ce que %(person)s y ferait : "
            "statuts, jalons et risques. Vos actes portent votre nom et le sien. Une suppléance ne se transmet pas."
        )
        % _spoken(data),
    )


def _word_entered(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Votre absence est inscrite : %(deputy)s vous remplace") % _spoken(data),
        _(
            "Le bureau de projets (PSO) a inscrit votre absence du %(first)s au %(last)s inclus. %(deputy)s remet vos "
            "statuts et tient jalons et risques de vos projets. Vous pouvez y mettre fin à tout moment."
        )
        % _spoken(data),
    )


def _word_ended(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Suppléance terminée : %(deputy)s ne remplace plus %(person)s") % _spoken(data),
        _("Elle était prévue du %(first)s au %(last)s. Les droits ont pris fin aussitôt.") % _spoken(data),
    )
