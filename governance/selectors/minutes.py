"""Which print of some minutes a reader gets: nobody is given an item he is recused from."""

from __future__ import annotations

from governance.models import Minutes, MinutesPrint, Recusal, Sitting
from people.models import User


def variants_of(sitting: Sitting) -> list[str]:
    """The whole minutes first, then what is left out for each who is recused: positions with commas between."""
    rows = Recusal.objects.filter(item__sitting=sitting).order_by("item__position")
    by_person: dict[int, list[int]] = {}
    for person, position in rows.values_list("person", "item__position"):
        by_person.setdefault(person, []).append(position)
    return ["", *sorted({_key(positions) for positions in by_person.values()})]


def withheld_from(user: User, sitting: Sitting) -> str:
    """The positions this reader is not given; empty for the whole."""
    rows = Recusal.objects.filter(item__sitting=sitting, person__user=user)
    return _key(list(rows.order_by("item__position").values_list("item__position", flat=True)))


def minutes_of(sitting: Sitting) -> Minutes | None:
    return Minutes.objects.filter(sitting=sitting).first()


def print_for(user: User, sitting: Sitting) -> MinutesPrint | None:
    """The PDF for this reader, None while it is not printed."""
    return MinutesPrint.objects.filter(minutes__sitting=sitting, withheld=withheld_from(user, sitting)).first()


def _key(positions: list[int]) -> str:
    return ",".join(str(position) for position in positions)
